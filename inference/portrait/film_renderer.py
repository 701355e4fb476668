"""Draws a film whose person says something else: each picture moved to the new pose, and the mouth drawn into it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..face.arrays import Floats, Indices
from ..face.face_picture import PICTURED, SHAPE_NAMES
from ..face.names import ARKIT_NAMES
from ..pictures.draw import posed, rest_weights
from ..pictures.filling import Pixels
from ..pictures.indices import OUTER_LIPS
from ..pictures.own_shapes import relief_of
from .boxes import Box
from .film_of_person import PersonFilm
from .motion import PortraitMotion
from .packages import load_package
from .relief_map import ReliefMap
from .renderers import Renderer, Stage
from .shown_picture import ShownPicture
from .warp import Pose, rims

_STILL = 1 / 20
"""Pixels by which something moves that counts as still."""
_REACH, _SOFT = 0.09, 0.04
"""Eye distances beyond the lips that are drawn anew, and over which that fades out."""
_OWN = np.array([name.startswith(("eye", "brow", "cheekSquint", "noseSneer")) for name in ARKIT_NAMES])
"""What of the face goes on as it was filmed."""


@dataclass(frozen=True)
class FilmPose(Pose):
    """A pose beside the picture of the film that it is drawn into.

    Attributes:
        row: of the film's pictures.
    """

    row: int = 0


@dataclass(frozen=True)
class FilmMotion(PortraitMotion):
    """What is drawn, T frames.

    Attributes:
        rows: (T,) the film's pictures.
    """

    rows: Indices

    def pose(self, row: int, scale: float) -> Pose:
        """See `PortraitMotion.pose`."""
        shift = self.shift[row] * np.float32(scale)
        return FilmPose(self.weights[row], self.rotation[row], shift, row=int(self.rows[row]))


def film_motion(film: PersonFilm, motion: PortraitMotion, replayed: bool) -> FilmMotion:
    """A mouth's motion in a film.

    Args:
        film: whose person talks.
        motion: what it says, of the film's face.
        replayed: the head moves as it was filmed; else as in `motion`, in the pictures that are nearest.
    """
    turns = np.stack([pose.rotation for pose in film.poses])
    shifts = np.stack([pose.shift for pose in film.poses])
    if replayed:
        rows = film.replayed(len(motion), motion.fps)
        rotation, shift = turns[rows], shifts[rows]
    else:
        rotation = np.median(turns, axis=0) + motion.rotation
        shift = np.median(shifts, axis=0) + motion.shift
        rows = film.matched(rotation, shift, motion.fps)
    filmed = np.stack([pose.weights for pose in film.poses])[rows]
    weights = motion.weights.copy()
    weights[:, : len(ARKIT_NAMES)][:, _OWN] = filmed[:, : len(ARKIT_NAMES)][:, _OWN]
    weights[:, SHAPE_NAMES.index(PICTURED)] = 0
    return FilmMotion(motion.fps, weights, rotation.astype(np.float32), shift.astype(np.float32), rows)


class FilmRenderer:
    """See `renderers.Renderer`; its poses are `FilmPose`.

    Args:
        mouths: what draws the face picture, whose mouth is taken.
        film: the film.
        stage: what is drawn, and on what.

    Raises:
        EngineError: there is no OpenCV (code ``full_engine_needed``).
    """

    def __init__(self, mouths: Renderer, film: PersonFilm, stage: Stage) -> None:
        self._cv = load_package("cv2")
        self._mouths, self._film, self._stage = mouths, film, stage
        face, relief = stage.face, relief_of(stage.face)
        scale = np.float32(face.size[0] / film.face.size[0])
        self._poses = [replace(pose, shift=pose.shift * scale, _placed={}) for pose in film.poses]
        rest = posed(face, relief, rest_weights(), np.zeros(3))
        self._relief = relief
        self._holes = [_in_order(rest, rim) for rim in rims(relief, rest, face.size)]
        first = len(rest)
        fans = [
            np.stack([rim, np.roll(rim, -1), np.full(len(rim), first + number)], axis=1)
            for number, rim in enumerate(self._holes)
        ]
        self._triangles = np.concatenate([relief.triangles, *fans])

    @property
    def size(self) -> tuple[int, int]:
        """See `renderers.Renderer`."""
        return self._mouths.size

    @property
    def at_once(self) -> int:
        """See `renderers.Renderer`."""
        return self._mouths.at_once

    @property
    def told(self) -> tuple[str, ...]:
        """See `renderers.Renderer`."""
        return (*self._mouths.told, *self._film.told)

    def draw_all(self, poses: Sequence[Pose]) -> list[Pixels]:
        """See `renderers.Renderer`."""
        drawn = self._mouths.draw_all(poses)
        return [self._joined(pose, mouth) for pose, mouth in zip(poses, drawn)]

    def _joined(self, pose: Pose, mouth: Pixels) -> Pixels:
        """The film's picture in a pose, with the mouth of what was drawn."""
        row = pose.row if isinstance(pose, FilmPose) else 0
        target = self._points(pose)
        frame = self._moved(row, target)
        view = self._stage.view
        lips = target[OUTER_LIPS, :2] - np.array([view.left, view.top], np.float32)
        reach = (_REACH + 3 * _SOFT) * self._stage.face.eye_distance
        box = Box.around(lips, round(reach)).within(Box(0, 0, *self.size))
        if box.is_empty:
            return frame
        share = self._share(lips, box)
        there, new = frame[box.slices].astype(np.float32), mouth[box.slices][..., :3].astype(np.float32)
        rim = share * (1 - share)
        # The light may have changed since the picture that talks was taken.
        new += ((there - new) * rim).sum(axis=(0, 1)) / max(float(rim.sum()), 1e-6)
        frame[box.slices] = np.round(there + share * (new - there)).clip(0, 255).astype(np.uint8)
        return frame

    def _points(self, pose: Pose) -> Floats:
        """(N, 3) the relief's points, and the middles of its holes."""
        points = pose.of(self._stage.face, self._relief)
        return np.concatenate([points, *(points[rim].mean(axis=0, keepdims=True) for rim in self._holes)])

    def _moved(self, row: int, target: Floats) -> Pixels:
        """(H, W, 3) a picture of the film, moved to where points are to be."""
        view, face = self._stage.view, self._stage.face
        picture = self._stage.sampler.resized(self._film.picture(row), face.size)
        frame = np.ascontiguousarray(picture[view.slices])
        source = self._points(self._poses[row])
        moves = (np.abs(target - source)[:, :2] > _STILL).any(axis=1)
        drawn = np.flatnonzero(moves[self._triangles].any(axis=1))
        corners = np.unique(self._triangles[drawn])
        box = Box.around(np.concatenate([target[corners], source[corners]])).within(view)
        if len(drawn) and not box.is_empty:
            corner = np.array([view.left, view.top], np.float32)
            moved = ReliefMap(self._triangles, source[:, :2], self._stage.sampler)
            shown = moved.colours(ShownPicture(frame, corner), target, drawn, box)
            frame[
                box.top - view.top : box.bottom - view.top, box.left - view.left : box.right - view.left
            ] = shown
        return frame

    def _share(self, lips: Floats, box: Box) -> Floats:
        """(h, w, 1) 0 to 1: how much of a box is mouth, softly."""
        cv, unit = self._cv, self._stage.face.eye_distance
        mask = np.zeros((box.size[1], box.size[0]), np.uint8)
        outline = np.round(lips - np.array([box.left, box.top])).astype(np.int32)
        cv.fillPoly(mask, [outline], 255)
        reach = max(1, round(_REACH * unit))
        disc = cv.getStructuringElement(cv.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
        soft = cv.GaussianBlur(cv.dilate(mask, disc), (0, 0), max(0.5, _SOFT * unit))
        return np.asarray(soft, np.float32)[..., None] / np.float32(255)


def _in_order(points: Floats, rim: Indices) -> Indices:
    """A hole's points, around its middle."""
    away = points[rim, :2] - points[rim, :2].mean(axis=0)
    return np.asarray(rim[np.argsort(np.arctan2(away[:, 1], away[:, 0]))])
