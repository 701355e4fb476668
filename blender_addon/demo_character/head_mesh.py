# SPDX-License-Identifier: GPL-3.0-or-later
"""The head's cage: a grid around the head with concentric loops around the mouth and each eye.

The grid has a hole of whole cells for the mouth and for each eye; loops of the same vertex count lead from the hole's border
to the lips and lids, so that every edge follows the muscles that move it. One half is built and mirrored: the mesh is exactly
symmetric.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import sdf
from .proportions import (
    EYE_CENTRE,
    EYE_RADIUS,
    EYE_X,
    LID_RADIUS,
    LOWER_LIP_HEIGHT,
    MOUTH_HALF_WIDTH,
    MOUTH_Z,
    NECK_SKIN_BOTTOM,
    UPPER_LIP_HEIGHT,
    smoothstep,
)

COLUMNS = 22
ROWS = 44
MOUTH_ROWS = (11, 19)
MOUTH_COLUMNS = 7
EYE_ROWS = (24, 30)
EYE_COLUMNS = (2, 9)

MOUTH_STEPS = 2 * MOUTH_COLUMNS + MOUTH_ROWS[1] - MOUTH_ROWS[0]
"""Edges of half a mouth loop, top middle to bottom middle."""
MOUTH_CORNER = MOUTH_STEPS // 2
EYE_STEPS = 2 * (EYE_COLUMNS[1] - EYE_COLUMNS[0] + EYE_ROWS[1] - EYE_ROWS[0])
"""Edges of an eye loop, from the inner corner over the upper lid, the outer corner, and back along the lower lid."""
EYE_OUTER_CORNER = EYE_STEPS // 2

# Numbers of the mouth's loops, outside to inside.
LIP_BORDER, LIP_MIDDLE, LIP_FRONT, LIP_SEAM, LIP_INSIDE = 3, 4, 5, 6, 7
MOUTH_LOOPS = 12
# Numbers of the eyes' loops, outside to inside; the two after the margin turn inward to behind the eyeball's surface.
LID_CREASE, LID_MIDDLE, LID_MARGIN = 2, 3, 4
EYE_LOOPS = 7

NO_LOOP = -1

Cell = tuple[int, int]
"""Row and column in the grid."""


@dataclass
class Cage:
    """The coarse head: geometry and, per vertex, where it lies in the loops of mouth and eyes."""

    vertices: np.ndarray
    faces: list[tuple[int, ...]]
    mirror: np.ndarray
    face_mirror: np.ndarray
    mouth_loop: np.ndarray
    """Number of the mouth loop, NO_LOOP elsewhere."""
    mouth_angle: np.ndarray
    """0 at the upper lip's middle, pi/2 at a corner, pi at the lower lip's middle."""
    eye_loop: np.ndarray
    eye_position: np.ndarray
    """0 inner corner to 1 outer corner."""
    eye_lid: np.ndarray
    """+1 upper lid, -1 lower lid, 0 corners and elsewhere."""
    mouth_index: np.ndarray
    """[side][loop][step] -> vertex; side 0 is the character's left (x > 0)."""
    eye_index: np.ndarray
    """[side][loop][step] -> vertex."""


