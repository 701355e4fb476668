"""``portrait``: a picture that talks, as a video."""

from __future__ import annotations

import argparse
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import __version__
from ..errors import EngineError
from ..face import shipped_pictures
from ..face.errors import Damaged, legible
from ..face.frame_rates import frame_rate
from ..face.messages import AnimateOptions, PictureRequest, PortraitRequest, PortraitResult
from ..face.names import (
    ALL_VOICES,
    CHANNELS,
    FILM_POSES,
    MAKEITTALK,
    PICTURE_GLASSES,
    PORTRAIT_LOOKS,
    PORTRAIT_RENDERERS,
    PORTRAIT_SIZES,
    PORTRAIT_VIEWS,
)
from ..face.outputs import keep_apart
from ..face.shipped_pictures import ShippedPicture
from ..interruption import stopped_by_a_signal
from ..paths import ENGINE_ROOT
from ..progress import Progress, share_of
from . import picture as pictures
from .recording_options import add_recording_options, add_take, text_given
from .terminal import add_json, show_result, show_terms

if TYPE_CHECKING:
    from ..face.animation import FaceAnimation
    from ..face.face_picture import FacePicture
    from ..portrait.film_of_person import PersonFilm

_FPS = 25.0
_LOOKING, _LISTENING = 0.15, 0.05
"""Shares of the work before anything is drawn."""


def answer(request: PortraitRequest, progress: Progress) -> PortraitResult:
    """Draw a picture that talks.

    Raises:
        EngineError: as `commands.picture.answer`, `pipeline.animate` and `portrait.make.make_portrait`; neither voice nor
            animation is given (code ``bad_request``), or the result would replace what it is made of (``output_is_input``).
    """
    from ..portrait.film import kind_of
    from ..portrait.make import PortraitSettings, make_portrait
    from ..portrait.renderers import RATES, check_renderer

    output = Path(request.output)
    if request.voice is None and request.animation is None:
        raise EngineError(
            "A portrait needs something to say: give a recording or an animation.", "bad_request"
        )
    unused = _check_motion(request)
    is_file = Path(request.picture).exists()
    shipped = None if is_file else shipped_pictures.called(request.picture, _shipped())
    inputs = _files_read(request, shipped)
    keep_apart([output], inputs)
    kind_of(output, inputs)
    _check_film(request)  # before a renderer that films are none for is asked to be installed
    check_renderer(request.renderer, request.device)
    with stopped_by_a_signal():
        progress(0.0, "Reading the picture")
        with _listening(request) as heard:
            face, told, film = _shown(request, shipped, share_of(progress, 0.0, _LOOKING))
            progress(_LOOKING, "Listening")
            animation, seconds = heard.result()
        settings = PortraitSettings(
            request.size,
            request.fps or RATES.get(request.renderer) or animation.fps,
            request.view,
            request.still,
            request.preview,
            request.renderer,
            request.device,
            film,
            request.pose != FILM_POSES[1],
        )
        made = make_portrait(
            face,
            animation,
            Path(request.voice) if request.voice else None,
            output,
            settings,
            seconds,
            _note(request, face, animation),
            share_of(progress, _LOOKING + _LISTENING, 1 - _LOOKING - _LISTENING),
        )
    warnings = dict.fromkeys((*unused, *told, *animation.warnings, *made.warnings))
    return PortraitResult(
        str(output), made.frames, settings.fps, made.seconds, *made.size, warnings=tuple(warnings)
    )


def _shipped() -> tuple[ShippedPicture, ...]:
    """The pictures that ship, in the repository or inside the installed add-on."""
    return shipped_pictures.read(
        (ENGINE_ROOT / "demo" / "pictures", ENGINE_ROOT.parent / "sample" / "pictures")
    )


def _files_read(request: PortraitRequest, shipped: ShippedPicture | None) -> list[Path]:
    given = [shipped.path if shipped else request.picture, request.voice, request.animation, request.style]
    given += [request.renderer] if request.renderer not in (*PORTRAIT_RENDERERS, *PORTRAIT_LOOKS) else []
    return [Path(path) for path in given if path]


