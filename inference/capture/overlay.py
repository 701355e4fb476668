"""The captured landmarks drawn over the video they came from, to see whether they sit where they should."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ..errors import EngineError
from ..face.animation import FaceAnimation
from ..face.errors import is_full
from ..face.landmarks import (
    INNER_LIP,
    JAW,
    LEFT_BROW,
    LEFT_EYE,
    NOSE,
    OUTER_LIP,
    RIGHT_BROW,
    RIGHT_EYE,
)
from ..face.result_files import beside, refuse_special, remove_left_behind, unwritable
from ..interruption import stopped_by_a_signal
from .needs import load_package
from .pose import Camera, Pose
from .video import VideoInfo, decode_pictures, inspect_video, turn_pictures

_LINES: tuple[tuple[NDArray[np.intp], bool], ...] = (
    (JAW, False), (RIGHT_BROW, False), (LEFT_BROW, False), (NOSE[:4], False), (NOSE[4:], False),
    (RIGHT_EYE, True), (LEFT_EYE, True), (OUTER_LIP, True), (INNER_LIP, True),
)  # fmt: skip
OVERLAY: Final = ".mp4"
"""What its file ends in."""
_COLOUR, _AXES = (60, 255, 120), ((255, 80, 80), (90, 220, 90), (90, 140, 255))
_SMALLEST = 480  # pixels of the shorter side; smaller videos are drawn enlarged


def projected(animation: FaceAnimation, points: NDArray[np.floating] | None = None) -> NDArray[np.float64]:
    """(T, 68, 2) pixels from the picture's middle, y up, where an animation's landmarks are in its video.

    Args:
        animation: a captured one: its ``source`` knows the camera.
        points: (T, N, 3) other head-stabilised points instead of the landmarks.

    Raises:
        EngineError: the animation was not captured from a video (code ``no_camera``).
    """
    try:
        camera = Camera.from_source(animation.source)
    except (KeyError, TypeError, ValueError) as error:
        raise EngineError(
            "This animation was not captured from a video, so there is nothing to lay it over: capture one.",
            "no_camera",
        ) from error
    pose = Pose(
        np.asarray(animation.head_rotation, np.float64),
        np.asarray(animation.head_translation, np.float64),
        camera,
        np.zeros(0),
        np.zeros(3),
    )
    return pose.project(np.asarray(animation.landmarks if points is None else points, np.float64))


@stopped_by_a_signal()
def draw_overlay(
    animation: FaceAnimation, video: Path, output: Path, image_fps: float = 25.0, stills: int = 0
) -> list[NDArray[np.uint8]]:
    """Write the video with the animation's landmarks, the head's axes and the gaze drawn into it.

    Args:
        animation: captured from that video.
        video: the same file or folder.
        output: the file to write; its ending names the format.
        image_fps: rate of an image sequence.
        stills: how many pictures to return, spread over the clip.

    Raises:
        EngineError: the file cannot be written (code ``output_unwritable``).
    """
    av: Any = load_package("av")
    load_package("PIL.Image")  # what is missing is told before anything is written
    info = inspect_video(video, image_fps)
    if animation.fps > info.fps:  # one picture a frame at most
        animation = animation.resampled(info.fps)
    wanted = set(np.linspace(0, len(animation) - 1, stills + 2).round().astype(int)[1:-1].tolist())
    kept: list[NDArray[np.uint8]] = []
    refuse_special(output)
    remove_left_behind(output)
    unfinished = beside(output)
    try:
        with av.open(str(unfinished), "w") as container:
            stream = None
            for index, drawn in _drawn(animation, video, info):
                if stream is None:
                    stream = container.add_stream(
                        "libx264", rate=Fraction(animation.fps).limit_denominator(1001)
                    )
                    stream.height, stream.width, stream.pix_fmt = *drawn.shape[:2], "yuv420p"
                if index in wanted:
                    kept.append(drawn.copy())
                container.mux(stream.encode(av.VideoFrame.from_ndarray(drawn, format="rgb24")))
            if stream is not None:
                container.mux(stream.encode(None))
        unfinished.replace(output)
    except (OSError, ValueError, av.FFmpegError) as error:
        if isinstance(error, OSError) and is_full(error):
            raise unwritable(output, error) from error
        raise EngineError(
            f"The overlay cannot be written to {output}: choose a name that ends in .mp4, in a folder you may write to.",
            "output_unwritable",
        ) from error
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink()
    return kept


def _drawn(animation: FaceAnimation, video: Path, info: VideoInfo) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    """Frame of the animation and the video's first picture of it, with what was captured drawn into it."""
    image, draw = load_package("PIL.Image"), load_package("PIL.ImageDraw")
    points = projected(animation)
    axes = projected(animation, np.repeat(_AXIS_POINTS[None], len(animation), axis=0))
    turned = int(animation.source["camera"].get("quarter_turns", 0))
    last = -1
    for when, picture in turn_pictures(decode_pictures(video, info), turned):
        index = min(round(when * animation.fps), len(animation) - 1)
        if index == last:
            continue
        last = index
        scale = max(1, -(-_SMALLEST // min(picture.shape[:2])))
        width, height = ((side * scale) // 2 * 2 for side in (picture.shape[1], picture.shape[0]))
        canvas = image.fromarray(picture).resize((width, height))
        pen = draw.Draw(canvas)
        middle, stretch = np.array([width, height]) / 2, np.array([scale, -scale])
        _draw_face(pen, points[index] * stretch + middle, scale)
        _draw_axes(pen, axes[index] * stretch + middle, scale)
        yield index, np.asarray(canvas)


_AXIS_POINTS = np.array([[0, 0, 0.3], [0.5, 0, 0.3], [0, 0.5, 0.3], [0, 0, 0.8]])


def _draw_face(pen: Any, points: NDArray[np.float64], scale: int) -> None:
    for line, closed in _LINES:
        path = [tuple(point) for point in points[line]]
        pen.line(path + path[:1] if closed else path, fill=_COLOUR, width=max(1, scale // 2))
    for x, y in points:
        pen.ellipse((x - scale, y - scale, x + scale, y + scale), fill=_COLOUR)


def _draw_axes(pen: Any, points: NDArray[np.float64], scale: int) -> None:
    for end, colour in zip(points[1:], _AXES):
        pen.line([tuple(points[0]), tuple(end)], fill=colour, width=scale)
