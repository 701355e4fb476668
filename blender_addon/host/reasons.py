# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a button is greyed out, in other languages; without full stop, as in tooltips. Standard library only."""

from __future__ import annotations

from typing import Final

GERMAN: Final = {
    "Select a character": "Eine Figur auswählen",
    "Select a character, or add the demo character": "Eine Figur auswählen, oder die Beispielfigur hinzufügen",
    "Select a character's head mesh": "Das Kopf-Mesh einer Figur auswählen",
    "Choose a voice recording": "Eine Sprachaufnahme wählen",
    "Choose a sound strip of the Sequencer": "Einen Tonstreifen des Sequencers wählen",
    "Choose a CSV file with the lines": "Eine CSV-Datei mit den Sprechzeilen wählen",
    "The Sequencer of this scene has no sound strips": "Der Sequencer dieser Szene hat keine Tonstreifen",
    "The live preview is running": "Die Live-Vorschau läuft",
    "A live preview needs Blender's window": "Eine Live-Vorschau braucht Blenders Fenster",
    "A talking animation is being generated": "Eine Sprechanimation wird gerade erzeugt",
    "Nothing is being generated": "Es wird gerade nichts erzeugt",
    "Remove the talking animation first": "Zuerst die Sprechanimation entfernen",
    "Switch to Object Mode": "In den Objektmodus wechseln",
    "There is no active object": "Es gibt kein aktives Objekt",
    "Blender has no window": "Blender hat kein Fenster",
    "All dials are at their usual values": "Alle Regler stehen auf ihren üblichen Werten",
    "No keys hold the lips shut at this frame": "Keine Keys halten die Lippen in diesem Frame geschlossen",
    # Mapping and drawings
    "No preset was saved yet": "Noch keine Vorlage wurde gespeichert",
    "Nothing was chosen by hand": "Nichts wurde von Hand gewählt",
    "Nothing was mapped by hand": "Nichts wurde von Hand zugeordnet",
    "No other lip-sync add-on has mapped its mouths": "Kein anderes Lippensync-Add-on hat ihre Münder zugeordnet",
    "Select the plane or the bone": "Fläche oder Knochen auswählen",
    "Select a bone in Pose Mode": "Im Posenmodus einen Knochen auswählen",
    "The character is no Grease Pencil drawing": "Die Figur ist keine Grease-Pencil-Zeichnung",
    "No part was found or chosen": "Kein Teil wurde gefunden oder gewählt",
    # Landmarks and shapes
    "The landmarks are being edited: confirm or cancel": (
        "Die Landmarken werden gerade bearbeitet: bestätigen oder abbrechen"
    ),
    "Confirm or cancel the landmarks that are being edited first": (
        "Zuerst die Landmarken bestätigen oder abbrechen, die gerade bearbeitet werden"
    ),
    "No landmarks are being edited": "Es werden gerade keine Landmarken bearbeitet",
    "There are no landmarks": "Es gibt keine Landmarken",
    "There are no landmark points": "Es gibt keine Gesichtspunkte",
    "There are no generated shapes": "Es gibt keine erzeugten Formen",
    "Make it talk-ready first": "Zuerst sprechfähig machen",
    "The character has no face shapes": "Die Figur hat keine Gesichtsformen",
    "The character's mouth is moved by visemes, which are fitted on their own": (
        "Den Mund der Figur bewegen Viseme, die für sich angepasst werden"
    ),
    "The character's landmarks are not known yet: find them in the Landmarks panel": (
        "Die Landmarken der Figur sind noch nicht bekannt: sie im Feld Landmarken suchen"
    ),
    "The character's landmarks were found with too little confidence: press Edit Landmarks, put them right and press Confirm": (
        "Die Landmarken der Figur wurden zu unsicher gefunden: Landmarken bearbeiten drücken, sie richtigstellen und bestätigen"
    ),
    # Pictures and the full engine
    "There are no points": "Es gibt keine Punkte",
    "There are no points: press Show Where the Face Is": "Es gibt keine Punkte: Gesicht zeigen drücken",
    "This Blender was built without what writes MP4 videos": "Dieses Blender wurde ohne das gebaut, was MP4-Videos schreibt",
    "Learning a mouth needs the full engine: make or choose one in the add-on's preferences": (
        "Einen Mund lernen braucht die volle Engine: in den Einstellungen des Add-ons einrichten oder wählen"
    ),
    "Only the full engine draws videos: make or choose one in the add-on's preferences, or let Blender draw": (
        "Nur die volle Engine zeichnet Videos: in den Einstellungen des Add-ons einrichten oder wählen, oder Blender zeichnen "
        "lassen"
    ),
    "There is no full engine yet": "Es gibt noch keine volle Engine",
    "Blender's own Python was not found": "Blenders eigenes Python wurde nicht gefunden",
    "Blender's online access is off: allow it in Preferences > System > Network": (
        "Blenders Online-Zugriff ist aus: ihn unter Einstellungen > System > Netzwerk erlauben"
    ),
    "Blender was started with --offline-mode, so nothing can be downloaded: start it without": (
        "Blender wurde mit --offline-mode gestartet, deshalb lässt sich nichts herunterladen: ohne das starten"
    ),
    "Nothing keeps Blender from the network": "Nichts hält Blender vom Netz ab",
}
"""English → German."""

GERMAN_WITH_GAPS: Final = {
    "'{}' is linked: make a library override first": "„{}“ ist verlinkt: zuerst eine Library Override anlegen",
    "'{}' has no talking animation": "„{}“ hat keine Sprechanimation",
    "'{}' has no talking animation yet: generate one first": (
        "„{}“ hat noch keine Sprechanimation: zuerst eine erzeugen"
    ),
    "'{}' has no mouth cues": "„{}“ hat keine Mundbilder",
    "'{}' is no picture": "„{}“ ist kein Bild",
    "'{}' is linked from another file: open that file, or make it a library override": (
        "„{}“ ist aus einer anderen Datei verlinkt: diese Datei öffnen oder eine Library Override anlegen"
    ),
    "There are no packages for Python {}.{}": "Für Python {}.{} gibt es keine Pakete",
}
"""The same for texts in which something stands that is in no language; see `texts_with_gaps`."""


def as_sentences(table: dict[str, str]) -> dict[str, str]:
    """The same with full stops, as panels write them below their buttons."""
    return {f"{english}.": f"{translation}." for english, translation in table.items()}
