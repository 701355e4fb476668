# SPDX-License-Identifier: GPL-3.0-or-later
"""The add-on in other languages: labels of buttons, panels and properties, and the most frequent messages.

Blender translates what is drawn by these tables (`bpy.app.translations`). A key is (context, English text): "Operator" for
buttons, `CONTEXT` and "*" for everything else. A further language is a further table of the same keys.
"""

from __future__ import annotations

import typing
from typing import Any, Final

import bpy

from . import field_tooltips, reasons, stages, texts_with_gaps, tooltips

CONTEXT: Final = "Talking Animation"
"""Of the add-on's own words: without it Blender's come first, to which a face is a polygon and a speaker a box."""

_BUTTONS_DE: Final = {
    "Add Demo Character": "Beispielfigur hinzufügen",
    "Add Grease Pencil Face": "Strichgesicht zeichnen",
    "Add Landmark Points": "Punkte hinzufügen",
    "Add Mouth Cues": "Mundbilder einfügen",
    "Add without a Character": "Ohne Figur hinzufügen",
    "Accept": "Annehmen",
    "Another Take": "Neue Variante",
    "Apply Keys of Dials": "Keys anwenden",
    "Use Sample Voice": "Beispielstimme nehmen",
    "Animate Whole Scene": "Ganze Szene animieren",
    "Cancel": "Abbrechen",
    "Manual": "Handbuch",
    "Play": "Abspielen",
    "Allow Online Access …": "Online-Zugriff erlauben …",
    "Open Preferences": "Einstellungen öffnen",
    "Open": "Öffnen",
    "Learn from Films …": "Aus Filmen lernen …",
    "Learn a Mouth": "Mund lernen",
    "Show Video": "Video zeigen",
    "Open Folder": "Ordner öffnen",
    "Open it with the program that the system has for it": "Es mit dem Programm öffnen, das das System dafür hat",
    "It can talk: press Generate.": "Es kann sprechen: Sprechanimation erzeugen.",
    "Pause": "Pause",
    "Photo": "Foto",
    "… with Lights and Camera": "… mit Licht und Kamera",
    "Start Live Preview": "Live-Vorschau starten",
    "Stop (Esc)": "Anhalten (Esc)",
    "Let the character talk at once, without keys: while the recording plays, or as you speak. Esc stops it": (
        "Die Figur sofort sprechen lassen, ohne Keys: während die Aufnahme läuft, oder wie man gerade spricht. Esc hält an"
    ),
    "Cancel (Esc)": "Abbrechen (Esc)",
    "Capture Motion": "Bewegung aufnehmen",
    "Click the Face": "Gesicht anklicken",
    "Choose Voice": "Stimme wählen",
    "Choose Style": "Stil wählen",
    "Choose Table": "Tabelle wählen",
    "Choose What It Drives": "Wählen, was es bewegt",
    "Range of the Control": "Bereich des Reglers",
    "Clear All": "Alles leeren",
    "Clear Cache": "Zwischenspeicher leeren",
    "Clear Landmarks": "Landmarken vergessen",
    "Bake Talking Portrait": "Als Video schreiben",
    "Draw Look": "Aussehen zeichnen",
    "Own Look …": "Eigenes Aussehen …",
    "Line Drawing": "Zeichnung",
    "Confirm": "Bestätigen",
    "Copy Diagnostics": "Diagnose kopieren",
    "Cut the Lips for Me": "Lippen aufschneiden",
    "Details": "Einzelheiten",
    "Delete Mapping Preset": "Zuordnungsvorlage löschen",
    "Discard Points": "Punkte verwerfen",
    "Forget What Was Mapped": "Zugeordnetes vergessen",
    "Map Drawings": "Zeichnungen zuordnen",
    "Add Mouth Chart": "Mundtafel hinzufügen",
    "Add Sprite Sheet": "Sprite-Bogen hinzufügen",
    "Add a cat whose nine mouths and eyes are cells of sprite sheets, to paint over": (
        "Eine Katze hinzufügen, deren neun Münder und Augen Felder von Sprite-Bögen sind, zum Übermalen"
    ),
    "Make Mouth Chart": "Mundtafel daraus machen",
    "Bake All Pictures": "Alle Bilder als Videos",
    "Write each talking picture of this scene as an MP4 video named after it, in the folder of the video file": (
        "Jedes sprechende Bild dieser Szene als MP4-Video schreiben, nach ihm benannt, im Ordner der Videodatei"
    ),
    "No picture of this scene says anything: generate its talking animation first.": (
        "Kein Bild dieser Szene sagt etwas: zuerst seine Sprechanimation erzeugen."
    ),
    "Baking the pictures": "Bilder werden zu Videos",
    "Make a mouth chart from the picked picture or Grease Pencil face: nine mouths to draw over, beside it": (
        "Aus dem gewählten Bild oder Grease-Pencil-Gesicht eine Mundtafel machen: neun Münder zum Überzeichnen, daneben"
    ),
    "Pick a picture that talks, or a face drawn in Grease Pencil": (
        "Ein Bild, das spricht, oder ein mit Grease Pencil gezeichnetes Gesicht wählen"
    ),
    "Add a drawn head with nine mouths, eyes and brows, which talks as it is and shows how drawings are named": (
        "Einen gezeichneten Kopf mit neun Mündern, Augen und Brauen hinzufügen, der so spricht und zeigt, wie Zeichnungen heißen"
    ),
    "Show in Viewport": "Im 3D-Fenster zeigen",
    "Material Slots": "Materialslots",
    "Take Over the Mapping": "Zuordnung übernehmen",
    "Map Part": "Teil zuordnen",
    "Talk with This Property": "Damit sprechen",
    "Edit Landmarks": "Landmarken bearbeiten",
    "Find Landmarks": "Landmarken suchen",
    "Find Lines": "Sprechzeilen suchen",
    "Generate Talking Animation": "Sprechanimation erzeugen",
    "Learn from Videos": "Aus Videos lernen",
    "Load Mapping Preset": "Zuordnungsvorlage laden",
    "Look for the Files": "Nach den Dateien sehen",
    "Make a Picture Talk …": "Bild sprechen lassen …",
    "Make Image Talk": "Bild sprechen lassen",
    "Make It Talk-Ready": "Sprechfähig machen",
    "Make the Full Engine …": "Volle Engine einrichten …",
    "Motion from Video …": "Bewegung aus Video …",
    "Mouth Moves By": "Mund bewegt sich durch",
    "Person from Videos …": "Person aus Videos …",
    "Cartoon": "Cartoon",
    "Anime": "Anime",
    "Pencil Sketch": "Bleistiftskizze",
    "Fox": "Fuchs",
    "Teapot": "Teekanne",
    "Paper Captain": "Papierkapitän",
    "Astronaut": "Astronautin",
    "Admiral": "Admiralin",
    "Push to NLA": "In den NLA-Editor legen",
    "Remove Generated Shapes": "Erzeugtes entfernen",
    "Find the Face": "Gesicht finden",
    "Forget the Parts": "Teile vergessen",
    "Grease Pencil": "Grease Pencil",
    "Moved by": "Bewegt durch",
    "Drawings": "Zeichnungen",
    "Frames a Drawing": "Bilder je Zeichnung",
    "By Its Name": "Nach dem Namen",
    "Bones": "Knochen",
    "Layer": "Ebene",
    "Stroke": "Strich",
    "Face and Jaw": "Gesicht und Kiefer",
    "Left Lashes": "Linke Wimpern",
    "Right Lashes": "Rechte Wimpern",
    "Goes with the Head": "Geht mit dem Kopf",
    "Inside of the Mouth": "Mundinneres",
    "Upper Lip": "Oberlippe",
    "Lower Lip": "Unterlippe",
    "Teeth": "Zähne",
    "Tongue": "Zunge",
    "Nose": "Nase",
    "Left Brow": "Linke Braue",
    "Right Brow": "Rechte Braue",
    "Left Lid": "Linkes Lid",
    "Right Lid": "Rechtes Lid",
    "Left Pupil": "Linke Pupille",
    "Right Pupil": "Rechte Pupille",
    "Release Lips Here": "Lippen hier lösen",
    "Remove Landmark Points": "Gesichtspunkte entfernen",
    "Remove Mouth Cues": "Mundbilder entfernen",
    "Remove Talking Animation": "Animation entfernen",
    "Remove the Full Engine": "Volle Engine entfernen",
    "Repair": "Beheben",
    "Report a Bug": "Fehler melden",
    "Repair All": "Alles beheben",
    "Reset Dials": "Regler zurücksetzen",
    "Reset Mapping": "Zuordnung zurücksetzen",
    "Shut Lips Here": "Lippen hier schließen",
    "Save Mapping Preset": "Zuordnungsvorlage speichern",
    "Set Up Camera and Render": "Rendern einrichten",
    "Set Up Render": "Render einrichten",
    "Link to the File": "Datei verknüpfen",
    "Show Where the Face Is …": "Gesicht zeigen …",
    "Style from Video …": "Stil aus Video …",
    "Test Engine": "Engine prüfen",
    "Test Talk": "Sprechprobe",
    "Use Active Object": "Aktives Objekt nehmen",
    "Use Style": "Stil verwenden",
    "Use These Points": "Diese Punkte nehmen",
}

