"""A face picture and its motion become a video: drawn on all cores, written as it is drawn."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from ..face.animation import FaceAnimation
from ..face.cores import cores
from ..face.face_picture import FacePicture
from ..face.names import PORTRAIT_SIZES
from ..pictures.filling import Pixels
from ..progress import Progress
from .boxes import Box
from .crew import Crew, processes_for
from .film import Film, kind_of, write_film
from .film_of_person import PersonFilm
from .film_renderer import FilmRenderer, film_motion
from .motion import PortraitMotion, frame_count, portrait_motion
from .renderers import DRAWN_APART, Renderer, Stage, in_its_look, renderer_called
from .sampling import Sampler
from .sized import sized
from .sound import Sound

_PREVIEW, _PREVIEW_LEAST = 4, 256
"""A preview is so many times smaller, and no smaller than so many pixels: in fewer no lips are to be seen."""
_FACE_REACH = 1.9
"""Eye distances from the middle of the face to the sides of a square around the head."""


@dataclass(frozen=True)
class PortraitSettings:
    """What is drawn.

    Attributes:
        size: pixels of the longer side, or of the square's side; None for the picture's own.
        fps: frames per second.
        view: one of `names.PORTRAIT_VIEWS`.
        still: hold the head.
        preview: a quarter of the size, and 256 pixels at least where there are so many.
        renderer: one of `renderers.RENDERERS`, or a look (see `looks.apply.look_called`).
        device: ``auto``, ``cpu`` or ``cuda``, for a renderer that runs a network.
        film: the film that the face picture was made of, in whose pictures it is drawn; None for the picture alone.
        replayed: in a film the head moves as it was filmed, else as the animation says.
    """

    size: int | None = None
    fps: float = 25.0
    view: str = "full"
    still: bool = False
    preview: bool = False
    renderer: str = "warp"
    device: str = "auto"
    film: PersonFilm | None = None
    replayed: bool = True


@dataclass(frozen=True)
class Portrait:
    """What was written: frames, seconds, width and height, and sentences that the user should read."""

    frames: int
    seconds: float
    size: tuple[int, int]
    warnings: tuple[str, ...]


def make_portrait(
    face: FacePicture,
    animation: FaceAnimation,
    sound: Path | None,
    output: Path,
    settings: PortraitSettings,
    seconds: float,
    note: dict[str, Any],
    progress: Progress,
) -> Portrait:
    """Draw and write a picture that talks.

    Args:
        face: the picture.
        animation: what it says.
        sound: the voice that is heard; None for none.
        output: see `film.kind_of`.
        settings: what is drawn.
        seconds: how long it lasts.
        note: what it was made of, see `film.Film`.
        progress: told how far it is; may raise to stop, and nothing is left.

    Raises:
        EngineError: see `film.write_film`, `sound.Sound`, `renderers.Renderer` and `renderers.in_its_look`.
    """
    kind = kind_of(output)
    frames = frame_count(seconds, settings.fps)
    motion = portrait_motion(face, animation, settings.fps, frames, settings.still)
    if settings.film is not None:
        motion = film_motion(settings.film, motion, settings.replayed)
    warnings = []
    clear = kind != ".mp4" and settings.film is None
    if clear and not face.matte.size and bool((face.textures["picture"][..., 3] == 255).all()):
        warnings.append(
            "Nothing of the video is transparent, for it is not known where the person ends in this picture."
        )
    sampler = Sampler()
    whole, view = _framed(face, settings)
    name, fitting = in_its_look(settings.renderer, sized(face, whole, sampler))
    scale = whole[0] / face.size[0]
    if kind != "":
        view = Box(view.left, view.top, view.right - view.size[0] % 2, view.bottom - view.size[1] % 2)
    stage = Stage(fitting, clear, view, sampler, settings.device, sound)
    with ExitStack() as open_until_written:
        renderer = _renderer(name, settings.film, stage, frames, open_until_written)
        film = Film(
            settings.fps, renderer.size, frames, None if sound is None or kind == "" else Sound(sound), note
        )
        pictures = _drawn(renderer, motion, scale, lambda part: progress(part, "Drawing"))
        write_film(output, film, pictures)
    return Portrait(frames, film.seconds, renderer.size, (*warnings, *renderer.told))


def _renderer(name: str, film: PersonFilm | None, stage: Stage, frames: int, stack: ExitStack) -> Renderer:
    """What draws so many frames: in this process, or where it pays in several."""
    if film is not None:
        return FilmRenderer(renderer_called(name, stage), film, stage)
    count = processes_for(frames, stage.size)
    if name not in DRAWN_APART or stage.sampler.cv is None or count < 2:
        return renderer_called(name, stage)
    return stack.enter_context(Crew(name, stage, count))


def _framed(face: FacePicture, settings: PortraitSettings) -> tuple[tuple[int, int], Box]:
    """The size of the whole picture, and what of it is seen."""
    width, height = face.size
    seen = Box(0, 0, width, height)
    if settings.view == "face":
        middle = face.landmarks[[36, 45, 8], :2].mean(axis=0)
        reach = min(_FACE_REACH * face.eye_distance, width / 2, height / 2)
        left, top = (
            float(np.clip(place - reach, 0, side - 2 * reach)) for place, side in zip(middle, (width, height))
        )
        side = int(2 * reach)
        seen = Box(int(left), int(top), int(left) + side, int(top) + side)
    longer = max(seen.size)
    wanted = min(settings.size or longer, PORTRAIT_SIZES[1])
    if settings.preview:
        wanted = min(wanted, max(_PREVIEW_LEAST, round(wanted / _PREVIEW)))
    if wanted == longer:
        return (width, height), seen
    scale = wanted / longer
    whole = (max(2, round(width * scale)), max(2, round(height * scale)))
    box = Box(*(round(side * scale) for side in (seen.left, seen.top, seen.right, seen.bottom)))
    return whole, box.within(Box(0, 0, *whole))


def _drawn(
    renderer: Renderer, motion: PortraitMotion, scale: float, told: Callable[[float], None]
) -> Iterator[Pixels]:
    """The frames in order, a few of them drawn at the same time."""
    threads = renderer.count if isinstance(renderer, Crew) else min(4, cores())
    step = renderer.at_once

    def draw(first: int) -> list[Pixels]:
        rows = range(first, min(first + step, len(motion)))
        return renderer.draw_all([motion.pose(row, scale) for row in rows])

    starts = iter(range(0, len(motion), step))
    waiting: deque[Future[list[Pixels]]] = deque()
    drawn = 0
    with ThreadPoolExecutor(threads) as pool:
        try:
            while drawn < len(motion):
                # One more than there are threads: none is idle while the first is waited for.
                free = threads + 1 - len(waiting)
                waiting.extend(pool.submit(draw, first) for first in islice(starts, free))
                told(drawn / len(motion))
                pictures = waiting.popleft().result()
                drawn += len(pictures)
                yield from pictures
        finally:
            for future in waiting:
                future.cancel()
