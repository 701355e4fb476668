# SPDX-License-Identifier: GPL-3.0-or-later
"""The add-on in other languages: labels of buttons, panels and properties, and the most frequent messages.

Blender translates what is drawn by these tables (`bpy.app.translations`). A key is (context, English text): "Operator" for
buttons, "*" for everything else. A further language is a further table of the same keys.
"""

from __future__ import annotations

from typing import Final

import bpy

_BUTTONS_DE: Final = {
    "Add Demo Character": "Beispielfigur hinzufügen",
    "Add Landmark Points": "Gesichtspunkte hinzufügen",
    "Add Mouth Cues": "Mundbilder hinzufügen",
    "Add without a Character": "Ohne Figur hinzufügen",
    "Accept": "Annehmen",
    "Animate Whole Scene": "Ganze Szene animieren",
    "Cancel": "Abbrechen",
    "Cancel (Esc)": "Abbrechen (Esc)",
    "Capture Motion": "Bewegung aufnehmen",
    "Choose Shape Key or Bone": "Shape Key oder Knochen wählen",
    "Clear All": "Alles leeren",
    "Clear Cache": "Zwischenspeicher leeren",
    "Clear Landmarks": "Landmarken vergessen",
    "Confirm": "Bestätigen",
    "Copy Diagnostics": "Diagnose kopieren",
    "Delete Mapping Preset": "Zuordnungsvorlage löschen",
    "Edit Landmarks": "Landmarken bearbeiten",
    "Find Landmarks": "Landmarken suchen",
    "Find Lines": "Sprechzeilen suchen",
    "Generate Talking Animation": "Sprechanimation erzeugen",
    "Learn from Videos": "Aus Videos lernen",
    "Load Mapping Preset": "Zuordnungsvorlage laden",
    "Look for the Files": "Nach den Dateien sehen",
    "Make It Talk-Ready": "Sprechfähig machen",
    "Make the Full Engine …": "Volle Engine einrichten …",
    "Motion from Video …": "Bewegung aus Video …",
    "Mouth Moves By": "Mund bewegt sich durch",
    "Person from Videos …": "Person aus Videos …",
    "Push to NLA": "In den NLA-Editor legen",
    "Remove Generated Shapes": "Erzeugte Shape Keys entfernen",
    "Remove Landmark Points": "Gesichtspunkte entfernen",
    "Remove Mouth Cues": "Mundbilder entfernen",
    "Remove Talking Animation": "Sprechanimation entfernen",
    "Remove the Full Engine": "Volle Engine entfernen",
    "Repair": "Beheben",
    "Repair All": "Alles beheben",
    "Reset Dials": "Regler zurücksetzen",
    "Reset Mapping": "Zuordnung zurücksetzen",
    "Save Mapping Preset": "Zuordnungsvorlage speichern",
    "Style from Video …": "Stil aus Video …",
    "Test Engine": "Engine prüfen",
    "Test Talk": "Sprechprobe",
    "Use Active Object": "Aktives Objekt nehmen",
    "Use Style": "Stil verwenden",
}

