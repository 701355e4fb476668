# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said while a face is found and made to talk, in other languages; see `sentences`. Standard library only."""

from __future__ import annotations

from typing import Final

GERMAN: Final = {
    "No face was found on '{}': if it has one, press Edit Landmarks and move the points to their places, else pick the "
    "object that has the face.": (
        "Auf „{}“ wurde kein Gesicht gefunden: hat es eins, Landmarken bearbeiten drücken und die Punkte an ihre Stellen "
        "schieben, sonst das Objekt mit dem Gesicht wählen."
    ),
    "'{}' has no surface that could carry a face: pick the character's head mesh.": (
        "„{}“ hat keine Fläche, die ein Gesicht tragen könnte: das Kopf-Mesh der Figur wählen."
    ),
    "The engine's table of face shapes is missing: install the add-on's zip again.": (
        "Die Tabelle der Gesichtsformen der Engine fehlt: das Zip des Add-ons neu installieren."
    ),
    "No face was found in '{}': click the eyes and the mouth yourself.": (
        "In „{}“ wurde kein Gesicht gefunden: Augen und Mund selbst anklicken."
    ),
    "'{}' was moved or changed meanwhile: pick the picture again.": (
        "„{}“ wurde inzwischen verschoben oder geändert: das Bild neu wählen."
    ),
    "'{}' is no picture that talks: pick one (Make a Picture Talk), or a drawing in Grease Pencil.": (
        "„{}“ ist kein sprechendes Bild: eins wählen (Bild sprechen lassen), oder eine Grease-Pencil-Zeichnung."
    ),
    "No mouth moves in '{}', so that no chart can be made of it: make the picture talk again.": (
        "In „{}“ bewegt sich kein Mund, deshalb entsteht daraus keine Tafel: das Bild neu sprechen lassen."
    ),
    "This Blender cannot draw here: start it with a window, or on a machine with a graphics driver.": (
        "Dieses Blender kann hier nicht zeichnen: es mit Fenster starten, oder auf einem Computer mit Grafiktreiber."
    ),
    "The picture with the points has lost its image: place the points anew.": (
        "Das Bild mit den Punkten hat seine Bilddaten verloren: die Punkte neu setzen."
    ),
    "A point of the face was deleted: place the points anew.": (
        "Ein Punkt des Gesichts wurde gelöscht: die Punkte neu setzen."
    ),
    "A point lies outside of the picture: drag it onto the face.": (
        "Ein Punkt liegt außerhalb des Bildes: ihn auf das Gesicht ziehen."
    ),
    "The four points are no face: put two on the eyes and two on the mouth's corners below them, each as its name says.": (
        "Die vier Punkte sind kein Gesicht: zwei auf die Augen und zwei auf die Mundwinkel darunter setzen, jeden nach "
        "seinem Namen."
    ),
    "The picture's face came out damaged: make the picture talk again, or use another picture.": (
        "Das Gesicht des Bildes kam beschädigt heraus: das Bild neu sprechen lassen, oder ein anderes nehmen."
    ),
    "'{}' has no mesh with faces: pick the character's head mesh.": (
        "„{}“ hat kein Mesh mit Flächen: das Kopf-Mesh der Figur wählen."
    ),
    "The face of '{}' is made of several objects: join them first (Ctrl J).": (
        "Das Gesicht von „{}“ besteht aus mehreren Objekten: sie zuerst verbinden (Strg J)."
    ),
    "The mesh of '{}' was changed meanwhile: try again.": (
        "Das Mesh von „{}“ wurde inzwischen geändert: noch einmal versuchen."
    ),
    "The character that these landmarks belong to is gone: remove the guide.": (
        "Die Figur, zu der diese Landmarken gehören, ist weg: die Punkte entfernen."
    ),
    "The landmark guide has {} points instead of {}: undo, and only move points.": (
        "Die Landmarken haben {} Punkte statt {}: rückgängig machen und Punkte nur verschieben."
    ),
    "'{}' is linked from another file: make a library override of it first.": (
        "„{}“ ist aus einer anderen Datei verlinkt: zuerst eine Library Override davon anlegen."
    ),
    "The lips of '{}' are one skin, so the mouth cannot open: press Cut the Lips for Me in the Make It Talk-Ready panel, "
    "or model a mouth that can open.": (
        "Die Lippen von „{}“ sind eine Haut, deshalb geht der Mund nicht auf: im Feld Sprechfähig machen Lippen "
        "aufschneiden drücken, oder einen Mund formen, der aufgeht."
    ),
    "'{}' got {} of the {} ARKit shapes{}.": "„{}“ hat {} der {} ARKit-Formen bekommen{}.",
    "'{}' has all ARKit shapes already: press Generate.": "„{}“ hat schon alle ARKit-Formen: Erzeugen drücken.",
    "Nothing was found behind the lips: simple teeth and a tongue were added.": (
        "Hinter den Lippen wurde nichts gefunden: einfache Zähne und eine Zunge kamen hinzu."
    ),
    "'{}' is linked from another file: open that file, or make it local, and try again.": (
        "„{}“ ist aus einer anderen Datei verlinkt: jene Datei öffnen, oder es lokal machen, und noch einmal versuchen."
    ),
    "Switch to Object Mode first.": "Zuerst in den Objektmodus wechseln.",
    "'{}' has only {} vertices, too few for lips and lids that move: subdivide it (apply a Subdivision Surface modifier) "
    "and try again.": (
        "„{}“ hat nur {} Punkte, zu wenige für bewegte Lippen und Lider: es unterteilen (einen "
        "Subdivision-Surface-Modifikator anwenden) und noch einmal versuchen."
    ),
    "The shape keys of '{}' are absolute: tick Relative in its shape key settings first.": (
        "Die Shape Keys von „{}“ sind absolut: zuerst in ihren Einstellungen Relativ ankreuzen."
    ),
    "The face of '{}' was not found surely (missing: {}): press Edit Landmarks, move the points to their places, confirm, "
    "and try again.": (
        "Das Gesicht von „{}“ wurde nicht sicher gefunden (es fehlt: {}): Landmarken bearbeiten drücken, die Punkte an "
        "ihre Stellen schieben, bestätigen und noch einmal versuchen."
    ),
    "No eyeballs were found, so the gaze has no shapes.": (
        "Keine Augäpfel wurden gefunden, deshalb hat der Blick keine Formen."
    ),
    "No teeth or tongue were found behind the lips.": "Hinter den Lippen wurden weder Zähne noch Zunge gefunden.",
    "{} shape keys were there already and were left as they are.": (
        "{} Shape Keys waren schon da und blieben, wie sie sind."
    ),
    "'{}' cannot be made talk-ready{}: press Edit Landmarks in the Landmarks panel, move the points to their places, "
    "confirm, and try again.": (
        "„{}“ lässt sich nicht sprechfähig machen{}: im Feld Landmarken Landmarken bearbeiten drücken, die Punkte an ihre "
        "Stellen schieben, bestätigen und noch einmal versuchen."
    ),
    "The lips of '{}' were cut, with a mouth behind them: press Make It Talk-Ready.": (
        "Die Lippen von „{}“ wurden aufgeschnitten, mit einem Mund dahinter: Sprechfähig machen drücken."
    ),
    "The lips of '{}' can open already: press Make It Talk-Ready.": (
        "Die Lippen von „{}“ gehen schon auf: Sprechfähig machen drücken."
    ),
    "The face of '{}' was not found surely: press Edit Landmarks, move the points of the lips to their places, confirm, "
    "and try again.": (
        "Das Gesicht von „{}“ wurde nicht sicher gefunden: Landmarken bearbeiten drücken, die Punkte der Lippen an ihre "
        "Stellen schieben, bestätigen und noch einmal versuchen."
    ),
    "The mesh of '{}' is too coarse around the mouth to be cut there: subdivide it (apply a Subdivision Surface modifier), "
    "find the landmarks anew, and try again.": (
        "Das Mesh von „{}“ ist um den Mund zu grob, um es dort aufzuschneiden: es unterteilen (einen "
        "Subdivision-Surface-Modifikator anwenden), die Landmarken neu suchen und noch einmal versuchen."
    ),
    "The landmarks of the lips of '{}' lie in one place: press Edit Landmarks, move them apart, confirm, and try again.": (
        "Die Landmarken der Lippen von „{}“ liegen an einer Stelle: Landmarken bearbeiten drücken, sie "
        "auseinanderschieben, bestätigen und noch einmal versuchen."
    ),
    "The mesh of '{}' was changed meanwhile: cut its lips again.": (
        "Das Mesh von „{}“ wurde inzwischen geändert: die Lippen neu aufschneiden."
    ),
}
"""English → German, "{}" for what is in no language."""

PARTS: Final = {
    "by the shape of the mesh": "an der Form des Meshes",
    "by the mesh and its shape keys": "am Mesh und seinen Shape Keys",
    "by the face detector": "vom Gesichtsdetektor",
    "confirmed by hand": "von Hand bestätigt",
    "its eye corners lie in one place": "die Augenwinkel liegen an einer Stelle",
    "upper and lower lip have the same vertices": "Ober- und Unterlippe haben dieselben Punkte",
    "upper and lower lip are one skin": "Ober- und Unterlippe sind eine Haut",
    "the search for a face failed": "die Suche nach einem Gesicht scheiterte",
    ", and so did {} where they move": ", und ebenso {}, wo es sich mitbewegt",
}
"""The same for parts of sentences, which stand in the gaps of others."""