def lip_heights(u: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Visible height (cm) of the upper and lower lip at u = 0 (middle) ... 1 (corner)."""
    u = np.abs(u)
    taper = np.clip(1.0 - u * u, 0.0, 1.0)
    bow = -0.13 * np.exp(-((u / 0.13) ** 2)) + 0.07 * np.exp(-(((u - 0.27) / 0.16) ** 2))
    return UPPER_LIP_HEIGHT * taper**0.72 + bow * taper, LOWER_LIP_HEIGHT * taper**0.62


def seam_height(u: np.ndarray) -> np.ndarray:
    """Height (cm, head space) of the line where the lips meet; the corners turn up a little: a friendly rest."""
    u = np.abs(u)
    return (
        MOUTH_Z
        - 0.08
        + 0.52 * u**2.0
        - 0.05 * np.exp(-((u / 0.22) ** 2))
        + 0.04 * np.exp(-(((u - 0.42) / 0.2) ** 2))
    )


def _mouth_loops(angle: np.ndarray) -> list[np.ndarray]:
    """Points (steps + 1, 3) of each mouth loop on the character's left half."""
    u, c = np.sin(angle), np.cos(angle)
    upper = c > 1e-9
    taper = np.clip(1.0 - u * u, 0.0, 1.0)
    height_up, height_low = lip_heights(u)
    height = np.where(upper, height_up, -height_low)
    seam_z = seam_height(u)

    def skin(x: np.ndarray, z: np.ndarray) -> np.ndarray:
        return np.stack([x, sdf.front_depth(sdf.head, x, z), z], axis=1)

    def lip(share: float, out: float, widen: float) -> np.ndarray:
        """A loop at a share of the lip's height, raised over the mound by `out` cm, wider at the corner by `widen`."""
        x = (MOUTH_HALF_WIDTH + widen) * u
        z = seam_z + share * height
        base = sdf.front_depth(sdf.head, x, MOUTH_Z + 0.5 * (z - MOUTH_Z))
        fullness = np.where(upper, 1.0, 0.94) * taper**0.5
        return np.stack([x, base - out * fullness - 0.03, z], axis=1)

    def cavity(depth: float, width: float, up: float, down: float, flat: float) -> np.ndarray:
        """A loop of the bag behind the lips; `flat` 1 puts it at one depth, 0 lets it follow the face's curve."""
        x = width * u
        z = MOUTH_Z + np.where(upper, up, down) * c
        base = sdf.front_depth(sdf.head, x, np.full_like(x, MOUTH_Z))
        return np.stack([x, (1.0 - flat) * base + flat * base[0] + depth, z], axis=1)

    ring0_x, ring0_z = 3.9 * u, MOUTH_Z - 0.1 + np.where(upper, 1.9, 2.3) * c
    near_x = (MOUTH_HALF_WIDTH + 0.34) * u
    near_z = seam_z + height * 1.08 + np.where(upper, 0.22, -0.24) * np.abs(c) ** 0.7
    loops = [
        skin(ring0_x, ring0_z),
        skin(0.5 * (ring0_x + near_x), 0.5 * (ring0_z + near_z)),
        skin(near_x, near_z),
        lip(1.0, 0.12, 0.10),
        lip(0.62, 0.4, 0.06),
        lip(0.2, 0.4, 0.03),
        lip(0.0, 0.06, 0.0),
        lip(0.32, -0.34, -0.02),
        cavity(0.62, 2.55, 0.95, 0.95, 0.0),
        cavity(1.3, 2.8, 1.7, 1.6, 0.0),
        cavity(3.6, 2.7, 1.9, 1.7, 0.7),
        cavity(6.0, 1.8, 1.2, 1.2, 1.0),
    ]
    # The seam loop's corner sits a little deeper: a soft dimple instead of a pinched end.
    loops[LIP_SEAM][MOUTH_CORNER, 1] += 0.06
    loops[LIP_INSIDE][MOUTH_CORNER, 1] += 0.25
    return loops


def eye_direction(azimuth: np.ndarray, elevation: np.ndarray) -> np.ndarray:
    """Unit vectors from the left eye's centre; azimuth grows outward, elevation upward (radians)."""
    azimuth, elevation = np.broadcast_arrays(azimuth, elevation)
    return np.stack(
        [
            np.sin(azimuth) * np.cos(elevation),
            -np.cos(azimuth) * np.cos(elevation),
            np.sin(elevation),
        ],
        axis=-1,
    )


def lid_angles(a: np.ndarray, lid: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Azimuth and elevation (radians) of the lid's margin at a = 0 inner ... 1 outer corner."""
    azimuth = np.radians(-37.0 + 89.0 * a)
    line = np.radians(-4.0 + 9.0 * a)
    up = np.radians(26.0) * np.sin(np.pi * np.clip(a, 0, 1) ** 0.92) ** 0.66
    down = np.radians(-20.5) * np.sin(np.pi * np.clip(a, 0, 1) ** 1.1) ** 0.74
    return azimuth, line + np.where(lid > 0, up, np.where(lid < 0, down, 0.0))


def _eye_loops(a: np.ndarray, lid: np.ndarray) -> list[np.ndarray]:
    """Points (steps, 3) of each loop around the left eye."""
    azimuth, elevation = lid_angles(a, lid)
    bow = np.sin(np.pi * a) ** 0.6
    spread = 2.0 * a - 1.0

    def on_ball(radius: float, rise: float, fall: float, widen: float) -> np.ndarray:
        el = elevation + np.radians(np.where(lid > 0, rise, -fall)) * bow
        az = azimuth + np.radians(widen) * spread
        return EYE_CENTRE + radius * eye_direction(az, el)

    around = np.arange(EYE_STEPS) * 2.0 * np.pi / EYE_STEPS
    ring_x = EYE_X + 0.28 - 2.72 * np.cos(around)
    ring_z = EYE_CENTRE[2] + 0.1 + np.where(np.sin(around) > 0, 2.3, 2.1) * np.sin(around)
    ring0 = np.stack([ring_x, sdf.front_depth(sdf.head, ring_x, ring_z), ring_z], axis=1)
    crease = on_ball(LID_RADIUS, 11.0, 9.0, 6.0)
    middle_x, middle_z = (0.5 * ring0 + 0.5 * crease)[:, [0, 2]].T
    ring1 = np.stack([middle_x, sdf.front_depth(sdf.head, middle_x, middle_z), middle_z], axis=1)
    crease[:, 1] = np.minimum(
        sdf.front_depth(sdf.head, crease[:, 0], crease[:, 2]) + 0.1, crease[:, 1] + 0.08
    )
    return [
        ring0,
        ring1,
        crease,
        on_ball(LID_RADIUS + 0.05, 5.0, 4.0, 2.5),
        on_ball(LID_RADIUS, 0.0, 0.0, 0.0),
        on_ball(EYE_RADIUS * 1.0, 0.0, 0.0, 0.0),
        on_ball(EYE_RADIUS * 0.84, 5.0, 5.0, 3.0),
    ]


def _row_tables() -> tuple[np.ndarray, ...]:
    """First guess of each row: height in front and at the back, y in front and at the back, half width (cm)."""
    rows = np.arange(ROWS + 1)
    z_front = np.interp(
        rows,
        [0, 4, 6, 7, 8, 9, 11, 19, 24, 30, 36, 41, 44],
        [NECK_SKIN_BOTTOM, -14.0, -12.0, -11.4, -10.8, -10.2, -9.2, -4.8, -2.6, 1.9, 6.8, 10.8, 12.1],
    )
    z_back = np.interp(
        rows,
        [0, 6, 11, 19, 24, 30, 36, 41, 44],
        [NECK_SKIN_BOTTOM, -14.0, -9.0, -3.5, -0.5, 3.5, 8.0, 11.2, 12.2],
    )
    y_front = np.interp(
        rows,
        [0, 4, 5, 6, 7, 8, 9, 24, 30, 36, 41, 44],
        [-1.6, -2.2, -3.4, -5.2, -6.8, -8.0, -8.4, -8.6, -8.6, -7.0, -3.0, 0.8],
    )
    y_back = np.interp(
        rows, [0, 6, 11, 19, 24, 30, 36, 41, 44], [7.0, 6.5, 7.0, 9.6, 10.4, 10.4, 8.6, 5.0, 2.0]
    )
    half_width = np.interp(
        rows,
        [0, 4, 6, 8, 11, 19, 24, 30, 36, 41, 44],
        [4.5, 4.5, 5.0, 5.2, 5.8, 6.8, 7.3, 7.6, 6.6, 3.6, 0.6],
    )
    return z_front, z_back, y_front, y_back, half_width


def _mouth_path() -> list[Cell]:
    """Grid vertices on the border of half the mouth's hole, in the order of a mouth loop: top middle to bottom middle."""
    bottom, top = MOUTH_ROWS
    return [
        *((top, j) for j in range(MOUTH_COLUMNS)),
        *((i, MOUTH_COLUMNS) for i in range(top, bottom, -1)),
        *((bottom, j) for j in range(MOUTH_COLUMNS, -1, -1)),
    ]


def _eye_path() -> list[Cell]:
    """Grid vertices around the eye's hole, in the order of an eye loop: it begins at the inner corner, half way up."""
    bottom, top = EYE_ROWS
    inner, outer = EYE_COLUMNS
    middle = (bottom + top) // 2
    return [
        *((i, inner) for i in range(middle, top)),
        *((top, j) for j in range(inner, outer)),
        *((i, outer) for i in range(top, bottom, -1)),
        *((bottom, j) for j in range(outer, inner, -1)),
        *((i, inner) for i in range(bottom, middle)),
    ]


def _vertex_is_in_hole(i: int, j: int) -> bool:
    """Whether the grid's vertex lies inside the hole of mouth or eye, its border not counted."""
    in_mouth = MOUTH_ROWS[0] < i < MOUTH_ROWS[1] and j < MOUTH_COLUMNS
    return in_mouth or (EYE_ROWS[0] < i < EYE_ROWS[1] and EYE_COLUMNS[0] < j < EYE_COLUMNS[1])


def _face_is_in_hole(i: int, j: int) -> bool:
    """Whether the grid's face whose lowest, first vertex is (i, j) belongs to the hole of mouth or eye."""
    in_mouth = MOUTH_ROWS[0] <= i < MOUTH_ROWS[1] and j < MOUTH_COLUMNS
    return in_mouth or (EYE_ROWS[0] <= i < EYE_ROWS[1] and EYE_COLUMNS[0] <= j < EYE_COLUMNS[1])


def _grid_points() -> np.ndarray:
    """(rows + 1, columns + 1, 3) first guess of the grid around the left half of the head, cm."""
    z_front, z_back, y_front, y_back, half_width = _row_tables()
    # Columns are denser in the face than at the back of the head.
    share = np.arange(COLUMNS + 1) / COLUMNS
    theta = np.pi * (0.72 * share + 0.28 * share**2)
    back = 0.5 - 0.5 * np.cos(theta)
    return np.stack(
        [
            half_width[:, None] * np.sin(theta),
            (1.0 - back) * y_front[:, None] + back * y_back[:, None],
            (1.0 - back) * z_front[:, None] + back * z_back[:, None],
        ],
        axis=-1,
    )


class _Half:
    """Collects the left half's vertices and faces."""

    def __init__(self) -> None:
        self.points: list[np.ndarray] = []
        self.on_axis: list[bool] = []
        self.mouth: list[tuple[int, float]] = []
        """Loop and angle of each vertex, as in `Cage`."""
        self.eye: list[tuple[int, float, float]] = []
        """Loop, position and lid of each vertex, as in `Cage`."""
        self.pinned: list[bool] = []
        """Vertices that stay where they are when the others are evened out."""
        self.faces: list[tuple[int, ...]] = []
        self.mouth_index: list[list[int]] = []
        """[loop][step] -> vertex."""
        self.eye_index: list[list[int]] = []
        """[loop][step] -> vertex."""

    def add(self, point: np.ndarray, on_axis: bool = False, pinned: bool = False) -> int:
        """Adds a vertex at (3,) cm and returns its number; `on_axis` puts it on the middle line."""
        self.points.append(np.array([0.0 if on_axis else point[0], point[1], point[2]]))
        self.on_axis.append(on_axis)
        self.pinned.append(pinned)
        self.mouth.append((NO_LOOP, 0.0))
        self.eye.append((NO_LOOP, 0.0, 0.0))
        return len(self.points) - 1

    def strip(self, outer: list[int], inner: list[int], closed: bool) -> None:
        """Quads between two loops that run clockwise as seen from outside."""
        count = len(outer)
        for step in range(count if closed else count - 1):
            after = (step + 1) % count
            self.faces.append((inner[step], inner[after], outer[after], outer[step]))

    def add_grid(self, border: dict[Cell, np.ndarray]) -> dict[Cell, int]:
        """The grid with its holes, closed at the crown.

        Args:
            border: where the vertices on the borders of the holes lie, (3,) cm each.

        Returns:
            The vertex at each place of the grid.
        """
        guess = _grid_points()
        grid: dict[Cell, int] = {}
        for i, j in np.ndindex(ROWS + 1, COLUMNS + 1):
            if not _vertex_is_in_hole(i, j):
                grid[i, j] = self.add(
                    border.get((i, j), guess[i, j]),
                    on_axis=j in (0, COLUMNS),
                    pinned=(i, j) in border or i == 0,
                )
        for i, j in np.ndindex(ROWS, COLUMNS):
            if not _face_is_in_hole(i, j):
                self.faces.append((grid[i, j], grid[i, j + 1], grid[i + 1, j + 1], grid[i + 1, j]))
        crown = self.add(np.array([0.0, 1.4, 12.3]), on_axis=True)
        for j in range(COLUMNS):
            self.faces.append((grid[ROWS, j], grid[ROWS, j + 1], crown))
        return grid

    def add_mouth(self, border: list[int], loops: list[np.ndarray], angle: np.ndarray) -> None:
        """The loops from the hole's border over the lips to the end of the bag behind them.

        Args:
            border: vertices of loop 0, which the grid has.
            loops: (steps + 1, 3) points of each loop, cm.
            angle: (steps + 1,) as `Cage.mouth_angle`.
        """
        self.mouth_index = [border]
        for points in loops[1:]:
            vertices = [self.add(point, k in (0, MOUTH_STEPS), pinned=True) for k, point in enumerate(points)]
            self.strip(self.mouth_index[-1], vertices, closed=False)
            self.mouth_index.append(vertices)
        throat = self.add(np.array([0.0, loops[-1][0, 1] + 0.5, MOUTH_Z]), on_axis=True, pinned=True)
        deepest = self.mouth_index[-1]
        for k in range(MOUTH_STEPS):
            self.faces.append((throat, deepest[k + 1], deepest[k]))
        for loop, vertices in enumerate(self.mouth_index):
            for k, vertex in enumerate(vertices):
                self.mouth[vertex] = (loop, angle[k])
        self.mouth[throat] = (MOUTH_LOOPS, 0.5 * np.pi)

    def add_eye(
        self, border: list[int], loops: list[np.ndarray], position: np.ndarray, lid: np.ndarray
    ) -> None:
        """The loops from the hole's border over the lids to behind their margin; the eyeball fills what stays open.

        Args:
            border: vertices of loop 0, which the grid has.
            loops: (steps, 3) points of each loop, cm.
            position: (steps,) as `Cage.eye_position`.
            lid: (steps,) as `Cage.eye_lid`.
        """
        self.eye_index = [border]
        for points in loops[1:]:
            vertices = [self.add(point, pinned=True) for point in points]
            self.strip(self.eye_index[-1], vertices, closed=True)
            self.eye_index.append(vertices)
        for loop, vertices in enumerate(self.eye_index):
            for k, vertex in enumerate(vertices):
                self.eye[vertex] = (loop, position[k], lid[k])


def _eye_steps() -> tuple[np.ndarray, np.ndarray]:
    """(steps,) `Cage.eye_position` and `Cage.eye_lid` of the steps of an eye loop."""
    steps = np.arange(EYE_STEPS)
    even = np.where(steps <= EYE_OUTER_CORNER, steps, EYE_STEPS - steps) / EYE_OUTER_CORNER
    # Denser towards the corners, where the lids bend most.
    position = 0.7 * even + 0.3 * (0.5 - 0.5 * np.cos(np.pi * even))
    corner = (steps == 0) | (steps == EYE_OUTER_CORNER)
    return position, np.where(corner, 0.0, np.where(steps < EYE_OUTER_CORNER, 1.0, -1.0))


def _build_half() -> _Half:
    """The left half: the grid, then the loops of the mouth, then those of the eye."""
    mouth_angle = np.pi * np.arange(MOUTH_STEPS + 1) / MOUTH_STEPS
    mouth_loops = _mouth_loops(mouth_angle)
    position, lid = _eye_steps()
    eye_loops = _eye_loops(position, lid)
    mouth_path, eye_path = _mouth_path(), _eye_path()
    half = _Half()
    grid = half.add_grid(dict(zip(mouth_path, mouth_loops[0])) | dict(zip(eye_path, eye_loops[0])))
    half.add_mouth([grid[cell] for cell in mouth_path], mouth_loops, mouth_angle)
    half.add_eye([grid[cell] for cell in eye_path], eye_loops, position, lid)
    return half


def build_cage() -> Cage:
    """The coarse head, laid onto the sculpture and relaxed."""
    half = _build_half()
    count = len(half.points)
    on_axis = np.array(half.on_axis)
    mirrored = np.where(on_axis, np.arange(count), count + np.cumsum(~on_axis) - 1)
    total = count + int(np.sum(~on_axis))
    left = np.array(half.points)
    vertices = np.concatenate([left, left[~on_axis] * (-1.0, 1.0, 1.0)])
    mirror = np.empty(total, dtype=np.int64)
    mirror[:count] = mirrored
    mirror[mirrored] = np.arange(count)

    faces = list(half.faces)
    faces += [tuple(int(mirrored[vertex]) for vertex in reversed(face)) for face in half.faces]
    face_count = len(half.faces)
    face_mirror = np.concatenate([np.arange(face_count) + face_count, np.arange(face_count)])

    def both(values: list[float]) -> np.ndarray:
        array = np.array(values)
        return np.concatenate([array, array[~on_axis]])

    cage = Cage(
        vertices=vertices,
        faces=faces,
        mirror=mirror,
        face_mirror=face_mirror,
        mouth_loop=both([loop for loop, _ in half.mouth]).astype(np.int64),
        mouth_angle=both([angle for _, angle in half.mouth]),
        eye_loop=both([loop for loop, _, _ in half.eye]).astype(np.int64),
        eye_position=both([position for _, position, _ in half.eye]),
        eye_lid=both([lid for _, _, lid in half.eye]),
        mouth_index=np.array([half.mouth_index, mirrored[np.array(half.mouth_index)]]),
        eye_index=np.array([half.eye_index, mirrored[np.array(half.eye_index)]]),
    )
    _relax(cage, both([float(pin) for pin in half.pinned]) > 0.5)
    return cage


def edges_of(faces: list[tuple[int, ...]]) -> np.ndarray:
    """Unique undirected edges (E, 2)."""
    pairs = [(face[k - 1], face[k]) for face in faces for k in range(len(face))]
    return np.unique(np.sort(np.array(pairs), axis=1), axis=0)


def _relax(cage: Cage, pinned: np.ndarray, rounds: int = 60) -> None:
    """Evens out the free vertices on the sculpture's surface (only x >= 0 is computed, then mirrored)."""
    edges = edges_of(cage.faces)
    degree = np.bincount(edges.reshape(-1), minlength=len(cage.vertices)).astype(float)
    side = np.arange(len(pinned)) <= cage.mirror
    free = np.flatnonzero(~pinned & side)
    axis = cage.mirror == np.arange(len(pinned))
    v = cage.vertices
    v[free] = sdf.project(sdf.head, v[free], 6)
    for step in range(rounds):
        mean = np.empty_like(v)
        for k in range(3):
            total = np.bincount(edges[:, 0], v[edges[:, 1], k], len(v)) + np.bincount(
                edges[:, 1], v[edges[:, 0], k], len(v)
            )
            mean[:, k] = total / degree
        v[free] += 0.6 * (mean[free] - v[free])
        if step % 4 == 3:
            v[free] = sdf.project(sdf.head, v[free], 1)
        v[axis, 0] = 0.0
        v[cage.mirror[free]] = v[free] * (-1.0, 1.0, 1.0)
        v[axis, 0] = 0.0
    v[free] = sdf.project(sdf.head, v[free], 3)
    v[axis, 0] = 0.0
    v[cage.mirror[free]] = v[free] * (-1.0, 1.0, 1.0)


def surface_share(cage: Cage) -> np.ndarray:
    """1 where the fine mesh may be drawn back onto the sculpture, 0 at lips, lids and inside the mouth."""
    share = np.ones(len(cage.vertices))
    mouth = cage.mouth_loop != NO_LOOP
    share[mouth] = 1.0 - smoothstep(0.5, 2.5, cage.mouth_loop[mouth])
    eye = cage.eye_loop != NO_LOOP
    share[eye] = 1.0 - smoothstep(0.5, 2.0, cage.eye_loop[eye])
    share[np.abs(cage.vertices[:, 2] - NECK_SKIN_BOTTOM) < 0.1] = 0.0
    return share
