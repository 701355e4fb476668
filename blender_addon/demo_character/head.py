# SPDX-License-Identifier: GPL-3.0-or-later
"""The head as a finished part: fine mesh, skin colours, weights, landmarks, shape keys."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import sdf
from .head_mesh import (
    LID_CREASE,
    LID_MARGIN,
    LIP_INSIDE,
    LIP_SEAM,
    NO_LOOP,
    Cage,
    build_cage,
    surface_share,
)
from .part import Part, mix
from .proportions import EYE_CENTRE, LID_RADIUS, MOUTH_Z, gaussian, smoothstep
from .subdivision import Subdivision

HEAD_NAME = "Tali head"
SKIN = np.array([0.955, 0.745, 0.63])
SKIN_SHADE = np.array([0.70, 0.37, 0.30])
BLUSH = np.array([0.955, 0.53, 0.47])
LIP = np.array([0.82, 0.37, 0.37])
LIP_BORDER = 2.8
"""Number of the mouth loop, between whole ones, at which skin becomes lip."""
LIP_DARK = np.array([0.48, 0.16, 0.17])
LID_LINE = np.array([0.30, 0.16, 0.14])
MOUTH_INSIDE = np.array([0.34, 0.07, 0.075])
THROAT = np.array([0.15, 0.02, 0.03])


@dataclass
class Head:
    """The part and what other modules attach to it."""

    part: Part
    cage: Cage
    subdivision: Subdivision
    mirror: np.ndarray
    seam: np.ndarray
    """(P, 2) vertices of the upper and lower lip that touch."""


def close_lip_seam(cage: Cage, subdivision: Subdivision, gap: float = 0.0) -> None:
    """Moves the seam loop so that the lips of the *fine* mesh just touch (`gap` cm apart) along their whole length."""
    seam = cage.mouth_index[:, LIP_SEAM, :].reshape(-1)
    lower = np.cos(cage.mouth_angle[seam]) < -1e-9
    upper = np.cos(cage.mouth_angle[seam]) > 1e-9
    target = cage.vertices[seam, 2].copy()
    target += np.where(upper, 0.5 * gap, np.where(lower, -0.5 * gap, 0.0))
    for _ in range(8):
        error = subdivision(cage.vertices)[seam, 2] - target
        cage.vertices[seam, 2] -= np.where(upper | lower, error, 0.0)


def seam_pairs(cage: Cage, subdivision: Subdivision) -> np.ndarray:
    """(P, 2) fine vertices of the upper and lower lip that touch at rest, also those between the cage's vertices."""
    edge_number = {(int(a), int(b)): k for k, (a, b) in enumerate(subdivision.edges)}

    def between(a: int, b: int) -> int:
        return len(cage.vertices) + edge_number[min(a, b), max(a, b)]

    pairs: set[tuple[int, int]] = set()
    for side in range(2):
        seam = [int(vertex) for vertex in cage.mouth_index[side][LIP_SEAM]]
        last = len(seam) - 1
        for k in range(last // 2):
            pairs.add((seam[k], seam[last - k]))
            pairs.add((between(seam[k], seam[k + 1]), between(seam[last - k], seam[last - k - 1])))
    return np.array(sorted(pairs))


def build_head() -> Head:
    """The head without shape keys (`shape_keys.head_shapes` makes those)."""
    cage = build_cage()
    subdivision = Subdivision(cage.faces, len(cage.vertices))
    close_lip_seam(cage, subdivision)
    mirror = subdivision.mirror(cage.mirror, cage.face_mirror)
    fine = subdivision(cage.vertices)

    share = subdivision(surface_share(cage))
    on_left_skin = (share > 0.01) & (fine[:, 0] >= -1e-9)
    on_surface = sdf.project(sdf.head, fine[on_left_skin], 2)
    fine[on_left_skin] += share[on_left_skin, None] * (on_surface - fine[on_left_skin])
    on_axis = mirror == np.arange(len(mirror))
    fine[on_axis, 0] = 0.0
    left = fine[:, 0] > 1e-9
    fine[mirror[left]] = fine[left] * (-1.0, 1.0, 1.0)

    # Exactly coincident edges leave no crack through which the teeth could shine.
    seam = seam_pairs(cage, subdivision)
    fine[seam] = fine[seam].mean(axis=1, keepdims=True)
    keep_lids_off_the_eyeball(fine, subdivision, cage)
    part = Part(HEAD_NAME, fine, subdivision.faces, skin_colours(fine, cage, subdivision), "skin")
    mouth = subdivision(mouth_loops(cage))
    part.regions = {"lip": mouth > LIP_BORDER, "mouth": mouth > LIP_SEAM + 0.5}
    part.weights = neck_weights(fine)
    part.integers["mirror"] = mirror
    return Head(part, cage, subdivision, mirror, seam)


def lid_skin(cage: Cage, subdivision: Subdivision) -> np.ndarray:
    """Share of each fine vertex that belongs to the outer skin of a lid, crease to margin."""
    on_lid = (cage.eye_loop > LID_CREASE) & (cage.eye_loop <= LID_MARGIN)
    return subdivision(on_lid.astype(float))


def keep_lids_off_the_eyeball(points: np.ndarray, subdivision: Subdivision, cage: Cage) -> None:
    """Pushes lid skin that subdivision has pulled in back to the lids' radius (in place)."""
    share = smoothstep(0.3, 0.8, lid_skin(cage, subdivision))
    for side in (1.0, -1.0):
        centre = EYE_CENTRE * (side, 1.0, 1.0)
        at_eye = (share > 0) & (points[:, 0] * side > 0)
        offset = points[at_eye] - centre
        radius = np.linalg.norm(offset, axis=1)
        lift = np.maximum(LID_RADIUS - 0.04 - radius, 0.0) * share[at_eye]
        points[at_eye] += offset / radius[:, None] * lift[:, None]


def neck_weights(points: np.ndarray) -> dict[str, np.ndarray]:
    """Head, neck and spine weights: the skull rigid, the neck turning gradually."""
    # Under the chin the border lies lower in front than at the nape.
    level = points[:, 2] + 0.22 * np.clip(points[:, 1] + 2.0, -6.0, 8.0)
    head = smoothstep(-15.0, -10.5, level)
    below = 1.0 - head
    neck = below * smoothstep(-19.5, -14.5, points[:, 2])
    return {"head": head, "neck": neck, "spine": np.maximum(1.0 - head - neck, 0.0)}


def mouth_loops(cage: Cage) -> np.ndarray:
    """(V,) number of the loop around the mouth of each cage vertex, 0 elsewhere."""
    return np.where(cage.mouth_loop == NO_LOOP, 0, cage.mouth_loop).astype(float)


def skin_colours(points: np.ndarray, cage: Cage, subdivision: Subdivision) -> np.ndarray:
    """Baked skin: blush, lips with a soft border, lid line, the dark of the mouth, ambient occlusion. (V, 3) sRGB."""
    mouth = subdivision(mouth_loops(cage))
    lower = subdivision(np.where(cage.mouth_loop == NO_LOOP, 0.0, -np.cos(cage.mouth_angle)))
    lid_loop = subdivision(np.where(cage.eye_loop == NO_LOOP, 0, cage.eye_loop).astype(float))
    lid_side = subdivision(cage.eye_lid)
    mirrored = points * (-1.0, 1.0, 1.0)

    def bump(centre: tuple[float, float, float], size: tuple[float, float, float]) -> np.ndarray:
        return np.maximum(gaussian(points, centre, size), gaussian(mirrored, centre, size))

    colour = np.tile(SKIN, (len(points), 1))
    colour = mix(colour, BLUSH, 0.62 * bump((4.5, -6.4, -3.7), (2.1, 4.0, 1.5)))
    colour = mix(colour, BLUSH, 0.3 * bump((0.0, -9.9, -3.5), (1.25, 1.6, 0.85)))
    colour = mix(colour, BLUSH, 0.18 * bump((0.0, -8.6, -10.3), (1.6, 2.0, 1.0)))
    colour = mix(colour, (0.80, 0.47, 0.42), 0.40 * bump((3.4, -8.0, 1.0), (2.4, 2.5, 0.75)))
    colour = mix(colour, (0.80, 0.50, 0.46), 0.30 * bump((3.4, -8.0, -2.7), (1.8, 2.5, 0.6)))
    colour = mix(colour, (0.97, 0.83, 0.74), 0.4 * bump((0.0, -9.5, -1.8), (0.45, 1.5, 1.6)))

    normal = sdf.normals(sdf.head, points)
    occlusion = sdf.ambient_occlusion(sdf.head, points, normal, 2.2)
    wide = sdf.ambient_occlusion(sdf.head, points, normal, 6.0)
    on_skin = 1.0 - smoothstep(2.6, 3.4, mouth)
    shade = np.clip(1.25 - 1.15 * occlusion, 0.0, 1.0) * 0.55 + np.clip(1.1 - 1.1 * wide, 0.0, 1.0) * 0.45
    colour = mix(colour, SKIN_SHADE, shade * on_skin)

    # Nostrils: paint what the mesh is too coarse to carve.
    colour = mix(colour, (0.36, 0.13, 0.11), 0.8 * bump((0.5, -8.95, -4.42), (0.34, 0.45, 0.25)))

    # Lips: the border sharpened from the loop number, darker towards the seam and on the upper lip, which faces down.
    lips = smoothstep(2.62, 3.05, mouth)
    lip_colour = mix(
        LIP, LIP_DARK, np.clip(0.22 * smoothstep(0.3, -0.3, lower) + smoothstep(5.0, 6.0, mouth), 0, 1)
    )
    lip_colour = mix(
        lip_colour, (0.90, 0.55, 0.52), 0.55 * bump((0.0, -9.6, MOUTH_Z - 0.42), (1.0, 1.0, 0.22))
    )
    colour = mix(colour, lip_colour, lips * (0.92 - 0.12 * smoothstep(3.4, 2.8, mouth)))
    colour = mix(colour, MOUTH_INSIDE, smoothstep(LIP_SEAM + 0.2, LIP_INSIDE + 0.4, mouth))
    colour = mix(colour, THROAT, smoothstep(8.0, 10.5, mouth))

    # Lids: a soft lash line on the margin, strongest above.
    line = smoothstep(LID_MARGIN - 0.75, LID_MARGIN - 0.1, lid_loop)
    colour = mix(colour, LID_LINE, line * np.where(lid_side > 0, 0.85, 0.38))
    wet = smoothstep(LID_MARGIN + 0.2, LID_MARGIN + 0.9, lid_loop)
    colour = mix(colour, (0.72, 0.40, 0.38), wet * 0.5 * (lid_side < 0))
    crease = np.exp(-(((lid_loop - LID_CREASE) / 0.42) ** 2)) * (lid_side > 0)
    return np.clip(mix(colour, SKIN_SHADE, 0.5 * crease), 0.0, 1.0)


def shade_under_hair(head: Part, hair: np.ndarray) -> None:
    """Darkens skin close below locks of hair and down in the collar (in place): shadows that cost nothing to render."""
    skin = head.vertices
    dropped = hair[::3] + (0.0, -0.1, -0.45)
    near = np.flatnonzero(
        (skin[:, 1] < 4.0) & (skin[:, 2] > -11.0) & (np.linalg.norm(skin[:, :2], axis=1) > 3.5)
    )
    distance = np.full(len(skin), np.inf)
    squared = np.sum(dropped * dropped, axis=1)
    for chunk in np.array_split(near, max(1, len(near) // 500)):
        square = np.sum(skin[chunk] ** 2, axis=1)[:, None] + squared - 2.0 * skin[chunk] @ dropped.T
        distance[chunk] = np.sqrt(np.maximum(square.min(axis=1), 0.0))
    shadow = 0.62 * smoothstep(1.7, 0.3, np.minimum(distance, 9.0))
    # The locks' vertices are sparse; smoothing over the mesh joins their dots into one soft shadow.
    quads = np.asarray(head.faces)
    a, b = quads.ravel(), np.roll(quads, 1, axis=1).ravel()
    degree = np.bincount(a, minlength=len(skin)) + np.bincount(b, minlength=len(skin))
    for _ in range(24):
        total = np.bincount(a, shadow[b], len(skin)) + np.bincount(b, shadow[a], len(skin))
        shadow = 0.4 * shadow + 0.6 * total / degree
    shadow = np.maximum(shadow, 0.75 * smoothstep(-13.0, -15.5, skin[:, 2]))
    head.colours = mix(head.colours, SKIN_SHADE * 0.92, shadow)
