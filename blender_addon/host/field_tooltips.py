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

GERMAN: Final = {
    **{f"{text}{_GAIN}{_AT_ONCE}": f"{german}{_GAIN_DE}{_AT_ONCE_DE}" for text, german in _GAINS_DE.items()},
    **{f"{text}{_AT_ONCE}": f"{german}{_AT_ONCE_DE}" for text, german in _DIALS_DE.items()},
    **_SCENE_DE,
    **_STYLES_DE,
}
"""English → German: `description` of properties, and of the choices of those that have some."""
