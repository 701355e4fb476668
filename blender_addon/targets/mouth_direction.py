# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether what is named for opening a mouth does open it: a shape that was sculpted the other way round shuts it."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np

from ..characters import shape_reach
from ..characters.character import Character, FaceMesh
from ..characters.face_axes import measure_mesh
from ..characters.shape_offsets import ShapeOffsets
from ..host.blender_versions.shape_points import coordinates
from . import lip_seam

_TOWARDS: Final = -0.4
"""Cosine between where the moving part lies, seen from the lips, and where it goes: below it goes over the lips, not away."""
_CLEARLY: Final = (
    0.15  # of what opens the mouth: how far another shape parts or joins the lips at least, to be told
)
_PARTS: Final = (
    (("mouthClose",), -1),
    (("mouthLowerDownLeft", "mouthLowerDownRight"), 1),
    (("mouthUpperUpLeft", "mouthUpperUpRight"), 1),
)
"""Which way these, together, move the lips: apart, or together."""
_UP: Final = 0.6  # the same between the face's own up and where the jaw goes


def turned_round(character: Character) -> str:
    """A sentence where a shape that opens or shuts a character's mouth is sculpted the wrong way round; "" where none is, as far
    as can be measured.
    """
    for mesh in character.meshes:
        channel = next((name for name in lip_seam.OPENERS if name in mesh.channels), None)
        if channel is None:
            continue
        subject = ("direction", channel, mesh.channels[channel])
        if shape_reach.kept(mesh.object, subject, partial(_shuts, mesh, channel)):
            keys = " + ".join(name for name, _ in mesh.channels[channel])
            return (
                f"'{keys}' of '{mesh.object.name}' moves the jaw up instead of down, so the mouth shuts where it should open: "
                "turn that shape key round, or choose another in the Mapping panel."
            )
        for channels, way in _turned_beside(mesh, channel):
            keys = " + ".join(dict.fromkeys(name for other in channels for name, _ in mesh.channels[other]))
            does = (
                "shuts the mouth where it should open it"
                if way > 0
                else "opens the mouth where it should shut it"
            )
            return f"'{keys}' of '{mesh.object.name}' {does}: turn that shape key round, or choose another in the Mapping panel."
    return ""


def _turned_beside(mesh: FaceMesh, opener: str) -> list[tuple[tuple[str, ...], int]]:
    """The channels that move the lips the wrong way, and the right one, where what opens the mouth is as it should be."""
    seam = lip_seam.find_on(mesh)
    if seam is None:
        return []
    opens = seam.channel_medians()
    least = _CLEARLY * opens[opener]
    return [
        (channels, way)
        for channels, way in _PARTS
        if all(name in opens for name in channels) and way * sum(opens[name] for name in channels) < -least
    ]


def _shuts(mesh: FaceMesh, channel: str) -> bool:
    """Whether what a channel moves goes towards the lips that it should part, rather than away from them."""
    base = coordinates(mesh.key.reference_key).astype(np.float64)
    offsets = ShapeOffsets(mesh.object).driven(mesh.channels[channel])
    amount = np.linalg.norm(offsets, axis=1)
    if amount.sum() <= 0:
        return False
    middle = (base * amount[:, None]).sum(axis=0) / amount.sum()
    seam = lip_seam.find_on(mesh)
    if seam is not None:
        lips = (base[seam.upper].mean(axis=0) + base[seam.lower].mean(axis=0)) / 2
        return _cosine(middle - lips, offsets[seam.lower].mean(axis=0)) < _TOWARDS
    # A mouth that is open at rest has no lips that lie on each other.
    face = measure_mesh(mesh)
    if face.eyes is None:
        return False
    up = face.axes[:, 1]
    is_jaw = float((face.eyes - middle) @ up) > 0.25 * face.unit  # and no head whose upper half opens
    return is_jaw and _cosine(offsets.sum(axis=0), up) > _UP


def _cosine(one: np.ndarray, other: np.ndarray) -> float:
    lengths = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(one @ other) / lengths if lengths > 0 else 0.0
