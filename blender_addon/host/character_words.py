# SPDX-License-Identifier: GPL-3.0-or-later
"""What the panel says most often of a character, in other languages: what it is, and why it cannot talk."""

from __future__ import annotations

from typing import Final

GERMAN: Final = {
    # what it is, part by part
    "{} of {} ARKit shapes on {} meshes": "{} von {} ARKit-Formen auf {} Meshes",
    "{} of {} ARKit shapes on 1 mesh": "{} von {} ARKit-Formen auf 1 Mesh",
    "{} visemes on {} meshes": "{} Viseme auf {} Meshes",
    "{} visemes on 1 mesh": "{} Viseme auf 1 Mesh",
    "head bone '{}'": "Kopfknochen „{}“",
    "head turns with the object": "Kopf dreht sich mit dem Objekt",
    "eye bones": "Augenknochen",
    "{} face bones: {}": "{} Gesichtsknochen: {}",
    **{
        f"{{}} face bones: {part}": f"{{}} Gesichtsknochen: {german}"
        for part, german in (
            ("jaw", "Kiefer"),
            ("lips", "Lippen"),
            ("lids", "Lider"),
            ("brows", "Brauen"),
            ("eyes", "Augen"),
            ("tongue", "Zunge"),
        )
    },
    "1 cut-out part": "1 bewegtes Teil",
    "{} cut-out parts": "{} bewegte Teile",
    "{} mouth drawings": "{} Mundzeichnungen",
    "{} eyes drawings": "{} Augenzeichnungen",
    "{} left eye drawings": "{} Zeichnungen des linken Auges",
    "{} right eye drawings": "{} Zeichnungen des rechten Auges",
    "{} brows drawings": "{} Brauenzeichnungen",
    "{} left brow drawings": "{} Zeichnungen der linken Braue",
    "{} right brow drawings": "{} Zeichnungen der rechten Braue",
    "68 landmark points": "68 Gesichtspunkte",
    "a face drawn in strokes": "ein Gesicht aus Strichen",
    "1 mapped property": "1 zugeordneter Wert",
    "{} mapped properties": "{} zugeordnete Werte",
    "1 named control": "1 benannter Steuerwert",
    "{} named controls": "{} benannte Steuerwerte",
    "{} (active)": "{} (aktiv)",
    "No face shapes found": "Keine Gesichtsformen gefunden",
    # what it says
    "Says {} lines, style {}, take {}.": "Sagt {} Zeilen, Stil {}, Variante {}.",
    "Says {}, style {}, take {}.": "Sagt {}, Stil {}, Variante {}.",
    "{} of {} lines on {} characters, {} of speech, in {} s.": (
        "{} von {} Zeilen, {} Figuren, {} gesprochen, in {} s."
    ),
    "{} of {} lines on 1 character, {} of speech, in {} s.": "{} von {} Zeilen, 1 Figur, {} gesprochen, in {} s.",
    "All lines: text '{}'.": "Alle Zeilen: Text „{}“.",
    # why it cannot talk
    "'{}' has no shape keys: pick the character's head mesh or its armature.": (
        "„{}“ hat keine Shape Keys: das Kopf-Mesh der Figur oder ihr Skelett wählen."
    ),
    "'{}' has no shape keys, and no part with a name that is known, such as Mouth or Jaw: say with Map Part what "
    "each plane is, or with Map Drawings which mouth.": (
        "„{}“ hat keine Shape Keys und kein Teil mit bekanntem Namen wie Mund oder Kiefer: mit Teil zuordnen sagen, "
        "was jede Fläche ist, oder mit Zeichnungen zuordnen, welcher Mund."
    ),
    "{} planes of '{}' are named alike, such as '{}', so none of them moves by itself: say with Map Drawings which "
    "mouth each is, or with Map Part which one moves.": (
        "{} Flächen von „{}“ heißen gleich, etwa „{}“, deshalb bewegt sich keine von selbst: mit Zeichnungen zuordnen "
        "sagen, welcher Mund jede ist, oder mit Teil zuordnen, welche sich bewegt."
    ),
    "None of the shape keys of '{}' has a name that is known, such as jawOpen, viseme_aa or あ: choose them under "
    "Face > Mapping, or pick another character.": (
        "Kein Shape Key von „{}“ hat einen bekannten Namen wie jawOpen, viseme_aa oder あ: sie unter Gesicht > "
        "Zuordnung wählen, oder eine andere Figur."
    ),
    "'{}' has no shape keys on its meshes, and no bone that is known to open a mouth: make its head's mesh "
    "talk-ready (Make It Talk-Ready), or choose a jaw bone or a control under Face > Mapping.": (
        "Die Meshes von „{}“ haben keine Shape Keys, und kein Knochen öffnet dem Namen nach einen Mund: das "
        "Kopf-Mesh sprechfähig machen, oder einen Kieferknochen oder einen Regler unter Gesicht > Zuordnung wählen."
    ),
    "No mouth was found in the drawing '{}': name its layers or materials after the parts of the face, such as "
    "Mouth, or press Find the Face; where each mouth is a drawing of its own, press Map Drawings.": (
        "In der Zeichnung „{}“ wurde kein Mund gefunden: Ebenen oder Materialien nach den Teilen des Gesichts "
        "nennen, etwa Mund, oder Gesicht finden drücken; wo jeder Mund eine eigene Zeichnung ist, Zeichnungen "
        "zuordnen."
    ),
    "'{}' is a cut-out without a mouth or a jaw: name a plane so, or map one (Map Part; Map Drawings where each "
    "mouth is a plane of its own).": (
        "„{}“ hat bewegte Teile, aber weder Mund noch Kiefer: eine Fläche so nennen, oder eine zuordnen (Teil "
        "zuordnen; Zeichnungen zuordnen, wo jeder Mund eine eigene Fläche ist)."
    ),
    "The armature '{}' is linked from another file and cannot be animated here: make a library override of the "
    "character first (Object > Library Override > Make).": (
        "Das Skelett „{}“ ist aus einer anderen Datei verlinkt und hier nicht animierbar: zuerst eine Library Override "
        "der Figur anlegen (Objekt > Library Override > Erstellen)."
    ),
    "The mesh '{}' is linked from another file and cannot be animated here: make a library override of the character "
    "first (Object > Library Override > Make).": (
        "Das Mesh „{}“ ist aus einer anderen Datei verlinkt und hier nicht animierbar: zuerst eine Library Override der "
        "Figur anlegen (Objekt > Library Override > Erstellen)."
    ),
    "The mesh '{}' has shape keys but no vertices that they could move: pick another character.": (
        "Das Mesh „{}“ hat Shape Keys, aber keine Punkte, die sie bewegen könnten: eine andere Figur wählen."
    ),
    "'{}' is linked: make a library override first.": (
        "„{}“ ist verlinkt: zuerst eine Library Override anlegen."
    ),
}
"""English → German, "{}" for what is in no language."""
