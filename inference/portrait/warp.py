"""Draws a face picture that moves, quickly: only what moves is drawn anew, everything else stays the picture itself.

The relief is drawn as a map that says for each pixel which place of the picture it shows (`relief_map`). Where something else
than the relief is seen, between the lips and the lids, every pixel's triangle is found exactly, as `pictures.draw` does, which is
the measure of all that is drawn here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from ..face.arrays import Flags, Floats, Indices
from ..face.face_picture import BACKGROUND, INKED, PICTURE, RELIEF, FacePicture, Layer
from ..pictures.draw import posed, rest_weights
from ..pictures.filling import Pixels, pixel_centres
from ..pictures.indices import LOWER_INNER, UPPER_INNER
from ..pictures.mouth import held_by_lips
from ..pictures.own_shapes import relief_of
from ..pictures.raster import Fragments, Mesh, rasterise_all
from ..pictures.seams import numbers_of, reach_of, sigma_of, soften
from .boxes import Box
from .relief_map import ReliefMap
from .sampling import Sampler
from .shown_picture import ShownPicture, shown_finer
from .sized import bled, with_matte

_STILL = 1 / 20
"""Pixels by which something moves that counts as still: nobody sees it."""
_SEEN = 127.5
"""Alpha from which on a layer counts as seen: a depth buffer knows no glass."""
_OF_INK = 2
"""How many times finer, each way, openings are of what is drawn in ink: its edges are steps, which would flicker in motion."""


@dataclass(frozen=True)
class Pose:
    """What a face picture does in one frame.

    Attributes:
        weights: (53,) of `SHAPE_NAMES`.
        rotation: (3,) radians, about the face picture's pivot.
        shift: (3,) pixels by which the head is moved.
        moment: seconds since the video began.
    """

    weights: Floats
    rotation: Floats
    shift: Floats
    moment: float = 0.0
    _placed: dict[str, Floats] = field(default_factory=dict, repr=False, compare=False)

    def of(self, face: FacePicture, layer: Layer) -> Floats:
        """(N, 3) where a layer's points are; of one face picture, since it is kept."""
        if layer.name not in self._placed:
            self._placed[layer.name] = posed(face, layer, self.weights, self.rotation, self.shift)
        return self._placed[layer.name]

    def with_relief(self, face: FacePicture, points: Floats) -> Pose:
        """The same, with the relief's points (N, 3) where they are known to be, whatever the weights say.

        What hangs on the lips' edges goes with them: between a lip and its inside the hollow would show, as dark dots.
        """
        relief = relief_of(face)
        added = (points - self.of(face, relief))[np.concatenate([UPPER_INNER, LOWER_INNER])]
        held = [(layer, held_by_lips(layer)) for layer in face.layers]
        along = {layer.name: self.of(face, layer) + by @ added for layer, by in held if by is not None}
        return replace(self, _placed={relief.name: points, **along})


