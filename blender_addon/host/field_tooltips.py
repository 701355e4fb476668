# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tooltips of fields and of their choices say, in other languages. Standard library only."""

from __future__ import annotations

from typing import Final

_GAIN: Final = ": 0 keeps them still, 1 is as generated, 2 twice as strong"
_GAIN_DE: Final = ": 0 hält sie still, 1 ist wie erzeugt, 2 doppelt so stark"
_AT_ONCE: Final = ". Acts on the generated keys at once and replaces edits made on them by hand"
_AT_ONCE_DE: Final = ". Wirkt sofort auf die erzeugten Keys und ersetzt, was an ihnen von Hand geändert wurde"

_GAINS_DE: Final = {
    "How far lips and jaw move. Lips that meet for p, b and m still meet": (
        "Wie weit sich Lippen und Kiefer bewegen. Lippen, die sich bei p, b und m treffen, treffen sich weiterhin"
    ),
    "How far the head turns and shifts": "Wie weit sich der Kopf dreht und verschiebt",
    "How far brows, squints and widened eyes move": (
        "Wie weit sich Brauen, zusammengekniffene und geweitete Augen bewegen"
    ),
    "How far the lids close in a blink": "Wie weit sich die Lider beim Blinzeln schließen",
    "How far the eyes wander": "Wie weit die Augen wandern",
    "How far the lips widen and narrow: smiles, stretches, rounding": (
        "Wie weit die Lippen breit und schmal werden: Lächeln, Breitziehen, Runden"
    ),
    "How far lips and jaw open. Lips that meet for p, b and m still meet": (
        "Wie weit sich Lippen und Kiefer öffnen. Lippen, die sich bei p, b und m treffen, treffen sich weiterhin"
    ),
}

_DIALS_DE: Final = {
    "How firmly the mouth closes: 0 lips only just touch, 1 as generated, 2 they press, and lips that come near each other "
    "close too": (
        "Wie fest sich der Mund schließt: bei 0 berühren sich die Lippen gerade, 1 ist wie erzeugt, bei 2 pressen sie, und "
        "Lippen, die sich nahe kommen, schließen auch"
    ),
    "Lips held together, whatever is said: 0 as generated, 1 they meet. Give it keys where lips should meet and do not": (
        "Lippen zusammengehalten, was immer gesagt wird: 0 wie erzeugt, bei 1 berühren sie sich. Keys setzen, wo sich Lippen "
        "treffen sollten und es nicht tun"
    ),
    "Seconds over which the motion of lips, jaw, brows and head is averaged; closed lips stay closed": (
        "Sekunden, über die die Bewegung von Lippen, Kiefer, Brauen und Kopf gemittelt wird; geschlossene Lippen bleiben "
        "geschlossen"
    ),
    "Seconds by which all of it comes after the sound, in whole frames; negative lets the mouth lead": (
        "Sekunden, um die alles nach dem Ton kommt, in ganzen Frames; negativ geht der Mund voraus"
    ),
    "Brows held up (1) or drawn down (-1), with what the voice does to them on top": (
        "Brauen gehoben (1) oder gesenkt (-1); was die Stimme mit ihnen macht, kommt dazu"
    ),
    "The corners of the mouth drawn up (1) or down (-1) while it talks. Lips that meet for p, b and m still meet": (
        "Die Mundwinkel beim Sprechen nach oben (1) oder nach unten (-1) gezogen. Lippen, die sich bei p, b und m treffen, "
        "treffen sich weiterhin"
    ),
    "How lively all of it is: head and brows in full, lips and jaw by half as much. 1 is as generated": (
        "Wie lebhaft alles ist: Kopf und Brauen ganz, Lippen und Kiefer halb so sehr. 1 ist wie erzeugt"
    ),
}

_VOICES_DE: Final = {"first": "erste", "second": "zweite", "third": "dritte", "fourth": "vierte"}