_LABELS_DE: Final = {
    "Look": "Aussehen",
    "Line Drawing": "Zeichnung",
    "Cartoon": "Cartoon",
    "The picture as it was": "Das Bild, wie es war",
    "Ink on paper: lines, black areas and hatching": "Tinte auf Papier: Linien, schwarze Flächen und Schraffur",
    "Flat colours with lines around them": "Flächige Farben mit Linien darum",
    "Draw this picture's textures in another look; they are packed images, which can be painted on": (
        "Die Texturen dieses Bildes in einem anderen Aussehen zeichnen; es sind gepackte Bilder, auf denen gemalt werden kann"
    ),
    "Draw this picture's textures in a look of your own, which the engine has learned": (
        "Die Texturen dieses Bildes in einem eigenen Aussehen zeichnen, das die Engine gelernt hat"
    ),
    "half": "halb",
    "open": "offen",
    "shut": "zu",
    "up": "oben",
    "down": "unten",
    "Mouth": "Mund",
    "Eyes": "Augen",
    "Left Eye": "Linkes Auge",
    "Right Eye": "Rechtes Auge",
    "Mouth shapes A–H, X": "Mundformen A–H, X",
    "15 visemes": "15 Viseme",
    "Preston Blair mouths": "Münder nach Preston Blair",
    "Character Animator mouths": "Character-Animator-Münder",
    "Vowels and consonants": "Vokale und Konsonanten",
    "How far a mouth is open": "Wie weit ein Mund offen ist",
    "Five vowels and a closed mouth": "Fünf Vokale und ein geschlossener Mund",
    "Mouth Opening": "Mundöffnung",
    "Mouth Width": "Mundbreite",
    "Mouth Rounding": "Mundrundung",
    "Mouth Corners Up": "Mundwinkel hoch",
    "Jaw Open": "Kiefer offen",
    "Lids Shut": "Lider zu",
    "Left Lid Shut": "Linkes Lid zu",
    "Right Lid Shut": "Rechtes Lid zu",
    "Gaze to the Picture's Right": "Blick nach rechts im Bild",
    "Gaze Up": "Blick nach oben",
    "Brows Up": "Brauen hoch",
    "Left Brow Up": "Linke Braue hoch",
    "Right Brow Up": "Rechte Braue hoch",
    "Head Nods Down": "Kopf nickt",
    "Head Turns to the Picture's Right": "Kopf dreht nach rechts im Bild",
    "Head Tilts": "Kopf neigt sich",
    "Head Moves to the Picture's Right": "Kopf geht nach rechts im Bild",
    "Head Moves Up": "Kopf geht nach oben",
    "To": "Bis",
    "Value at 0": "Wert bei 0",
    "Value at 1": "Wert bei 1",
    "Control": "Regler",
    "In degrees": "In Grad",
    "List": "Liste",
    "Frames": "Bilder",
    "Layers": "Ebenen",
    "Objects": "Objekte",
    "Part": "Teil",
    "Drawings and Properties": "Zeichnungen und Werte",
    "Drawings Are": "Zeichnungen sind",
    "What is drawn": "Was gezeichnet ist",
    "What each drawing is": "Was jede Zeichnung ist",
    "Frames of the Grease Pencil object": "Bilder des Grease-Pencil-Objekts",
    "Layers of the Grease Pencil object": "Ebenen des Grease-Pencil-Objekts",
    "The selected objects, by their names; of one, all that are named like it but for a number": (
        "Die gewählten Objekte, nach ihren Namen; von einem alle, die bis auf eine Zahl so heißen"
    ),
    "Chart": "Mundtafel",
    "All Layers": "Alle Ebenen",
    "Chosen by hand": "Von Hand gewählt",
    "Nothing is driven yet. All rows are shown: choose what each drives, Jaw open first.": (
        "Noch wird nichts bewegt. Alle Zeilen sind zu sehen: bei jeder wählen, was sie bewegt, Kiefer offen zuerst."
    ),
    "Limits": "Grenzen",
    "Keep the property between two values": "Den Wert zwischen zwei Grenzen halten",
    "Whatever layer a frame is on": "Auf welcher Ebene ein Bild auch ist",
    "The layer whose frames are the drawings": "Die Ebene, deren Bilder die Zeichnungen sind",
    "No drawings of this kind": "Keine Zeichnungen dieser Art",
    "Which mouths are drawn": "Welche Münder gezeichnet sind",
    "Lead": "Vorlauf",
    "Jaw": "Kiefer",
    "Strength": "Stärke",
    "Left Lid": "Linkes Lid",
    "Right Lid": "Rechtes Lid",
    "Left Pupil": "Linke Pupille",
    "Right Pupil": "Rechte Pupille",
    "Left Brow": "Linke Braue",
    "Right Brow": "Rechte Braue",
    "What the plane or bone is": "Was die Fläche oder der Knochen ist",
    "The character's own left and right": "Links und rechts der Figur selbst",
    "How far it moves, of what is usual": "Wie weit es sich bewegt, vom Üblichen",
    "On Twos": "Auf Zweien",
    "Hold each of its drawings for two frames": "Jede seiner Zeichnungen zwei Bilder halten",
    "Say which part of a cut-out the active plane is, or in Pose Mode the active bone": (
        "Sagen, welches Teil einer Legefigur die aktive Fläche ist, oder im Posenmodus der aktive Knochen"
    ),
    "Frames that each drawing is shown for at least": "Bilder, die jede Zeichnung mindestens steht",
    "Frames that the mouth comes before the sound": "Bilder, die der Mund vor dem Ton kommt",
    "Follows": "Folgt",
    "What of the face the property follows": "Wem im Gesicht die Eigenschaft folgt",
    "Gain": "Verstärkung",
    "Change of the property at the end of what it follows": "Änderung der Eigenschaft am Ende dessen, dem sie folgt",
    "Least value of the property": "Kleinster Wert der Eigenschaft",
    "Greatest value of the property": "Größter Wert der Eigenschaft",
    # Panels and menus
    "Dials": "Regler",
    "Face": "Gesicht",
    "From a Picture": "Aus einem Bild",
    "From Video": "Aus Video",
    "Keys and Cues": "Keys und Mundbilder",
    "Landmark Points": "Gesichtspunkte",
    "Landmarks": "Landmarken",
    "Lines of a Scene": "Sprechzeilen einer Szene",
    "Make It Talk-Ready": "Sprechfähig machen",
    "Mapping": "Zuordnung",
    "Nothing Moves?": "Bewegt sich nichts?",
    "Options": "Optionen",
    "Picture": "Bild",
    "Pictures That Ship": "Mitgelieferte Bilder",
    "Research": "Forschung",
    "Style and Take": "Stil und Variante",
    "Talking Animation": "Sprechanimation",
    "Video of This Picture": "Video dieses Bildes",
    "Your Styles and Persons": "Eigene Stile und Personen",
    # Making a face talk-ready
    "Add Teeth and a Tongue": "Zähne und Zunge",
    # The scene's properties
    "Character": "Figur",
    "Voice": "Stimme",
    "File": "Datei",
    "Strip": "Strip",
    "Recording": "Aufnahme",
    "Sound Strip": "Tonstreifen",
    "Start At": "Beginn bei",
    "Start Frame": "Startframe",
    "Frame": "Frame",
    "Playhead": "Abspielkopf",
    "Scene Start": "Szenenstart",
    "Style": "Stil",
    "Auto": "Automatisch",
    "Natural": "Natürlich",
    "Calm": "Ruhig",
    "Lively": "Lebhaft",
    "Newsreader": "Nachrichten",
    "Storyteller": "Erzähler",
    "Cheerful": "Fröhlich",
    "Serious": "Ernst",
    "Shy": "Schüchtern",
    "Forceful": "Energisch",
    "Thoughtful": "Nachdenklich",
    "Still": "Unbewegt",
    "Mixture": "Mischung",
    "File …": "Datei …",
    "First Style": "Erster Stil",
    "Second Style": "Zweiter Stil",
    "Share of Second": "Anteil des zweiten",
    "Style File": "Stildatei",
    "Of": "Von",
    "And": "Und",
    "Share": "Anteil",
    "From": "Aus",
    "Head Pose": "Kopfpose",
    "Generated": "Erzeugt",
    "Replayed": "Wiederholt",
    "Channel": "Kanal",
    "Use Text Files": "Textdateien verwenden",
    "All, Mixed": "Gemischt",
    **{str(number): str(number) for number in range(1, 9)},
    "Everybody": "Alle",
    "First": "1. Stimme",
    "Second": "2. Stimme",
    "Third": "3. Stimme",
    "Fourth": "4. Stimme",
    "Networks": "Netze",
    "Own": "Eigene",
    "System": "System",
    "MakeItTalk": "MakeItTalk",
    "AnimatePortrait": "AnimatePortrait",
    "style_avatar": "style_avatar",
    "Letters": "Buchstaben",
    "Style Code": "Stilcode",
    "Folder": "Ordner",
    "Speaker": "Sprecher",
    "Take": "Variante",
    "Write To": "Ziel",
    "Relative Path": "Relativer Pfad",
    "What a report needs is on the clipboard: versions, the panel's message and the engine's last messages. "
    "Paste it into your report, with the steps that led there. Read it first: it names folders of your computer.": (
        "Was ein Bericht braucht, ist in der Zwischenablage: Versionen, die Meldung im Panel und die letzten der Engine. "
        "Bitte mit den Schritten bis zum Fehler in den Bericht einfügen, und vorher lesen: Ordner des Computers stehen darin."
    ),
    "NLA Strip": "NLA-Strip",
    "Active Action": "Aktive Action",
    "Add Sound to Sequencer": "Ton in den Sequencer",
    "Amplify a Narrow Mouth": "Kleinen Mund verstärken",
    "Extend Scene Range": "Szenenbereich verlängern",
    "Play in Sync": "Synchron abspielen",
    "Keep Motion in File": "Bewegung mitspeichern",
    "Mouth Cues": "Mundbilder",
    "Cues": "Mundbilder",
    "Timeline Markers": "Zeitleistenmarker",
    "Text": "Text",
    "Text Strips": "Textstreifen",
    # The video of a picture
    "Video File": "Videodatei",
    "Renderer": "Renderer",
    "Blender": "Blender",
    "Refined Mouth": "Feiner Mund",
    "Learned": "Gelernt",
    "As Filmed": "Wie gefilmt",
    "As Generated": "Wie erzeugt",
    "Shows": "Zeigt",
    "Whole Picture": "Ganzes Bild",
    "Head Alone": "Nur den Kopf",
    "Preview": "Vorschau",
    "Add to Sequencer": "In den Sequencer legen",
    # A character's properties
    "Head Bone": "Kopf",
    "Lips": "Lippen",
    "Head": "Kopf",
    "Brows": "Brauen",
    "Brow": "Brauenhaltung",
    "Try a Sample Voice": "Beispielstimme",
    "Show What Was Heard": "Gehörtes zeigen",
    "Lips shut": "Lippen zu",
    "Silence": "Stille",
    "Woman": "Frau",
    "Man": "Mann",
    "Child": "Kind",
    "Energy": "Energie",
    "Keys of the dials: not applied yet. They do not act while the scene plays, but when they are applied.": (
        "Keys der Regler: noch nicht angewandt. Sie wirken nicht beim Abspielen, sondern wenn sie angewandt werden."
    ),
    "Drivers on dials are not followed: remove them and give these dials keys:": (
        "Treiber an Reglern wirken nicht: sie entfernen und diesen Reglern Keys geben:"
    ),
    "Show the voice in the Timeline, with the mouth shapes that were heard in it, where the lips meet, and pauses: so that you "
    "see why a mouth is shut. Drag the Timeline higher where it has no room": (
        "Die Stimme in der Zeitleiste zeigen, mit den Mundbildern, die in ihr gehört wurden, wo sich die Lippen treffen, und "
        "Pausen: so sieht man, warum ein Mund zu ist. Die Zeitleiste höher ziehen, wo sie keinen Platz hat"
    ),
    "Blinks": "Blinzeln",
    "Gaze": "Blick",
    "Lips Across": "Lippen quer",
    "Lips Up/Down": "Lippen auf/ab",
    "Closing": "Schließen",
    "Lips Shut": "Lippen zu",
    "Smoothing": "Glättung",
    "Offset": "Versatz",
    "Keys": "Keys",
    "Every Frame": "Jeder Frame",
    "Few, Linear": "Wenig, linear",
    "Few, Bezier": "Wenig, Bézier",
    "Stepped": "Gestuft",
    "Tolerance": "Toleranz",
    "Hold": "Halten",
    "Blend In": "Einblenden",
    "Blend Out": "Ausblenden",
    "Progress": "Fortschritt",
    "Fit to Its Own Shapes": "An Formen anpassen",
    # Mapping, talk-ready, whole scene
    "Amount": "Menge",
    "As Above": "Wie oben",
    "As in Options": "Wie Optionen",
    "Automatic": "Automatisch",
    "CSV File": "CSV-Datei",
    "Driven": "Aktiv",
    "Line": "Zeile",
    "Lines From": "Zeilen aus",
    "Missing": "Fehlt",
    "Move While Listening": "Beim Zuhören bewegen",
    "Search": "Suchen",
    "Sequencer": "Sequencer",
    "Shape": "Form",
    "Show": "Anzeigen",
    "Table": "Tabelle",
    "Unsure": "Unklar",
    "Use": "Verwenden",
    "Warnings": "Warnungen",
    # Rows of the mapping
    "Blink": "Blinzeln",
    "Look down": "Blick nach unten",
    "Look inwards": "Blick nach innen",
    "Look outwards": "Blick nach außen",
    "Look up": "Blick nach oben",
    "Squint": "Auge schmal",
    "Eye wide": "Auge weit",
    "Jaw forwards": "Kiefer vor",
    "Jaw to the left": "Kiefer nach links",
    "Jaw to the right": "Kiefer nach rechts",
    "Jaw open": "Kiefer offen",
    "Lips together": "Lippen zu",
    "Funnel": "Trichter",
    "Pucker": "Kussmund",
    "Mouth to the left": "Mund nach links",
    "Mouth to the right": "Mund nach rechts",
    "Smile": "Lächeln",
    "Frown": "Mundwinkel ab",
    "Dimple": "Grübchen",
    "Stretch": "Breit",
    "Lower lip in": "Unterlippe ein",
    "Upper lip in": "Oberlippe ein",
    "Lower lip out": "Unterlippe vor",
    "Upper lip out": "Oberlippe vor",
    "Press": "Pressen",
    "Lower lip down": "Unterlippe ab",
    "Upper lip up": "Oberlippe auf",
    "Brow down": "Braue ab",
    "Inner brows up": "Brauen innen auf",
    "Outer brow up": "Braue außen auf",
    "Cheeks puffed": "Wangen voll",
    "Cheek up": "Wange auf",
    "Sneer": "Nase kraus",
    "Tongue out": "Zunge heraus",
    "left": "links",
    "right": "rechts",
    # Buttons' options
    "All": "Alle",
    "As": "Als",
    "Mesh": "Mesh",
    "Empties": "Empties",
    "Without a Character": "Ohne Figur",
    "Name": "Name",
    "Lips from": "Lippen aus",
    "Head from": "Kopf aus",
    "Video": "Video",
    "With Lights and Camera": "Mit Licht und Kamera",
    "Best Found": "Das Beste",
    "Found by Its Name": "Nach dem Namen",
    "Nothing": "Nichts",
    "No presets yet": "Noch keine Vorlagen",
    "Drives": "Bewegt",
    "Expression shapes": "Ausdrucksformen",
    "Forget Choices": "Auswahl vergessen",
    "Mouth shapes": "Mundformen",
    "Preset": "Vorlage",
    "Visemes": "Viseme",
    "Vowels": "Vokale",
    "Whole Table": "Ganze Tabelle",
    # Pictures
    "Image": "Bild",
    "Faces": "Gesichter",
    "Largest": "Größtes",
    "Kind": "Art",
    "Wears Glasses": "Trägt Brille",
    "Whether a photo shows glasses, whose frame then stays rigid": "Ob ein Foto eine Brille zeigt, deren Gestell starr bleibt",
    "Yes": "Ja",
    "No": "Nein",
    "Glasses are worn: their frame stays rigid": "Eine Brille wird getragen: Ihr Gestell bleibt starr",
    "No glasses are worn: all of the skin moves": "Keine Brille wird getragen: Die ganze Haut bewegt sich",
    "Photo": "Foto",
    "Drawing": "Zeichnung",
    "Smooth Edges": "Glatte Kanten",
    "Even Size": "Gerade Größe",
    "Eye, left in the picture": "Auge, im Bild links",
    "Eye, right in the picture": "Auge, im Bild rechts",
    "Mouth corner, left": "Mundwinkel links",
    "Mouth corner, right": "Mundwinkel rechts",
    # Preferences
    "Sidebar Tab": "Reiter der Seitenleiste",
    "Usual Style": "Üblicher Stil",
    "Usual Start": "Üblicher Beginn",
    "Cache Folder": "Zwischenspeicher",
    "Engine": "Engine",
    "Embedded": "Eingebaut",
    "Full": "Voll",
    "Engine Python": "Python der Engine",
    "Log": "Protokoll",
    "Errors": "Fehler",
    "Steps": "Schritte",
    "Everything": "Alles",
    # Messages
    "jaw": "Kiefer",
    "lids": "Lider",
    "eyes": "Augen",
    "tongue": "Zunge",
    "lips": "Lippen",
    "head": "Kopf",
    "brows": "Brauen",
    "blinks": "Blinzeln",
    "gaze": "Blick",
    "Style: not applied yet.": "Stil: noch nicht angewandt.",
    "Take: not applied yet.": "Variante: noch nicht angewandt.",
    "Style and take: not applied yet.": "Stil und Variante: noch nicht angewandt.",
    "Strips are matched by the characters' names.": "Streifen gehören der Figur, deren Name darin vorkommt.",
    "The lips are one skin: cut them first.": "Die Lippen sind eine Haut: zuerst aufschneiden.",
    "… and {count} more": "… und {count} weitere",
    "No rows to show.": "Keine Zeilen zu zeigen.",
    "None yet: make one of a video": "Noch keine: aus einem Video machen",
    "Add as {kind}": "Als {kind} hinzufügen",
    "1 file, {size:.1f} MB in {folder}": "1 Datei, {size:.1f} MB in {folder}",
    "{count} files, {size:.1f} MB in {folder}": "{count} Dateien, {size:.1f} MB in {folder}",
    "The full engine is in {folder}": "Die volle Engine liegt in {folder}",
    "The full engine is ready: {python}": "Die volle Engine ist bereit: {python}",
    "There is no full engine yet: Blender's own Python runs the engine until you make one.": "Es gibt noch keine volle Engine: "
    "Bis eine eingerichtet ist, läuft sie in Blenders eigenem Python.",
    "The engine has not been asked yet: press Test Engine.": "Die Engine wurde noch nicht gefragt: Engine prüfen drücken.",
    "Embedded engine": "Eingebaute Engine",
    "Full engine": "Volle Engine",
    "It reads videos.": "Sie liest Videos.",
    "It reads videos that Blender decodes for it.": "Sie liest Videos, die Blender für sie dekodiert.",
    "Decoding the video": "Video dekodieren",
    "Select a character in the scene.": "Eine Figur in der Szene auswählen.",
    "Cancelled: nothing was changed.": "Abgebrochen: Nichts wurde geändert.",
    "Removed. The file was damaged: see whether shapes and bones are at rest.": (
        "Entfernt. Die Datei war beschädigt: nachsehen, ob Formen und Knochen in Ruhe sind."
    ),
    "Removed: the character is as it was before.": "Entfernt: Die Figur ist, wie sie vorher war.",
    "68 landmarks on '{name}', {how}.": "68 Landmarken auf „{name}“, {how}.",
    "Not seen on the mesh: {parts}.": "Auf dem Mesh nicht zu sehen: {parts}.",
    "by the shape of the mesh": "nach der Form des Meshes",
    "by the mesh and its shape keys": "nach dem Mesh und seinen Shape Keys",
    "by the face detector": "vom Gesichtsdetektor",
    "confirmed by hand": "von Hand bestätigt",
    "an opening between the lips": "eine Öffnung zwischen den Lippen",
    "the left eye's opening": "die Öffnung des linken Auges",
    "the right eye's opening": "die Öffnung des rechten Auges",
    "the nose": "die Nase",
    "The points lie on the face of frame {frame}: go there to see them on the skin.": (
        "Die Punkte liegen auf dem Gesicht von Frame {frame}: dorthin gehen, um sie auf der Haut zu sehen."
    ),
    "{count} shapes are missing: {names}": "{count} Formen fehlen: {names}",
    "It is drawn into a Timeline or Dope Sheet: open one.": (
        "Gezeichnet wird es in eine Zeitleiste oder ein Dope Sheet: eins öffnen."
    ),
    "The Timeline is too low to show it: drag its upper edge up.": (
        "Die Zeitleiste ist zu niedrig dafür: ihren oberen Rand hochziehen."
    ),
    "The landmarks of this face are not known yet.": "Die Landmarken dieses Gesichts sind noch nicht bekannt.",
    "Move the points in Edit Mode; they snap to the skin. Then confirm.": "Die Punkte im Edit-Modus verschieben; sie haften an "
    "der Haut. Dann bestätigen.",
    "Blender and all its add-ons may use the network from then on. This one downloads the full engine when you press Make the "
    "Full Engine, and nothing else.": (
        "Blender und alle seine Add-ons dürfen danach das Netz nutzen. Dieses lädt die volle Engine herunter, sobald Volle "
        "Engine einrichten gedrückt wird, und sonst nichts."
    ),
    "Videos need the full engine: make or choose one in the add-on's preferences.": "Videos brauchen die volle Engine: In den "
    "Einstellungen des Add-ons einrichten oder wählen.",
    "Published networks need the full engine: make or choose one in the add-on's preferences.": "Veröffentlichte Netze brauchen "
    "die volle Engine: In den Einstellungen des Add-ons einrichten oder wählen.",
    "Published networks can make the motion, from files that you bring.": "Veröffentlichte Netze können die Bewegung "
    "machen, aus Dateien, die man mitbringt.",
    "Put the four points on the eyes and the mouth's corners.": "Die vier Punkte auf die Augen und die Mundwinkel setzen.",
    "Press Click the Face, or drag the four points, then press Use These Points.": "Gesicht anklicken drücken, oder die vier "
    "Punkte verschieben und dann Diese Punkte nehmen drücken.",
    "Click: {point} ({number} of 4). Backspace: one back. Esc: stop.": "Anklicken: {point} ({number} von 4). Rücktaste: einen "
    "zurück. Esc: abbrechen.",
    "Reading the picture": "Bild lesen",
    "Building the character": "Figur bauen",
    "Looking at the picture": "Bild ansehen",
    "Drawing the video": "Video zeichnen",
    "Select a character that was made of a picture.": "Eine Figur auswählen, die aus einem Bild gemacht wurde.",
    "Generate its talking animation first.": "Zuerst ihre Sprechanimation erzeugen.",
    "Choose the file of the video, or save the .blend file first.": "Die Datei des Videos wählen oder zuerst die .blend-Datei "
    "speichern.",
    "Live Preview": "Live-Vorschau",
    "Source": "Quelle",
    "Microphone": "Mikrofon",
    "Record": "Aufzeichnen",
    "The recording that is chosen above plays, and the character says it": (
        "Die oben gewählte Aufnahme läuft, und die Figur spricht sie mit"
    ),
    "The character says what you say, about half a second later": (
        "Die Figur sagt, was du sagst, etwa eine halbe Sekunde später"
    ),
    "When the live preview stops, what was heard becomes keys, as Generate makes them; one undo takes them back": (
        "Hält die Vorschau an, wird das Gehörte zu Keys, wie Erzeugen sie macht; ein Rückgängig nimmt sie zurück"
    ),
    "The live preview was stopped before it began.": "Die Live-Vorschau wurde angehalten, bevor sie begann.",
    "The microphone needs the full engine with the package sounddevice: make or choose one in the add-on's preferences, "
    "or choose a recording.": (
        "Das Mikrofon braucht die volle Engine mit dem Paket sounddevice: sie in den Einstellungen des Add-ons einrichten oder "
        "wählen, oder eine Aufnahme wählen."
    ),
    "Reading the recording": "Aufnahme lesen",
    "Starting the engine": "Engine starten",
    "Loading the model": "Modell laden",
    "Listening": "Zuhören",
    "Feeling the rhythm": "Rhythmus erfassen",
    "Moving head and eyes": "Kopf und Augen bewegen",
    "Shaping the face": "Gesicht formen",
    "Writing keys": "Keys schreiben",
    "Drawing the head without its beard": "Kopf ohne Bart zeichnen",
    "Drawing the head": "Kopf zeichnen",
    "Fitting the head": "Kopf anpassen",
    "Following the face": "Gesicht verfolgen",
    "Laying the points": "Punkte legen",
    "Learning the manner": "Art zu sprechen lernen",
    "Learning the mouth": "Mund lernen",
    "Learning the style": "Stil lernen",
    "Looking for a face": "Gesicht suchen",
    "Looking for the face in pictures": "Gesicht in Bildern suchen",
    "Looking for the face": "Gesicht suchen",
    "Looking for the head": "Kopf suchen",
    "Looking for the lips": "Lippen suchen",
    "Making the face move": "Gesicht beweglich machen",
    "Mixing lips and head": "Lippen und Kopf mischen",
    "Placing the landmarks": "Landmarken setzen",
    "Reading the face": "Gesicht lesen",
    "Reading the meshes": "Meshes lesen",
    "Reading the mouth": "Mund lesen",
    "Reading the video": "Video lesen",
    "Writing shape keys": "Shape Keys schreiben",
    "Writing": "Schreiben",
    "Drawing the look": "Aussehen zeichnen",
    "Measuring the face": "Gesicht vermessen",
    "Reading the recordings": "Aufnahmen lesen",
    "Fitting to the characters' shapes": "An die Figuren anpassen",
    "Done": "Fertig",
}


