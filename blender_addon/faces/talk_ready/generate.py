# SPDX-License-Identifier: GPL-3.0-or-later
"""Generates the ARKit shapes of a face: the motion of every vertex at weight 1."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from ...contract import ARKIT_NAMES, LANDMARK_COUNT
from ...contract.curves import smooth_step
from ...contract.landmarks import INNER_LIP, LEFT_EYE, RIGHT_EYE
from ..anatomy import Anatomy, Edge, read
from ..field import Field, along, spread_points
from ..geometry.surface import Surface
from ..landmark_search.frame import Frame
from ..landmark_search.points import Landmarks
from .mouth_set import MouthSet, build
from .targets import scaled

EYE_YAW, EYE_PITCH = np.radians(30.0), np.radians(25.0)  # of the eyes at weight 1, as the engine means it
_ZERO_ANCHORS = 90
_AT_ONCE = 12  # shapes worked out together
_HINGE_BEHIND = 0.25  # the jaw's hinge lies behind the outline's points before the ears (face units)
_LID_SHARE = 0.88  # of the way that the upper lid goes in a blink; the lower lid goes the rest
_LID_CLEARANCE = 0.015  # lids keep this distance from the eyeball, face units
_LID_REACH = 0.13  # how far from its edge a lid moves in a blink, along the skin
_PAST_CORNER = 0.03  # beyond the eye's corners skin stays
_LID_DEPTH = 0.2  # skin that lies deeper behind the lids' edges is the socket's
_LASH_ROOT = 0.04  # lashes begin within this distance of the edge they grow from
_LASH_STIFFNESS = (
    0.7  # ... and follow it as it moves on average over this share of a third of the eye, each way
)
_MAY_PRESS = (
    0.006  # no shape but mouthClose moves lips farther into each other (half a millimetre on a real head)
)

# What the table of landmarks cannot know: how the skin between them moves (face units, at weight 1).
_CHEEK_OUT, _CHEEK_UP, _SNEER_UP = 0.09, 0.05, 0.05

Progress = Callable[[float, str], None]


@dataclass(frozen=True, eq=False)
class Inside:
    """What is known of a mouth's inside.

    Attributes:
        named: (N,) which vertices are teeth, gums or tongue by the name of their object or material.
        fill: whether teeth and a tongue are made where there are none.
    """

    named: np.ndarray | None = None
    fill: bool = False


@dataclass(frozen=True)
class Shapes:
    """What was generated.

    Attributes:
        offsets: ARKit name → (N, 3) motion of each vertex at weight 1, in the mesh's space.
        anatomy: how the mesh was read.
        mouth: teeth and a tongue, in the mesh's space, where they were asked for and the mesh has none.
    """

    offsets: dict[str, np.ndarray]
    anatomy: Anatomy
    mouth: MouthSet | None = None


def generate(
    surface: Surface,
    landmarks: Landmarks,
    deltas: np.ndarray,
    template: np.ndarray,
    progress: Progress | None = None,
    inside: Inside | None = None,
) -> Shapes:
    """Generate all shapes that the mesh can have.

    Args:
        surface: the character's meshes as one: skin, eyes, teeth.
        landmarks: on that surface.
        deltas: (52, 68, 3) how the landmarks of a real head move in each ARKit shape, face units.
        template: (68, 3) that head's landmarks, face units.
        progress: called with 0 to 1 and what is done.
        inside: what is known of the mouth's inside; its position alone tells by default.

    Raises:
        FusedLipsError: where the lips have no opening.
        ValueError: where the mesh cannot hold the shapes.
    """
    tell = progress or (lambda fraction, stage: None)
    tell(0.0, "Reading the face")
    known = inside or Inside()
    face = read(surface, landmarks, template, known.named)
    moves = dict(zip(ARKIT_NAMES, scaled(deltas, template, face.points)))
    tell(0.3, "Preparing")
    maker = _Maker(face, moves)
    offsets: dict[str, np.ndarray] = {}
    tell(0.4, "Preparing")
    for name, motion in maker.all_shapes():
        tell(0.4 + 0.6 * ARKIT_NAMES.index(name) / len(ARKIT_NAMES), name)
        if np.abs(motion).max() > 1e-5:
            offsets[name] = motion @ face.frame.axes.T * face.frame.unit
    mouth = (
        _in_space(build(face.points, maker.jaw_at), face.frame) if known.fill and face.empty_mouth else None
    )
    return Shapes(offsets, face, mouth)


def _in_space(mouth: MouthSet, frame: Frame) -> MouthSet:
    """Teeth and a tongue, given in face units, in the space that the face lies in."""
    offsets = {name: motion @ frame.axes.T * frame.unit for name, motion in mouth.offsets.items()}
    return replace(mouth, points=frame.outside(mouth.points), offsets=offsets)


class _Maker:
    """Makes one shape after the other for one face; everything in face units."""

    def __init__(self, face: Anatomy, moves: dict[str, np.ndarray]) -> None:
        self.face, self.moves = face, moves
        vertices = face.surface.vertices
        self.places4 = np.concatenate([vertices, face.lip_side[:, None]], axis=1)
        self.moving = np.flatnonzero(face.reach > 0)
        self.corners = np.concatenate([face.upper_lip.vertices, face.lower_lip.vertices])
        self.lid_lines = [edge for pair in face.lids for edge in pair]
        edge_vertices = [self.corners, *[edge.vertices for edge in self.lid_lines]]
        self.edge_vertices = np.concatenate(edge_vertices)
        # Landmarks that lie on an edge are held by the edge's own vertices.
        on_edges = np.concatenate([RIGHT_EYE, LEFT_EYE, INNER_LIP])
        self.free_points = np.setdiff1d(np.arange(LANDMARK_COUNT), on_edges)
        point_sides = self._side_of(face.points[self.free_points])
        anchors = self._anchors()
        inside, self.inside_jaw = self._inside_mouth()
        lid_anchors = self._lid_anchors()
        self.places = np.concatenate(
            [
                np.concatenate([face.points[self.free_points], point_sides[:, None]], axis=1),
                self.places4[self.edge_vertices],
                self.places4[anchors],
                lid_anchors,
                inside,
            ]
        )
        self.still = len(anchors) + len(lid_anchors)
        self.field = Field(self.places, self.places4[self.moving])
        self.lashes = self._lashes()

    def all_shapes(self) -> Iterator[tuple[str, np.ndarray]]:
        """Names and (N, 3) motion of all shapes that this face can have.

        What needs no further places is worked out several shapes at a time, which takes a quarter of the time.
        """
        names = [name for name in ARKIT_NAMES if self._can(name)]
        extras = {name: extra for name in names if (extra := self._extra(name)) is not None}
        plain = self._plain([name for name in names if name not in extras])
        for name in names:
            if name in extras:
                places, motion = extras[name]
                moved = self.field.extended(places).of(np.concatenate([self._known(name), motion]))
            else:
                moved = next(plain)
            result = np.zeros_like(self.face.surface.vertices)
            result[self.moving] = moved
            result *= self.face.reach[:, None]
            self._loose_parts(name, result)
            yield name, result

    def _plain(self, names: list[str]) -> Iterator[np.ndarray]:
        """(M, 3) motion of what can move in shapes that need no further places, in their order."""
        for first in range(0, len(names), _AT_ONCE):
            few = names[first : first + _AT_ONCE]
            columns = self.field.of(np.concatenate([self._known(name) for name in few], axis=1))
            yield from np.split(columns, len(few), axis=1)

    def _can(self, name: str) -> bool:
        """Whether this face can have a shape."""
        return name != "tongueOut" and (bool(self.face.eyes) or not name.startswith("eyeLook"))

    def _known(self, name: str) -> np.ndarray:
        """(K, 3) motion at the field's places in a shape."""
        move = self.moves[name]
        values = [move[self.free_points], *self._lip_values(name), *self._lid_values(name)]
        return np.concatenate([*values, np.zeros((self.still, 3)), self._jaw_values(name)])

    # -- what is known at which places --------------------------------------------------------------

    def _side_of(self, points: np.ndarray) -> np.ndarray:
        """The fourth coordinate of landmarks, from the nearest skin."""
        index = np.flatnonzero(self.face.skin & (self.face.reach > 0))
        where = self.face.surface.vertices[index]
        return np.array(
            [self.face.lip_side[index[np.argmin(((where - point) ** 2).sum(1))]] for point in points]
        )

    def _anchors(self) -> np.ndarray:
        """Vertices around the face that never move."""
        rim = np.flatnonzero(self.face.skin & (self.face.reach < 0.35) & (self.face.reach > 0.0))
        return rim[spread_points(self.face.surface.vertices[rim], _ZERO_ANCHORS)]

    def _lid_anchors(self) -> np.ndarray:
        """Still places between upper lids and brows, so that a blink does not pull the brows down."""
        points, places = self.face.points, []
        for lids, brows in (((37, 38), (19, 20)), ((43, 44), (23, 24))):
            for lid, brow in zip(lids, brows):
                places.append([*(0.35 * points[lid] + 0.65 * points[brow]), 0.0])
        return np.array(places)

    def _inside_mouth(self) -> tuple[np.ndarray, np.ndarray]:
        """Places behind the lips: the upper jaw, which stays, and the lower, which moves with the chin."""
        points = self.face.points
        width = np.linalg.norm(points[54] - points[48])
        top = float(np.abs(self.face.lip_side).max())
        places, lower = [], []
        for side in (-0.35, 0.0, 0.35):
            for depth in (0.35, 0.8):
                middle = points[[62, 66]].mean(0) + width * np.array([side, 0.0, -depth])
                places.append([*(middle + [0.0, 0.25 * width, 0.0]), top])
                places.append([*(middle - [0.0, 0.30 * width, 0.0]), -top])
                lower += [False, True]
        return np.array(places), np.array(lower)

    def _lip_values(self, name: str) -> list[np.ndarray]:
        """Motion of the lips' edges: upper, lower. Lips never pass through each other."""
        upper, lower = self.face.upper_lip, self.face.lower_lip
        return [self._lips_at(name, upper.at)[0], self._lips_at(name, lower.at)[1]]

    def _lips_at(self, name: str, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(Q, 3) motion of the upper and of the lower lip at places along the slit."""
        points, move = self.face.points, self.moves[name]
        knots = np.arange(5.0)
        upper, lower = (
            along(knots, move[list(edge.knots)], at) for edge in (self.face.upper_lip, self.face.lower_lip)
        )
        change = (upper - lower)[:, 1]
        if name == "mouthClose":
            # It takes back what jawOpen opens: by the same share everywhere, so that no place closes before another.
            jaw = self.moves["jawOpen"]
            share = (move[62] - move[66])[1] / max(float((jaw[62] - jaw[66])[1]), 1e-6)
            opened_upper, opened_lower = self._lips_at("jawOpen", at)
            excess = share * (opened_upper - opened_lower)[:, 1] - change
        else:
            rest = (points[[60, 61, 62, 63, 64]] - points[[60, 67, 66, 65, 64]])[:, 1]
            floor = -np.maximum(np.interp(at, knots, rest), 0.0) - _MAY_PRESS
            excess = np.maximum(floor - change, 0.0)
        upper[:, 1] += excess / 2
        lower[:, 1] -= excess / 2
        return upper, lower

    def _lid_values(self, name: str) -> list[np.ndarray]:
        """Motion of the lids' edges: left upper, left lower, right upper, right lower."""
        result = []
        for side, pair in zip(("Left", "Right"), self.face.lids):
            if name == "eyeBlink" + side:
                result += self._shut(pair)
            else:
                for edge in pair:
                    result.append(along(np.arange(4.0), self.moves[name][list(edge.knots)], edge.at))
        return result

    def _shut(self, pair: tuple[Edge, Edge]) -> list[np.ndarray]:
        """Both lids' ways to the line where they meet."""
        vertices = self.face.surface.vertices
        lines = [vertices[edge.vertices] for edge in pair]
        result = []
        for edge, line in zip(pair, lines):
            upper, lower = (_at_places(edge.at, other.at, places) for other, places in zip(pair, lines))
            meeting = lower + (1 - _LID_SHARE) * (upper - lower)
            result.append(meeting - line)
        return result

    def _jaw_values(self, name: str) -> np.ndarray:
        """Motion of the places behind the lips."""
        motion = self.jaw_at(name, self.places[-len(self.inside_jaw) :, :3])
        motion[~self.inside_jaw] = 0.0
        return motion

    def jaw_at(self, name: str, places: np.ndarray) -> np.ndarray:
        """What the lower jaw does, a rigid body: it turns about its hinge, or is pushed."""
        chin = self.moves[name][[7, 8, 9]].mean(0) if name.startswith("jaw") else np.zeros(3)
        if name != "jawOpen":
            return np.broadcast_to(chin, places.shape).copy()
        points = self.face.points
        hinge = (points[1] + points[15]) / 2 - [0.0, 0.0, _HINGE_BEHIND]
        arm = points[8] - hinge
        reach = float(np.hypot(arm[1], arm[2]))
        angle = 2 * np.arcsin(np.clip(float(np.hypot(chin[1], chin[2])) / 2 / reach, 0, 0.5))
        cosine, sine = np.cos(angle), np.sin(angle)
        local = places - hinge
        turned = local.copy()  # the chin goes down and back
        turned[:, 1] = cosine * local[:, 1] - sine * local[:, 2]
        turned[:, 2] = sine * local[:, 1] + cosine * local[:, 2]
        return np.asarray(turned - local)

    def _extra(self, name: str) -> tuple[np.ndarray, np.ndarray] | None:
        """Further places that one shape moves, between the landmarks: cheeks and the sides of the nose."""
        points = self.face.points
        sides = {
            "Left": (54, 46, 13, 35, 1.0),
            "Right": (48, 41, 3, 31, -1.0),
        }
        places, motion = [], []
        for side, (corner, lid, jaw, wing, outward) in sides.items():
            if name == "cheekPuff":
                places.append(0.40 * points[corner] + 0.2 * points[lid] + 0.40 * points[jaw])
                motion.append([0.6 * outward * _CHEEK_OUT, 0.0, 0.8 * _CHEEK_OUT])
            elif name == "cheekSquint" + side:
                places.append(0.30 * points[corner] + 0.55 * points[lid] + 0.15 * points[jaw])
                motion.append([0.0, _CHEEK_UP, 0.25 * _CHEEK_UP])
            elif name == "noseSneer" + side:
                places.append(0.5 * points[wing] + 0.5 * points[28])
                motion.append([0.0, _SNEER_UP, 0.0])
        if name.startswith("eyeBlink"):
            still = self._around_lids("Left" if name.endswith("Left") else "Right")
            return self.places4[still], np.zeros((len(still), 3))
        if not places:
            return None
        index = np.flatnonzero(self.face.skin & (self.face.reach > 0))
        where = self.face.surface.vertices[index]
        on_skin = [index[np.argmin(((where - place) ** 2).sum(1))] for place in places]
        return self.places4[on_skin], np.array(motion)

    def _around_lids(self, side: str) -> np.ndarray:
        """Vertices around one eye that a blink does not move."""
        pair = self.face.lids[0 if side == "Left" else 1]
        line = np.concatenate([edge.vertices for edge in pair])
        distance = self.face.surface.distances(line, limit=2 * _LID_REACH)
        centre = self.face.surface.vertices[line].mean(0)
        vertices = self.face.surface.vertices
        ends = vertices[pair[0].vertices[[0, -1]], 0]
        beyond = (vertices[:, 0] < ends.min() - _PAST_CORNER) | (vertices[:, 0] > ends.max() + _PAST_CORNER)
        ring = (distance > _LID_REACH) & (distance < 1.5 * _LID_REACH)
        ring = (ring | (beyond & (distance < _LID_REACH))) & (vertices[:, 2] > centre[2] - _LID_DEPTH)
        ring_on_skin = np.flatnonzero(ring & self.face.skin)
        return ring_on_skin[spread_points(vertices[ring_on_skin], 64)]

    # -- parts that are no skin ----------------------------------------------------------------------

    def _loose_parts(self, name: str, result: np.ndarray) -> None:
        """Teeth and tongue follow the jaw, beards their lip, eyeballs turn, lids slide over them (changes the result)."""
        vertices, face = self.face.surface.vertices, self.face
        worn = face.worn
        result[worn.vertices] *= 1 - worn.shares.sum(axis=1, keepdims=True)
        result[worn.vertices] += np.einsum("kr,kra->ka", worn.shares, result[worn.roots])
        mouth = np.flatnonzero(~np.isnan(face.jaw))
        if len(mouth):
            result[mouth] = face.jaw[mouth, None] * self.jaw_at(name, vertices[mouth])
        for lashes, edge, at in self.lashes:  # they are as stiff as the edge they grow from
            around = np.linspace(-_LASH_STIFFNESS, _LASH_STIFFNESS, 7)
            near = [_at_places(at + shift, edge.at, result[edge.vertices]) for shift in around]
            result[lashes] = np.mean(near, axis=0)
        for side, (members, centre, radius) in zip(("Left", "Right"), face.eyes):
            result[members] = 0.0
            if name.startswith("eyeLook") and name.endswith(side):
                result[members] = _turned(vertices[members] - centre, _gaze(name)) - (
                    vertices[members] - centre
                )
            if name.startswith("eye"):
                self._off_the_eye(result, centre, radius)

    def _lashes(self) -> list[tuple[np.ndarray, Edge, np.ndarray]]:
        """Loose parts that grow from one lid: their vertices, the lid's edge, and the place along it of each."""
        face, vertices = self.face, self.face.surface.vertices
        loose = ~face.skin & np.isnan(face.jaw) & (face.reach > 0)
        for members, _, _ in face.eyes:
            loose[members] = False
        lashes = []
        for part in np.unique(face.surface.parts[loose]):
            members = np.flatnonzero((face.surface.parts == part) & loose)
            distances = []
            for edge in self.lid_lines:
                line = vertices[edge.vertices]
                distances.append(np.linalg.norm(vertices[members][:, None] - line[None], axis=2).min(1))
            order = np.argsort([distance.mean() for distance in distances])
            nearest, second = (distances[index] for index in order[:2])
            if nearest.min() > _LASH_ROOT or nearest.mean() > 0.75 * second.mean():
                continue
            edge = self.lid_lines[order[0]]
            across = np.argsort(vertices[edge.vertices, 0], kind="stable")
            at = np.interp(vertices[members, 0], vertices[edge.vertices[across], 0], edge.at[across])
            lashes.append((members, edge, at))
        return lashes

    def _off_the_eye(self, result: np.ndarray, centre: np.ndarray, radius: float) -> None:
        """Push skin that would sink into an eyeball back before it, as far as it was there before."""
        face = self.face
        vertices = face.surface.vertices
        near = np.flatnonzero(
            face.skin
            & (np.linalg.norm(vertices - centre, axis=1) < 1.6 * radius)
            & (vertices[:, 2] > centre[2])
            & (np.abs(result).max(1) > 1e-6)
        )
        if not len(near):
            return
        before, after = vertices[near] - centre, vertices[near] + result[near] - centre
        wanted = np.minimum(np.linalg.norm(before, axis=1), radius + _LID_CLEARANCE)
        distance = np.linalg.norm(after, axis=1)
        lack = np.maximum(wanted - distance, 0) * smooth_step(after[:, 2] / (0.3 * radius))
        result[near] += after / np.maximum(distance, 1e-9)[:, None] * lack[:, None]


def _at_places(wanted: np.ndarray, at: np.ndarray, places: np.ndarray) -> np.ndarray:
    """(Q, 3) points of a line at places along it; the line's own places need not be in order."""
    order = np.argsort(at, kind="stable")
    return np.stack([np.interp(wanted, at[order], places[order, axis]) for axis in range(3)], axis=1)


def _gaze(name: str) -> np.ndarray:
    """The turn, as XY angles in radians, of a gaze shape at weight 1."""
    left = name.endswith("Left")
    if "Up" in name or "Down" in name:
        return np.array([-EYE_PITCH if "Up" in name else EYE_PITCH, 0.0])
    to_left = ("Out" in name) == left
    return np.array([0.0, EYE_YAW if to_left else -EYE_YAW])


def _turned(points: np.ndarray, angles: np.ndarray) -> np.ndarray:
    """Points turned about x, then about y."""
    (cx, cy), (sx, sy) = np.cos(angles), np.sin(angles)
    about_x = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    return np.asarray(points @ (about_y @ about_x).T)
