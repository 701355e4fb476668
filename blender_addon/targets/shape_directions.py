# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether what is named for opening a mouth or shutting eyes does so: sculpted the other way round it shuts the mouth, opens the
eyes wider, pushes the jaw aside or takes the whole head along.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final, TypeVar

import numpy as np

from ..characters.character import Character, FaceMesh
from ..characters.face_axes import FaceAxes, measure_mesh
from ..characters.measurements import kept
from ..characters.shape_offsets import ShapeOffsets
from ..host.blender_versions.shape_points import coordinates
from ..rigs.face_shapes.recognition import OPENERS
from . import lip_seam

_Measured = TypeVar("_Measured", str, bool)

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
_UP: Final = 0.6  # the same between the face's own up and where the jaw, or a lid, goes
_ASIDE: Final = 0.8  # the same between the line of the eyes and where the lower lip goes
_JAWS: Final = (0.0, -0.9, -0.43)
"""Where lower lips go, in the axes of eyes and lips, within 18° on ICT's, Rocketbox's, MakeHuman's and the demo's head."""
_JAW: Final = 0.35  # cosine to it: below it no jaw opens so
_LIDS: Final = ("eyeBlinkLeft", "eyeBlinkRight")
_ABOVE: Final = (
    *_LIDS,
    *(f"{name}{side}" for name in ("eyeWide", "browDown", "browOuterUp") for side in ("Left", "Right")),
)
"""Channels of what no jaw takes along."""
_BELOW: Final = (
    "jawLeft",
    "jawRight",
    "jawForward",
    "mouthRollLower",
    "mouthShrugLower",
    "mouthLowerDownLeft",
)
"""Channels of what every jaw takes along."""
_TAKEN_ALONG: Final = 0.5  # of the jaw's largest motion
_MARGIN: Final = 0.8  # of a blink's largest motion: what moves more is the lid's edge


def turned_round(character: Character) -> str:
    """A sentence where a shape that opens or shuts a character's mouth or eyes does something else; "" where none does, as far
    as can be measured.
    """
    channel = lip_seam.opener_by_names(character, switched_off=False)
    for mesh in character.meshes:
        if channel in mesh.channels:
            does = _kept(mesh, channel, _instead)
            if does:
                return _told(mesh, (channel,), does)
            for channels, way in _turned_beside(mesh, channel):
                return _told(mesh, channels, _SHUTS if way > 0 else _OPENS)
        lids = tuple(name for name in _LIDS if name in mesh.channels and _kept(mesh, name, _lifts))
        if lids:
            return _told(mesh, lids, _WIDENS)
        if all(name in mesh.channels for name in _LIDS) and _face(mesh).swapped:
            return (
                f"'{mesh.channels[_LIDS[0]][0][0]}' of '{mesh.object.name}' shuts the right eye, as its shapes are named for the "
                "viewer's left and right: swap these names, since left is meant as the character's own left."
            )
    return ""


_SHUTS: Final = "shuts the mouth where it should open it"
_OPENS: Final = "opens the mouth where it should shut it"
_WIDENS: Final = "moves the lids up, so the eyes open wider where they should shut"
_UPWARD: Final = "moves the jaw up instead of down, so the mouth shuts where it should open"
_SIDEWAYS: Final = "moves the jaw sideways instead of down"
_FORWARD: Final = "moves the jaw forward or back instead of down"
_WHOLE: Final = "takes the whole head along, eyes and all, where the jaw alone should move"


def _told(mesh: FaceMesh, channels: tuple[str, ...], does: str) -> str:
    keys = " + ".join(dict.fromkeys(name for channel in channels for name, _ in mesh.channels[channel]))
    remedy = (
        "turn that shape key round"
        if does in (_SHUTS, _OPENS, _WIDENS, _UPWARD)
        else "sculpt that shape key anew"
    )
    return f"'{keys}' of '{mesh.object.name}' {does}: {remedy}, or choose another under Face > Mapping."


def _kept(mesh: FaceMesh, channel: str, measure: Callable[[FaceMesh, str], _Measured]) -> _Measured:
    """What was measured of a channel, kept until the mesh changes."""
    subject = ("direction", channel, tuple(mesh.channels.items()))
    measured: _Measured = kept(mesh.object, subject, partial(measure, mesh, channel))
    return measured


