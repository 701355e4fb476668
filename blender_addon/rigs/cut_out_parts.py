# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts of a cut-out: their names (see `face_words` for the languages), and how each moves by itself. Pure Python.

Names as COA Tools and Spine imports leave them: words in any order, with a side and numbers
(https://github.com/ndee85/coa_tools, https://esotericsoftware.com/spine-json-format).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from . import face_words
from .drawing_charts import CHARTS, LEFT, OPEN, RIGHT, SHUT, folded, single_words

WAYS: Final = ("side", "up", "turn", "wide", "tall")
"""How a part can move in its picture: along it to the right and up, about its normal, and wider and taller."""

MOVES: Final[Mapping[str, Mapping[str, tuple[str, float]]]] = {
    "mouth": {"tall": ("opening", 1.5), "wide": ("width", 0.25)},
    "jaw": {"up": ("opening", -0.5)},
    "lid.left": {"tall": ("lid.left", 1.0)},
    "lid.right": {"tall": ("lid.right", 1.0)},
    "eye.left": {"tall": ("lid.left", -0.9)},
    "eye.right": {"tall": ("lid.right", -0.9)},
    "pupil.left": {"side": ("gaze.side", 0.3), "up": ("gaze.up", 0.3)},
    "pupil.right": {"side": ("gaze.side", 0.3), "up": ("gaze.up", 0.3)},
    "brow.left": {"up": ("brow.left", 0.5)},
    "brow.right": {"up": ("brow.right", 0.5)},
    "head": {"turn": ("head.tilt", 0.35), "side": ("head.turn", 0.03), "up": ("head.nod", -0.03)},
}
"""Part → way → what it follows and its gain: of the part's own size for "side" and "up", radians for "turn", and of its scale
for "wide" and "tall"."""
PARTS: Final[Mapping[str, str]] = {
    "mouth": "Mouth",
    "jaw": "Jaw",
    "lid.left": "Left Lid",
    "lid.right": "Right Lid",
    "eye.left": "Left Eye",
    "eye.right": "Right Eye",
    "pupil.left": "Left Pupil",
    "pupil.right": "Right Pupil",
    "brow.left": "Left Brow",
    "brow.right": "Right Brow",
    "head": "Head",
}
"""Part → its title, in the order of `MOVES`: the character's own left and right."""

_WORDS: Final[Mapping[str, frozenset[str]]] = {
    "mouth": single_words(face_words.MOUTH) | {"maul", "schnauze", "beak"},
    "jaw": single_words(face_words.JAW),
    "lid": single_words(face_words.LID),
    "eye": single_words(face_words.EYE),
    "pupil": single_words(face_words.PUPIL),
    "brow": single_words(face_words.BROW),
    "head": single_words(face_words.HEAD),
}
_SIDES: Final = {**dict.fromkeys(LEFT, "left"), **dict.fromkeys(RIGHT, "right")}
_OPENNESS: Final = frozenset((*OPEN, *SHUT, "half", "halb"))
"""States that are drawings of their own, and no layers around a part."""
_STATES: Final = _OPENNESS | {
    "teeth", "tongue", "inner", "outer", "内", "内部", "里", "裡", "の中", "안", "속",
}  # fmt: skip
_CARRIERS: Final = frozenset(
    ("png", "jpg", "jpeg", "webp", "psd", "sprite", "layer", "slot", "img", "image", "part", "plane", "mesh")
)
"""What importers add to the names of pictures: "face/mouth.png", "mouth_sprite", "eye_slot"."""


_MANY: Final = 3
"""So many planes of one name are no part that moves."""
_DRAWN: Final = frozenset(word for chart in CHARTS.values() for word in chart.words)


def part_named(name: str) -> str:
    """The part that a name is of; "" for none. Parts that come in pairs need a side."""
    plain, side = _plain_and_side(name)
    return "" if _STATES.intersection(plain) else _part_called(plain, side)


def _part_called(plain: Sequence[str], side: str) -> str:
    ends = {*plain[:1], *plain[-1:]}
    kind = next((kind for kind, known in _WORDS.items() if ends.intersection(known)), "")
    if kind in PARTS:
        return kind
    if kind == "lid" and any(map(face_words.is_lower, plain)):
        return ""
    return f"{kind}.{side}" if kind and side else ""


def _plain_and_side(name: str) -> tuple[list[str], str]:
    """The words of a name that are no numbers and no side, and its side."""
    words = folded(name)
    plain = [word for word in words if not word.isdigit() and word not in _SIDES and word not in _CARRIERS]
    return plain, next((_SIDES[word] for word in words if word in _SIDES), "")


def _drawing_of(name: str) -> str:
    """The part that a name is a drawing of, such as "mouth open"; "" for none. Eyes that are so called are a chart already."""
    plain, side = _plain_and_side(name)
    part = _part_called(plain, side) if _OPENNESS.intersection(plain) else ""
    return part if part in ("mouth", "jaw") else ""


def alike(names: Iterable[str]) -> dict[str, list[str]]:
    """Part → those of the names that could be it alike: those that are the part's word but for side and number, such as Mouth
    and mouth1; where none is, those with further words, too, such as Mouth Shadow and mouth open."""
    candidates: dict[str, list[str]] = {}
    for name in names:
        part = part_named(name) or _drawing_of(name)
        if part:
            candidates.setdefault(part, []).append(name)
    plain = {
        part: [name for name in known if len(_plain_and_side(name)[0]) == 1]
        for part, known in candidates.items()
    }
    return {part: plain[part] or known for part, known in candidates.items()}


def is_many(names: Sequence[str]) -> bool:
    """Whether names are of drawings to be swapped, and of no part that moves: many alike, such as mouth1 … mouth9, or two that
    end in what a chart's drawings are called, such as mouth A and mouth B."""
    called = [word for name in names for word in _plain_and_side(name)[0][-1:]]
    return len(names) >= _MANY or (len(names) > 1 and all(word in _DRAWN | _OPENNESS for word in called))


def parts_named(names: Iterable[str]) -> dict[str, str]:
    """Part → the first of the names that is it; none where many are alike. The layers around a part do not count."""
    first = {
        part: next((name for name in known if part_named(name)), "")
        for part, known in alike(names).items()
        if not is_many(known)
    }
    return {part: name for part, name in first.items() if name}
