# SPDX-License-Identifier: GPL-3.0-or-later
"""Cuts lips that are one skin: along the line between them, with inner lips and a dark mouth behind."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import Any

import bmesh
import bpy
import numpy as np

from ...errors import TalkingAnimationError
from .. import landmarks as face_landmarks
from .. import placement
from ..gathering import coordinates, leave_edit_mode, rest_coordinates, surface_of
from ..guide import nearest_places
from ..landmark_search.features import NO_SLIT
from ..landmark_search.frame import Frame, frame_of_landmarks
from ..landmark_search.points import Landmarks
from ..steps import Pause, Steps

MOUTH_MATERIAL = "Mouth"

_MIDDLES = ((61, 67), (62, 66), (63, 65))  # landmarks of the upper and the lower lip that meet
_NEAR = 0.7  # of the mouth's width: how far around its line skin is looked at
_SNAP = 0.15  # of an edge: where the line passes a vertex so closely, it goes through it
_LEAST_EDGES = 3
_LONGEST, _MOST_ROUNDS = 0.22, 3  # of the mouth's width: longer edges are divided first, so many times
_LEAST_SPAN = 0.5  # of the mouth's width that the cut must have
_CUTTING = Pause(0.6, "Cutting the lips")
_RINGS = ((0.10, 0.02, 0.97, False), (0.30, 0.12, 0.93, True), (0.80, 0.16, 0.80, True))
"""Rings of the mouth behind the lips: how deep, how far up and down, how wide (all of the mouth's width), and whether dark."""


class _Mouth:
    """The line between the lips, in face units.

    Attributes:
        width: of the mouth.
    """

    def __init__(self, points: np.ndarray, frame: Frame, place: placement.Placement, nearest: int) -> None:
        line = np.array([points[60], *[points[list(pair)].mean(0) for pair in _MIDDLES], points[64]])
        self.line = line[np.argsort(line[:, 0])]
        self.width = float(self.line[-1, 0] - self.line[0, 0])
        self._frame = frame
        one = place.linear.ndim == 2  # else the map of the skin at the mouth, which the head turns as one
        self._linear = place.linear if one else place.linear[nearest]
        self._shift = place.shift if one else place.shift[nearest]
        self._inverse = np.linalg.inv(self._linear)
        begin = frame.inside(self._shift[None])[
            0
        ]  # one linear map, since it is asked for thousands of vertices
        self._begin = begin
        self._inwards = (frame.inside(self._linear.T + self._shift) - begin).T

    def inside(self, co: Any) -> np.ndarray:
        """A place of the mesh in face units."""
        return np.asarray(self._inwards @ co + self._begin)

    def outside(self, place: np.ndarray) -> np.ndarray:
        """A place in face units in the mesh's space."""
        return np.asarray(self._inverse @ (self._frame.outside(place[None])[0] - self._shift))

    def above(self, place: np.ndarray) -> float:
        """How far a place lies above the line."""
        return float(place[1] - np.interp(place[0], self.line[:, 0], self.line[:, 1]))

    def across(self, place: np.ndarray) -> float:
        """0 at the corner on the character's right, 1 at the other."""
        return float((place[0] - self.line[0, 0]) / self.width)

    def near(self, place: np.ndarray) -> bool:
        """Whether skin there may be cut."""
        reach = _NEAR * self.width
        depth = float(np.interp(place[0], self.line[:, 0], self.line[:, 2]))
        return (
            abs(self.above(place)) < reach
            and abs(place[2] - depth) < reach
            and -_NEAR < self.across(place) < 1 + _NEAR
        )


def cutting(obj: Any) -> Steps[str]:
    """Cut the lips of a character that are one skin, step by step.

    UVs, vertex groups, shape keys and materials stay; the landmarks follow.

    Returns:
        Steps, whose result is a sentence.

    Raises:
        TalkingAnimationError: one sentence: why they cannot be cut, and what to do. Nothing was changed.
    """
    owner, landmarks = yield from face_landmarks.ensuring(obj)
    _check(owner, landmarks)
    yield _CUTTING
    mesh = bmesh.new()
    try:
        mesh.from_mesh(owner.data)
        before = _state(owner)
        place = placement.posed(owner) if landmarks.posed else placement.at_rest(owner)
        world = landmarks.of(place.outside(rest_coordinates(owner)))
        frame = frame_of_landmarks(world, face_landmarks.template()[0])
        mouth = _Mouth(frame.inside(world), frame, place, int(landmarks.nearest[66]))
        if not (np.isfinite(mouth.line).all() and mouth.width > 1e-3):
            raise TalkingAnimationError(
                f"The landmarks of the lips of '{owner.name}' lie in one place: press Edit Landmarks, move them apart, confirm, "
                "and try again."
            )
        upper, lower = yield from _cut(owner, mesh, mouth, landmarks)
        yield _CUTTING
        if owner.mode != "OBJECT" or _state(owner) != before:
            raise TalkingAnimationError(
                f"The mesh of '{owner.name}' was changed meanwhile: cut its lips again."
            )
        _build_mouth(owner, mesh, mouth, upper, lower)
        mesh.verts.index_update()
        rims = [np.array([vertex.index for vertex in rim]) for rim in (upper, lower)]
        at = [np.array([mouth.across(mouth.inside(vertex.co)) for vertex in rim]) for rim in (upper, lower)]
        mesh.to_mesh(owner.data)
    finally:
        mesh.free()
    owner.data.update()
    _lay_anew(owner, landmarks, world, rims, at)
    return f"The lips of '{owner.name}' were cut, with a mouth behind them: press Make It Talk-Ready."


def _check(owner: Any, landmarks: Landmarks) -> None:
    leave_edit_mode(owner)
    if owner.library is not None or owner.data.library is not None:
        raise TalkingAnimationError(
            f"'{owner.name}' is linked from another file: open that file, or make it local, and try again."
        )
    if owner.mode != "OBJECT":
        raise TalkingAnimationError("Switch to Object Mode first.")
    if NO_SLIT not in landmarks.notes and landmarks.source != "hand":
        raise TalkingAnimationError(f"The lips of '{owner.name}' can open already: press Make It Talk-Ready.")
    if landmarks.confidence < 0.5:
        raise TalkingAnimationError(
            f"The face of '{owner.name}' was not found surely: press Edit Landmarks, move the points of the lips to their "
            "places, confirm, and try again."
        )


def _state(owner: Any) -> tuple[bytes, tuple[str, ...], tuple[str, ...]]:
    """What the cut mesh takes the place of."""
    mesh = owner.data
    keys = mesh.shape_keys.key_blocks if mesh.shape_keys is not None else ()
    places = coordinates(mesh.vertices, len(mesh.vertices)).tobytes()
    return places, tuple(block.name for block in keys), tuple(group.name for group in owner.vertex_groups)


# -- the cut ---------------------------------------------------------------------------------------------


def _cut(owner: Any, mesh: Any, mouth: _Mouth, landmarks: Landmarks) -> Steps[tuple[list[Any], list[Any]]]:
    """Cut the mesh along the line, a little at a time.

    Returns:
        Steps, whose result are the vertices of both edges from the character's right to its left, corners in both.
    """
    mesh.verts.ensure_lookup_table()
    seeds = {int(number) for number in landmarks.vertices[60:68].reshape(-1)}
    places = [np.array(mesh.verts[number].co) for number in seeds]
    open_ends = [one for one in _near(mesh, mouth) if one.is_boundary]
    size = mouth.width * float(np.linalg.norm(mouth.outside(np.eye(3)[0]) - mouth.outside(np.zeros(3))))
    bmesh.ops.remove_doubles(mesh, verts=open_ends, dist=1e-5 * size)  # as flat shading leaves them
    yield _CUTTING
    faces = _skin_around(_nearest_vertices(mesh, places, mouth), mouth)
    for _ in range(_MOST_ROUNDS):
        yield _CUTTING
        long = _too_long(faces, mouth)
        if not long:
            break
        bmesh.ops.subdivide_edges(mesh, edges=long, cuts=1, use_grid_fill=True)
        faces = _skin_around(_nearest_vertices(mesh, places, mouth), mouth)
    yield _CUTTING
    on_line = _points_on_line(faces, mouth)
    path = _path(_connected(on_line, faces), mouth)
    yield _CUTTING
    span = mouth.across(mouth.inside(path[-1].co)) - mouth.across(mouth.inside(path[0].co)) if path else 0.0
    if len(path) <= _LEAST_EDGES or span < _LEAST_SPAN:
        raise TalkingAnimationError(
            f"The mesh of '{owner.name}' is too coarse around the mouth to be cut there: subdivide it (apply a Subdivision "
            "Surface modifier), find the landmarks anew, and try again."
        )
    return _opened(mesh, path, mouth)


def _near(mesh: Any, mouth: _Mouth) -> list[Any]:
    """The vertices around the mouth."""
    vertices = list(mesh.verts)
    places = np.array([vertex.co for vertex in vertices])
    centre = mouth.outside(mouth.line[2])
    reach = (
        1.5 * mouth.width * float(np.linalg.norm(mouth.outside(np.eye(3)[0]) - mouth.outside(np.zeros(3))))
    )
    close = np.flatnonzero(np.linalg.norm(places - centre, axis=1) < reach).tolist()
    return [vertices[index] for index in close if mouth.near(mouth.inside(vertices[index].co))]


def _nearest_vertices(mesh: Any, places: list[np.ndarray], mouth: _Mouth) -> list[Any]:
    """The vertices around the mouth that lie nearest to places of the mesh."""
    near = _near(mesh, mouth)
    if not near:
        return []
    points = np.array([vertex.co for vertex in near])
    return [near[int(np.argmin(((points - place) ** 2).sum(axis=1)))] for place in places]


def _too_long(faces: set[Any], mouth: _Mouth) -> list[Any]:
    """Edges of the faces that the line passes which are too long for a mouth to be cut through them."""
    long_edges = set()
    for face in faces:
        above = [mouth.above(mouth.inside(vertex.co)) for vertex in face.verts]
        across = [mouth.across(mouth.inside(vertex.co)) for vertex in face.verts]
        if min(above) <= 0 <= max(above) and max(across) > 0 and min(across) < 1:
            for edge in face.edges:
                one, two = (mouth.inside(vertex.co) for vertex in edge.verts)
                if np.linalg.norm(one - two) > _LONGEST * mouth.width:
                    long_edges.add(edge)
    return list(long_edges)


def _skin_around(start: list[Any], mouth: _Mouth) -> set[Any]:
    """The faces around the mouth that look forwards and hang together with where the landmarks lie."""
    skin: set[Any] = set()
    waiting = deque(face for vertex in start for face in vertex.link_faces)
    while waiting:
        face = waiting.popleft()
        if face in skin:
            continue
        places = np.array([mouth.inside(vertex.co) for vertex in face.verts])
        around = np.roll(places, -1, axis=0)
        area = float((places[:, 0] * around[:, 1] - places[:, 1] * around[:, 0]).sum())
        if area <= 0 or not mouth.near(places.mean(axis=0)):
            continue
        skin.add(face)
        waiting.extend(other for edge in face.edges for other in edge.link_faces)
    return skin


def _points_on_line(faces: set[Any], mouth: _Mouth) -> set[Any]:
    """The vertices that the cut goes through: those by which the line passes, and new ones where it crosses edges."""
    edges = {edge for face in faces for edge in face.edges}
    points: set[Any] = set()
    crossed = []
    for edge in edges:
        one, two = (mouth.inside(vertex.co) for vertex in edge.verts)
        above = mouth.above(one), mouth.above(two)
        if above[0] * above[1] > 0 or above[0] == above[1]:
            continue
        share = above[0] / (above[0] - above[1])
        if not 0 < mouth.across(one + share * (two - one)) < 1:
            continue
        if _SNAP < share < 1 - _SNAP:
            crossed.append((edge, share))
        else:
            points.add(edge.verts[0 if share <= _SNAP else 1])
    for edge, share in crossed:
        if not (edge.verts[0] in points or edge.verts[1] in points):
            points.add(bmesh.utils.edge_split(edge, edge.verts[0], share)[1])
    return points


def _connected(on_line: set[Any], faces: set[Any]) -> set[Any]:
    """Edges along the line: faces are divided where two of its vertices have none."""
    for face in list(faces):
        ends = [vertex for vertex in face.verts if vertex in on_line]
        if len(ends) == 2 and not any(edge.other_vert(ends[0]) == ends[1] for edge in ends[0].link_edges):
            made = bmesh.utils.face_split(face, ends[0], ends[1])
            faces.add(made[0])
    return {edge for vertex in on_line for edge in vertex.link_edges if edge.other_vert(vertex) in on_line}


def _path(edges: set[Any], mouth: _Mouth) -> list[Any]:
    """The way over some edges from the vertex most to one side to the one most to the other, of those that hang together."""
    near: dict[Any, list[Any]] = {}
    for edge in edges:
        for vertex in edge.verts:
            near.setdefault(vertex, []).append(edge.other_vert(vertex))
    best: list[Any] = []
    for start in sorted(near, key=lambda vertex: mouth.across(mouth.inside(vertex.co))):
        before: dict[Any, Any] = {start: None}
        waiting = deque([start])
        while waiting:
            vertex = waiting.popleft()
            for other in near[vertex]:
                if other not in before:
                    before[other] = vertex
                    waiting.append(other)
        end = max(before, key=lambda vertex: mouth.across(mouth.inside(vertex.co)))
        way = [end]
        while before[way[-1]] is not None:
            way.append(before[way[-1]])
        if len(way) > len(best):
            best = way[::-1]
        if len(before) > len(near) / 2:
            break
    return best


def _opened(mesh: Any, path: list[Any], mouth: _Mouth) -> tuple[list[Any], list[Any]]:
    """Part the mesh along a way over its edges."""
    seam = [
        next(edge for edge in one.link_edges if edge.other_vert(one) == other)
        for one, other in zip(path, path[1:])
    ]
    corners = path[0], path[-1]
    made = bmesh.ops.split_edges(mesh, edges=seam)["edges"]
    sides: tuple[set[Any], set[Any]] = (set(), set())
    for edge in {*made, *seam}:
        if not edge.is_valid or len(edge.link_faces) != 1:
            continue
        loop = edge.link_loops[
            0
        ]  # seen from the front, faces go around so that a lower edge leads to the viewer's right
        ahead = mouth.across(mouth.inside(loop.link_loop_next.vert.co)) > mouth.across(
            mouth.inside(loop.vert.co)
        )
        sides[0 if ahead else 1].update(edge.verts)
    rims = [
        sorted(side - set(corners), key=lambda vertex: mouth.across(mouth.inside(vertex.co)))
        for side in sides
    ]
    return [corners[0], *rims[0], corners[1]], [corners[0], *rims[1], corners[1]]


# -- what lies behind --------------------------------------------------------------------------------------


def _build_mouth(owner: Any, mesh: Any, mouth: _Mouth, upper: list[Any], lower: list[Any]) -> None:
    """Inner lips and a bag behind two edges."""
    dark = _dark_slot(owner)
    ring = [*upper, *lower[-2:0:-1]]  # once around: corners once each
    signs = [0.0, *[1.0] * (len(upper) - 2), 0.0, *[-1.0] * (len(lower) - 2)]
    rims = list(ring)
    loops = [_boundary_loop(one, other) for one, other in zip(ring, [*ring[1:], ring[0]])]
    forwards = (
        loops[0].vert == ring[0]
    )  # the lip's own face goes this way along the edge: the new ones must go the other
    for depth, height, wide, is_dark in _RINGS:
        further = [_behind(mesh, rim, mouth, sign, (depth, height, wide)) for rim, sign in zip(rims, signs)]
        for index, loop in enumerate(loops):
            following = (index + 1) % len(ring)
            corners = [ring[index], ring[following], further[following], further[index]]
            _face(mesh, corners[::-1] if forwards else corners, loop, dark if is_dark else None)
        ring = further
    for index in range(1, len(upper) - 1):  # the back of the bag, from the upper ring to the lower one
        pair = (
            ring[index],
            ring[index + 1],
            ring[_opposite(index + 1, upper, lower)],
            ring[_opposite(index, upper, lower)],
        )
        corners = list(dict.fromkeys(pair))
        _face(mesh, corners[::-1] if forwards else corners, loops[index], dark)
    corners = [ring[0], ring[1], ring[_opposite(1, upper, lower)]]
    _face(mesh, corners[::-1] if forwards else corners, loops[0], dark)
    mesh.normal_update()


def _opposite(index: int, upper: list[Any], lower: list[Any]) -> int:
    """The place in the ring of the lower lip's vertex that is as far across as one of the upper lip's."""
    if index in (0, len(upper) - 1):
        return index
    share = index / (len(upper) - 1)
    number = min(max(round(share * (len(lower) - 1)), 1), len(lower) - 2)
    return len(upper) - 1 + (len(lower) - 1 - number)


def _boundary_loop(one: Any, other: Any) -> Any:
    """The corner of the face at the edge between two vertices of a rim."""
    edge = next(edge for edge in one.link_edges if edge.other_vert(one) == other)
    return edge.link_loops[0]


def _behind(mesh: Any, rim: Any, mouth: _Mouth, sign: float, ring: tuple[float, float, float]) -> Any:
    """A vertex behind one of a lip's edge: it moves and weighs as that one does."""
    depth, height, wide = ring
    place = mouth.inside(rim.co)
    middle = (mouth.line[0, 0] + mouth.line[-1, 0]) / 2
    rounded = float(np.sqrt(np.clip(np.sin(np.pi * np.clip(mouth.across(place), 0, 1)), 0, 1)))
    moved = np.array(
        [
            middle + wide * (place[0] - middle),
            place[1] + sign * rounded * height * mouth.width,
            place[2] - depth * mouth.width,
        ]
    )
    vertex = mesh.verts.new(mouth.outside(moved), rim)
    for layer in mesh.verts.layers.shape.values():
        vertex[layer] = rim[layer] + (vertex.co - rim.co)
    return vertex


def _face(mesh: Any, corners: list[Any], rim: Any, material: int | None) -> None:
    """A face of the mouth that looks the way the skin at a lip's edge goes on; its UVs are those of that edge."""
    if len(corners) < 3:
        return
    face = mesh.faces.get(corners) or mesh.faces.new(corners, rim.face)
    for loop in face.loops:
        loop.copy_from(rim)
    if material is not None:
        face.material_index = material


def _dark_slot(owner: Any) -> int:
    """The place among the object's materials of a dark one, which is added where it is not there."""
    materials = owner.data.materials
    if not len(materials):
        materials.append(None)
    for index, material in enumerate(materials):
        if material is not None and material.name.split(".")[0] == MOUTH_MATERIAL:
            return index
    dark: Any = bpy.data.materials.new(MOUTH_MATERIAL)
    dark.diffuse_color = (0.03, 0.006, 0.006, 1.0)
    dark.roughness = 1.0
    materials.append(dark)
    return len(materials) - 1


# -- the landmarks ---------------------------------------------------------------------------------------


def _lay_anew(
    owner: Any, old: Landmarks, world: np.ndarray, rims: list[np.ndarray], at: list[np.ndarray]
) -> None:
    """Keep the landmarks where they were, and those of the inner lips on the two new edges."""
    place = placement.posed(owner) if old.posed else placement.at_rest(owner)
    vertices, weights = nearest_places(surface_of(owner, place), world)
    for side, numbers in ((0, (60, 61, 62, 63, 64)), (1, (67, 66, 65))):
        shares = np.linspace(0, 1, 5) if side == 0 else np.linspace(0, 1, 5)[1:-1]
        for number, share in zip(numbers, shares):
            inner = rims[side][1:-1] if 0 < share < 1 else rims[side]
            places = at[side][1:-1] if 0 < share < 1 else at[side]
            vertices[number] = inner[np.argmin(np.abs(places - share))]
            weights[number] = (1.0, 0.0, 0.0)
    notes = tuple(note for note in old.notes if note != NO_SLIT)
    face_landmarks.store(owner, replace(old, vertices=vertices, weights=weights, notes=notes))
