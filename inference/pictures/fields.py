"""How the points of one face move: the template's shapes in its own frame, its own lids, and its own lips brought together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..face.arrays import Floats, Indices
from ..face.curves import smooth_step
from ..face.names import ARKIT_INDEX, ARKIT_NAMES
from .frame import FaceFrame
from .indices import LID_RINGS, LIP_RINGS, LOWER_INNER, LOWER_LIDS, SIDES, UPPER_INNER, UPPER_LIDS
from .refine import neighbours
from .template import POINTS, load_template

UPPER_SHARE = 0.35
"""Of the way on which parted lips meet, that of the upper one."""
_LID_SHARES = (1.03, 0.46, 0.10, 0.05)
"""Of an eye's opening, how far a blink moves the upper lid's edge, its fold, the ring above, and the lower lid up."""
WITH_THE_EDGE = 0.88
"""How far the middle between a lid's edge and its fold goes with the edge: lashes do, and the skin above them unrolls."""
_LID_FORWARD = 0.04
"""Of an eye's width, how far the shut upper lid stands in front of the lower one."""
_OVERLAP = 0.012
"""Eye units by which lips that were parted overlap where they meet."""
_SHUT = 0.02
"""Eye units between the lips in a picture up to which they are shut."""
_STEEPEST = 0.3
"""How far up or down the line on which lips meet leads to a corner at most, by how far it leads along the mouth."""
_LIP_FOLLOW = ((0.75, 0.85, 0.95, 1.0), (0.85, 0.9, 0.95, 1.0))
"""How far each ring of the upper and of the lower lip, from the outside, goes with its edge."""
_ROLLED, _OF_THE_LINE = ("mouthRoll", "mouthPress"), (0.0, 0.5, 1.0, 1.0)
"""How the names of shapes begin that bring lips in, and how far each ring of a drawn lip stays at the line, from the outside."""
_USUAL, _CROWDED = 0.04, 0.06
"""Shares of half a mouth that a mesh's places of the lips may lie nearer to its corner than the template's, and how much more
it is where they crowd.
"""
_MOST_STRETCH = 1.25
_OF_LIPS = ("mouth", "tongue", "cheekPuff")
"""How the names of shapes begin that a covered mouth does not show."""
_COVER_ROUNDS = 60
"""How often what lies over the lips takes the mean of what lies beside it."""


@dataclass(frozen=True)
class Mouth:
    """The mouth of a picture.

    Attributes:
        shown: (468, 3) pixels, the mesh as the picture shows it; where the mouth is shut its lips meet in one line.
        pictured: (468, 3) pixels, by how much it is away from the neutral face, whose lips touch.
        gap: eye units between the lips in the middle; 0 where they are shut.
    """

    shown: Floats
    pictured: Floats
    gap: float

    @property
    def neutral(self) -> Floats:
        """(468, 3) pixels, the face with its lips together."""
        return np.asarray(self.shown - self.pictured, np.float32)


