# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said of drawings, charts, cut-outs and mapped properties, in other languages. Standard library only."""

from __future__ import annotations

from typing import Final

GERMAN: Final = {
    # Strokes
    "The drawing '{}' is linked from another file and cannot be animated here: make it local first (Object > Relations > "
    "Make Local).": (
        "Die Zeichnung „{}“ ist aus einer anderen Datei verlinkt und hier nicht animierbar: zuerst lokal machen (Objekt > "
        "Beziehungen > Lokal machen)."
    ),
    "The drawing '{}' has no strokes to be seen: draw a face, show its layers, or give them opacity.": (
        "In der Zeichnung „{}“ sind keine Striche zu sehen: ein Gesicht zeichnen, ihre Ebenen einblenden oder deckend machen."
    ),
    "Half of the mouth of the drawing '{}' is drawn, the rest comes from its Mirror modifier: apply that modifier before the "
    "face talks.": (
        "In der Zeichnung „{}“ ist der halbe Mund gezeichnet, den Rest ergänzt ihr Spiegeln-Modifikator: diesen anwenden, bevor "
        "das Gesicht spricht."
    ),
    "The drawing '{}' has several mouths beside each other: hide the layers of all but one, or draw each face as an object of "
    "its own; where each mouth is a drawing to be swapped, press Map Drawings.": (
        "Die Zeichnung „{}“ hat mehrere Münder nebeneinander: die Ebenen aller bis auf einen ausblenden, oder jedes Gesicht als "
        "eigenes Objekt zeichnen; wo jeder Mund eine Zeichnung zum Austauschen ist, „Zeichnungen zuordnen“ drücken."
    ),
    "The mouth of the drawing '{}' has no width: draw it from corner to corner.": (
        "Der Mund der Zeichnung „{}“ hat keine Breite: ihn von Winkel zu Winkel zeichnen."
    ),
    "The mouth of the drawing '{}' is a single line, which cannot open: draw it as a closed stroke, or draw an Upper Lip and a "
    "Lower Lip.": (
        "Der Mund der Zeichnung „{}“ ist eine einzelne Linie, die sich nicht öffnen kann: ihn als geschlossenen Strich zeichnen, "
        "oder eine Oberlippe und eine Unterlippe."
    ),
    "The layer '{}' of the drawing '{}' is locked: unlock it, and the group that it is in, in the list of layers.": (
        "Die Ebene „{}“ der Zeichnung „{}“ ist gesperrt: sie und ihre Gruppe in der Liste der Ebenen entsperren."
    ),
    "The drawing '{}' has {} strokes, too many to find a face by where they lie: name its layers after the parts of the face "
    "instead, such as Mouth.": (
        "Die Zeichnung „{}“ hat {} Striche, zu viele, um ein Gesicht an ihrer Lage zu erkennen: stattdessen ihre Ebenen nach den "
        "Teilen des Gesichts nennen, etwa Mund."
    ),
    "No face was found in the drawing '{}': it needs two eyes and a mouth below them, or layers that are named after them.": (
        "In der Zeichnung „{}“ wurde kein Gesicht gefunden: sie braucht zwei Augen und einen Mund darunter, oder Ebenen, die so "
        "heißen."
    ),
    "The drawing '{}' begins at frame {}, so nothing is drawn of its talk before: move its first keyframe to frame {} or "
    "earlier.": (
        "Die Zeichnung „{}“ beginnt bei Frame {}, davor ist von ihrem Sprechen nichts gezeichnet: ihr erstes Keyframe auf Frame "
        "{} oder früher schieben."
    ),
    "The drawing '{}' has keyframes of its own while it talks, which stay as they are: the mouth rests on them. Move them, or "
    "let bones move the drawing.": (
        "Die Zeichnung „{}“ hat eigene Keyframes, während sie spricht; sie bleiben, wie sie sind, und der Mund ruht auf ihnen. "
        "Sie verschieben, oder die Zeichnung von Knochen bewegen lassen."
    ),
    "The Time Offset modifier '{}' of the drawing '{}' shows other frames than the present one, so the drawn talk is not seen as "
    "it should be: switch it off, or let bones move the drawing.": (
        "Der Zeitversatz-Modifikator „{}“ der Zeichnung „{}“ zeigt andere Frames als den gegenwärtigen, das gezeichnete Sprechen "
        "ist also nicht richtig zu sehen: ihn ausschalten, oder die Zeichnung von Knochen bewegen lassen."
    ),
    "The drawing '{}' is a part of the face that '{}' talks with, but an object of its own, and stays still: join both (Object > "
    "Join), so that it moves with the mouth.": (
        "Die Zeichnung „{}“ ist ein Teil des Gesichts, mit dem „{}“ spricht, aber ein eigenes Objekt, und bleibt still: beide "
        "verbinden (Objekt > Verbinden), damit sie sich mit dem Mund bewegt."
    ),
    "Strokes of the layer '{}' of the drawing '{}' are Bézier curves, whose handles bones do not move: it is drawn anew frame "
    "by frame. For bones, make them poly curves (Stroke > Set Curve Type).": (
        "Striche der Ebene „{}“ der Zeichnung „{}“ sind Bézier-Kurven, deren Griffe Knochen nicht bewegen: sie wird Frame für "
        "Frame neu gezeichnet. Für Knochen sie in Poly-Kurven umwandeln (Strich > Kurventyp einstellen)."
    ),
    "The layer '{}' of the drawing '{}' is turned or scaled, which bones cannot follow: it is drawn anew frame by frame. For "
    "bones, set the layer's rotation and scale back.": (
        "Die Ebene „{}“ der Zeichnung „{}“ ist gedreht oder skaliert, was Knochen nicht mitmachen: sie wird Frame für Frame neu "
        "gezeichnet. Für Knochen Drehung und Skalierung der Ebene zurücksetzen."
    ),
    "The drawing '{}' changed since its talking animation was generated: generate it again.": (
        "Die Zeichnung „{}“ hat sich geändert, seit ihre Sprechanimation erzeugt wurde: sie noch einmal erzeugen."
    ),
    "Found in '{}': {}.": "Gefunden in „{}“: {}.",
    "This Blender moves the strokes of '{}' by new drawings alone, which a live preview does not make.": (
        "Dieser Blender bewegt die Striche von „{}“ nur durch neue Zeichnungen, die eine Live-Vorschau nicht macht."
    ),
    "The strokes of '{}' move in a live preview once bones move them: choose Bones in the panel Grease Pencil, and generate.": (
        "Die Striche von „{}“ bewegen sich in einer Live-Vorschau, sobald Knochen sie bewegen: im Panel Grease Pencil Knochen "
        "wählen und die Animation erzeugen."
    ),
    # Charts
    "What was mapped of '{}' cannot be read, since {}: map it again.": (
        "Was „{}“ zugeordnet wurde, ist nicht lesbar ({}): neu zuordnen."
    ),
    "'{}' of the chart '{}' of '{}' is gone or has another name: map the chart again (Map Drawings).": (
        "„{}“ der Tafel „{}“ von „{}“ fehlt oder heißt anders: die Tafel neu zuordnen (Zeichnungen zuordnen)."
    ),
    "The image sequence of '{}' plays by itself: set its number of frames to 1, so that its offset alone chooses the image.": (
        "Die Bildsequenz von „{}“ läuft von selbst: die Anzahl ihrer Frames auf 1 setzen, damit allein der Versatz das Bild "
        "wählt."
    ),
    "The image {} of a sequence of '{}' is not in its folder: draw it, or map the drawing to another image (Map Drawings).": (
        "Das Bild {} einer Sequenz von „{}“ ist nicht in ihrem Ordner: es zeichnen, oder der Zeichnung ein anderes Bild zuordnen "
        "(Zeichnungen zuordnen)."
    ),
    "Nothing of the chart '{}' of '{}' is in this file any more: map the chart again (Map Drawings).": (
        "Von der Tafel „{}“ von „{}“ ist nichts mehr in dieser Datei: die Tafel neu zuordnen (Zeichnungen zuordnen)."
    ),
    "The chart '{}' has no drawing of a closed mouth, which p, b and m need: map one.": (
        "Die Tafel „{}“ hat keine Zeichnung eines geschlossenen Mundes, den p, b und m brauchen: eine zuordnen."
    ),
    "The chart '{}' has one drawing only: map an open mouth too.": (
        "Die Tafel „{}“ hat nur eine Zeichnung: auch einen offenen Mund zuordnen."
    ),
    "'{}' is gone or has another name, so the nearest drawing is shown for it: map the chart of '{}' again.": (
        "„{}“ fehlt oder heißt anders, deshalb steht die nächstliegende Zeichnung dafür: die Tafel von „{}“ neu zuordnen."
    ),
    "'{}' is called as a drawing of '{}' that is swapped, but stays to be seen: delete or hide it, or say with Map Drawings "
    "which is which.": (
        "„{}“ heißt wie eine Zeichnung von „{}“, die gewechselt wird, bleibt aber zu sehen: löschen oder ausblenden, oder mit "
        "Zeichnungen zuordnen sagen, welche welche ist."
    ),
    "'{}' has a Time Offset for a mouth, too, but no drawing at frame {}, so it stays still: draw that frame.": (
        "„{}“ hat auch einen Zeitversatz für einen Mund, aber keine Zeichnung bei Frame {}, und bleibt still: sie dort zeichnen."
    ),
    "This motion has no mouth cues, so the drawings of '{}' stay at rest: generate it again.": (
        "Diese Bewegung hat keine Mund-Cues, deshalb bleiben die Zeichnungen von „{}“ in Ruhe: sie noch einmal erzeugen."
    ),
    # Parts and properties
    "'{}' is moved by drivers of its own, which keys cannot change: remove them, or map another part.": (
        "„{}“ wird von eigenen Treibern bewegt, die Keys nicht ändern: sie entfernen, oder ein anderes Teil zuordnen."
    ),
    "The constraint '{}' of '{}' may hold back what moves it: switch it off if the part stays still.": (
        "Der Constraint „{}“ von „{}“ hält vielleicht zurück, was es bewegt: ihn ausschalten, wenn das Teil stillsteht."
    ),
    "'{}' is linked from another file and cannot be animated here: make a library override first.": (
        "„{}“ ist aus einer anderen Datei verlinkt und hier nicht animierbar: zuerst eine Library Override anlegen."
    ),
    "'{}', a part of '{}', is gone or has another name: map the part again (Map Part).": (
        "„{}“, ein Teil von „{}“, fehlt oder heißt anders: den Teil neu zuordnen (Teil zuordnen)."
    ),
    "'{}' has no bone '{}' any more: map the part again (Map Part).": (
        "„{}“ hat keinen Knochen „{}“ mehr: den Teil neu zuordnen (Teil zuordnen)."
    ),
    "'{}' has a driver on {}, so it stays still: remove the driver, or map what it reads.": (
        "„{}“ hat einen Treiber auf {} und bewegt sich deshalb nicht: den Treiber entfernen, oder zuordnen, was er liest."
    ),
    "'{}', whose property was mapped, is gone or has another name: map the property again (Talk with This Property).": (
        "„{}“, dessen Eigenschaft zugeordnet wurde, fehlt oder heißt anders: die Eigenschaft neu zuordnen (Damit "
        "sprechen)."
    ),
}  # fmt: skip
"""English → German, "{}" for what is in no language."""