def _check_motion(request: PortraitRequest) -> tuple[str, ...]:
    """What is to be told of a voice's motion that is asked for where the motion is given.

    Raises:
        EngineError: it is asked how the voice is to be heard (code ``bad_request``).
    """
    if request.animation is None:
        return ()
    name = Path(request.animation).name
    heard = {
        "channel": request.channel != CHANNELS[0],
        "voice_in_file": request.voice_in_file != ALL_VOICES,
        "text": (request.text or "").strip(),
    }
    asked = [option for option, value in heard.items() if value]
    if asked:
        raise EngineError(
            f"The motion is that of {name}, which {' and '.join(asked)} cannot change: leave "
            f"{'it' if len(asked) == 1 else 'them'} out, or the animation.",
            "bad_request",
        )
    # No refusal: tables have these columns for other rows, too.
    moved = {"style": request.style != "auto", "take": request.seed}
    unused = [option for option, value in moved.items() if value]
    return (f"The motion is that of {name}, which {' and '.join(unused)} did not change.",) if unused else ()


def _check_film(request: PortraitRequest) -> None:
    """Raise EngineError (code ``bad_request``) for what a film, or a picture, cannot do."""
    from ..portrait.film_of_person import is_film
    from ..portrait.renderers import draws_films

    name = Path(request.picture).name
    if request.pose is not None and not is_film(Path(request.picture)):
        raise EngineError(
            f"{name} is a picture, whose head moves as is made for the voice: leave out the pose, or give a film.",
            "bad_request",
        )
    if is_film(Path(request.picture)) and not draws_films(request.renderer):
        raise EngineError(
            f"The renderer {request.renderer} draws pictures, and {name} is a film: choose warp, refined or a person's own "
            "renderer.",
            "bad_request",
        )


def _shown(
    request: PortraitRequest, row: ShippedPicture | None, progress: Progress
) -> tuple[FacePicture, tuple[str, ...], PersonFilm | None]:
    """The face that talks, what is to be told of it, and the film that it was taken of."""
    from ..portrait.film_of_person import is_film, read_person_film

    path = Path(request.picture)
    if row is None and is_film(path):
        film = read_person_film(path, progress)
        return film.face, film.face.warnings, film
    return (*_face(request, row, progress), None)


def _face(
    request: PortraitRequest, row: ShippedPicture | None, progress: Progress
) -> tuple[FacePicture, tuple[str, ...]]:
    """The face that talks, and what is to be told of it."""
    from ..face.face_picture import FacePicture

    path = Path(request.picture)
    if path.suffix.lower() == ".npz" and path.is_file() and _is_face_picture(path):
        face = FacePicture.load(path)
        return face, face.warnings
    if row is None and not path.exists() and not path.suffix and path.name == request.picture:
        names = ", ".join(one.name for one in _shipped())
        raise EngineError(
            f"There is no picture {request.picture}: choose one that ships ({names}), or the path of a file.",
            "file_missing",
        )
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder, "face.npz")
        result = pictures.answer(
            PictureRequest(
                str(row.path if row else path),
                str(made),
                name=request.name,
                points=request.points or (row.points if row else ()),
                faces=request.faces,
                kind=row.kind if row else "auto",
                glasses=request.glasses,
            ),
            progress,
        )
        return FacePicture.load(made), result.warnings


def _is_face_picture(path: Path) -> bool:
    """Whether an .npz is no mere picture in an array."""
    from ..face.array_files import read_arrays

    try:
        return read_arrays(path, lambda arrays: "picture" not in arrays)
    except (OSError, Damaged):
        return True  # which says what is wrong with it