def _instead(mesh: FaceMesh, channel: str) -> str:
    """What a channel does that should open the mouth; "" where it seems to open it."""
    shapes = ShapeOffsets(mesh.object)
    offsets = shapes.driven(mesh.channels[channel])
    seam = lip_seam.find_on(mesh)
    if _is_taken_along(mesh, shapes, offsets, seam is None):
        return _WHOLE
    aside = _aside(mesh, seam, offsets) if seam is not None else ""
    return aside or (_UPWARD if _shuts(mesh, channel) else "")


def _aside(mesh: FaceMesh, seam: lip_seam.LipSeam, offsets: np.ndarray) -> str:
    """Where what opens a mouth moves the lower lip, if that is not down; "" where it is, or the upper head is what opens."""
    face = _face(mesh)
    if face.eyes is None or face.sideways is None:
        return ""
    base = coordinates(mesh.key.reference_key).astype(np.float64)
    lips = (base[seam.upper].mean(axis=0) + base[seam.lower].mean(axis=0)) / 2
    up = face.eyes - lips
    up -= face.sideways * (up @ face.sideways)
    ahead = np.cross(face.sideways, up)
    way = np.array([_cosine(offsets[seam.lower].mean(axis=0), axis) for axis in (face.sideways, up, ahead)])
    amount = np.linalg.norm(offsets, axis=1)
    if abs(way[0]) > _ASIDE:
        return _SIDEWAYS
    if float(way @ _JAWS) > _JAW or float(((base - lips) @ up * amount).sum()) > 0:
        return ""
    return _UPWARD if way[1] > abs(way[2]) else _FORWARD


def _is_taken_along(mesh: FaceMesh, shapes: ShapeOffsets, offsets: np.ndarray, together: bool) -> bool:
    """Whether eyes and brows go with a jaw; not where a head's upper half is what opens.

    Args:
        mesh: the face.
        shapes: its shape keys.
        offsets: (V, 3) what opens its mouth.
        together: whether it parts no lips, which is asked where no shape tells where the lower face is.
    """
    amount = np.linalg.norm(offsets, axis=1)
    largest = float(amount.max(initial=0.0))

    def share(channels: tuple[str, ...]) -> float | None:
        """How far what these channels move goes, of what goes farthest; None where they move nothing."""
        moved = np.zeros(len(amount))
        for name in channels:
            if name in mesh.channels:
                moved += np.linalg.norm(shapes.driven(mesh.channels[name]), axis=1)
        return float((amount * moved).sum() / moved.sum() / largest) if largest and moved.sum() > 0 else None

    above = share(_ABOVE)
    if above is None or above < _TAKEN_ALONG:
        return False
    below = share(_BELOW)
    return below > _TAKEN_ALONG if below is not None else together


def _lifts(mesh: FaceMesh, channel: str) -> bool:
    """Whether what should shut an eye moves the edge of its lid up."""
    face = _face(mesh)
    if face.eyes is None or _mouth_is_unknown(mesh):  # up is told by what is known of the mouth
        return False
    offsets = ShapeOffsets(mesh.object).driven(mesh.channels[channel])
    amount = np.linalg.norm(offsets, axis=1)
    edge = amount > _MARGIN * amount.max(initial=0.0)
    return bool(edge.any()) and _cosine(offsets[edge].mean(axis=0), face.axes[:, 1]) > _UP


def _face(mesh: FaceMesh) -> FaceAxes:
    known: FaceAxes = kept(mesh.object, ("axes", tuple(mesh.channels.items())), partial(measure_mesh, mesh))
    return known


def _mouth_is_unknown(mesh: FaceMesh) -> bool:
    return not any(name in mesh.channels for name in ("mouthFunnel", "mouthPucker", "mouthClose", *OPENERS))


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
    seam, face = lip_seam.find_on(mesh), _face(mesh)
    up = face.axes[:, 1]
    if seam is not None:
        goes = offsets[seam.lower].mean(axis=0)
        if face.measured and goes @ up <= 0:
            return False  # down, as a jaw should: what parts there lies deep in the mouth, or under the chin
        lips = (base[seam.upper].mean(axis=0) + base[seam.lower].mean(axis=0)) / 2
        return _cosine(middle - lips, goes) < _TOWARDS
    # A mouth that is open at rest has no lips that lie on each other.
    if face.eyes is None:
        return False
    is_jaw = float((face.eyes - middle) @ up) > 0.25 * face.unit  # and no head whose upper half opens
    return is_jaw and _cosine(offsets.sum(axis=0), up) > _UP


def _cosine(one: np.ndarray, other: np.ndarray) -> float:
    lengths = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(one @ other) / lengths if lengths > 0 else 0.0
