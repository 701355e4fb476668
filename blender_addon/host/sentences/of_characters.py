# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said of characters, their mapping and their drawings, in other languages; see `sentences`. Standard library only."""

from __future__ import annotations

from typing import Final

GERMAN: Final = {
    "'{}' shows the collection '{}', whose objects are not its own: {}, and pick the character.": (
        "„{}“ zeigt die Sammlung „{}“, deren Objekte nicht seine sind: {}, und die Figur wählen."
    ),
    "The shape keys of '{}' whose names are known, such as '{}', move nothing: bring the character in again with its "
    "shapes' motion, or choose other shape keys under Face > Mapping.": (
        "Die Shape Keys von „{}“ mit bekannten Namen, etwa „{}“, bewegen nichts: die Figur mit der Bewegung ihrer Formen "
        "neu einlesen, oder unter Gesicht > Zuordnung andere Shape Keys wählen."
    ),
    "'{}' is shaped by a cache file (Alembic or USD), which no keys can move: bring the character in as FBX or glTF with "
    "its shape keys, or apply the cache modifier and make the mesh talk-ready.": (
        "„{}“ wird von einer Cache-Datei (Alembic oder USD) geformt, die kein Key bewegt: die Figur als FBX oder glTF mit "
        "ihren Shape Keys einlesen, oder den Cache-Modifikator anwenden und das Mesh sprechfähig machen."
    ),
    "The shape keys of '{}' are a {}'s, not a mesh's: right-click the value of each that is to talk and choose Talk with "
    "This Property.": (
        "Die Shape Keys von „{}“ gehören keinem Mesh ({}): den Wert eines jeden, der sprechen soll, rechts anklicken und "
        "Damit sprechen wählen."
    ),
    "A character is an object, such as bpy.data.objects['Rig'], not {}: check its name where a script asks for it.": (
        "Eine Figur ist ein Objekt, etwa bpy.data.objects['Rig'], nicht {}: den Namen prüfen, wo ein Skript danach fragt."
    ),
    "The dial {} {}.": "Der Regler {} {}.",
    "The object was removed from the file: pick the character again.": (
        "Das Objekt wurde aus der Datei entfernt: die Figur neu wählen."
    ),
    "'{}' has no bone '{}' to turn its head with: correct its name, or let one be found.": (
        "„{}“ hat keinen Knochen „{}“, der den Kopf dreht: den Namen berichtigen, oder einen suchen lassen."
    ),
    "The mesh of '{}' was linked and now has a library override, to carry the keys.": (
        "Das Mesh von „{}“ war verlinkt und hat jetzt eine Library Override, um die Keys zu tragen."
    ),
    "The bone '{}' that was chosen for {} is not on this character.": (
        "Der Knochen „{}“, der für {} gewählt war, ist nicht an dieser Figur."
    ),
    "Nothing says how far the control '{}' that was chosen for {} goes: give it a range under Face > Mapping.": (
        "Nichts sagt, wie weit der Regler „{}“ geht, der für {} gewählt war: ihm unter Gesicht > Zuordnung einen Bereich geben."
    ),
    "The control '{}' that was chosen for {} is not on this character, or keys cannot move it: choose another under Face > "
    "Mapping.": (
        "Der Regler „{}“, der für {} gewählt war, ist nicht an dieser Figur, oder Keys können ihn nicht bewegen: unter Gesicht > "
        "Zuordnung einen anderen wählen."
    ),
    "The control '{}' that was chosen for {} shows {} by its driver, too, and goes as far as either asks: choose Nothing for {} "
    "under Face > Mapping where {} alone is to move it.": (
        "Der Regler „{}“, der für {} gewählt war, zeigt über seinen Treiber auch {} und geht so weit, wie eines von beiden "
        "verlangt: für {} unter Gesicht > Zuordnung Nichts wählen, wenn ihn nur {} bewegen soll."
    ),
    "'{}' is no control: name a custom property, or a bone or object and how it moves (location, rotation_euler or scale) along "
    "which axis (0 to 2).": (
        "„{}“ ist kein Regler: eine eigene Eigenschaft nennen, oder einen Knochen oder ein Objekt, und wie es sich bewegt "
        "(location, rotation_euler oder scale) und entlang welcher Achse (0 bis 2)."
    ),
    "The range of '{}' is none: give it two different numbers, neither beyond a million.": (
        "Der Bereich von „{}“ ist keiner: ihm zwei verschiedene Zahlen geben, keine jenseits einer Million."
    ),
    "This row drives no control that was chosen: choose one first.": (
        "Diese Zeile bewegt keinen gewählten Regler: zuerst einen wählen."
    ),
    "'{}' of '{}' is named like a face shape and moves something by a driver, but nothing says how far it goes: give it a {} "
    "constraint in Local Space, or right-click its value and choose Talk with This Property.": (
        "„{}“ von „{}“ heißt wie eine Gesichtsform und bewegt etwas über einen Treiber, aber nichts sagt, wie weit: einen "
        "Constraint „{}“ im lokalen Raum geben, oder den Wert rechts anklicken und Damit sprechen wählen."
    ),
    "'{}' has a property '{}', named like a face shape, but no driver of the character reads it, so keys on it would "
    "move nothing: bring the character in again with its drivers, or make its head's mesh talk-ready.": (
        "„{}“ hat eine Eigenschaft „{}“, die wie eine Gesichtsform heißt, aber kein Treiber der Figur liest sie, also bewegten "
        "Keys nichts: die Figur mit ihren Treibern neu einlesen, oder das Mesh ihres Kopfes sprechfähig machen."
    ),
    "Controls of '{}' on '{}' say another character's line and are left to it: remove that one's talking animation, or give each "
    "character controls of its own.": (
        "Regler von „{}“ auf „{}“ sprechen den Text einer anderen Figur und bleiben ihr: deren Sprechanimation entfernen, oder "
        "jeder Figur eigene Regler geben."
    ),
    # drawings
    "'{}' is linked: make a library override of it first.": (
        "„{}“ ist verlinkt: zuerst eine Library Override davon anlegen."
    ),
    "'{}' is nothing that is drawn: choose one of {}.": "„{}“ wird nicht gezeichnet: eins wählen von {}.",
    "'{}' is no kind of drawings: choose one of {}.": "„{}“ ist keine Art von Zeichnungen: eine wählen von {}.",
    "'{}' is no chart: choose one of {}.": "„{}“ ist keine Tafel: eine wählen von {}.",
    "A drawing is held for {} to {} frames and comes {} to {} frames before the sound.": (
        "Eine Zeichnung bleibt {} bis {} Frames und kommt {} bis {} Frames vor dem Ton."
    ),
    "'{}' is no drawing of this chart: it has {}.": "„{}“ ist keine Zeichnung dieser Tafel: sie hat {}.",
    "'{}' is no mouth cue: they are {}.": "„{}“ ist kein Mundbild: es gibt {}.",
    "The chart has no drawings: give it some.": "Die Tafel hat keine Zeichnungen: ihr welche geben.",
    "'{}' is no Grease Pencil object: choose the one with the drawings.": (
        "„{}“ ist kein Grease-Pencil-Objekt: das mit den Zeichnungen wählen."
    ),
    "There is no '{}' among the {}: check its name.": "„{}“ ist nicht darunter ({}): den Namen prüfen.",
    "'{}' has no layer '{}': check its name.": "„{}“ hat keine Ebene „{}“: den Namen prüfen.",
    "'{}' has no drawing at frame {}: it has them at {}.": (
        "„{}“ hat keine Zeichnung bei Frame {}: es hat welche bei {}."
    ),
    "'{}' is no mesh: choose the one whose materials are the drawings.": (
        "„{}“ ist kein Mesh: das wählen, dessen Materialien die Zeichnungen sind."
    ),
    "'{}' has no slot with the material '{}': check its name.": (
        "„{}“ hat keinen Slot mit dem Material „{}“: den Namen prüfen."
    ),
    "The faces of '{}' are in {} of these slots: assign those that change to one.": (
        "Die Flächen von „{}“ sind in {} dieser Slots: die, die wechseln, einem zuweisen."
    ),
    "'{}' is no list of drawings: write it like A=1, D=7.": (
        "„{}“ ist keine Liste von Zeichnungen: sie wie A=1, D=7 schreiben."
    ),
    "'{}' is no part of a cut-out: choose one of {}.": "„{}“ ist kein Teil einer Legefigur: eins wählen von {}.",
    "A part cannot move '{}': choose one of {}.": "Ein Teil kann „{}“ nicht bewegen: eins wählen von {}.",
    "'{}' has no bone '{}': check its name.": "„{}“ hat keinen Knochen „{}“: den Namen prüfen.",
    "There is no channel '{}': choose one of {}, a name of ARKit's, or viseme: with one of the 15.": (
        "Es gibt keinen Kanal „{}“: einen wählen von {}, einen Namen von ARKit, oder viseme: mit einem der 15."
    ),
    "Gain, offset and limits must be numbers from {} to {}.": (
        "Verstärkung, Versatz und Grenzen müssen Zahlen von {} bis {} sein."
    ),
    "A sprite sheet has {} columns and {} rows at most, and steps up to {}.": (
        "Ein Sprite-Bogen hat höchstens {} Spalten und {} Zeilen und Schritte bis {}."
    ),
    "The drawing '{}' is {}, but numbers are kept from {} to {}: choose another one.": (
        "Die Zeichnung „{}“ ist {}, aber Zahlen werden von {} bis {} behalten: eine andere wählen."
    ),
    "The frames of {} of '{}' already are drawings of another part ({}): choose the one layer that each part is drawn on.": (
        "Die Frames von {} von „{}“ sind schon Zeichnungen eines anderen Teils ({}): die eine Ebene wählen, auf der jedes "
        "Teil gezeichnet ist."
    ),
    "{}: check the path (Copy Data Path).": "{}: den Pfad prüfen (Datenpfad kopieren).",
    "A sprite sheet has at least one column and one row, and steps above 0.": (
        "Ein Sprite-Bogen hat mindestens eine Spalte und eine Zeile und Schritte über 0."
    ),
    "'{}' names no frames: write it like A=1, D=7.": "„{}“ nennt keine Frames: wie A=1, D=7 schreiben.",
    "{} cannot be chosen there: give a name, {}.": "{} lässt sich dort nicht wählen: einen Namen angeben, {}.",
    "The drawing '{}' is {}, but the property keeps whole numbers only: choose another number.": (
        "Die Zeichnung „{}“ ist {}, doch der Wert fasst nur ganze Zahlen: eine andere Zahl wählen."
    ),
    "'{}' cannot be chosen there: {}.": "„{}“ lässt sich dort nicht wählen: {}.",
    "The drawing '{}' is cell {}, but a sheet of {} columns and {} rows has the cells 0 to {}: check the numbers.": (
        "Die Zeichnung „{}“ ist Feld {}, doch ein Bogen mit {} Spalten und {} Zeilen hat die Felder 0 bis {}: die Zahlen "
        "prüfen."
    ),
    "The drawing '{}' is {}, but the property keeps {} to {} only: raise its limit (Edit Property), or choose another "
    "number.": (
        "Die Zeichnung „{}“ ist {}, doch der Wert reicht nur von {} bis {}: seine Grenze erhöhen (Eigenschaft bearbeiten), "
        "oder eine andere Zahl wählen."
    ),
    "'{}' is of a kind that cannot be mapped: choose another.": (
        "„{}“ ist von einer Art, die sich nicht zuordnen lässt: etwas anderes wählen."
    ),
    # mapping
    "There is no channel '{}': see docs/rigs.md for their names.": (
        "Es gibt keinen Kanal „{}“: die Namen stehen in docs/rigs.md."
    ),
    "'{}' is nothing that moves a mouth: choose one of {}.": "„{}“ bewegt keinen Mund: eins wählen von {}.",
    "The folder for presets ('{}') cannot be made: check the rights of Blender's user folder.": (
        "Der Ordner für Vorlagen („{}“) lässt sich nicht anlegen: die Rechte an Blenders Benutzerordner prüfen."
    ),
    "The preset has no name: enter one.": "Die Vorlage hat keinen Namen: einen eingeben.",
    "The preset '{}' cannot be written ({}): check the rights of its folder.": (
        "Die Vorlage „{}“ lässt sich nicht schreiben ({}): die Rechte an ihrem Ordner prüfen."
    ),
    "There is no mapping preset '{}' in '{}'.": "In „{1}“ gibt es keine Zuordnungsvorlage „{0}“.",
    "The mapping preset '{}' cannot be read: save it again, or delete the file.": (
        "Die Zuordnungsvorlage „{}“ lässt sich nicht lesen: sie neu sichern, oder die Datei löschen."
    ),
    "The mapping preset '{}' cannot be used: {}. Save it again, or delete the file.": (
        "Die Zuordnungsvorlage „{}“ ist nicht zu brauchen: {}. Sie neu sichern, oder die Datei löschen."
    ),
    "The mapping preset '{}' cannot be deleted ({}): check its permissions.": (
        "Die Zuordnungsvorlage „{}“ lässt sich nicht löschen ({}): ihre Rechte prüfen."
    ),
    "The scene '{}' plays {} frames per second ({} / {}): set its frame rate and base in the Output properties, such as 24 "
    "and 1.": (
        "Die Szene „{}“ spielt {} Bilder je Sekunde ({} / {}): Bildrate und Basis in den Ausgabe-Eigenschaften setzen, "
        "etwa 24 und 1."
    ),
    "Keys are 'FRAMES', 'LINEAR', 'BEZIER' or 'STEPPED', not '{}'.": (
        "Keys sind „FRAMES“, „LINEAR“, „BEZIER“ oder „STEPPED“, nicht „{}“."
    ),
    "'{}' and '{}' share the mesh '{}', which carries the talking animation of '{}': {}, or remove that animation first.": (
        "„{}“ und „{}“ teilen das Mesh „{}“, das die Sprechanimation von „{}“ trägt: {}, oder zuerst jene Animation "
        "entfernen."
    ),
    "The mapping of {} was taken over from '{}': {} mouths.": (
        "Die Zuordnung von {} wurde aus „{}“ übernommen: {} Münder."
    ),
    "'{}' has no mapping of {} or {}: pick the object that was mapped there.": (
        "„{}“ hat keine Zuordnung von {} oder {}: das Objekt wählen, das dort zugeordnet wurde."
    ),
    "The sprite sheet of '{}' is moved by a property of {}, which is not enabled: enable it in the preferences, then take "
    "the mapping over.": (
        "Den Sprite-Bogen von „{}“ bewegt ein Wert von {}, das nicht aktiviert ist: es in den Einstellungen aktivieren, "
        "dann die Zuordnung übernehmen."
    ),
}
"""English → German, "{}" for what is in no language."""