def _table(buttons: dict[str, str], labels: dict[str, str]) -> dict[tuple[str, str], str]:
    """With their contexts; a button's text may also stand for itself in a label."""
    table = {("Operator", text): translated for text, translated in buttons.items()}
    for context in ("*", CONTEXT):
        table.update({(context, text): translated for text, translated in {**buttons, **labels}.items()})
    return table


TABLE: Final = {
    "de_DE": _table(
        _BUTTONS_DE,
        {
            **_LABELS_DE,
            **stages.GERMAN,
            **tooltips.GERMAN,
            **field_tooltips.GERMAN,
            **reasons.GERMAN,
            **reasons.as_sentences(reasons.GERMAN),
        },
    )
}
"""Language → (context, English text) → translation."""


_LANGUAGES: Final = frozenset({*TABLE, *(name.partition("_")[0] for name in TABLE)})
"""Some versions call German ``de_DE``, others ``de``."""

_NAME: Final = (__package__ or "").rpartition(".")[0] or "talking_animation"


def translated(text: str) -> str:
    """A text in the user's language, by the add-on's own words; as it is where they lack it."""
    translation = str(bpy.app.translations.pgettext_iface(text, CONTEXT))
    locale = bpy.app.translations.locale
    preferences = bpy.context.preferences
    if translation != text or locale not in _LANGUAGES:
        return translation
    if preferences is None or not preferences.view.use_translate_interface:
        return translation
    return texts_with_gaps.with_gaps(
        text, locale, lambda part: str(bpy.app.translations.pgettext_iface(part, CONTEXT))
    )