def close_mouth(
    points: Floats, frame: FaceFrame, upper_share: float | None = None, covered: bool = False
) -> Mouth:
    """The neutral face of (468, 3) mesh points in pixels, y down and z to the viewer.

    Args:
        points: of the face, as it is shown.
        frame: of the face.
        upper_share: of the way on which parted lips meet, that of the upper one; None for `UPPER_SHARE`.
        covered: whether a mask hides the mouth: whatever the lips behind it do, it is shut.
    """
    share_of_upper = UPPER_SHARE if upper_share is None else upper_share
    shown = points[:POINTS].astype(np.float32).copy()
    apart = shown[LOWER_INNER] - shown[UPPER_INNER]
    opening = float(np.linalg.norm(apart[3:8, :2], axis=1).max()) / frame.unit
    if covered or opening < _SHUT or (apart[3:8] @ _down(frame)).max() < _SHUT * frame.unit:
        seam = (shown[LOWER_INNER] + shown[UPPER_INNER]) / 2
        shown[UPPER_INNER] = shown[LOWER_INNER] = seam
        return Mouth(shown, np.zeros_like(shown), 0.0)
    # The jaw has done most of it, and the lips the rest.
    jaw = frame.directions(load_template().shapes[ARKIT_INDEX["jawOpen"]])
    opened = (jaw[LOWER_INNER] - jaw[UPPER_INNER])[5]
    share = float(np.clip(apart[5] @ opened / (opened @ opened) * (1 - share_of_upper), 0, 1))
    pictured = share * jaw
    meeting = shown[UPPER_INNER] + share_of_upper * apart
    ways = apart + _OVERLAP * frame.unit * _across_the_line(meeting)
    wanted = {}
    for column, way in enumerate(ways):
        for lip, part in ((0, -share_of_upper), (4, 1 - share_of_upper)):
            for ring in range(4):
                vertex = int(LIP_RINGS[lip + ring, column])
                follow = _LIP_FOLLOW[lip // 4][ring]
                if 0 < column < 10:
                    goal = follow * part * way
                else:
                    goal = (0.5 - share_of_upper) * way - follow * _to_the_line(meeting, column)
                wanted[vertex] = goal - pictured[vertex]
    pictured = pictured + _spread(wanted, _mouth_surroundings())
    return Mouth(shown, np.asarray(pictured, np.float32), opening)


def _to_the_line(meeting: Floats, corner: int) -> Floats:
    """(3,) how far across the mouth its corner goes, towards what lies beside it, where parted lips meet far above or below it.

    Args:
        meeting: (11, 3) pixels of the line on which they meet, from corner to corner.
        corner: 0 or 10.
    """
    along = meeting[10, :2] - meeting[0, :2]
    along = along / max(float(np.linalg.norm(along)), 1e-6)
    across = np.array([-along[1], along[0], 0.0], np.float32)
    off = meeting[abs(corner - 1)] - meeting[corner]
    height, usual = float(off @ across), _STEEPEST * abs(float(off[:2] @ along))
    return np.asarray((height - np.clip(height, -usual, usual)) * across, np.float32)


def _across_the_line(meeting: Floats) -> Floats:
    """(11, 3) which way, of length 1, it goes from the upper lip to the lower across the line on which they meet; 0 at its ends.

    Beside a corner that lies above or below that line it leads sideways: lips that overlapped downwards would part there.

    Args:
        meeting: (11, 3) pixels of that line, from the corner at the left to the one at the right.
    """
    steps = np.diff(meeting[:, :2], axis=0)
    normals = np.stack([-steps[:, 1], steps[:, 0]], axis=-1)
    normals /= np.maximum(np.linalg.norm(normals, axis=-1, keepdims=True), 1e-6)
    across = np.zeros_like(meeting)
    across[1:-1, :2] = normals[:-1] + normals[1:]
    return np.asarray(across / np.maximum(np.linalg.norm(across, axis=-1, keepdims=True), 1e-6), np.float32)


def _down(frame: FaceFrame) -> Floats:
    way = frame.directions(np.array([0.0, -1.0, 0.0]))
    return np.asarray(way / np.linalg.norm(way), np.float32)


def _mouth_surroundings() -> Indices:
    """Vertices that move along with the lips: those within half an eye unit of the mouth, but for the nose."""
    template = load_template()
    points = template.points[:, :2]
    lips = points[np.unique(LIP_RINGS)]
    off = np.linalg.norm(points[:, None] - lips[None], axis=-1).min(axis=1)
    below_the_nose = points[:, 1] < points[2, 1] - 0.02
    return np.flatnonzero((off < 0.5) & below_the_nose)


def _spread(wanted: dict[int, Floats], movable: Indices) -> Floats:
    """(468, 3) displacements that are as wanted at some vertices, smooth at the movable ones and 0 at all others.

    The bi-Laplacian vanishes where nothing is wanted.
    """
    laplace = np.eye(POINTS) - _means()
    system = laplace.T @ laplace
    free = np.setdiff1d(movable, list(wanted))
    fixed = np.array(sorted(wanted))
    values = np.stack([wanted[vertex] for vertex in fixed])
    spread = np.zeros((POINTS, 3))
    spread[fixed] = values
    spread[free] = np.linalg.solve(system[np.ix_(free, free)], -system[np.ix_(free, fixed)] @ values)
    return spread


def _means() -> Floats:
    """(468, 468) what makes of values at the vertices the mean of those beside each."""
    beside, weights = neighbours(load_template().triangles, POINTS)
    means = np.zeros((POINTS, POINTS))
    np.add.at(means, (np.arange(POINTS)[:, None], beside), weights)
    return means


def shape_fields(mouth: Mouth, frame: FaceFrame) -> Floats:
    """(52, 468, 3) pixels: what each ARKit shape moves at weight 1."""
    template = load_template()
    shapes = template.shapes.copy()
    own = frame.own(mouth.neutral)
    corners = UPPER_INNER[[0, -1]]
    width = np.linalg.norm(own[corners[1]] - own[corners[0]])
    usual = np.linalg.norm(template.points[corners[1]] - template.points[corners[0]])
    stretch = float(np.clip(width / usual, 1 / _MOST_STRETCH, _MOST_STRETCH))
    for name, index in ARKIT_INDEX.items():
        if name.startswith("mouth"):
            shapes[index, :, 0] *= stretch
    _along_the_mouth(shapes, own)
    fields = frame.directions(shapes)
    _settle_lips(fields)
    for eye, side in enumerate(SIDES):
        _own_lids(fields, mouth.shown, own, eye, side)
    return fields


def _along_the_mouth(shapes: Floats, own: Floats) -> None:
    """Let each place of the lips do what the template's does that lies as far along its mouth (in place).

    In faces whose mesh has places of the lips close to a corner, they would part as far as they do where the template has them,
    and the mouth would open like a box.

    Args:
        shapes: (52, 468, 3) of the template, eye units.
        own: (468, 3) this face in its own frame, lips together.
    """
    there = _shares_along(load_template().points)
    here = _shares_along(own).clip(-1, 1)
    crowded = np.abs(here) - np.abs(there)
    nearer = there + smooth_step((crowded - _USUAL) / _CROWDED) * (here - there)
    right = np.interp(nearer, there, np.arange(11.0))
    first = np.floor(right).astype(int).clip(0, 9)
    share = (right - first)[:, None].astype(shapes.dtype)
    moved = shapes[:, LIP_RINGS]
    shapes[:, LIP_RINGS] = (1 - share) * moved[:, :, first] + share * moved[:, :, first + 1]


def _shares_along(points: Floats) -> Floats:
    """(11,) how far along the mouth the places of the lips' inner edge lie, from -1 in one corner over 0 in its middle to 1."""
    across = (points[UPPER_INNER, 0] + points[LOWER_INNER, 0]) / 2
    off = across - across[5]
    halves = np.where(np.arange(11) < 5, -off[0], off[-1])
    return np.asarray(off / np.maximum(halves, 1e-3))


def cover_mouth(fields: Floats) -> None:
    """Let what covers a mouth go with the jaw in one piece: lips do nothing of their own, and never part (in place).

    Args:
        fields: (52, 468, 3) pixels that the shapes move the mesh.
    """
    for name, index in ARKIT_INDEX.items():
        if name.startswith(_OF_LIPS):
            fields[index] = 0
    rows = [index for name, index in ARKIT_INDEX.items() if name.startswith("jaw")]
    jaw = fields[rows]
    inner = np.concatenate([UPPER_INNER, LOWER_INNER])
    lips = np.unique(LIP_RINGS)
    means = _means()[lips].astype(np.float32)
    for _ in range(_COVER_ROUNDS):
        jaw[:, lips] = np.einsum("lp,spc->slc", means, jaw)
        seam = (jaw[:, UPPER_INNER] + jaw[:, LOWER_INNER]) / 2
        jaw[:, inner] = np.concatenate([seam, seam], axis=1)
    fields[rows] = jaw


def keep_the_line(fields: Floats) -> None:
    """Let lips that are pressed or rolled in stay at the line that a drawing has between them: they get thinner (in place).

    Of real lips the edges go in and out of sight, and a drawn mouth would lose its line.

    Args:
        fields: (52, 468, 3) pixels that the shapes move the mesh.
    """
    for name, index in ARKIT_INDEX.items():
        if name.startswith(_ROLLED):
            edges = (fields[index, UPPER_INNER] + fields[index, LOWER_INNER]) / 2
            for lip, inner in ((0, UPPER_INNER), (4, LOWER_INNER)):
                off = fields[index, inner] - edges
                for ring, share in enumerate(_OF_THE_LINE):
                    fields[index, LIP_RINGS[lip + ring, 1:-1]] -= share * off[1:-1]


def _settle_lips(fields: Floats) -> None:
    """The jaw's opening is taken back by `mouthClose` wholly, so lips that shall touch do (in place)."""
    jaw, close = fields[ARKIT_INDEX["jawOpen"]], fields[ARKIT_INDEX["mouthClose"]]
    rest = (jaw + close)[LOWER_INNER] - (jaw + close)[UPPER_INNER]
    rest *= np.array([1, 1, 0])
    for lip, part in ((0, 0.5), (4, -0.5)):
        for ring, follow in enumerate(_LIP_FOLLOW[lip // 4]):
            close[LIP_RINGS[lip + ring, 1:-1]] += follow * part * rest[1:-1]


def _own_lids(fields: Floats, shown: Floats, own: Floats, eye: int, side: str) -> None:
    """Lids that unroll over this eye, and other shapes of the lids as far as its opening allows (in place)."""
    template = load_template()
    upper, lower = UPPER_LIDS[eye], LOWER_LIDS[eye]
    opening = shown[lower] - shown[upper]
    usual = np.linalg.norm((template.points[lower] - template.points[upper])[:, :2], axis=1).mean()
    ratio = float(np.clip(np.linalg.norm((own[lower] - own[upper])[:, :2], axis=1).mean() / usual, 0.3, 1.6))
    rings = [upper[1:-1], *LID_RINGS[eye]]
    for name in ARKIT_NAMES:
        if name.startswith("eye") and name.endswith(side):
            lids = np.concatenate([*rings, lower])
            fields[ARKIT_INDEX[name]][lids] *= ratio
    blink = np.zeros_like(shown)
    for ring, share in zip(rings, _LID_SHARES):
        blink[ring] = share * opening[1:-1]
    blink[lower[1:-1]] = -_LID_SHARES[-1] * opening[1:-1]
    blink[..., 2] = 0
    blink[upper[1:-1], 2] = _LID_FORWARD * np.linalg.norm(
        shown[upper[0]] - shown[upper[-1]]
    )  # over the lower lid
    fields[ARKIT_INDEX[f"eyeBlink{side}"]] = blink
