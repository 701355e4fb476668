"""The square around mouth and chin that a network looks at: it goes with the head, so that only what talks moves in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ..errors import EngineError
from ..face.arrays import Flags, Floats, Indices
from ..face.curves import smooth_step
from ..face.face_picture import PICTURE, SHAPE_NAMES, FacePicture, Layer
from ..pictures.filling import Pixels, inside, pixel_centres, sample
from ..pictures.indices import INNER_LIPS, OUTER_LIPS
from ..pictures.own_shapes import relief_of
from ..pictures.raster import Mesh, rasterise_all
from ..pictures.template import POINTS
from .sampling import Sampler
from .warp import Pose

SIDE_IN_EYES = 1.3
"""Eye distances that the square is wide."""
MAPS = 4
"""What else is told of each pixel: whether it is lip, between the lips, upper teeth, lower teeth."""
CHANNELS = 3 + 3 + MAPS
"""Of the network's input: what was drawn, the picture itself, the maps."""
_BELOW_THE_MOUTH = 0.12
"""Eye distances from the middle of the mouth's corners down to that of the square."""
_HELD = np.array([33, 263, 168, 2, 61, 291, 152])
"""Mesh points that tell how the head has moved: eye corners, nose, the mouth's corners, chin."""
_MOUTH_CORNERS = slice(4, 6)
_EYES = slice(0, 2)
_TEETH = ("upper_teeth", "lower_teeth")
_SOLID = 127.5
"""Alpha from which on a texture counts as seen."""
_RIM = 0.12
"""Share of the square's side over which what the network changes fades out towards its border."""


@dataclass(frozen=True)
class Placement:
    """Where a square lies in a picture: its pixel (u, v) shows the picture's place `matrix` @ (u, v) + `origin`.

    Attributes:
        matrix: (2, 2): a turn and a size.
        origin: (2,) pixels of the picture.
    """

    matrix: Floats
    origin: Floats

    @property
    def scale(self) -> float:
        """Pixels of the picture that a pixel of the square is wide."""
        return float(np.hypot(*self.matrix[:, 0]))

    def to_picture(self, places: Floats) -> Floats:
        """(…, 2) places in the square → in the picture."""
        return np.asarray(places @ self.matrix.T + self.origin, np.float32)

    def to_square(self, places: Floats) -> Floats:
        """(…, 2) places in the picture → in the square."""
        return np.asarray((places - self.origin) @ np.linalg.inv(self.matrix).T, np.float32)