def _motion(request: PortraitRequest, progress: Progress) -> tuple[FaceAnimation, float]:
    """What is said, and how many seconds it takes."""
    from ..face.animation import FaceAnimation
    from ..face.easing import sound_seconds

    if request.animation is not None:
        animation = FaceAnimation.load(request.animation)
        if not len(animation):
            raise EngineError(f"{request.animation} has no frames: generate it again.", "bad_animation")
        heard = request.voice is not None and bool(animation.cues)
        return animation, sound_seconds(animation) if heard else len(animation) / animation.fps
    from ..pipeline import animate
    from ..portrait.renderers import RATES

    assert request.voice is not None
    options = AnimateOptions(
        fps=request.fps or RATES.get(request.renderer, _FPS),
        style=request.style,
        channel=request.channel,
        voice_in_file=request.voice_in_file,
        text=request.text,
        seed=request.seed,
        device=request.device,
        source_name=request.voice_name,
        pose="generated",
    )
    result = animate(request.voice, options, progress)
    return result.animation, result.duration


class _NobodyListens(Exception):
    """The picture turned out not to talk."""


@contextmanager
def _listening(request: PortraitRequest) -> Iterator[Future[tuple[FaceAnimation, float]]]:
    """What is said, while something else is done; left to an error, it is not listened to any longer."""
    left = threading.Event()

    def told(fraction: float, stage: str) -> None:
        if left.is_set():
            raise _NobodyListens

    with ThreadPoolExecutor(1) as pool:
        try:
            yield pool.submit(_motion, request, told)
        finally:
            left.set()


def _note(request: PortraitRequest, face: FacePicture, animation: FaceAnimation) -> dict[str, Any]:
    """What the file says of itself."""
    source = animation.source
    shown = legible(request.name or str(face.source.get("picture") or Path(request.picture).name))
    voice = legible(request.voice_name or str(source.get("audio") or ""))
    made = {
        "picture": shown,
        "picture_sha256": face.source.get("sha256"),
        "voice": voice,
        "voice_sha256": source.get("sha256"),
        "style": legible(str(source.get("style") or "")) or None,
        "seed": source.get("seed"),
        "model": source.get("model"),
        "renderer": legible(Path(request.renderer).name),  # of a file its name, not where it lies
    }
    spoken = f" and the recording {voice}" if voice else ""
    return {
        "title": f"{Path(shown).stem}, made to talk",
        "statement": f"Synthetic: a computer made this talk, it was not filmed. Talking Animation {__version__} made it of the "
        f"picture {shown}{spoken}.",
        "synthetic": True,
        "made_by": f"Talking Animation {__version__}",
        **{name: value for name, value in made.items() if value is not None},
    }


def add_parser(commands: Any) -> None:
    """Add the command to the ``add_subparsers`` object."""
    parser = commands.add_parser("portrait", help="make a video of a picture that talks")
    parser.add_argument(
        "picture",
        help="a picture of a face, a face picture (.npz), the name of a picture that ships; or a film of one person, who then "
        "says this in their own body and surroundings",
    )
    parser.add_argument("voice", nargs="?", help="the recording that it says")
    parser.add_argument(
        "-o",
        "--output",
        required=True,
        help="the video to write: .mp4; .mov with transparency; or a folder, for PNG pictures with transparency",
    )
    _add_video(parser)
    _add_motion(parser)
    _add_face(parser)
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    add_json(parser)
    parser.set_defaults(run=_run)


