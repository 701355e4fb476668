"""What a baked video of a talking picture measures: its face is sought in the decoded video, as in any film."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.capture.video import decode_pictures, inspect_video
from inference.detection.mesh_points import OUTER_CORNERS
from inference.errors import EngineError
from inference.face.animation import FaceAnimation
from inference.face.arrays import Flags, Floats
from inference.face.face_picture import PICTURE, PICTURED, SHAPE_NAMES, FacePicture
from inference.pictures.filling import pixel_centres
from inference.pictures.indices import LIP_RINGS, LOWER_INNER, UPPER_INNER
from inference.portrait.boxes import Box
from inference.portrait.film import Film, write_film
from inference.portrait.following import followed, points_in
from inference.portrait.make import PortraitSettings, make_portrait
from inference.portrait.motion import portrait_motion
from inference.portrait.renderers import Stage, renderer_called
from inference.portrait.sampling import Sampler
from inference.portrait.sized import sized
from inference.portrait.warp import Pose

from .own_mesh import led_by_mesh
from .picture_bars import unreached, wanted_gaps
from .picture_films import FilmedFace, FilmFigures, compared_pictures, lips_of, read_film

Picture = NDArray[np.uint8]

_FPS = 25.0
_MIDDLE = 5
"""Place of the lips' middle in the rows of inner lip points."""


@dataclass(frozen=True)
class PortraitFigures:
    """What a baked video measures. Gaps are shares of the distance between the outer eye corners.

    Attributes:
        frames: how many were compared: all but those in which the picture grows into the motion.
        correlation: of the lips' gap that is found again with the animation's, over time.
        error: mean distance of the two.
        shut: mean gap that is found where the animation's lips touch; nan where they never do.
        shut_largest: the largest of those.
        shut_frames: how many those are.
        flicker: mean change from frame to frame of what the head cannot reach, 0 to 255; nan where it reaches everything.
        speed: frames a second, drawn and encoded.
    """

    frames: int
    correlation: float
    error: float
    shut: float
    shut_largest: float
    shut_frames: int
    flicker: float
    speed: float


@dataclass(frozen=True)
class BakedFilmFigures:
    """What a baked video measures beside the film by whose face it was moved.

    Attributes:
        film: errors and sharpness, see `FilmFigures`.
        lips_apart: mean distance of the lips' points, found in both; share of the eye distance.
        flicker: how restless it is outside of the lips by how restless the film is, see `restlessness`.
    """

    film: FilmFigures
    lips_apart: float
    flicker: float


def measure_portrait(face: FacePicture, animation: FaceAnimation, renderer: str = "warp") -> PortraitFigures:
    """Bake a silent video of a picture that talks, in the picture's own size, and seek its lips in it.

    Raises:
        EngineError: no face is seen in some frame (code ``bad_video``); see `make_portrait`.
    """
    settings = PortraitSettings(fps=animation.fps, renderer=renderer)
    frames = len(animation)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "portrait.mp4")
        begin = time.perf_counter()
        make_portrait(face, animation, None, path, settings, frames / animation.fps, {}, lambda *_: None)
        speed = frames / (time.perf_counter() - begin)
        pictures = decoded(path)
    points = _seen(pictures)
    motion = portrait_motion(face, animation, animation.fps, frames)
    talks = motion.weights[:, SHAPE_NAMES.index(PICTURED)] == 0
    wanted, gaps = wanted_gaps(face, animation)[talks].clip(0), lip_gaps(points)[talks].clip(0)
    shut = gaps[animation.closed[talks]]
    return PortraitFigures(
        frames=len(gaps),
        correlation=float(np.corrcoef(gaps, wanted)[0, 1]),
        error=float(np.abs(gaps - wanted).mean()),
        shut=float(shut.mean()) if len(shut) else float("nan"),
        shut_largest=float(shut.max()) if len(shut) else float("nan"),
        shut_frames=len(shut),
        flicker=unreached_flicker(face, pictures),
        speed=speed,
    )


def measure_baked_film(path: Path, renderer: str = "warp", own_mesh: bool = False) -> BakedFilmFigures:
    """Bake the first picture of a film, moved by the film's own face, and compare the video with the film.

    Args:
        path: the film.
        renderer: a name or a file, see `renderers.renderer_called`.
        own_mesh: move it by the mesh that is found in the film, see `own_mesh`, not by the shapes nearest to that.

    Raises:
        EngineError: the film cannot be read, or its face is not seen all the time (code ``bad_video``).
    """
    film = read_film(path)
    return compared_films(film, baked(film.face, drawn_as_filmed(film, renderer, own_mesh)))