_SCENE_DE: Final = {
    "The character that shall talk: its head mesh, its armature, or any of its parts. Empty: the active object": (
        "Die Figur, die sprechen soll: ihr Kopf-Mesh, ihr Skelett oder irgendein Teil von ihr. Leer: das aktive Objekt"
    ),
    "Where the voice comes from": "Woher die Stimme kommt",
    "A recording on disk, in any format that Blender plays": (
        "Eine Aufnahme auf der Festplatte, in jedem Format, das Blender abspielt"
    ),
    "A sound strip of this scene's Sequencer, as it is trimmed": (
        "Ein Tonstreifen des Sequencers dieser Szene, so wie er beschnitten ist"
    ),
    "The voice recording: one person speaking": "Die Sprachaufnahme: eine Person, die spricht",
    "The sound strip with the voice; the animation starts where the strip does": (
        "Der Tonstreifen mit der Stimme; die Animation beginnt, wo der Streifen beginnt"
    ),
    "Scene frame at which the recording starts": "Frame der Szene, bei dem die Aufnahme beginnt",
    "Where the recording starts. Until you choose, as the add-on's preferences say": (
        "Wo die Aufnahme beginnt. Bis man wählt, wie es die Einstellungen des Add-ons sagen"
    ),
    "The recording starts at a frame of your choice, 1 until you change it": (
        "Die Aufnahme beginnt bei einem Frame nach Wahl; 1, bis man ihn ändert"
    ),
    "The recording starts at the present frame": "Die Aufnahme beginnt beim jetzigen Frame",
    "The recording starts at the scene's first frame": "Die Aufnahme beginnt beim ersten Frame der Szene",
    "The recording starts where it lies in the Sequencer, else at the scene's first frame": (
        "Die Aufnahme beginnt, wo sie im Sequencer liegt, sonst beim ersten Frame der Szene"
    ),
    "What this recording says, where you know it: lips meet surely on its p, b and m, hardly anywhere else. Names before "
    "a colon and what stands in brackets are left out. Empty: what is heard alone": (
        "Was diese Aufnahme sagt, wenn man es weiß: Die Lippen schließen sich dann sicher bei p, b und m, sonst kaum. "
        "Namen vor einem Doppelpunkt und was in Klammern steht, werden ausgelassen. Leer: allein das Gehörte"
    ),
    "Where no text is given, a text file beside the recording says it: line.txt beside line.wav": (
        "Wo kein Text angegeben ist, sagt ihn eine Textdatei neben der Aufnahme: line.txt neben line.wav"
    ),
    "What this line says, where you know it. Empty: what is heard alone": (
        "Was diese Zeile sagt, wenn man es weiß. Leer: allein das Gehörte"
    ),
    "What of a recording with several channels is listened to": (
        "Was von einer Aufnahme mit mehreren Kanälen angehört wird"
    ),
    "The channel with the voice; channels that hold the same are one": (
        "Der Kanal mit der Stimme; Kanäle mit demselben Inhalt gelten als einer"
    ),
    "All channels that are not silent": "Alle Kanäle, die nicht still sind",
    **{
        f"Channel {number} of the recording alone": f"Nur Kanal {number} der Aufnahme"
        for number in range(1, 9)
    },
    "Where several people speak in a recording: whose words move this character": (
        "Wo in einer Aufnahme mehrere sprechen: wessen Worte diese Figur bewegen"
    ),
    "All that is said in the recording": "Alles, was in der Aufnahme gesagt wird",
    **{
        f"Only the voice that is heard as the {english} one; the mouth rests meanwhile": (
            f"Nur die Stimme, die als {german} zu hören ist; sonst ruht der Mund"
        )
        for english, german in _VOICES_DE.items()
    },
    "Another number gives another take: other blinks, glances and head motion, the same lips. The same number gives the same "
    "take again": (
        "Eine andere Zahl ergibt eine andere Variante: anderes Blinzeln, andere Blicke und Kopfbewegungen, dieselben Lippen. "
        "Dieselbe Zahl ergibt wieder dieselbe Variante"
    ),
    "Where the keys go": "Wohin die Keys kommen",
    "A strip on a track of its own, which leaves your own actions alone": (
        "Ein Strip auf einer eigenen Spur, der die eigenen Aktionen unberührt lässt"
    ),
    "The active action, to edit the curves right away": "Die aktive Aktion, um die Kurven gleich zu bearbeiten",
    "Also put the recording into the Sequencer, so that playback and renders have sound": (
        "Auch die Aufnahme in den Sequencer legen, damit Abspielen und Rendern Ton haben"
    ),
    "How the mouth shapes A to H and X are shown": "Wie die Mundbilder A bis H und X gezeigt werden",
    "A marker at the beginning of each mouth shape": "Ein Marker am Beginn jedes Mundbilds",
    "A text of this file with frame, seconds and shape in each line, tabs between": (
        "Ein Text dieser Datei mit Frame, Sekunden und Mundbild in jeder Zeile, durch Tabulatoren getrennt"
    ),
    "A text strip of the Sequencer for each mouth shape, over the picture": (
        "Ein Textstreifen des Sequencers für jedes Mundbild, über dem Bild"
    ),
    "Move the scene's end so that the whole recording plays. It moves back where lines get shorter or are removed": (
        "Das Ende der Szene so verschieben, dass die ganze Aufnahme läuft. Es rückt zurück, wo Zeilen kürzer oder entfernt "
        "werden"
    ),
    "Let the scene drop pictures rather than fall behind its sound, and play sound where the playhead is dragged (Timeline > "
    "Playback). Removing the last talking animation gives back what was set before": (
        "Die Szene lieber Frames auslassen als hinter ihren Ton zurückfallen lassen, und Ton abspielen, wo der Abspielkopf "
        "gezogen wird (Zeitleiste > Wiedergabe). Wird die letzte Sprechanimation entfernt, gilt wieder, was vorher "
        "eingestellt war"
    ),
    "Save the motion with the .blend file (some 7 kB a second, up to ten minutes), so that dials work on other computers and "
    "after the cache was cleared": (
        "Die Bewegung mit der .blend-Datei speichern (etwa 7 kB je Sekunde, bis zu zehn Minuten), damit Regler auf anderen "
        "Rechnern wirken und nachdem der Zwischenspeicher geleert wurde"
    ),
    "How far the talking animation is; press Esc or Cancel to stop": (
        "Wie weit die Sprechanimation ist; Esc oder Abbrechen drücken, um anzuhalten"
    ),
}