def _add_video(parser: argparse.ArgumentParser) -> None:
    """How large it is, what it shows, and what draws it."""
    parser.add_argument(
        "--size",
        type=int,
        help=f"pixels of the picture's longer side, {PORTRAIT_SIZES[0]} to {PORTRAIT_SIZES[1]} (default: its own)",
    )
    parser.add_argument("--fps", help="frames per second, also as 24000/1001 (default: 25; makeittalk: 62.5)")
    parser.add_argument(
        "--view",
        "--show",
        choices=PORTRAIT_VIEWS,
        default=PORTRAIT_VIEWS[0],
        help="the whole picture, or a square around the head (default: %(default)s)",
    )
    parser.add_argument(
        "--renderer",
        default=PORTRAIT_RENDERERS[0],
        metavar="|".join((*PORTRAIT_RENDERERS, *PORTRAIT_LOOKS, "FILE.npz")),
        help="what draws it: warp, the picture itself, moved; refined, a network on top that makes a photo's mouth look filmed; "
        "makeittalk and davs, published networks that you have; drawing, cartoon or the file of a learned look: the picture "
        "drawn anew, then moved; the file of a person's own renderer (personalize --renderer) (default: %(default)s)",
    )
    parser.add_argument(
        "--accept-licence",
        action="store_true",
        help="accept the licence of the published networks that draw, once",
    )
    parser.add_argument(
        "--preview",
        action="store_true",
        help="a quarter of the size (of 256 pixels at least), to have a look",
    )


def _add_motion(parser: argparse.ArgumentParser) -> None:
    """How whoever is shown moves."""
    parser.add_argument("--animation", metavar="NPZ", help="the motion, instead of what the voice gives")
    parser.add_argument("--still", action="store_true", help="hold the head")
    parser.add_argument(
        "--pose",
        choices=FILM_POSES,
        help="of a film's head: replayed, as it was filmed; generated, as the voice moves it (default: replayed)",
    )
    parser.add_argument("--style", default="auto", help="as animate's (default: %(default)s)")
    add_recording_options(parser)
    add_take(parser)


def _add_face(parser: argparse.ArgumentParser) -> None:
    """Which face of the picture it is, and what is known of it."""
    parser.add_argument(
        "--face",
        default="largest",
        metavar="NUMBER|NPZ",
        help="which of several faces, from 1, the largest first; or the face picture (.npz) that was made of the picture",
    )
    parser.add_argument("--points", type=Path, help="where the face is, as picture's")
    parser.add_argument(
        "--glasses",
        choices=["auto", *PICTURE_GLASSES],
        default="auto",
        help="whether glasses are worn, as picture's",
    )


def _accept_licence(renderer: str) -> None:
    """Raises EngineError where the network is missing that is to draw, or accepting cannot be remembered."""
    from ..published.files import check_photo_renderer
    from ..published.systems import SYSTEMS

    system = SYSTEMS.get(renderer, SYSTEMS[MAKEITTALK])
    folder = system.folder()
    if renderer == MAKEITTALK:
        check_photo_renderer(folder)
    elif renderer == system.name:
        system.check(folder)
    show_terms(system.terms, folder)
    system.terms.accept_or_raise(folder)


def _run(arguments: argparse.Namespace) -> int:
    points: tuple[float, ...] = ()
    if arguments.points is not None:
        from ..pictures.given_points import read_points

        keep_apart([arguments.output], [arguments.points])
        points = read_points(arguments.points)
    if arguments.accept_licence:
        _accept_licence(arguments.renderer)
    made_before = arguments.face.lower().endswith(".npz")
    request = PortraitRequest(
        arguments.face if made_before else arguments.picture,
        arguments.output,
        arguments.voice,
        arguments.animation,
        arguments.size,
        frame_rate(arguments.fps),
        arguments.view,
        arguments.renderer,
        arguments.still,
        arguments.preview,
        arguments.style,
        arguments.seed,
        arguments.device,
        "largest" if made_before else arguments.face,
        points,
        arguments.glasses,
        name=Path(arguments.picture).name if made_before else None,
        pose=arguments.pose,
        text=text_given(arguments),
        channel=arguments.channel,
        voice_in_file=arguments.voice_in_file,
    )
    keep_apart([arguments.output], [arguments.picture, arguments.text_file or ""])
    return show_result(lambda progress: answer(request, progress), arguments.json, _told)


def _told(result: PortraitResult) -> list[str]:
    frames = "1 frame" if result.frames == 1 else f"{result.frames} frames"
    size = f"{result.width} x {result.height}"
    return [f"{result.output}: {frames} of {size} at {result.fps:g} fps ({result.duration:.1f} s)"]
