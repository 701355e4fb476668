# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tooltips of buttons say, in other languages. Standard library only."""

from __future__ import annotations

from typing import Final

GERMAN: Final = {
    # Generating
    "Make the character say the recording: lips, head, brows, blinks and gaze become ordinary keys. Generating again replaces "
    "only what was generated before": (
        "Die Figur die Aufnahme sprechen lassen: Lippen, Kopf, Brauen, Blinzeln und Blick werden zu gewöhnlichen Keys. "
        "Erneutes Erzeugen ersetzt nur, was zuvor erzeugt wurde"
    ),
    "Generate the next take: the same lips, other blinks, glances and head motion": (
        "Die nächste Variante erzeugen: dieselben Lippen, anderes Blinzeln, andere Blicke und Kopfbewegungen"
    ),
    "What exactly was made": "Was genau gemacht wurde",
    "Stop generating; nothing was changed": "Das Erzeugen abbrechen; nichts wurde geändert",
    "Play from the talking animation's first frame; again to stop. The space bar plays and stops wherever the playhead is": (
        "Vom ersten Frame der Sprechanimation an abspielen; noch einmal hält an. Die Leertaste spielt ab und hält an, wo "
        "immer der Abspielkopf steht"
    ),
    "Take the talking animation and its sound off the character, which is then as it was before": (
        "Die Sprechanimation und ihren Ton von der Figur nehmen, die dann wieder ist, wie sie vorher war"
    ),
    "Put the talking animation into NLA strips above your own, fading in and out as set here": (
        "Die Sprechanimation in NLA-Strips über die eigenen legen, ein- und ausgeblendet wie hier eingestellt"
    ),
    "Let the lips meet at this frame, as for a p, b or m that was not heard: gives the dial Lips Shut keys there": (
        "Die Lippen sich in diesem Frame treffen lassen, wie für ein p, b oder m, das nicht gehört wurde: setzt dort Keys des "
        "Reglers Lippen zu"
    ),
    "Take the keys away that hold the lips shut at this frame": (
        "Die Keys entfernen, die die Lippen in diesem Frame geschlossen halten"
    ),
    "Show the mouth shapes A to H and X of the talking animation as chosen beside this button": (
        "Die Mundbilder A bis H und X der Sprechanimation so zeigen, wie neben diesem Knopf gewählt"
    ),
    "Take the mouth cues of this character away again: markers, text and strips": (
        "Die Mundbilder dieser Figur wieder entfernen: Marker, Text und Strips"
    ),
    "Mend everything that keeps the talking animation from showing; one undo takes it back": (
        "Alles beheben, was die Sprechanimation daran hindert, sichtbar zu sein; ein Rückgängig nimmt es zurück"
    ),
    "Mend this; one undo takes it back": "Dies beheben; ein Rückgängig nimmt es zurück",
    "Set all dials back to their usual values, and take the keys of those away that have some": (
        "Alle Regler auf ihre üblichen Werte zurücksetzen und die Keys derer entfernen, die welche haben"
    ),
    "Let the talking animation show what the keys of its dials say at each frame": (
        "Die Sprechanimation zeigen lassen, was die Keys ihrer Regler in jedem Frame sagen"
    ),
    "Let the character say this": "Die Figur dies sagen lassen",
    "Work on the active object": "Mit dem aktiven Objekt arbeiten",
    "Add a ready-made head with all 52 ARKit shapes and a head bone, beside what stands at the 3D cursor": (
        "Einen fertigen Kopf mit allen 52 ARKit-Formen und einem Kopfknochen hinzufügen, neben dem, was am 3D-Cursor steht"
    ),
    "Delete generated motion from the cache folder. What characters of the open file still need for their dials stays. Other "
    "files: their keys stay as they are, their dials work again after generating once more": (
        "Erzeugte Bewegung aus dem Zwischenspeicher löschen. Was Figuren der offenen Datei noch für ihre Regler brauchen, "
        "bleibt. Andere Dateien: Ihre Keys bleiben, wie sie sind; ihre Regler wirken wieder, wenn noch einmal erzeugt wurde"
    ),
    "Copy versions, the panel's message and the engine's last messages to the clipboard, for a report of a problem": (
        "Versionen, die Meldung des Panels und die letzten Meldungen der Engine in die Zwischenablage kopieren, um einen "
        "Fehler zu melden"
    ),
    # Choosing files
    "Browse for a style's .json or a person's .npz, such as those made of videos": (
        "Die .json eines Stils oder die .npz einer Person suchen, etwa aus Videos gemachte"
    ),
    "Browse for the table of lines: a CSV file, as spreadsheets write it": (
        "Die Tabelle der Sprechzeilen suchen: eine CSV-Datei, wie Tabellenprogramme sie schreiben"
    ),
    "Browse for the voice recording: sound, or a video with sound": (
        "Die Sprachaufnahme suchen: Ton oder ein Video mit Ton"
    ),
    # Styles, persons, motion of videos
    "Let the character talk in this style": "Die Figur in diesem Stil sprechen lassen",
    "Learn a talking style from 5 to 20 seconds of video, and use it": (
        "Aus 5 bis 20 Sekunden Video einen Sprechstil lernen und verwenden"
    ),
    "Learn one person's way to move head and face from 12 seconds of video or more, and use it": (
        "Aus 12 Sekunden Video oder mehr lernen, wie eine Person Kopf und Gesicht bewegt, und es verwenden"
    ),
    "Learn a style or a person from videos": "Einen Stil oder eine Person aus Videos lernen",
    "Move the character as a face in a video moves, or mix lips and head from a video and a voice": (
        "Die Figur bewegen, wie sich ein Gesicht in einem Video bewegt, oder Lippen und Kopf aus Video und Stimme mischen"
    ),
    "Move the character as a face in a video moves": "Die Figur bewegen, wie sich ein Gesicht in einem Video bewegt",
    "Ask the engine which of the published files are there": (
        "Die Engine fragen, welche der veröffentlichten Dateien da sind"
    ),
    "Accept the licence of the published files, which is remembered beside them": (
        "Die Lizenz der veröffentlichten Dateien annehmen, was neben ihnen vermerkt wird"
    ),
    # Pictures
    "Make an image of this .blend file talk: its face gets shape keys and a head bone": (
        "Ein Bild dieser .blend-Datei sprechen lassen: Sein Gesicht bekommt Shape Keys und einen Kopfknochen"
    ),
    "Make a character of a picture with a face, a photo or a drawing: it gets shape keys, a head bone and a camera": (
        "Aus einem Bild mit einem Gesicht, Foto oder Zeichnung, eine Figur machen: Sie bekommt Shape Keys, einen Kopfknochen "
        "und eine Kamera"
    ),
    "For a face that is not found: show the picture with four points to put on the eyes and the mouth's corners": (
        "Für ein Gesicht, das nicht gefunden wird: das Bild mit vier Punkten zeigen, die auf Augen und Mundwinkel zu setzen sind"
    ),
    "Make the picture talk whose face the four points show": "Das Bild sprechen lassen, dessen Gesicht die vier Punkte zeigen",
    "Take the picture with the four points away again": "Das Bild mit den vier Punkten wieder entfernen",
    "Click the eyes and the mouth's corners in the picture, as the status bar tells; Backspace takes one back, Esc stops": (
        "Augen und Mundwinkel im Bild anklicken, wie die Statusleiste sagt; die Rücktaste nimmt einen Punkt zurück, Esc bricht ab"
    ),
    "Let the scene render as the picture is: with its camera, its size and its colours": (
        "Die Szene so rendern lassen, wie das Bild ist: mit seiner Kamera, seiner Größe und seinen Farben"
    ),
    "Write the talking picture as an MP4 video with its sound, in its own size, over the frames of what it says": (
        "Das sprechende Bild als MP4-Video mit seinem Ton schreiben, in seiner eigenen Größe, über die Frames dessen, was es "
        "sagt"
    ),
    "Learn from 12 seconds of film or more how this person's mouth looks, which takes a minute or two, and draw with it": (
        "Aus 12 Sekunden Film oder mehr lernen, wie der Mund dieser Person aussieht, was ein bis zwei Minuten dauert, und "
        "damit zeichnen"
    ),
    "Learn from films how a person's mouth looks": "Aus Filmen lernen, wie der Mund einer Person aussieht",
    # Mapping
    "Choose what this channel drives: type a part of the name": (
        "Wählen, was dieser Kanal bewegt: einen Teil des Namens tippen"
    ),
    "Choose which set of shapes moves the mouth, where a character has several": (
        "Wählen, welcher Satz von Formen den Mund bewegt, wo eine Figur mehrere hat"
    ),
    "Save the choices of this table as a preset, to use with other characters of the same kind": (
        "Die Auswahl dieser Tabelle als Vorlage speichern, für andere Figuren derselben Art"
    ),
    "Use a preset for this character; what it does not name is left to the names": (
        "Eine Vorlage für diese Figur verwenden; was sie nicht nennt, bleibt den Namen überlassen"
    ),
    "Delete a mapping preset from the disk": "Eine Zuordnungsvorlage von der Festplatte löschen",
    "Say how far this control goes: its values where the channel is not there, and where it is shown wholly": (
        "Sagen, wie weit dieser Regler geht: seine Werte, wo der Kanal nicht da ist und wo er ganz gezeigt wird"
    ),
    "Forget all choices of this table: names alone decide again": (
        "Die ganze Auswahl dieser Tabelle vergessen: Wieder entscheiden die Namen allein"
    ),
    "Say which frames, layers or selected objects are the drawings of a mouth, of eyes or of brows": (
        "Sagen, welche Frames, Ebenen oder ausgewählten Objekte die Zeichnungen eines Mundes, der Augen oder der Brauen sind"
    ),
    "Let this property follow the face of the picked character": (
        "Diese Eigenschaft dem Gesicht der gewählten Figur folgen lassen"
    ),
    "Map the mouths of this character as Rhubarb Lip Sync NG or Lip Sync has them mapped": (
        "Die Münder dieser Figur so zuordnen, wie sie in Rhubarb Lip Sync NG oder Lip Sync zugeordnet sind"
    ),
    "Forget the drawings, parts and properties that were mapped: names alone decide again": (
        "Die zugeordneten Zeichnungen, Teile und Eigenschaften vergessen: Wieder entscheiden die Namen allein"
    ),
    # Faces
    "Find the 68 landmarks of the face by the shape of the mesh, its shape keys and, where needed, the face detector": (
        "Die 68 Landmarken des Gesichts suchen: nach der Form des Meshes, seinen Shape Keys und, wo nötig, mit der "
        "Gesichtserkennung"
    ),
    "Lay 68 points over the face that can be moved: they snap to the surface and mirror left to right": (
        "68 verschiebbare Punkte über das Gesicht legen: Sie haften an der Oberfläche und spiegeln links nach rechts"
    ),
    "Take the points as they are now: they are laid on the skin and kept with the character": (
        "Die Punkte nehmen, wie sie jetzt sind: Sie werden auf die Haut gelegt und bei der Figur aufbewahrt"
    ),
    "Forget the landmarks of this character": "Die Landmarken dieser Figur vergessen",
    "Give a plain face mesh the ARKit shape keys that it lacks: jaw, lips, lids, brows, cheeks and gaze; teeth and tongue "
    "follow the jaw. Shape keys that exist are never changed": (
        "Einem einfachen Gesichts-Mesh die ARKit-Shape-Keys geben, die ihm fehlen: Kiefer, Lippen, Lider, Brauen, Wangen und "
        "Blick; Zähne und Zunge folgen dem Kiefer. Vorhandene Shape Keys werden nie geändert"
    ),
    "Cut lips that are one skin along the line between them, and build inner lips and a dark mouth behind. UVs, vertex groups, "
    "shape keys and materials stay": (
        "Lippen, die eine Haut sind, an der Linie zwischen ihnen aufschneiden und dahinter innere Lippen und einen dunklen "
        "Mund bauen. UVs, Vertexgruppen, Shape Keys und Materialien bleiben"
    ),
    "Take the generated shape keys off the character again; its own stay": (
        "Die erzeugten Shape Keys wieder von der Figur nehmen; ihre eigenen bleiben"
    ),
    "Move the mouth through a few words, to look at the shapes; nothing is keyed. Esc stops": (
        "Den Mund ein paar Worte sprechen lassen, um die Formen anzusehen; Keys entstehen keine. Esc hält an"
    ),
    "Add the 68 landmarks of the face as points that move with the talking animation: for constraints, hooks, drivers and "
    "geometry nodes on anything else": (
        "Die 68 Landmarken des Gesichts als Punkte hinzufügen, die sich mit der Sprechanimation bewegen: für Constraints, "
        "Hooks, Treiber und Geometry Nodes an allem anderen"
    ),
    "Delete this character's landmark points and what moves them": (
        "Die Gesichtspunkte dieser Figur löschen und was sie bewegt"
    ),
    # Faces of strokes
    "Find out by where they lie which strokes are the mouth, the eyes and the other parts of the face": (
        "Nach ihrer Lage herausfinden, welche Striche der Mund, die Augen und die anderen Teile des Gesichts sind"
    ),
    "Forget which stroke is which part: names of layers and materials tell it again": (
        "Vergessen, welcher Strich welches Teil ist: Wieder sagen es die Namen von Ebenen und Materialien"
    ),
    "Add a face drawn in Grease Pencil strokes, with layers named after its parts, at the 3D cursor": (
        "Am 3D-Cursor ein Gesicht aus Grease-Pencil-Strichen hinzufügen, mit Ebenen, die nach seinen Teilen heißen"
    ),
    # Whole scenes
    "Look through the Sequencer for sound strips and tell from their names whose lines they are": (
        "Im Sequencer nach Tonstreifen suchen und aus ihren Namen schließen, wessen Zeilen sie sind"
    ),
    "Make every character of the scene say its lines: one action for each. What cannot be done is told at the end and stops "
    "nothing else; Esc stops it and changes nothing": (
        "Jede Figur der Szene ihre Zeilen sprechen lassen: für jede eine Aktion. Was nicht geht, wird am Ende gesagt und hält "
        "nichts anderes auf; Esc bricht ab und ändert nichts"
    ),
    # Preferences
    "Show the preferences of this add-on, where the full engine is made or chosen": (
        "Die Einstellungen dieses Add-ons zeigen, wo die volle Engine eingerichtet oder gewählt wird"
    ),
    "Let Blender and its add-ons use the network, as Preferences > System > Network does. You are asked before": (
        "Blender und seine Add-ons das Netz nutzen lassen, wie Einstellungen > System > Netzwerk es tut. Vorher wird gefragt"
    ),
    "Start the engine and ask it what it is and can do": "Die Engine starten und fragen, was sie ist und kann",
    "Download torch, PyAV, MediaPipe, SciPy and sounddevice into a private Python environment in Blender's data folder. "
    "You are asked before anything is downloaded": (
        "torch, PyAV, MediaPipe, SciPy und sounddevice in eine eigene Python-Umgebung in Blenders Datenordner herunterladen. "
        "Vor dem Herunterladen wird gefragt"
    ),
    "Delete the full engine's environment that was made here": (
        "Die Umgebung der vollen Engine löschen, die hier angelegt wurde"
    ),
}
"""English → German: `bl_description` of operators, and what their `description` may answer."""
