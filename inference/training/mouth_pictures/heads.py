"""People whom nobody filmed: ICT FaceKit's head with a face, skin, teeth, beard, light and camera drawn by chance, talking.

Whoever learns from a few filmed people alone turns strangers' teeth to mud.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.errors import EngineError
from inference.face.array_files import Arrays, read_arrays
from inference.face.arrays import Floats, Indices
from inference.face.errors import Damaged
from inference.face.landmarks import INNER_LIP, LEFT_BROW, OUTER_LIP, RIGHT_BROW, rotation_matrix
from inference.pictures.filling import Pixels, inside
from inference.pictures.raster import rasterise
from inference.training.ict_head import head_of

_IDENTITY = 0.9
"""Standard deviations of each identity mode."""
_SIZE = (256, 288)
_FINE = 2
"""Samples of a pixel, across and down."""
_FAR = 7.0
"""Eye distances from the camera, about."""
_MOUTH = {
    "mouthFunnel": 0.5, "mouthPucker": 0.6, "mouthLowerDown": 0.7, "mouthUpperUp": 0.6, "mouthSmile": 0.6, "mouthStretch": 0.5,
    "mouthRollLower": 0.4, "mouthRollUpper": 0.3, "mouthShrugUpper": 0.4, "mouthFrown": 0.4, "mouthDimple": 0.4,
    "mouthPress": 0.3, "jawForward": 0.3,
}  # fmt: skip
"""Shapes of a talking mouth, and how far they go; sides together."""


@dataclass(frozen=True)
class HeadModel:
    """ICT's head in eye distances: x to the picture's right, y up, z to the viewer, from the middle of the outer eye corners.

    Attributes:
        points: (V, 3).
        triangles: (M, 3), without what is see-through.
        materials: (M,) name of each triangle's material.
        shapes: name → (V, 3), sides together.
        identities: (50, V, 3), standard deviations.
        landmarks: (68,) vertices.
    """

    points: Floats
    triangles: Indices
    materials: NDArray[np.str_]
    shapes: dict[str, Floats]
    identities: Floats
    landmarks: Indices


def read_model(path: Path) -> HeadModel:
    """The model's file, as `inference.training.arkit_basis` reads it.

    Raises:
        EngineError: it is missing or something else (code ``bad_heads``).
    """
    try:
        return read_arrays(path, _model_of)
    except (FileNotFoundError, Damaged) as error:
        raise EngineError(
            f"{path} is not ICT FaceKit's head: give ict_face_model.npz, or learn from filmed people alone.",
            "bad_heads",
        ) from error


def _model_of(data: Arrays) -> HeadModel:
    head = head_of(data, np.float32)
    shapes: dict[str, Floats] = {}
    for name, delta in head.expressions.items():
        plain = name.replace("_L", "").replace("_R", "")
        shapes[plain] = shapes.get(plain, np.float32(0)) + delta
    identities = data["identity_deltas"].astype(np.float32) / np.float32(head.unit)
    return HeadModel(head.points, head.triangles, head.materials, shapes, identities, head.landmarks)


class RandomHead:
    """A person made by chance.

    Args:
        model: the head.
        random: the chance.
    """

    def __init__(self, model: HeadModel, random: np.random.RandomState) -> None:
        self._model, self._random = model, random
        modes = (_IDENTITY * random.randn(len(model.identities))).astype(np.float32)
        self._points = model.points + np.tensordot(modes, model.identities, 1)
        self._light = _unit(np.array([random.uniform(-0.7, 0.7), random.uniform(0.1, 0.7), 0.8]))
        self._ambient = random.uniform(0.35, 0.75)
        self._tint = 1 + random.uniform(-0.08, 0.08, 3)
        self._bright = random.uniform(0.75, 1.15)
        self._gloss = random.uniform(0.05, 0.35)
        self._shadow = random.uniform(0.12, 0.35)
        self._darkest = random.uniform(0.25, 0.75)
        self._colours = self._coloured()
        self._scale = random.uniform(78, 98)
        self._noise = random.uniform(0.5, 3.0)
        self._behind = self._background()

    def film(self, pairs: int) -> list[Pixels]:
        """The picture that is made to talk, then so many pairs of neighbouring frames, (H, W, 3) each."""
        random = self._random
        turned = random.uniform(-0.12, 0.12, 3)
        still = self._mouth() if random.rand() < 0.25 else {"mouthSmile": random.uniform(0, 0.3)}
        frames = [self._drawn(still, turned)]
        for _ in range(pairs):
            one, other = self._mouth(), self._mouth()
            turn = turned + random.uniform(-0.05, 0.05, 3)
            near = {name: 0.85 * one.get(name, 0) + 0.15 * other.get(name, 0) for name in {**one, **other}}
            frames += [self._drawn(one, turn), self._drawn(near, turn + random.uniform(-0.004, 0.004, 3))]
        return frames

    def _mouth(self) -> dict[str, float]:
        """Weights of a mouth that talks."""
        random = self._random
        jaw = float(random.beta(1.1, 2.5)) * 0.75 if random.rand() < 0.8 else 0.0
        names = random.permutation(sorted(_MOUTH))[: random.randint(1, 5)]
        weights = {str(name): float(random.rand() ** 1.5 * _MOUTH[str(name)]) for name in names}
        return {**weights, "jawOpen": jaw, "mouthClose": jaw * float(random.rand() < 0.12) * 0.95}

    def _coloured(self) -> Floats:
        """(V, 3) 0 to 255 of what each vertex is made of."""
        model, random = self._model, self._random
        dark = random.rand()
        skin = np.array([238, 190, 165]) * (1 - dark) + np.array([88, 56, 42]) * dark
        skin = skin + random.uniform(-14, 14, 3)
        colours = np.broadcast_to(skin, model.points.shape).copy()
        blotches = _smooth_noise(model.points, random, 2.5)[:, None] * [6, 9, 8]
        pores = random.randn(len(colours), 1) * random.uniform(1, 6)
        colours += blotches + pores
        marks = model.points[model.landmarks]
        lips = skin * (0.78, 0.58, 0.6) + random.uniform(-16, 22, 3) * (1, 0.6, 0.6)
        share = _near_outline(model.points, marks[OUTER_LIP], 0.025)[:, None]
        colours = colours * (1 - share) + lips * share
        if random.rand() < 0.4:
            colours = self._bearded(colours, marks)
        hair = np.array([60, 45, 38]) * random.uniform(0.3, 2.6)
        for brow in (RIGHT_BROW, LEFT_BROW):
            near = np.exp(-((_distance_to_line(model.points, marks[brow]) / 0.035) ** 2))[:, None]
            colours = colours * (1 - 0.8 * near) + hair * 0.8 * near
        teeth = np.array([226, 216, 196]) + random.uniform(-26, 20, 3)
        gums = skin * 0.35 + np.array([150, 70, 70]) * 0.5 + random.uniform(-15, 15, 3)
        plain = {"M_BackHead": hair, "M_Teeth": teeth, "M_GumsTongue": gums}
        plain |= {name: np.array([225.0, 222, 216]) for name in ("M_ScleraLeft", "M_ScleraRight")}
        for name, colour in plain.items():
            rows = np.unique(model.triangles[model.materials == name])
            colours[rows] = colour + random.randn(len(rows), 1) * 3
        iris = np.array([70, 60, 45]) * random.uniform(0.5, 1.8)
        for name in ("M_ScleraLeft", "M_ScleraRight"):
            rows = np.unique(model.triangles[model.materials == name])
            out = model.points[rows] - model.points[rows].mean(axis=0)
            angle = np.degrees(np.arccos(out[:, 2] / np.maximum(np.linalg.norm(out, axis=1), 1e-6)))
            colours[rows[angle < 27]] = iris
            colours[rows[angle < 11]] = 14
        return np.asarray(colours.clip(0, 255), np.float32)

    def _bearded(self, colours: Floats, marks: Floats) -> Floats:
        """Colours with a beard, from a shadow to a full one."""
        points, random = self._model.points, self._random
        below = (marks[33, 1] + 0.02 - points[:, 1]).clip(0, 0.12) / 0.12 * (points[:, 2] > -1.0)
        free = 1 - _near_outline(points, marks[OUTER_LIP], 0.03)
        patches = (0.6 + 0.5 * _smooth_noise(points, random, 4)).clip(0, 1)
        share = (below * free * patches * random.uniform(0.15, 0.95))[:, None]
        share = share * (0.75 + 0.25 * random.rand(len(points), 1))
        return np.asarray(colours * (1 - share) + np.array([55, 42, 35]) * random.uniform(0.4, 1.8) * share)

    def _background(self) -> Floats:
        """(h, w, 3) something soft."""
        random = self._random
        height, width = _SIZE[1] * _FINE, _SIZE[0] * _FINE
        corners = random.uniform(20, 235, (2, 2, 3))
        y, x = np.linspace(0, 1, height)[:, None, None], np.linspace(0, 1, width)[None, :, None]
        upper = corners[0, 0] * (1 - x) + corners[0, 1] * x
        return np.asarray(upper * (1 - y) + (corners[1, 0] * (1 - x) + corners[1, 1] * x) * y, np.float32)

    def _drawn(self, weights: dict[str, float], turn: Floats) -> Pixels:
        """(H, W, 3) the head with weights of its shapes."""
        model = self._model
        points = self._points + sum(
            np.float32(value) * model.shapes[name] for name, value in weights.items() if name in model.shapes
        )
        turned = (points - [0, -0.6, -0.9]) @ rotation_matrix(np.asarray(turn, np.float64)).T + [
            0,
            -0.6,
            -0.9,
        ]
        shade = self._shaded(turned)
        rows = np.unique(model.triangles[np.isin(model.materials, ("M_Teeth", "M_GumsTongue"))])
        lips = turned[model.landmarks[INNER_LIP], 2].mean()
        deep = (lips - turned[rows, 2]).clip(0, None)
        # Filmed mouths are seldom dark inside: about as bright as the lips. Who learns from black ones paints black ones.
        shade[rows] *= np.exp(-deep / self._shadow)[:, None].clip(self._darkest, 1)
        near = _FAR / (_FAR - turned[:, 2:])
        width, height = _SIZE
        flat = np.concatenate([turned[:, :2] * near * [1, -1] * self._scale, turned[:, 2:]], axis=1)
        flat[:, :2] = (flat[:, :2] + [width / 2, height * 0.36]) * _FINE
        corners = flat[model.triangles]
        one, other = corners[:, 1, :2] - corners[:, 0, :2], corners[:, 2, :2] - corners[:, 0, :2]
        front = one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0] < 0
        triangles = model.triangles[front]
        seen = rasterise(flat.astype(np.float32), triangles, (width * _FINE, height * _FINE))
        picture = self._behind.reshape(-1, 3).copy()
        picture[seen.pixels] = seen.of(shade, triangles)
        means = picture.reshape(height, _FINE, width, _FINE, 3).mean(axis=(1, 3))
        means = means + self._random.randn(*means.shape) * self._noise
        return np.asarray(means.clip(0, 255), np.uint8)

    def _shaded(self, points: Floats) -> Floats:
        """(V, 3) colours in this light."""
        triangles = self._model.triangles
        corners = points[triangles]
        normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        smooth = np.stack(
            [
                sum(np.bincount(triangles[:, k], normals[:, axis], len(points)) for k in range(3))
                for axis in range(3)
            ],
            axis=1,
        )
        smooth /= np.maximum(np.linalg.norm(smooth, axis=1, keepdims=True), 1e-12)
        facing = (smooth @ self._light).clip(0, None)[:, None]
        halfway = _unit(self._light + [0, 0, 1])
        shine = (smooth @ halfway).clip(0, None)[:, None] ** 24 * 255 * self._gloss
        lit = self._colours * (self._ambient + (1.1 - self._ambient) * facing) + 0.4 * shine
        return np.asarray(lit * self._tint * self._bright, np.float32)


def _unit(vector: Floats) -> Floats:
    return np.asarray(vector / np.linalg.norm(vector))


def _smooth_noise(points: Floats, random: np.random.RandomState, often: float) -> Floats:
    """(V,) about -1 to 1: a few waves through space."""
    waves = random.randn(6, 3) * often * 3
    return np.asarray(np.sin(points @ waves.T + random.uniform(0, 6.3, 6)).mean(axis=1) * 1.6)


def _distance_to_line(points: Floats, line: Floats) -> Floats:
    """(V,) how far points lie from a line through a few others."""
    steps = np.linspace(0, len(line) - 1, 40)
    dense = np.stack([np.interp(steps, np.arange(len(line)), column) for column in line.T], axis=1)
    return np.asarray(np.linalg.norm(points[:, None] - dense[None], axis=-1).min(axis=1))


def _near_outline(points: Floats, outline: Floats, soft: float) -> Floats:
    """(V,) 0 to 1: how far points of the face's front lie within an outline."""
    closed = np.concatenate([outline, outline[:1]])
    off = _distance_to_line(points * [1, 1, 0], closed * [1, 1, 0])
    signed = np.where(inside(outline[:, :2], points[:, :2]), off, -off)
    return np.asarray(((signed / soft + 1) / 2).clip(0, 1) * (points[:, 2] > -0.3))
