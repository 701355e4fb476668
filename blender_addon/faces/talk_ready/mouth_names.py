# SPDX-License-Identifier: GPL-3.0-or-later
"""Teeth, gums and tongue by what their objects and materials are called."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

_WORDS = (
    r"teeth|tooth|denture|dental|gums?|tongue|incisors?|molars?|"  # English
    r"zahn|z(?:ae|ä)hne|gebiss|zunge|dents?|langue|lengua|dientes|lingua|denti|歯|舌"  # and what artists write elsewhere
)
_IN_MOUTH = re.compile(rf"(?:^|[^a-zäöü])(?:{_WORDS})(?:$|[^a-zäöü])")


def is_in_mouth(name: str) -> bool:
    """Whether a name means teeth, gums or a tongue: `Std_Upper_Teeth`, `CC_Base_Tongue`, `lowerTeeth.001`, `Zunge`."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)
    return _IN_MOUTH.search(parted.casefold()) is not None


def mouth_by_name(objects: list[Any]) -> np.ndarray:
    """(N,) which vertices of some mesh objects, one after the other, are called teeth, gums or tongue."""
    result = []
    for obj in objects:
        mesh = obj.data
        named = np.full(len(mesh.vertices), is_in_mouth(obj.name) or is_in_mouth(mesh.name))
        slots = np.array([one is not None and is_in_mouth(one.name) for one in mesh.materials] or [False])
        if slots.any() and not named.all():
            which, totals = np.empty(len(mesh.polygons), np.int32), np.empty(len(mesh.polygons), np.int32)
            corners = np.empty(len(mesh.loops), np.int32)
            mesh.polygons.foreach_get("material_index", which)
            mesh.polygons.foreach_get("loop_total", totals)
            mesh.loops.foreach_get("vertex_index", corners)
            named[corners[np.repeat(slots[np.clip(which, 0, len(slots) - 1)], totals)]] = True
        result.append(named)
    return np.concatenate(result)