_STYLES_DE: Final = {
    "The way the speaker moves while talking. Until you choose, as the add-on's preferences say": (
        "Wie sich die sprechende Figur beim Sprechen bewegt. Bis man wählt, wie es die Einstellungen des Add-ons sagen"
    ),
    "Everyday conversation, as lively as the voice": "Ein alltägliches Gespräch, so lebhaft wie die Stimme",
    "A person in conversation: small nods on stressed words, calm gaze": (
        "Eine Person im Gespräch: kleines Nicken bei betonten Wörtern, ruhiger Blick"
    ),
    "Relaxed and attentive: little head motion, slow sway, quiet brows": (
        "Entspannt und aufmerksam: wenig Kopfbewegung, langsames Wiegen, ruhige Brauen"
    ),
    "Excited: wide mouth, strong quick nods, brows that dance with the voice": (
        "Aufgeregt: weiter Mund, kräftiges schnelles Nicken, Brauen, die mit der Stimme tanzen"
    ),
    "To the camera: steady gaze, short crisp nods, hardly any sway, clear lips": (
        "In die Kamera: fester Blick, kurzes knappes Nicken, kaum Wiegen, deutliche Lippen"
    ),
    "To an audience: large slow turns, raised brows, long looks into the distance": (
        "Vor Publikum: große langsame Drehungen, gehobene Brauen, lange Blicke in die Ferne"
    ),
    "Grave and controlled: brows lowered, narrow mouth, few slow nods": (
        "Ernst und beherrscht: gesenkte Brauen, schmaler Mund, wenig langsames Nicken"
    ),
    "Friendly: a smile that stays, wide lips, head tilting from side to side": (
        "Freundlich: ein Lächeln, das bleibt, breite Lippen, ein Kopf, der sich hin und her neigt"
    ),
    "Reserved: small mouth, tilted head, brows drawn up, eyes that keep leaving and coming back": (
        "Zurückhaltend: kleiner Mund, geneigter Kopf, hochgezogene Brauen, Augen, die immer wieder ausweichen und "
        "zurückkommen"
    ),
    "An argument: hard nods on every stress, wide open mouth, lowered brows, fixed gaze": (
        "Ein Streit: hartes Nicken bei jeder Betonung, weit offener Mund, gesenkte Brauen, starrer Blick"
    ),
    "Thinking aloud: slow uneven head, one-sided mouth and brow, long looks aside": (
        "Laut gedacht: langsamer ungleichmäßiger Kopf, Mund und Braue einseitig, lange Blicke zur Seite"
    ),
    "Two styles, mixed as you like": "Zwei Stile, nach Belieben gemischt",
    "A style's .json, or a person's .npz, such as those made of videos": (
        "Die .json eines Stils oder die .npz einer Person, etwa aus Videos gemachte"
    ),
    "One of the two styles that are mixed": "Einer der zwei Stile, die gemischt werden",
    "The other one of the two styles that are mixed": "Der andere der zwei Stile, die gemischt werden",
    "How much of the second style: 0 is the first style alone, 1 the second one alone": (
        "Wie viel vom zweiten Stil: 0 ist nur der erste Stil, 1 nur der zweite"
    ),
    "A style's .json, or a person's .npz": "Die .json eines Stils oder die .npz einer Person",
    "Keep the path as seen from the .blend file, so that both can move together": (
        "Den Pfad von der .blend-Datei aus angeben, damit beide zusammen umziehen können"
    ),
    "Where the head's motion comes from": "Woher die Bewegung des Kopfes kommt",
    "The head follows the voice": "Der Kopf folgt der Stimme",
    "The head moves as the person of the style's .npz file did, again and again": (
        "Der Kopf bewegt sich, wie es die Person der .npz-Datei des Stils tat, immer wieder"
    ),
    "The head stays where it is": "Der Kopf bleibt, wo er ist",
    "What lips and jaw follow": "Wem Lippen und Kiefer folgen",
    "What head, brows, lids and gaze follow": "Wem Kopf, Brauen, Lider und Blick folgen",
    "As the face in the video": "Wie das Gesicht im Video",
    "As the panel's voice says; without one, as the sound of the video does": (
        "Wie die Stimme im Panel es sagt; ohne eine, wie der Ton des Videos"
    ),
    "Name of the style. Empty: the video's": "Name des Stils. Leer: der des Videos",
    "Name of the person. Empty: the first video's": "Name der Person. Leer: der des ersten Videos",
    # Published networks
    "Which networks make the motion of a voice": "Welche Netze aus einer Stimme die Bewegung machen",
    "The engine's own networks, which ship with the add-on": (
        "Die eigenen Netze der Engine, die mit dem Add-on kommen"
    ),
    "MakeItTalk's published networks, from files that you bring": (
        "Die veröffentlichten Netze von MakeItTalk, aus Dateien, die man mitbringt"
    ),
    "The networks of AnimatePortrait's Module 1, from files that you bring": (
        "Die Netze von Modul 1 von AnimatePortrait, aus Dateien, die man mitbringt"
    ),
    "style_avatar's published network, from files that you bring": (
        "Das veröffentlichte Netz von style_avatar, aus Dateien, die man mitbringt"
    ),
    "Whose published networks are looked for": "Wessen veröffentlichte Netze gesucht werden",
    "Where the published files are. Empty: the engine's folder checkpoints/published": (
        "Wo die veröffentlichten Dateien liegen. Leer: der Ordner checkpoints/published der Engine"
    ),
    "What DeepSpeech hears in this recording: a .npy of 29 probabilities for every 20 ms": (
        "Was DeepSpeech in dieser Aufnahme hört: eine .npy mit 29 Wahrscheinlichkeiten für je 20 ms"
    ),
    "A .npy with a style code of style_avatar's, with :NUMBER where it holds several. Empty: its average": (
        "Eine .npy mit einem Stilcode von style_avatar, mit :NUMMER, wo sie mehrere enthält. Leer: ihr Durchschnitt"
    ),
    "Whose manner MakeItTalk takes, one of the speakers of its file emb.pickle. Empty: the voice's own": (
        "Wessen Art zu sprechen MakeItTalk nimmt, einer der Sprecher seiner Datei emb.pickle. Leer: die der Stimme selbst"
    ),
}

