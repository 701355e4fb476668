"""MakeItTalk's photo renderer as one that draws portraits: a square around the head, laid back into the picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..detection.mesh_points import MESH_TO_IBUG
from ..errors import EngineError
from ..face.arrays import Floats
from ..pictures.filling import Pixels
from ..pictures.own_shapes import relief_of
from ..published.files import check_photo_renderer, published_folder
from ..published.licence import MAKEITTALKS
from ..published.state import check_engine
from .boxes import Box
from .warp import Pose, WarpRenderer

if TYPE_CHECKING:
    from .renderers import Stage

RATE = 62.5
"""Frames a second of the published system."""
_REACH = 1.9
"""Eye distances from the middle of the face to the sides of the square."""
_SOFT = 0.06
"""Share of the square over which it fades into the picture."""
_AT_ONCE = 8


class PublishedPicture:
    """A renderer, see `renderers.Renderer`.

    Args:
        stage: what is drawn.

    Raises:
        EngineError: the picture is a drawing, or it is to be transparent (code ``bad_request``); see
            `check_published_picture` and `translator.PhotoRenderer`.
    """

    at_once = _AT_ONCE
    told: tuple[str, ...] = (
        f"Drawn by MakeItTalk's published network, which is licensed {MAKEITTALKS.licence}: use the video for non-commercial "
        "purposes only, and credit its authors.",
    )

    def __init__(self, stage: Stage) -> None:
        check_published_picture()
        folder = published_folder()
        if len(relief_of(stage.face).points) <= MESH_TO_IBUG.max():
            raise EngineError(
                "MakeItTalk's network draws photos alone: choose the renderer warp for a drawing.",
                "bad_request",
            )
        if stage.clear:
            raise EngineError(
                "MakeItTalk's network knows no transparency: end the output in .mp4, or choose the renderer warp.",
                "bad_request",
            )
        from ..published.translator import SIDE, PhotoRenderer

        self._face, self._view, self._side = stage.face, stage.view, SIDE
        still = WarpRenderer(stage.face, False, None, stage.sampler)
        self._still = still.at_rest
        self._sampler = stage.sampler
        self._square = square_around(stage.face.landmarks, stage.face.eye_distance, stage.face.size)
        photo = stage.sampler.resized(np.ascontiguousarray(self._still[self._square.slices]), (SIDE, SIDE))
        self._renderer = PhotoRenderer(folder, photo, stage.device)
        self._share = _soft_share(self._square, stage.face.size)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of what is drawn."""
        return self._view.size

    def draw_all(self, poses: Sequence[Pose]) -> list[Pixels]:
        """See `renderers.Renderer`."""
        relief = relief_of(self._face)
        scale = self._side / self._square.size[0]
        corner = np.array([self._square.left, self._square.top], np.float32)
        faces = [(pose.of(self._face, relief)[MESH_TO_IBUG, :2] - corner) * scale for pose in poses]
        return [self._laid(picture) for picture in self._renderer.draw(faces)]

    def _laid(self, drawn: Pixels) -> Pixels:
        frame = self._still.copy()
        enlarged = self._sampler.resized(np.ascontiguousarray(drawn), self._square.size)
        before = frame[self._square.slices]
        mixed = before + self._share * (enlarged.astype(np.float32) - before)
        frame[self._square.slices] = np.round(mixed).astype(np.uint8)
        return np.ascontiguousarray(frame[self._view.slices])


def check_published_picture() -> None:
    """What can be told before any picture is looked at.

    Raises:
        EngineError: the full engine or the file is missing (codes ``backend_unavailable``, ``published_missing``), or the licence
            is not accepted (``licence``).
    """
    check_engine()
    check_photo_renderer(published_folder())
    MAKEITTALKS.require(published_folder(), accepting=False)


def square_around(landmarks: Floats, eye_distance: float, size: tuple[int, int]) -> Box:
    """The square around a head that lies within a picture of that width and height."""
    middle = landmarks[[36, 45, 8], :2].mean(axis=0)
    side = max(2, min(round(2 * _REACH * eye_distance), *size))
    left, top = (
        int(np.clip(round(float(place) - side / 2), 0, whole - side)) for place, whole in zip(middle, size)
    )
    return Box(left, top, left + side, top + side)


def _soft_share(square: Box, size: tuple[int, int]) -> Floats:
    """(side, side, 1) how much of the square is seen: all of it but near its edges, where those are not the picture's."""
    side = square.size[0]
    width = max(1.0, _SOFT * side)
    place = np.arange(side, dtype=np.float32) + 0.5

    def ramp(starts: bool, ends: bool) -> Floats:
        share = np.ones(side, np.float32)
        if starts:
            share = np.minimum(share, place / width)
        if ends:
            share = np.minimum(share, (side - place) / width)
        return share

    across = ramp(square.left > 0, square.right < size[0])
    down = ramp(square.top > 0, square.bottom < size[1])
    return np.asarray((down[:, None] * across)[..., None].astype(np.float32))
