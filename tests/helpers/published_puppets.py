"""Puppet folders as MakeItTalk's authors publish them, drawn and written by code: each of the four triangulations.

    PYTHONPATH=. python tests/helpers/published_puppets.py FOLDER

writes sixteen of the drawings of `tools.found_mouths` as puppets, four of each triangulation, for that tool to find their mouths.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import picture_files
from drawn_face import INK, PAPER, SKIN, drawn_face

from inference.pictures.puppets import shut

WIDTH = 1.6
OUTER = slice(48, 60)


def landmarks_of(size: int = 480, gap: float = 0.09) -> np.ndarray:
    """(68, 2) pixels: where somebody puts the points on `artwork`."""
    jaw = [(0.5 - 0.28 * np.cos(a), 0.47 + 0.39 * np.sin(a)) for a in np.linspace(0, np.pi, 17)]
    brows = [(cx + x, 0.365 + 1.5 * x**2) for cx in (0.39, 0.61) for x in np.linspace(-0.055, 0.055, 5)]
    nose = [(0.5, y) for y in np.linspace(0.48, 0.57, 4)] + [(x, 0.59) for x in np.linspace(0.46, 0.54, 5)]
    eyes = [
        (cx + 0.06 * np.cos(a), 0.45 - 0.04 * np.sin(a))
        for cx in (0.39, 0.61)
        for a in np.radians([180, 120, 60, 0, -60, -120])
    ]

    def lips(half: float, up: float, down: float, places: int) -> list[tuple[float, float]]:
        angles = np.linspace(np.pi, 0, places)
        upper = [(0.5 + half * np.cos(a), 0.69 - up * np.sin(a)) for a in angles]
        lower = [(0.5 + half * np.cos(a), 0.69 + down * np.sin(a)) for a in angles[::-1][1:-1]]
        return upper + lower

    outer = lips(0.1, 0.02, gap + 0.02, 7)
    inner = lips(0.085, 0.002, gap, 5)
    return np.array([*jaw, *brows, *nose, *eyes, *outer, *inner]) * size


def artwork(size: int = 480, gap: float = 0.09, clear: bool = True) -> np.ndarray:
    """(size, size, 4) uint8: the drawn face with its mouth open so far; nothing around it where clear."""
    picture, _ = drawn_face(size)
    y, x = (np.mgrid[0:size, 0:size] + 0.5) / size
    if gap:
        picture[(np.abs(y - 0.69) < 0.02) & (np.abs(x - 0.5) < 0.11), :3] = SKIN
        below, above = (y - 0.69) / np.where(y > 0.69, gap, 0.004), (x - 0.5) / 0.09
        radius = np.hypot(below, above)
        picture[radius < 1.14, :3] = INK
        picture[radius < 1, :3] = (120, 30, 40)
    if clear:
        picture[(picture[..., :3] == PAPER).all(-1)] = 0
    return picture


def border(width: int, height: int, count: int) -> list[tuple[int, int]]:
    """The 12 or 8 points around a picture, in the published order."""
    h, w = height - 1, width - 1
    if count == 8:
        return [
            (0, 0), (0, h // 2), (0, h), (w // 2, h), (w, h), (w, h // 2), (w, 0), (w // 2, 0),
        ]  # fmt: skip
    return [
        (0, 0), (0, h // 4), (0, h // 2), (0, 3 * h // 4), (0, h), (w // 2, h), (w, h), (w, h // 2), (w, 0),
        (w // 4, 0), (w // 2, 0), (3 * w // 4, 0),
    ]  # fmt: skip


def delaunay(points: np.ndarray) -> list[tuple[int, int, int]]:
    """Triples of the rows of (N, 2) points, by Bowyer and Watson; of points in one place the last row is named."""
    index = {(x, y): row for row, (x, y) in enumerate(points.astype(int).tolist())}
    places = np.array(list(index), float)
    # A hair off the grid, so that no four points lie on one circle; those of the border stay on a curve that bulges.
    middle, reach = places.mean(0), np.ptp(places, axis=0).max()
    random = np.random.RandomState(1).uniform(-1e-3, 1e-3, places.shape)
    away = (places - middle) / reach
    places = places + random + (places - middle) * -1e-4 * (np.abs(away) ** 2).sum(1, keepdims=True)
    far = middle + 1000 * reach * np.array([(-1, -0.7), (1, -0.7), (0.05, 1)])
    every = np.concatenate([places, far])
    count = len(places)
    triangles = [(count, count + 1, count + 2)]
    for row in range(count):
        bad = [triangle for triangle in triangles if _around(every[list(triangle)], every[row])]
        edges: dict[tuple[int, int], int] = {}
        for a, b, c in bad:
            for edge in ((a, b), (b, c), (c, a)):
                key = (min(edge), max(edge))
                edges[key] = edges.get(key, 0) + 1
        triangles = [triangle for triangle in triangles if triangle not in bad]
        triangles += [(*edge, row) for edge, times in edges.items() if times == 1]
    rows = list(index.values())
    return [(rows[a], rows[b], rows[c]) for a, b, c in triangles if max(a, b, c) < count]


def _around(corners: np.ndarray, point: np.ndarray) -> bool:
    """Whether a point lies in the circle through three others."""
    off = corners - point
    (a, b), (c, d) = corners[1] - corners[0], corners[2] - corners[0]
    inside = np.linalg.det(np.column_stack([off, (off**2).sum(1)]))
    return bool(inside * (a * d - b * c) > 0)


def norm_of(landmarks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(68, 2) normalised points, and scale and shift (3,)."""
    scale = WIDTH / (landmarks[0, 0] - landmarks[16, 0])
    shift = -(landmarks[0] + landmarks[16]) / 2
    return -(landmarks + shift) * scale, np.array([scale, *shift])