_CHARACTER_DE: Final = {
    "The bone that turns the head. Empty: found by its name": (
        "Der Knochen, der den Kopf dreht. Leer: nach seinem Namen gefunden"
    ),
    "Which keys the motion gets. They are made anew from the stored motion at once, which replaces edits made on them by "
    "hand": (
        "Welche Keys die Bewegung bekommt. Sie werden sofort aus der gespeicherten Bewegung neu gemacht, was ersetzt, was an "
        "ihnen von Hand geändert wurde"
    ),
    "A key on every frame": "Ein Key in jedem Frame",
    "As few keys as the tolerance allows, straight lines between them": (
        "So wenige Keys, wie die Toleranz erlaubt, gerade Linien dazwischen"
    ),
    "As few keys as the tolerance allows, smooth curves between them": (
        "So wenige Keys, wie die Toleranz erlaubt, glatte Kurven dazwischen"
    ),
    "Drawings that are held, as in 2D animation": "Gehaltene Zeichnungen, wie in der 2D-Animation",
    "How far a curve may be off at any frame, as a part of a shape's full strength or of a bone's own range. Where the lips "
    "touch it is never off": (
        "Wie weit eine Kurve in jedem Frame abweichen darf, als Teil der vollen Stärke einer Form oder des Spielraums eines "
        "Knochens. Wo sich die Lippen berühren, weicht sie nie ab"
    ),
    "Frames that each drawing is held for: 2 is on twos. Each p, b and m keeps a drawing with closed lips": (
        "Frames, die jede Zeichnung gehalten wird: 2 ist auf Zweien. Jedes p, b und m behält eine Zeichnung mit geschlossenen "
        "Lippen"
    ),
    "Where this character's shapes open the mouth less than most do, they are driven further, as far as their sliders go. The "
    "keys are made anew from the stored motion at once": (
        "Wo die Formen dieser Figur den Mund weniger öffnen als die meisten, werden sie weiter bewegt, so weit ihre "
        "Schieberegler reichen. Die Keys werden sofort aus der gespeicherten Bewegung neu gemacht"
    ),
    "Frames over which the NLA strip fades in, from what the tracks below do, else from rest": (
        "Frames, über die der NLA-Strip einblendet, von dem, was die Spuren darunter tun, sonst aus der Ruhe"
    ),
    "Frames over which the NLA strip fades out, to what the tracks below do, else to rest": (
        "Frames, über die der NLA-Strip ausblendet, zu dem, was die Spuren darunter tun, sonst zur Ruhe"
    ),
    "Frames over which the strips fade in": "Frames, über die die Strips einblenden",
    "Frames over which the strips fade out": "Frames, über die die Strips ausblenden",
    "Also add lights and a camera that looks at the face, and set up the render": (
        "Auch Lichter und eine Kamera hinzufügen, die das Gesicht ansieht, und das Rendern einrichten"
    ),
    "Also what characters of the open file still need for their dials": (
        "Auch, was Figuren der offenen Datei noch für ihre Regler brauchen"
    ),
    "Solve the motion for how this character's own shape keys move its landmarks, instead of how such shapes move on average. "
    "Takes effect when the animation is generated": (
        "Die Bewegung danach berechnen, wie die eigenen Shape Keys dieser Figur ihre Landmarken bewegen, statt danach, wie "
        "solche Formen im Durchschnitt bewegen. Wirkt, wenn die Animation erzeugt wird"
    ),
    "The generated shape to look at": "Die erzeugte Form, die angesehen wird",
    "How far the shape is on": "Wie stark die Form gesetzt ist",
    "Where nothing lies behind lips that can open, add simple teeth and a tongue that follow the jaw. Teeth and a tongue that "
    "the character has are used as they are": (
        "Wo hinter Lippen, die sich öffnen können, nichts liegt, einfache Zähne und eine Zunge hinzufügen, die dem Kiefer "
        "folgen. Zähne und Zunge, die die Figur hat, werden genommen, wie sie sind"
    ),
    "Draw the character from the front and ask the engine's face detector": (
        "Die Figur von vorn zeichnen und die Gesichtserkennung der Engine fragen"
    ),
    "Leave the landmarks as they were": "Die Landmarken lassen, wie sie waren",
    "What the points are": "Was die Punkte sind",
    "One mesh of 68 vertices, with vertex groups and the attribute 'landmark'": (
        "Ein Mesh mit 68 Vertices, mit Vertexgruppen und dem Attribut „landmark“"
    ),
    "68 empties named Landmark 00 to Landmark 67": "68 Empties namens Landmark 00 bis Landmark 67",
    "Points that belong to no character: pick them as the character, then generate": (
        "Punkte, die zu keiner Figur gehören: sie als Figur wählen, dann erzeugen"
    ),
}