_LABELS_DE: Final = {
    # Panels and menus
    "Dials": "Regler",
    "From Videos": "Aus Videos",
    "Keys and Cues": "Keys und Mundbilder",
    "Landmark Points": "Gesichtspunkte",
    "Landmarks": "Landmarken",
    "Make It Talk-Ready": "Sprechfähig machen",
    "Mapping": "Zuordnung",
    "Nothing Moves?": "Bewegt sich nichts?",
    "Options": "Optionen",
    "Published Model": "Veröffentlichtes Modell",
    "Talking Animation": "Sprechanimation",
    "Whole Scene": "Ganze Szene",
    "Your Styles and Persons": "Eigene Stile und Personen",
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
    "Playhead": "Abspielposition",
    "Scene Start": "Szenenanfang",
    "Style": "Stil",
    "Auto": "Automatisch",
    "Natural": "Natürlich",
    "Calm": "Ruhig",
    "Lively": "Lebhaft",
    "Newsreader": "Nachrichtensprecher",
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
    "Head Pose": "Kopfhaltung",
    "Generated": "Erzeugt",
    "Replayed": "Wiederholt",
    "Networks": "Netze",
    "Own": "Eigene",
    "MakeItTalk": "MakeItTalk",
    "Folder": "Ordner",
    "Speaker": "Sprecher",
    "Take": "Variante",
    "Write To": "Schreiben nach",
    "NLA Strip": "NLA-Strip",
    "Active Action": "Aktive Action",
    "Add Sound to Sequencer": "Ton in den Sequencer legen",
    "Extend Scene Range": "Szenenbereich verlängern",
    "Mouth Cues": "Mundbilder",
    "Cues": "Mundbilder",
    "Timeline Markers": "Zeitleistenmarker",
    "Text": "Text",
    "Text Strips": "Textstreifen",
    # A character's properties
    "Head Bone": "Kopfknochen",
    "Lips": "Lippen",
    "Head": "Kopf",
    "Brows": "Brauen",
    "Blinks": "Blinzeln",
    "Gaze": "Blick",
    "Lips Across": "Lippen quer",
    "Lips Up/Down": "Lippen auf/ab",
    "Closing": "Schließen",
    "Smoothing": "Glättung",
    "Offset": "Versatz",
    "Keys": "Keys",
    "Every Frame": "Jeder Frame",
    "Few, Linear": "Wenige, linear",
    "Few, Bezier": "Wenige, Bézier",
    "Stepped": "Gestuft",
    "Tolerance": "Toleranz",
    "Hold": "Halten",
    "Blend In": "Einblenden",
    "Blend Out": "Ausblenden",
    "Progress": "Fortschritt",
    "Fit to This Character's Shapes": "An die Shape Keys dieser Figur anpassen",
    # Mapping, talk-ready, whole scene
    "Amount": "Menge",
    "As Above": "Wie oben",
    "Automatic": "Automatisch",
    "CSV File": "CSV-Datei",
    "Driven": "Bewegt",
    "Line": "Zeile",
    "Lines From": "Zeilen aus",
    "Missing": "Fehlend",
    "Move While Listening": "Beim Zuhören bewegen",
    "Search": "Suchen",
    "Sequencer": "Sequencer",
    "Shape": "Form",
    "Show": "Anzeigen",
    "Table": "Tabelle",
    "Unsure": "Unsicher",
    "Use": "Verwenden",
    "Warnings": "Warnungen",
    # Buttons' options
    "All": "Alles",
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
    "Drives": "Bewegt",
    "Expression shapes": "Ausdrucksformen",
    "Forget Choices": "Auswahl vergessen",
    "From a Picture": "Aus einem Bild",
    "Mouth shapes": "Mundformen",
    "Preset": "Vorlage",
    "Visemes": "Viseme",
    "Vowels": "Vokale",
    "Whole Table": "Ganze Tabelle",
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
    "No rows to show.": "Keine Zeilen zu zeigen.",
    "None yet: make one of a video": "Noch keine: aus einem Video machen",
    "Add as {kind}": "Als {kind} hinzufügen",
    "{count} files, {size:.1f} MB in {folder}": "{count} Dateien, {size:.1f} MB in {folder}",
    "The full engine is in {folder}": "Die volle Engine liegt in {folder}",
    "The full engine is ready: {python}": "Die volle Engine ist bereit: {python}",
    "There is no full engine yet: Blender's own Python runs the engine until you make one.": "Es gibt noch keine volle Engine: "
    "Bis eine eingerichtet ist, läuft sie in Blenders eigenem Python.",
    "The engine has not been asked yet: press Test Engine.": "Die Engine wurde noch nicht gefragt: Engine prüfen drücken.",
    "Embedded engine": "Eingebaute Engine",
    "Full engine": "Volle Engine",
    "It reads videos.": "Sie liest Videos.",
    "It cannot read videos: MediaPipe or PyAV is missing.": "Sie kann keine Videos lesen: MediaPipe oder PyAV fehlt.",
    "Select a character in the scene.": "Eine Figur in der Szene auswählen.",
    "Select a character.": "Eine Figur auswählen.",
    "Choose a voice recording.": "Eine Sprachaufnahme wählen.",
    "Choose a sound strip of the Sequencer.": "Einen Tonstreifen des Sequencers wählen.",
    "Cancelled: nothing was changed.": "Abgebrochen: Nichts wurde geändert.",
    "Removed: the character is as it was before.": "Entfernt: Die Figur ist, wie sie vorher war.",
    "The landmarks of this face are not known yet.": "Die Landmarken dieses Gesichts sind noch nicht bekannt.",
    "Move the points in Edit Mode; they snap to the skin. Then confirm.": "Die Punkte im Edit-Modus verschieben; sie haften an "
    "der Haut. Dann bestätigen.",
    "Videos need the full engine: make or choose one in the add-on's preferences.": "Videos brauchen die volle Engine: In den "
    "Einstellungen des Add-ons einrichten oder wählen.",
    "MakeItTalk's networks need the full engine: make or choose one in the add-on's preferences.": "MakeItTalks Netze brauchen "
    "die volle Engine: In den Einstellungen des Add-ons einrichten oder wählen.",
    "MakeItTalk's own networks can make the motion, from files that you bring.": "MakeItTalks eigene Netze können die Bewegung "
    "machen, aus Dateien, die man mitbringt.",
    "Reading the recording": "Aufnahme lesen",
    "Starting the engine": "Engine starten",
    "Loading the model": "Modell laden",
    "Listening": "Zuhören",
    "Feeling the rhythm": "Rhythmus erfassen",
    "Moving head and eyes": "Kopf und Augen bewegen",
    "Shaping the face": "Gesicht formen",
    "Writing keys": "Keys schreiben",
    "Done": "Fertig",
}


def _table(buttons: dict[str, str], labels: dict[str, str]) -> dict[tuple[str, str], str]:
    """With their contexts; a button's text may also stand for itself in a label."""
    table = {("Operator", text): translated for text, translated in buttons.items()}
    return {**table, **{("*", text): translated for text, translated in {**buttons, **labels}.items()}}


TABLE: Final = {"de_DE": _table(_BUTTONS_DE, _LABELS_DE)}
"""Language → (context, English text) → translation."""

_NAME: Final = (__package__ or "").rpartition(".")[0] or "talking_animation"


def register() -> None:
    """Give Blender the tables; some versions call German ``de_DE``, others ``de``, so both names are given."""
    unregister()
    tables = {**TABLE, **{name.partition("_")[0]: table for name, table in TABLE.items()}}
    bpy.app.translations.register(_NAME, tables)


def unregister() -> None:
    """Take the tables away again; nothing happens where there are none."""
    bpy.app.translations.unregister(_NAME)