def drawn_as_filmed(film: FilmedFace, renderer: str = "warp", own_mesh: bool = False) -> list[Picture]:
    """(H, W, 3) each, what a video's renderer draws where a film's face is followed; see `measure_baked_film`."""
    return drawn_in_poses(film.face, renderer, poses_of(film, own_mesh))


def poses_of(film: FilmedFace, own_mesh: bool = False) -> list[Pose]:
    """How a film's face moves; see `measure_baked_film`."""
    poses = followed(film.face, film.points)
    return led_by_mesh(film.face, poses, film.points) if own_mesh else poses


def drawn_in_poses(filmed: FacePicture, renderer: str, poses: Sequence[Pose]) -> list[Picture]:
    """(H, W, 3) each, what a video's renderer draws of a face picture in each pose."""
    sampler = Sampler()
    face = sized(filmed, filmed.size, sampler)
    draws = renderer_called(renderer, Stage(face, False, Box(0, 0, *face.size), sampler))
    step = draws.at_once
    return [
        picture
        for first in range(0, len(poses), step)
        for picture in draws.draw_all(poses[first : first + step])
    ]


def baked(face: FacePicture, drawn: Sequence[Picture]) -> list[Picture]:
    """What a player shows of drawn pictures: encoded as a video and decoded again. Odd sides lose their last row."""
    height, width = (side - side % 2 for side in drawn[0].shape[:2])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "portrait.mp4")
        film = Film(_FPS, (width, height), len(drawn), None, {})
        write_film(path, film, (picture[:height, :width] for picture in drawn))
        return decoded(path)


def compared_films(film: FilmedFace, shown: Sequence[Picture]) -> BakedFilmFigures:
    """A baked video (H, W, 3) beside the film by whose face it was moved."""
    height, width = shown[0].shape[:2]
    filmed = [picture[:height, :width] for picture in film.pictures]
    points = _seen(shown)
    lips = np.unique(LIP_RINGS)
    apart = np.linalg.norm((points - film.points)[:, lips, :2], axis=2).mean() / film.face.eye_distance
    picture = np.ascontiguousarray(film.face.textures[PICTURE][:height, :width])
    frozen = replace(film.face, textures={**film.face.textures, PICTURE: picture})
    places = pixel_centres(0, 0, width, height)
    outside = [~lips_of(mesh, places, film.face.eye_distance)[0] for mesh in film.points[1:-1]]
    return BakedFilmFigures(
        compared_pictures(frozen, shown[1:], filmed[1:], film.points[1:]),
        float(apart),
        restlessness(shown, outside) / max(restlessness(filmed, outside), 1e-9),
    )


def _seen(pictures: Sequence[Picture]) -> Floats:
    points = points_in(pictures)
    if points is None:
        raise EngineError(
            "No face is seen in some frames of the video: take a picture of a larger face.", "bad_video"
        )
    return points


def decoded(path: Path) -> list[Picture]:
    """All pictures of a video, (H, W, 3)."""
    return [picture for _, picture in decode_pictures(path, inspect_video(path, _FPS))]


def lip_gaps(points: Floats) -> Floats:
    """(T,) how far the middles of the lips are apart along the face, share of the eye distance; of (T, 478, 3) points."""
    first, second = OUTER_CORNERS
    eyes = points[:, second, :2] - points[:, first, :2]
    distance = np.linalg.norm(eyes, axis=1)
    down = np.stack([-eyes[:, 1], eyes[:, 0]], axis=1) / distance[:, None]
    apart = (points[:, LOWER_INNER[_MIDDLE], :2] - points[:, UPPER_INNER[_MIDDLE], :2]) * down
    return np.asarray(apart.sum(axis=1) / distance)


def unreached_flicker(face: FacePicture, pictures: Sequence[Picture]) -> float:
    """Mean change from frame to frame of what the head cannot reach, 0 to 255; nan where it reaches everything."""
    height, width = pictures[0].shape[:2]
    still = unreached(face)[:height, :width]
    if not still.any() or len(pictures) < 2:
        return float("nan")
    changes = [
        np.abs(after[still].astype(np.int16) - before[still]).mean()
        for before, after in zip(pictures, pictures[1:])
    ]
    return float(np.mean(changes))


def restlessness(pictures: Sequence[Picture], where: Iterable[Flags]) -> float:
    """Mean distance, 0 to 255, of what is shown from the mean of the frames before and after: motion leaves little of it."""
    rows = []
    for before, now, after, mask in zip(pictures, pictures[1:], pictures[2:], where):
        middle = (before[mask].astype(np.float32) + after[mask]) / 2
        rows.append(float(np.abs(now[mask] - middle).mean()))
    return float(np.mean(rows)) if rows else float("nan")