_MAPPING_DE: Final = {
    "Which rows are shown": "Welche Zeilen gezeigt werden",
    "What the animation drives": "Was die Animation bewegt",
    "What was found by a loose match, or has something to tell": (
        "Was nur ungefähr passte oder etwas zu melden hat"
    ),
    "What nothing on this character shows": "Was nichts an dieser Figur zeigt",
    "All of the table": "Alles in der Tabelle",
    "Show rows whose channel, shape key or bone has this in its name": (
        "Zeilen zeigen, deren Kanal, Shape Key oder Knochen dies im Namen hat"
    ),
    "The shape key, bone or control that shows this channel": (
        "Der Shape Key, Knochen oder Regler, der diesen Kanal zeigt"
    ),
    "Value of the control where the channel is not there": "Wert des Reglers, wo der Kanal nicht da ist",
    "Value of the control where the channel is shown wholly": "Wert des Reglers, wo der Kanal ganz gezeigt wird",
    "Leave it to the names": "Es den Namen überlassen",
    "Drive nothing with this": "Nichts damit bewegen",
    "Drive '{name}'": "„{name}“ bewegen",
    "The mapping preset '{name}'": "Die Zuordnungsvorlage „{name}“",
    "The set of shapes that moves the mouth": "Der Satz von Formen, der den Mund bewegt",
    "Expression shapes where there are enough, else visemes, mouths, vowels": (
        "Ausdrucksformen, wo es genug davon gibt, sonst Viseme, Münder, Vokale"
    ),
    "Move the mouth by expression shapes": "Den Mund durch Ausdrucksformen bewegen",
    "Move the mouth by visemes": "Den Mund durch Viseme bewegen",
    "Move the mouth by mouth shapes": "Den Mund durch Mundformen bewegen",
    "Move the mouth by vowels": "Den Mund durch Vokale bewegen",
    "Also save what was found by its name, not only what was chosen by hand": (
        "Auch speichern, was nach dem Namen gefunden wurde, nicht nur das von Hand Gewählte"
    ),
    "Name of the preset": "Name der Vorlage",
    "A mapping preset that was saved before": "Eine Zuordnungsvorlage, die zuvor gespeichert wurde",
    "Drawings of: Mouth": "Zeichnungen von: Mund",
    "Drawings of: Eyes": "Zeichnungen von: Augen",
    "Drawings of: Left Eye": "Zeichnungen von: Linkes Auge",
    "Drawings of: Left Brow": "Zeichnungen von: Linke Braue",
    "Drawings of: Right Brow": "Zeichnungen von: Rechte Braue",
    "Drawings of: Right Eye": "Zeichnungen von: Rechtes Auge",
    "Drawings of: Brows": "Zeichnungen von: Brauen",
    "Material slots of the mesh": "Materialslots des Meshes",
    "Which is which, such as A=1, D=7 or A=Mouth shut. Empty: the chart's drawings in order": (
        "Welche welche ist, etwa A=1, D=7 oder A=Mund zu. Leer: die Zeichnungen der Mundtafel der Reihe nach"
    ),
    # Faces of strokes
    "Which part of the face this stroke is": "Welches Teil des Gesichts dieser Strich ist",
    "What its layer or its material is called": "Wie seine Ebene oder sein Material heißt",
    "How the drawing moves; it takes effect when the talking animation is generated": (
        "Wie sich die Zeichnung bewegt; wirkt, wenn die Sprechanimation erzeugt wird"
    ),
    "An armature moves the points: its keys stay editable, and the drawing stays one drawing": (
        "Ein Skelett bewegt die Punkte: Seine Keys bleiben bearbeitbar, und die Zeichnung bleibt eine Zeichnung"
    ),
    "A new drawing for every frame, or every second or third": (
        "Eine neue Zeichnung für jeden Frame, oder für jeden zweiten oder dritten"
    ),
    "For how many frames each drawing stays: on ones, twos or threes": (
        "Für wie viele Frames jede Zeichnung stehen bleibt: auf Einsen, Zweien oder Dreien"
    ),
    "Show in the 3D viewport what each stroke was taken for: a colour and a name for each part": (
        "Im 3D-Fenster zeigen, wofür jeder Strich gehalten wurde: eine Farbe und ein Name für jedes Teil"
    ),
}