PARTS: Final = {
    "Limit Location": "Position begrenzen",
    "Limit Rotation": "Rotation begrenzen",
    "Limit Scale": "Skalierung begrenzen",
    "is linked from another file and cannot be animated here: make a library override of the character first (Object > Library "
    "Override > Make).": (
        "ist aus einer anderen Datei verlinkt und lässt sich hier nicht animieren: zuerst eine Library Override der Figur "
        "anlegen (Objekt > Library Override > Anlegen)."
    ),
    "make a library override of it (Object > Library Override > Make)": (
        "eine Library Override davon anlegen (Objekt > Library Override > Anlegen)"
    ),
    "make it real (Object > Apply > Make Instances Real)": (
        "es wirklich machen (Objekt > Anwenden > Instanzen real machen)"
    ),
    "make it single-user (Object > Relations > Make Single User > Object & Data)": (
        "es zum Einzelnutzer machen (Objekt > Relationen > Einzelnutzer > Objekt & Daten)"
    ),
    "frames of a Grease Pencil layer": "Frames einer Grease-Pencil-Ebene",
    "Grease Pencil layers": "Grease-Pencil-Ebenen",
    "Grease Pencil materials": "Grease-Pencil-Materialien",
    "images of a sequence": "Bilder einer Sequenz",
    "cells of a sprite sheet": "Felder eines Sprite-Bogens",
    "values of a property": "Werte einer Eigenschaft",
    "material slots of a mesh": "Materialslots eines Meshes",
    "it was made by a newer Talking Animation": "sie stammt aus einem neueren Talking Animation",
    "it is not the table that Talking Animation writes": "es ist nicht die Tabelle, die Talking Animation schreibt",
    "it holds no table of rows": "sie enthält keine Tabelle mit Zeilen",
    "{} is nothing that moves a mouth": "{} bewegt keinen Mund",
    "its bones are not names": "ihre Knochen sind keine Namen",
    "the shape keys of {} are not a list of names": "die Shape Keys von {} sind keine Liste von Namen",
    "'{}' has no property {}": "„{}“ hat keinen Wert {}",
    "{} of '{}' is no number": "{} von „{}“ ist keine Zahl",
    "{} is a text, which no keys can move": "{} ist ein Text, den kein Key bewegt",
}
"""The same for parts of sentences, which stand in the gaps of others."""
