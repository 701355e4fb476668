# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a mesh's lips meet, found by what tears apart when the mouth opens; and how far each shape opens them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from mathutils.kdtree import KDTree

from ..characters.character import Character, FaceMesh
from ..characters.measurements import kept
from ..characters.shape_offsets import ShapeOffsets
from ..host.blender_versions.shape_points import coordinates
from ..rigs.face_shapes.recognition import OPENERS, SYSTEMS

_MOVES, _STAYS = 0.55, 0.3  # of the largest displacement: the lower lip moves, the upper lip stays
_MOST = 4000  # vertices looked at on each side
_PAIRS = 6


@dataclass(frozen=True)
class LipSeam:
    """The lips of one mesh.

    Attributes:
        mesh: the mesh.
        upper, lower: (P,) vertices of the upper and the lower lip that lie on each other.
        direction: (3,) unit vector in the mesh's space: from the lower lip to the upper one where the mouth opens.
        openings: shape key → by how much it opens the lips at 1, in the mesh's unit; negative where it presses them
            together. All keys that the mesh's channels drive. The mean of the pairs.
        medians: the same as the median of the pairs, which a pair within the mouth does not spoil.
    """

    mesh: FaceMesh
    upper: np.ndarray
    lower: np.ndarray
    direction: np.ndarray
    openings: dict[str, float]
    medians: dict[str, float] = field(default_factory=dict)

    def channel_medians(self) -> dict[str, float]:
        """As `channel_openings`, by the medians of the pairs."""
        return {
            channel: sum(self.medians[name] * gain for name, gain in drives)
            for channel, drives in self.mesh.channels.items()
        }

    def channel_openings(self) -> dict[str, float]:
        """By how much each channel that the mesh has opens the lips at 1."""
        return {
            channel: sum(self.openings[name] * gain for name, gain in drives)
            for channel, drives in self.mesh.channels.items()
        }


def opener_by_names(character: Character, *, switched_off: bool = True) -> str:
    """The channel that must open a character's mouth, as the names of what moves it tell; "" for none.

    It may be of a shape that moves nothing: those beside it, such as a viseme O, are not meant to open the mouth as far.

    Args:
        character: whose mouth.
        switched_off: whether it may be one that a person gave no shape.
    """
    known = {row.channel for row in character.rows if row.targets or switched_off}
    if character.mouth:
        known &= set(SYSTEMS[character.mouth])
    return next((channel for channel in OPENERS if channel in known), "")


def find(character: Character) -> LipSeam | None:
    """The lips of a character's face, on the first of its meshes that has some; None where no shape parts any."""
    for mesh in character.meshes:
        seam = find_on(mesh)
        if seam is not None:
            return seam
    return None


def find_on(mesh: FaceMesh) -> LipSeam | None:
    """The lips on one mesh: pairs of vertices that are close at rest and far apart when the mouth opens.

    They are kept as long as what else is measured of the mesh (`characters.measurements`): dials ask again at each move.
    """
    subject = ("lips", tuple(mesh.channels.items()))
    known: LipSeam | None = kept(mesh.object, subject, lambda: _found_on(mesh))
    return replace(known, mesh=mesh) if known is not None else None


def _found_on(mesh: FaceMesh) -> LipSeam | None:
    channel = next((name for name in OPENERS if name in mesh.channels), None)
    if channel is None:
        return None
    shapes = ShapeOffsets(mesh.object)
    offsets = shapes.driven(mesh.channels[channel])
    pairs = _parting(coordinates(mesh.key.reference_key), offsets)
    if pairs is None:
        return None
    upper, lower, tear = pairs
    # Teeth part as well, but only lips take part in all shapes of a mouth.
    parts = {}
    activity = np.zeros(len(lower))
    for name in dict.fromkeys(key for drives in mesh.channels.values() for key, _ in drives):
        moves = shapes.of(name)
        parts[name] = moves[upper] - moves[lower]
        activity += np.linalg.norm(moves[lower], axis=1) + np.linalg.norm(moves[upper], axis=1)
    chosen = np.argsort(-tear * (activity / activity.max()), kind="stable")[:_PAIRS]
    direction = (offsets[upper[chosen]] - offsets[lower[chosen]]).mean(axis=0)
    length = float(np.linalg.norm(direction))
    if length < 1e-9:
        return None
    direction /= length
    openings = {name: float((part[chosen] @ direction).mean()) for name, part in parts.items()}
    medians = {name: float(np.median(part[chosen] @ direction)) for name, part in parts.items()}
    return LipSeam(mesh, upper[chosen], lower[chosen], direction, openings, medians)


def _parting(base: np.ndarray, offsets: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """Vertices that lie on each other at rest and part.

    Args:
        base: (V, 3) the mesh at rest.
        offsets: (V, 3) what opens its mouth.

    Returns:
        (P,) vertices that stay, (P,) vertices that move, (P,) how clearly each pair parts; None where none does.
    """
    amount = np.linalg.norm(offsets, axis=1)
    largest = float(amount.max(initial=0.0))
    if largest <= 0:
        return None
    lower = np.flatnonzero(amount > _MOVES * largest)
    low, high = base[lower].min(axis=0) - largest, base[lower].max(axis=0) + largest
    upper = np.flatnonzero(
        (amount < _STAYS * largest) & (base >= low).all(axis=1) & (base <= high).all(axis=1)
    )
    if not len(lower) or not len(upper):
        return None
    lower = lower[:: len(lower) // _MOST + 1]
    upper = upper[:: len(upper) // _MOST + 1]
    tree = KDTree(len(upper))
    for place, point in enumerate(base[upper].tolist()):
        tree.insert(point, place)
    tree.balance()
    nearest = [tree.find(point) for point in base[lower].tolist()]
    partner = upper[[int(near[1]) for near in nearest]]
    gap = np.array([near[2] for near in nearest])
    parted = np.linalg.norm(offsets[lower] - offsets[partner], axis=1)
    tear = parted / (gap + 0.05 * largest)
    good = np.flatnonzero((tear > 0.5 * tear.max()) & (gap < 0.5 * largest))
    return (partner[good], lower[good], tear[good]) if len(good) else None