_PICTURES_DE: Final = {
    "An image of this .blend file that shall talk": "Ein Bild dieser .blend-Datei, das sprechen soll",
    "Which faces of the picture can talk": "Welche Gesichter des Bildes sprechen können",
    "One character, of the picture's largest face": "Eine Figur, aus dem größten Gesicht des Bildes",
    "A character of each face in the picture": "Eine Figur aus jedem Gesicht des Bildes",
    "How the face is made to move": "Wie das Gesicht beweglich gemacht wird",
    "Look at the picture": "Das Bild ansehen und entscheiden",
    "A photo, a painting, a rendered picture": "Ein Foto, ein Gemälde, ein gerendertes Bild",
    "A drawing with lines and flat colours": "Eine Zeichnung mit Linien und flächigen Farben",
    "Show the picture from its file instead of packing it into the .blend file. What is made of it, such as teeth, is packed "
    "all the same": (
        "Das Bild aus seiner Datei zeigen, statt es in die .blend-Datei zu packen. Was aus ihm gemacht wird, etwa Zähne, wird "
        "trotzdem gepackt"
    ),
    "Smooth the edges of lips and teeth. Off, the picture at rest is shown pixel for pixel": (
        "Die Kanten von Lippen und Zähnen glätten. Aus: Das ruhende Bild wird Pixel für Pixel gezeigt"
    ),
    "For video files, whose width and height must be even: a pixel less where they are not": (
        "Für Videodateien, deren Breite und Höhe gerade sein müssen: ein Pixel weniger, wo sie es nicht sind"
    ),
    # Videos of pictures
    "The MP4 file. Empty: beside the .blend file, named after the character": (
        "Die MP4-Datei. Leer: neben der .blend-Datei, nach der Figur benannt"
    ),
    "What draws the pictures of the video": "Was die Bilder des Videos zeichnet",
    "The full engine where there is one, else Blender": "Die volle Engine, wo es eine gibt, sonst Blender",
    "A second Blender without a window, while this one stays free": (
        "Ein zweites Blender ohne Fenster, während dieses frei bleibt"
    ),
    "The full engine of the add-on's preferences": "Die volle Engine aus den Einstellungen des Add-ons",
    "The full engine draws the photo anew. Ink on paper: lines, black areas and hatching": (
        "Die volle Engine zeichnet das Foto neu. Tinte auf Papier: Linien, schwarze Flächen und Schraffur"
    ),
    "The full engine draws the photo anew. Flat colours with lines around them": (
        "Die volle Engine zeichnet das Foto neu. Flächige Farben mit Linien darum"
    ),
    "The full engine, and a network that makes a photo's mouth look filmed": (
        "Die volle Engine und ein Netz, das den Mund eines Fotos wie gefilmt aussehen lässt"
    ),
    "The full engine, and a file that learned how this person's mouth looks, or a look": (
        "Die volle Engine und eine Datei, die gelernt hat, wie der Mund dieser Person aussieht, oder ein Aussehen"
    ),
    "The file (.npz) that was learned from films of this person, or a learned look": (
        "Die Datei (.npz), die aus Filmen dieser Person gelernt wurde, oder ein gelerntes Aussehen"
    ),
    "How the head moves where the picture is a film, whose body and background go on": (
        "Wie sich der Kopf bewegt, wo das Bild ein Film ist, dessen Körper und Hintergrund weiterlaufen"
    ),
    "The film is replayed to its end and back, with a new mouth": (
        "Der Film läuft bis zu seinem Ende und zurück, mit neuem Mund"
    ),
    "Each picture is the one whose head is nearest to what the voice asks for": (
        "Jedes Bild ist das, dessen Kopf dem am nächsten ist, was die Stimme verlangt"
    ),
    "What of the picture the video shows": "Was vom Bild das Video zeigt",
    "All of it": "Alles davon",
    "A square around the head, which the full engine draws": (
        "Ein Quadrat um den Kopf, das die volle Engine zeichnet"
    ),
    "A quarter of the size, 256 pixels at least, to a file of its own beside the video's, to have a look first": (
        "Ein Viertel der Größe, mindestens 256 Pixel, in eine eigene Datei neben der des Videos, um es erst anzusehen"
    ),
    "Put the video into this scene's sequencer where the line begins. Rendering the scene then shows the video": (
        "Das Video in den Sequencer dieser Szene legen, wo die Zeile beginnt. Das Rendern der Szene zeigt dann das Video"
    ),
}