@dataclass(frozen=True)
class MouthCrop:
    """The square of one face.

    Attributes:
        face: at the size at which it is drawn.
        side: pixels of the square.
        sampler: what reads pictures.
    """

    face: FacePicture
    side: int
    sampler: Sampler

    def __post_init__(self) -> None:
        """Raise EngineError where the face has no mesh to go by (code ``bad_picture``)."""
        if len(relief_of(self.face).points) < POINTS:
            raise EngineError(
                "This face picture lacks the mesh that tells where its mouth is: make it of its picture again, or choose "
                "the renderer warp.",
                "bad_picture",
            )

    @cached_property
    def _relief(self) -> Layer:
        return relief_of(self.face)

    @cached_property
    def _held(self) -> Layer:
        return _rows(self._relief, _HELD)

    @cached_property
    def _teeth(self) -> dict[str, Layer]:
        return {layer.name: layer for layer in self.face.layers if layer.name in _TEETH}

    @cached_property
    def at_rest(self) -> Placement:
        """Where it lies while the head is held."""
        points = self._held.points[:, :2].astype(np.float64)
        eyes = points[_EYES]
        across = (eyes[1] - eyes[0]) / max(float(np.linalg.norm(eyes[1] - eyes[0])), 1e-6)
        down = np.array([-across[1], across[0]])
        scale = SIDE_IN_EYES * self.face.eye_distance / self.side
        matrix = scale * np.stack([across, down], axis=1)
        middle = points[_MOUTH_CORNERS].mean(axis=0) + _BELOW_THE_MOUTH * self.face.eye_distance * down
        return Placement(matrix, middle - matrix @ np.full(2, self.side / 2))

    def placement(self, pose: Pose) -> Placement:
        """Where it lies in a pose: turned and moved with the head, whatever lips and jaw do."""
        held = Pose(np.zeros(len(SHAPE_NAMES), np.float32), pose.rotation, pose.shift)
        start = self._held.points[:, :2].astype(np.float64)
        turn, shift = _similarity(start, held.of(self.face, self._held)[:, :2].astype(np.float64))
        rest = self.at_rest
        return Placement(turn @ rest.matrix, turn @ rest.origin + shift)

    @cached_property
    def still(self) -> Floats:
        """(side, side, 3) float32, 0 to 1: the picture itself."""
        return self.taken(self.face.textures[PICTURE][..., :3], self.at_rest)

    def taken(self, picture: Pixels, placement: Placement) -> Floats:
        """(side, side, 3) float32, 0 to 1: what a picture (H, W, 3) shows in the square, each pixel a mean."""
        fine = int(np.ceil(max(placement.scale, 1.0)))
        steps = (pixel_centres(0, 0, self.side * fine, self.side * fine) / np.float32(fine)).astype(
            np.float32
        )
        places = placement.to_picture(steps)
        colours = self.sampler.at(np.ascontiguousarray(picture), places).astype(np.float32)
        # Sums of whole numbers, which are exact in any order: numpy's mean over two axes takes ten times as long.
        parts = (colours[row::fine, column::fine] for row in range(fine) for column in range(fine))
        total = sum(parts, np.zeros((self.side, self.side, 3), np.float32))
        return np.asarray(total / np.float32(fine * fine) / np.float32(255), np.float32)

    def maps(self, pose: Pose, placement: Placement) -> Floats:
        """(side, side, `MAPS`) float32, 0 to 1, a little soft."""
        points = placement.to_square(pose.of(self.face, self._relief)[:POINTS, :2])
        result = np.zeros((self.side, self.side, MAPS), np.float32)
        lips, opening = _within(points[OUTER_LIPS], self.side), _within(points[INNER_LIPS], self.side)
        result[..., 0], result[..., 1] = lips & ~opening, opening
        if opening.any():
            for channel, seen in self._seen(pose, placement):
                result[..., channel] = seen & opening
        return _softened(result)

    def _seen(self, pose: Pose, placement: Placement) -> Iterator[tuple[int, Flags]]:
        """Of each row of teeth its channel and (side, side) where its texture is solid, whatever lies before it."""
        teeth = [
            (channel, self._teeth[name]) for channel, name in enumerate(_TEETH, 2) if name in self._teeth
        ]
        meshes = []
        for _, layer in teeth:
            points = pose.of(self.face, layer)
            flat = np.concatenate([placement.to_square(points[:, :2]), points[:, 2:]], axis=1)
            meshes.append(Mesh(flat, layer.triangles, (self.side, self.side)))
        for (channel, layer), seen in zip(teeth, rasterise_all(meshes)):
            solid = sample(self.face.textures[layer.texture][..., 3:], seen.of(layer.uv, layer.triangles))
            result = np.zeros(self.side * self.side, bool)
            result[seen.pixels] = solid[:, 0] >= _SOLID
            yield channel, result.reshape(self.side, self.side)

    def inputs(self, drawn: Pixels, pose: Pose, placement: Placement, corner: Floats) -> Floats:
        """(side, side, `CHANNELS`) float32 what the network is shown.

        Args:
            drawn: (H, W, 3) what was drawn of the picture.
            pose: the face's.
            placement: where the square lies.
            corner: (2,) the place in the picture where what was drawn begins.
        """
        taken = self.taken(drawn, Placement(placement.matrix, placement.origin - corner))
        return np.concatenate([taken, self.still, self.maps(pose, placement)], axis=-1)


def border_window(side: int) -> Floats:
    """(side, side, 1) float32, how much of what the network changes counts: 1 inside a square, smoothly 0 along its border."""
    edge = np.minimum(np.arange(side) + 0.5, side - np.arange(side) - 0.5) / (_RIM * side)
    ramp = smooth_step(edge)
    return np.asarray((ramp[:, None] * ramp[None])[..., None], np.float32)


def _rows(layer: Layer, rows: Indices) -> Layer:
    """Some points of a layer, without its triangles."""
    return replace(
        layer,
        name=f"{layer.name} held",
        points=layer.points[rows],
        uv=layer.uv[rows],
        triangles=np.zeros((0, 3), np.int32),
        shapes=layer.shapes[:, rows],
        head=layer.head[rows],
    )


def _similarity(points: Floats, others: Floats) -> tuple[Floats, Floats]:
    """The turn with a size, (2, 2), and the shift, (2,), that take points (N, 2) nearest to others."""
    middle, other_middle = points.mean(axis=0), others.mean(axis=0)
    one, other = points - middle, others - other_middle
    power = max(float((one * one).sum()), 1e-9)
    along = float((one * other).sum()) / power
    across = float((one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]).sum()) / power
    turn = np.array([[along, -across], [across, along]])
    return turn, other_middle - turn @ middle


def _within(outline: Floats, side: int) -> Flags:
    """(side, side) the pixels within an outline, looked for near it only."""
    result = np.zeros((side, side), bool)
    low = np.floor(outline.min(axis=0)).astype(int).clip(0, side)
    high = (np.ceil(outline.max(axis=0)).astype(int) + 1).clip(0, side)
    if (high > low).all():
        places = pixel_centres(int(low[0]), int(low[1]), int(high[0] - low[0]), int(high[1] - low[1]))
        result[low[1] : high[1], low[0] : high[0]] = inside(outline, places)
    return result


def _softened(maps: Floats) -> Floats:
    """(h, w, C) each pixel with the mean of its neighbours, so that edges move smoothly."""
    padded = np.pad(maps, ((1, 1), (0, 0), (0, 0)), mode="edge")
    rows = (padded[:-2] + 2 * padded[1:-1] + padded[2:]) / 4
    padded = np.pad(rows, ((0, 0), (1, 1), (0, 0)), mode="edge")
    return np.asarray((padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]) / 4, np.float32)