def rows_of(points: np.ndarray, last: str = "0.0") -> str:
    return "".join(f"{x:.6f} {y:.6f} {last}\n" for x, y in points)


def write(
    folder: Path,
    name: str = "wilk",
    outer_lips: bool = True,
    border_points: int = 12,
    size: int = 480,
    gap: float = 0.09,
) -> Path:
    """A whole puppet in a folder; returns the folder.

    Args:
        folder: made where it is missing.
        name: of the puppet.
        outer_lips: triangulated with all 68 points, else without those of the outer lips.
        border_points: 12, or 8 as the older ones.
        size: pixels of the picture.
        gap: how far its mouth is open, a share of the picture.
    """
    write_of(folder, name, artwork(size, gap), landmarks_of(size, gap), outer_lips, border_points)
    y, x = np.mgrid[0:size, 0:size]
    ground = np.stack([x % 200 + 20, y % 200 + 30, (x // 32 + y // 32) % 2 * 120 + 60], -1).astype(np.uint8)
    picture_files.write(folder / f"{name}_bg.png", picture_files.png(ground))
    return folder


def write_of(
    folder: Path, name: str, picture: np.ndarray, landmarks: np.ndarray, outer_lips: bool, border_points: int
) -> None:
    """As `write`, of any picture (H, W, 4) with its (68, 2) points, without a background."""
    folder.mkdir(parents=True, exist_ok=True)
    picture_files.write(folder / f"{name}.png", picture_files.png(picture))
    norm, scale_shift = norm_of(landmarks)
    closed, _ = norm_of(shut(landmarks))
    (folder / f"{name}_face_open_mouth.txt").write_text(rows_of(landmarks, "1.0"))
    (folder / f"{name}_face_open_mouth_norm.txt").write_text(rows_of(norm))
    (folder / f"{name}_face_close_mouth.txt").write_text(rows_of(closed))
    (folder / f"{name}_scale_shift.txt").write_text("".join(f"{value:.8f}\n" for value in scale_shift))
    used = landmarks if outer_lips else np.delete(landmarks, OUTER, axis=0)
    around = border(picture.shape[1], picture.shape[0], border_points)
    triangles = delaunay(np.concatenate([used, around]))
    (folder / f"{name}_delauney_tri.txt").write_text("".join(f"{a} {b} {c}\n" for a, b, c in triangles))


def landmarks_at(points: np.ndarray, size: int) -> np.ndarray:
    """(68, 2) pixels of a face whose eyes' middles and corners of a shut mouth lie at (4, 2) points."""
    usual = landmarks_of(size, 0.02)
    eyes = np.array([usual[36:42].mean(axis=0), usual[42:48].mean(axis=0)])
    corners = usual[[60, 64]]
    middle, own = (eyes.mean(axis=0) + corners.mean(axis=0)) / 2, points.mean(axis=0)
    scale = [
        (points[1] - points[0])[0] / (eyes[1] - eyes[0])[0],
        (points[2:] - points[:2])[:, 1].mean() / (corners - eyes)[:, 1].mean(),
    ]
    face = (usual - middle) * scale + own
    wide = (points[3] - points[2])[0] / (corners[1] - corners[0])[0]
    face[48:] = (usual[48:] - corners.mean(axis=0)) * wide + points[2:].mean(axis=0)
    return face


def write_sixteen(folder: Path) -> None:
    """Four drawings that ship and twelve of `tools.found_mouths`, each triangulation four times."""
    from tools.found_mouths import drawings

    every = list(drawings())
    chosen = [every[number] for number in (0, 1, 2, 3, 6, 8, 10, 11, 13, 14, 15, 17, 18, 19, 21, 22)]
    kinds = [(True, 12), (True, 8), (False, 12), (False, 8)]
    for number, (name, picture, points) in enumerate(chosen):
        name = name.replace(" ", "_")
        face = landmarks_at(points, picture.shape[1])
        write_of(folder / name, name, picture, face, *kinds[number % 4])


if __name__ == "__main__":
    write_sixteen(Path(sys.argv[1]))