class WarpRenderer:
    """Draws a face picture.

    Args:
        face: to draw, at the size of its video (see `sized.sized`).
        clear: draw the person alone: (H, W, 4) with transparency; else (H, W, 3).
        view: what of the picture is drawn; None for all of it.
        sampler: what reads textures; its numpy is used throughout where there is no OpenCV.
    """

    def __init__(
        self, face: FacePicture, clear: bool = False, view: Box | None = None, sampler: Sampler | None = None
    ) -> None:
        self._sampler = sampler or Sampler()
        self._behind = _behind(face, self._sampler)
        if (face.textures[PICTURE][..., 3] == 0).any():
            face = replace(face, textures={**face.textures, PICTURE: bled(face.textures[PICTURE])})
        face = _with_whole_shapes(with_matte(face, self._sampler) if clear else face)
        self._clear = clear
        width, height = face.size
        self._view = (view or Box(0, 0, width, height)).within(Box(0, 0, width, height))
        self._face = face
        self._relief = relief_of(face)
        place = [layer.name for layer in face.layers].index(RELIEF)
        self._inside = [layer for layer in face.layers[:place] if layer.name != BACKGROUND]
        self._before = list(face.layers[place + 1 :])
        picture = face.textures[PICTURE]
        self._has_alpha = clear or bool((picture[..., 3] < 255).any())
        self._picture = np.ascontiguousarray(picture if self._has_alpha else picture[..., :3])
        self._textures = {name: np.ascontiguousarray(texture) for name, texture in face.textures.items()}
        self._rest = posed(face, self._relief, rest_weights(), np.zeros(3))
        self._rims = rims(self._relief, self._rest, face.size)
        self._map = ReliefMap(self._relief.triangles, self._relief.uv, self._sampler)
        self._columns = np.ascontiguousarray(self._relief.triangles.T)
        self._near = self._vertices_near_openings()
        # Without OpenCV all that moves is drawn in this way, which would take four times as long.
        self._fine = _OF_INK if face.source.get(INKED) and self._sampler.cv is not None else 1
        self._sigma = sigma_of(face, self._fine)
        self._at_rest = self._finished(self._picture[self._view.slices])

    @cached_property
    def _shown(self) -> ShownPicture:
        """What moving parts are read from; made when the first of them moves."""
        finer = None if self._has_alpha or self._sampler.cv is None else shown_finer(self._face)
        return finer or ShownPicture(self._picture, np.zeros(2, np.float32))

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of what is drawn."""
        return self._view.size

    @property
    def at_rest(self) -> Pixels:
        """(H, W, 3) or (H, W, 4): the picture itself, as it is drawn where nothing moves."""
        return self._at_rest

    @property
    def at_once(self) -> int:
        """See `renderers.Renderer`: a frame is drawn as quickly alone."""
        return 1

    @property
    def told(self) -> tuple[str, ...]:
        """See `renderers.Renderer`: nothing."""
        return ()

    def draw_all(self, poses: Sequence[Pose]) -> list[Pixels]:
        """See `renderers.Renderer`."""
        return [self.draw(pose) for pose in poses]

    def draw(self, pose: Pose) -> Pixels:
        """(H, W, 3) RGB, or (H, W, 4) with straight alpha."""
        points = pose.of(self._face, self._relief)
        away = np.abs(points - self._rest)
        moved = (away[:, 0] > _STILL) | (away[:, 1] > _STILL)
        frame = self._at_rest.copy()
        if not moved.any() and np.array_equal(pose.weights, rest_weights()):
            return frame
        alive = moved | self._near
        drawn = np.logical_or.reduce([alive[column] for column in self._columns])
        corners = np.zeros(len(points), bool)
        corners[self._relief.triangles[drawn]] = True
        box = Box.around(np.concatenate([points[corners], self._rest[corners]]))
        box = box.within(self._view)
        if box.is_empty:
            return frame
        shown = self._shown_in(box)
        colours = self._relief_colours(shown, points, np.flatnonzero(drawn), box)
        for window, seen in self._exact(shown, points, pose, box):
            place = Box(
                window.left - box.left,
                window.top - box.top,
                window.right - box.left,
                window.bottom - box.top,
            )
            colours[place.slices] = seen
        inner = (
            slice(box.top - self._view.top, box.bottom - self._view.top),
            slice(box.left - self._view.left, box.right - self._view.left),
        )
        frame[inner] = self._finished(colours, box)
        return frame

    # -- the relief, quickly ------------------------------------------------------------------------------

    def _shown_in(self, box: Box) -> ShownPicture:
        """What of the picture is read in a box: the finer texture where it reaches far enough."""
        reaches = box.within(self._shown.box) == box
        return self._shown if reaches else ShownPicture(self._picture, np.zeros(2, np.float32))

    def _relief_colours(self, shown: ShownPicture, points: Floats, drawn: Indices, box: Box) -> Pixels:
        """What the relief shows in a box; what is not drawn is the picture itself."""
        if self._sampler.cv is None:
            return self._picture[box.slices].copy()
        return self._map.colours(shown, points, drawn, box)

    # -- openings, exactly --------------------------------------------------------------------------------

    def _exact(
        self, shown: ShownPicture, points: Floats, pose: Pose, box: Box
    ) -> Iterator[tuple[Box, Pixels]]:
        """The windows in a box in which more than the relief is seen, and what is seen there, pixel by pixel."""
        boxes = {
            layer.name: Box.around(pose.of(self._face, layer)) for layer in (*self._inside, *self._before)
        }
        windows = self._windows(points, boxes, box)
        corners = points[:, :2].T[:, self._columns]
        low, high = corners.min(axis=1), corners.max(axis=1)
        meshes, parts = [], []
        for window in windows:
            here = (high[0] >= window.left) & (low[0] <= window.right)
            here &= (high[1] >= window.top) & (low[1] <= window.bottom)
            triangles = self._relief.triangles[here]
            layers = [
                layer
                for layer in (*self._inside, *self._before)
                if not boxes[layer.name].within(window).is_empty
            ]
            origin, times = np.array([window.left, window.top, 0], np.float32), np.float32(self._fine)
            size = (self._fine * window.size[0], self._fine * window.size[1])
            meshes.append(Mesh((points - origin) * times, triangles, size))
            meshes += [
                Mesh((pose.of(self._face, layer) - origin) * times, layer.triangles, size) for layer in layers
            ]
            parts.append((window, triangles, layers))
        fragments = iter(rasterise_all(meshes))
        numbers = numbers_of(self._face, pose.weights)
        for window, triangles, layers in parts:
            relief = next(fragments)
            yield (
                window,
                self._composed(
                    shown, window, triangles, relief, [(one, next(fragments)) for one in layers], numbers
                ),
            )

    def _windows(self, points: Floats, boxes: Mapping[str, Box], box: Box) -> list[Box]:
        """Where more than the relief is seen; all of it where there is no OpenCV.

        Args:
            points: (N, 3) the relief's.
            boxes: of the other layers.
            box: in which they lie.
        """
        if self._sampler.cv is None:
            return [box]
        boxes_seen = [Box.around(points[rim], 1 + reach_of(self._sigma)) for rim in self._rims]
        boxes_seen += [boxes[layer.name].grown(1 + reach_of(self._sigma)) for layer in self._before]
        return [box for box in (one.within(box) for one in _merged(boxes_seen)) if not box.is_empty]

    def _composed(
        self,
        shown: ShownPicture,
        window: Box,
        triangles: Indices,
        seen: Fragments,
        others: list[tuple[Layer, Fragments]],
        numbers_of_layers: Mapping[str, int],
    ) -> Pixels:
        """What is seen in a window of some of the relief's triangles and of other layers."""
        fine = self._fine
        width, height = fine * window.size[0], fine * window.size[1]
        places = pixel_centres(0, 0, width, height).reshape(-1, 2) / np.float32(fine)
        places += np.array([window.left, window.top], np.float32)
        places[seen.pixels] = seen.of(self._relief.uv, triangles)
        depth = np.full(width * height, -np.inf, np.float32)
        depth[seen.pixels] = seen.depth
        colours = shown.read(self._sampler, shown.indices(places).reshape(height, width, 2))
        result = colours.reshape(width * height, -1)
        is_open = len(seen.pixels) < width * height
        numbers = np.zeros(width * height, np.int16)
        for layer, fragments in others:
            if is_open or any(layer is one for one in self._before):
                numbers[self._lay(result, depth, layer, fragments)] = numbers_of_layers[layer.name]
        picture = result.reshape(height, width, -1)
        if numbers.any():
            soften(picture, numbers.reshape(height, width), self._sigma)
        return picture if fine == 1 else _smaller(picture, fine)

    def _lay(self, result: Pixels, depth: Floats, layer: Layer, seen: Fragments) -> Indices:
        """Lay a layer over what is there, where it is nearer; which pixels show it now."""
        nearer = seen.depth >= depth[seen.pixels]
        if not nearer.any():
            return np.zeros(0, np.intp)
        nearer_seen = Fragments(
            seen.pixels[nearer], seen.triangles[nearer], seen.weights[nearer], seen.depth[nearer]
        )
        places = nearer_seen.of(layer.uv, layer.triangles).astype(np.float32)
        # One column, cut where OpenCV would find it too long.
        texture, parts = self._textures[layer.texture], []
        for start in range(0, len(places), 16_384):
            part = places[start : start + 16_384, None]
            parts.append(self._sampler.at(texture, part).reshape(len(part), -1))
        colours = np.concatenate(parts)
        solid = colours[:, 3] >= _SEEN
        pixels = nearer_seen.pixels[solid]
        result[pixels, :3] = colours[solid, :3]
        if self._has_alpha:
            result[pixels, 3] = 255
        depth[pixels] = nearer_seen.depth[solid]
        return pixels

    def _vertices_near_openings(self) -> Flags:
        """(N,) the relief's points around its openings and around what lies before it: there all of it is drawn."""
        rim = 0.15 * self._face.eye_distance
        near = np.zeros(len(self._rest), bool)
        boxes = [Box.around(self._rest[points]) for points in self._rims]
        boxes += [Box.around(layer.at_rest) for layer in (*self._inside, *self._before)]
        for box in boxes:
            low, high = (box.left - rim, box.top - rim), (box.right + rim, box.bottom + rim)
            near |= ((self._rest[:, :2] >= low) & (self._rest[:, :2] <= high)).all(axis=1)
        return near

    # -- what is behind -----------------------------------------------------------------------------------

    def _finished(self, colours: Pixels, box: Box | None = None) -> Pixels:
        """Colours as they are asked for: with their transparency, or over what lies behind."""
        if not self._has_alpha or self._clear:
            return np.array(colours)
        share = colours[..., 3:].astype(np.float32) / 255
        behind = self._behind[(box or self._view).slices]
        mixed = colours[..., :3] * share + behind * (1 - share)
        return np.round(mixed).astype(np.uint8)