_LINES_DE: Final = {
    "Whether this strip is a line that is animated": "Ob dieser Streifen eine Zeile ist, die animiert wird",
    "Who says this strip: any object of the character. Empty: told from the names of strip, channel, file and folder": (
        "Wer diesen Streifen spricht: irgendein Objekt der Figur. Leer: aus den Namen von Streifen, Kanal, Datei und Ordner "
        "geschlossen"
    ),
    "The way this line is spoken": "Wie diese Zeile gesprochen wird",
    "The style chosen in the panel": "Der Stil, der im Panel gewählt ist",
    "The ordinary style, as lively as the voice": "Der gewöhnliche Stil, so lebhaft wie die Stimme",
    "What of this line's recording is listened to, where it has several channels": (
        "Was von der Aufnahme dieser Zeile angehört wird, wo sie mehrere Kanäle hat"
    ),
    "What is chosen in the panel Options": "Was im Panel Optionen gewählt ist",
    "Where several people speak in this line's recording: whose words it is": (
        "Wo in der Aufnahme dieser Zeile mehrere sprechen: wessen Worte es sind"
    ),
    "Where the lines of the scene come from": "Woher die Zeilen der Szene kommen",
    "The sound strips of this scene's Sequencer, as they lie and are trimmed": (
        "Die Tonstreifen des Sequencers dieser Szene, wie sie liegen und beschnitten sind"
    ),
    "A table with the columns character, audio, start, and if you like style, take, speed": (
        "Eine Tabelle mit den Spalten character, audio, start und, wenn man will, style, take, speed"
    ),
    "CSV file whose first line names the columns: character,audio,start,style,take": (
        "CSV-Datei, deren erste Zeile die Spalten nennt: character,audio,start,style,take"
    ),
    "Characters blink, look about and sway a little while others speak": (
        "Figuren blinzeln, sehen sich um und wiegen sich ein wenig, während andere sprechen"
    ),
    "How much characters turn to who speaks, nod and blink: 0 not at all, 1 as people do": (
        "Wie sehr sich Figuren dem zuwenden, der spricht, nicken und blinzeln: 0 gar nicht, 1 wie Menschen es tun"
    ),
    "Also drop what was chosen by hand": "Auch verwerfen, was von Hand gewählt wurde",
}

