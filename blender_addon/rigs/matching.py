# SPDX-License-Identifier: GPL-3.0-or-later
"""One matcher for the names in this folder's data modules. Pure Python: no bpy."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from .arkit import ARKIT_NAMES, PREFIXES, SPLIT_SHAPES

_SIDES = {"left": "left", "right": "right", "l": "left", "r": "right"}
# A side at the end, set off by a separator ("_L", ".left", "-R", " Right").
_SEPARATED_SIDE = re.compile(r"[._\- ](left|right|l|r)$")


def normalise(name: str) -> str:
    """A shape key's name without case, separators and width variants, its side written out.

    >>> normalise("Eye_Blink.L")
    'eyeblinkleft'
    """
    text = unicodedata.normalize("NFKC", name).strip()
    # "eyeBlinkL": a capital side letter after a small letter.
    text = re.sub(r"(?<=[a-z])([LR])$", r"_\1", text)
    text = text.casefold()
    found = _SEPARATED_SIDE.search(text)
    side = ""
    if found:
        side = _SIDES[found.group(1)]
        text = text[: found.start()]
    return re.sub(r"[^0-9a-z]", "", text) + side


_BY_NORMALISED = {normalise(name): name for name in ARKIT_NAMES}
_HALVES = {normalise(name + side): name for name in SPLIT_SHAPES for side in ("Left", "Right")}


def arkit_name(shape_key: str) -> str | None:
    """The ARKit shape that a shape key's name stands for; None where it stands for none."""
    found = _BY_NORMALISED.get(normalise(shape_key))
    if found is not None:
        return found
    lowered = shape_key.strip().casefold()
    # "Head.jawOpen", "ns:jawOpen": a namespace; "!ex-jawOpen": a tool's prefix.
    for prefix in PREFIXES:
        if lowered.startswith(prefix):
            found = _BY_NORMALISED.get(normalise(shape_key.strip()[len(prefix) :]))
            if found is not None:
                return found
    for separator in (":", "|"):
        if separator in shape_key:
            return arkit_name(shape_key.rsplit(separator, 1)[1])
    return None


def match_arkit(shape_keys: Iterable[str]) -> dict[str, str]:
    """ARKit name → the shape key that stands for it; an exact name wins over a variant, else the first."""
    found: dict[str, str] = {}
    for name in shape_keys:
        arkit = arkit_name(name)
        if arkit is not None and (arkit not in found or name == arkit):
            found[arkit] = name
    return found


def match_halves(shape_keys: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """ARKit name → the shape keys that are its left and right halves ("browInnerUp_L", "browInnerUp_R")."""
    found: dict[str, tuple[str, ...]] = {}
    for name in shape_keys:
        arkit = _HALVES.get(normalise(name))
        if arkit is not None:
            found[arkit] = (*found.get(arkit, ()), name)
    return found


def _plain(name: str, prefixes: Sequence[str]) -> set[str]:
    lowered = unicodedata.normalize("NFKC", name).casefold()
    forms = {lowered, lowered.replace("-", "_")}
    for prefix in prefixes:
        if lowered.startswith(prefix):
            forms.add(lowered[len(prefix) :])
    return forms


def match_bones(bones: Iterable[str], wanted: Sequence[str], prefixes: Sequence[str]) -> list[str]:
    """The bones that carry one of the wanted names, best first (the order of `wanted`, plain names first)."""
    forms: Mapping[str, set[str]] = {bone: _plain(bone, prefixes) for bone in bones}
    found: list[str] = []
    for name in wanted:
        fitting = [bone for bone in forms if name in forms[bone] and bone not in found]
        found += sorted(fitting, key=lambda bone: (len(bone), bone))
    return found