def _smaller(picture: Pixels, times: int) -> Pixels:
    """(h, w, C) a picture (times h, times w, C): each pixel the mean of those that it stands for."""
    height, width, channels = picture.shape
    parts = picture.reshape(height // times, times, width // times, times, channels)
    return np.asarray(np.round(parts.mean(axis=(1, 3), dtype=np.float32)), np.uint8)


def _with_whole_shapes(face: FacePicture) -> FacePicture:
    """The same face with shapes in single precision, which then are not converted for every frame."""
    layers = [replace(layer, shapes=layer.shapes.astype(np.float32)) for layer in face.layers]
    return replace(face, layers=layers)


def _behind(face: FacePicture, sampler: Sampler) -> Pixels:
    """(H, W, 3) what transparent parts show: the picture's own background, else white."""
    width, height = face.size
    if BACKGROUND not in face.textures:
        return np.full((height, width, 3), 255, np.uint8)
    background = sampler.resized(np.ascontiguousarray(face.textures[BACKGROUND]), (width, height))
    share = background[..., 3:].astype(np.float32) / 255
    return np.round(background[..., :3] * share + 255 * (1 - share)).astype(np.uint8)


def rims(relief: Layer, points: Floats, size: tuple[int, int]) -> list[Indices]:
    """The relief's openings: the points of each of its rims that is not the picture's border."""
    edges = np.sort(
        np.concatenate([relief.triangles[:, pair] for pair in ((0, 1), (1, 2), (2, 0))]).astype(np.int64)
    )
    unique, counts = np.unique(edges, axis=0, return_counts=True)
    rim = unique[counts == 1]
    border = (points[:, :2] <= 0.5).any(axis=1) | (points[:, :2] >= np.array(size) - 0.5).any(axis=1)
    rim = rim[~border[rim].all(axis=1)]
    groups: list[set[int]] = []
    for one, other in rim.tolist():
        touched = [group for group in groups if one in group or other in group]
        groups = [group for group in groups if group not in touched]
        groups.append({one, other}.union(*touched))
    return [np.array(sorted(group)) for group in groups]


def _merged(boxes: list[Box]) -> list[Box]:
    """Boxes that overlap become one."""
    result: list[Box] = []
    for box in boxes:
        while True:
            other = next((one for one in result if not one.within(box).is_empty), None)
            if other is None:
                break
            result.remove(other)
            box = Box(
                min(box.left, other.left),
                min(box.top, other.top),
                max(box.right, other.right),
                max(box.bottom, other.bottom),
            )
        result.append(box)
    return result