_PREFERENCES_DE: Final = {
    "Name of the tab in the 3D View's sidebar": "Name des Reiters in der Seitenleiste des 3D-Fensters",
    "The style of scenes in which you have not chosen one": "Der Stil in Szenen, in denen man keinen gewählt hat",
    "Where recordings start in scenes in which you have not chosen it": (
        "Wo Aufnahmen in Szenen beginnen, in denen man es nicht gewählt hat"
    ),
    "Where generated motion is kept, so that dials act at once. Empty: Blender's own data folder": (
        "Wo erzeugte Bewegung aufbewahrt wird, damit Regler sofort wirken. Leer: Blenders eigener Datenordner"
    ),
    "What computes the motion. It is always a process of its own": (
        "Was die Bewegung berechnet. Es ist immer ein eigener Prozess"
    ),
    "Blender's own Python, which needs nothing installed": "Blenders eigenes Python, für das nichts installiert werden muss",
    "A Python with torch, PyAV and MediaPipe, which decodes videos itself": (
        "Ein Python mit torch, PyAV und MediaPipe, das Videos selbst dekodiert"
    ),
    "A Python of your own for the full engine (with torch). Empty: the one that is made here": (
        "Ein eigenes Python für die volle Engine (mit torch). Leer: das hier eingerichtete"
    ),
    "How much is written to the console that Blender was started from": (
        "Wie viel in die Konsole geschrieben wird, aus der Blender gestartet wurde"
    ),
    "Only what went wrong": "Nur, was schiefging",
    "Also what might surprise you": "Auch, was überraschen könnte",
    "Also each step": "Auch jeder Schritt",
    "Also what is asked of the engine": "Auch, was die Engine gefragt wird",
}

GERMAN: Final = {
    **{f"{text}{_GAIN}{_AT_ONCE}": f"{german}{_GAIN_DE}{_AT_ONCE_DE}" for text, german in _GAINS_DE.items()},
    **{f"{text}{_AT_ONCE}": f"{german}{_AT_ONCE_DE}" for text, german in _DIALS_DE.items()},
    **_SCENE_DE,
    **_STYLES_DE,
    **_CHARACTER_DE,
    **_MAPPING_DE,
    **_PICTURES_DE,
    **_LINES_DE,
    **_PREFERENCES_DE,
}
"""English → German: `description` of properties, and of the choices of those that have some."""