def tooltip(text: str) -> str:
    """A tooltip in the user's language: what an operator's `description` answers Blender shows as it is."""
    return str(bpy.app.translations.pgettext_tip(text))


def reason(text: str) -> str:
    """Why a button is greyed out, in the user's language: without full stop, also where it is known as a sentence alone."""
    translation = translated(text)
    return translation if translation != text else translated(f"{text}.").removesuffix(".")


def prepare(cls: Any) -> None:
    """Before a class is registered: let Blender look its texts up among the add-on's own words.

    Args:
        cls: a panel, or whatever has properties. Buttons are looked up as Blender does; before Blender 4, properties too.
    """
    if issubclass(cls, bpy.types.Panel):
        cls.bl_translation_context = CONTEXT
    if "translation_context" not in (bpy.props.BoolProperty.__doc__ or ""):
        return
    declared = typing.get_type_hints(cls)  # they are texts until somebody asks, as Blender does
    for base in cls.__mro__:
        if base.__module__.startswith(_NAME):
            for name in getattr(base, "__annotations__", {}):
                known: Any = declared.get(name)
                if hasattr(known, "keywords"):
                    known.keywords.setdefault("translation_context", CONTEXT)
                    base.__annotations__[name] = known


def register() -> None:
    """Give Blender the tables, under all names of their languages."""
    unregister()
    tables = {**TABLE, **{name.partition("_")[0]: table for name, table in TABLE.items()}}
    bpy.app.translations.register(_NAME, tables)


def unregister() -> None:
    """Take the tables away again; nothing happens where there are none."""
    bpy.app.translations.unregister(_NAME)
