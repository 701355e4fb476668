"""The worker's commands around filmed faces: ``style``, ``personalize``, ``capture`` and ``mix``.

Each takes a request (an object of JSON values, see ``docs/architecture.md``) and answers with its result; all raise
`EngineError`: a request of the wrong kind (code ``bad_request``), and whatever the functions that they call raise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ..errors import EngineError

Progress = Callable[[float, str], None]
Request = Mapping[str, Any]

_NEEDED = ("mediapipe", "av")


def capture_state() -> dict[str, Any]:
    """Whether this engine can read faces from videos: ``available``, and ``reason`` (a sentence, None where it can)."""
    missing = [name for name in _NEEDED if find_spec(name) is None]
    reason = None
    if missing:
        reason = (
            f"Reading a face from a video needs the full engine, whose package {' and '.join(missing)} is missing here: "
            "run python build.py setup --full and use the Python that it names."
        )
    return {"available": not missing, "reason": reason}


def style(request: Request, progress: Progress) -> dict[str, Any]:
    """Take a talking style from a clip.

    Args:
        request: ``clip`` and ``output`` (paths), ``name`` and ``label`` (texts; the output's stem by default), ``audio`` (path).
        progress: told 0…1 and the stage.

    Returns:
        ``output``, ``name``, ``nearest`` (the shipped styles by nearness of their style code, nearest first).
    """
    import numpy as np

    from ..imitation.example import read_example
    from ..imitation.imitate import imitate
    from ..motion.manner.style_code import similarity
    from ..motion.manner.styles import save_style, shipped_styles

    clip, output = _path(request, "clip"), _path(request, "output")
    example = read_example(clip, request.get("audio"), _share(progress, 0.0, 0.8))
    progress(0.8, "Learning the style")
    found = imitate([example], str(request.get("name") or output.stem), f"As in {clip.name}")
    save_style(found, output)
    code = np.array(found.code)
    near = {
        item.name: similarity(code, np.array(item.code)) for item in shipped_styles().values() if item.code
    }
    return {
        "type": "result",
        "output": str(output),
        "name": found.name,
        "nearest": sorted(near, key=lambda key: -near[key]),
        "warnings": [],
    }


def personalize(request: Request, progress: Progress) -> dict[str, Any]:
    """Learn a person's manner from clips.

    Args:
        request: ``clips`` (a list of paths), ``output`` (path), ``name`` (text; the output's stem by default).
        progress: told 0…1 and the stage.

    Returns:
        ``output``, ``name``, ``seconds`` of video that were used.
    """
    from ..imitation.example import read_example
    from ..imitation.personalize import personalize as learn
    from ..motion.manner.personal import save_person

    clips, output = request.get("clips"), _path(request, "output")
    if not isinstance(clips, list) or not clips or not all(isinstance(clip, str) for clip in clips):
        raise EngineError("The request names no clips: update the add-on.", "bad_request")
    share = 0.8 / len(clips)
    examples = [
        read_example(clip, None, _share(progress, number * share, share)) for number, clip in enumerate(clips)
    ]
    progress(0.8, "Learning the manner")
    person = learn(examples, str(request.get("name") or output.stem))
    save_person(person, output)
    return {
        "type": "result",
        "output": str(output),
        "name": person.name,
        "seconds": person.seconds,
        "warnings": [],
    }


def capture(request: Request, progress: Progress) -> dict[str, Any]:
    """Turn a video of a talking face into an animation.

    Args:
        request: ``video`` and ``output`` (paths), ``fps`` (None for the video's own), ``smooth`` (bool, default true).
        progress: told 0…1 and the stage.

    Returns:
        As ``animate``.
    """
    from ..capture.clip import capture_clip

    video, output = _path(request, "video"), _path(request, "output")
    fps = request.get("fps")
    if fps is not None and (isinstance(fps, bool) or not isinstance(fps, (int, float))):
        raise EngineError(f"The frame rate must be a number, not {fps!r}.", "bad_request")
    found = capture_clip(video, progress, fps=fps, smooth=bool(request.get("smooth", True)))
    found.animation.save(output)
    return _result(output, found.animation, found.warnings)


def mix(request: Request, progress: Progress) -> dict[str, Any]:
    """Put one animation together from parts of two.

    Args:
        request: ``lips`` and ``head`` (paths of animations), ``output`` (path), ``fps``, ``fill`` (``loop`` or ``hold``).
        progress: told 0…1 and the stage.

    Returns:
        As ``animate``.
    """
    from ..face.animation import FaceAnimation
    from ..face.mix import mix as mixed

    lips, head, output = (_path(request, name) for name in ("lips", "head", "output"))
    progress(0.0, "Mixing lips and head")
    found = mixed(
        FaceAnimation.load(lips),
        FaceAnimation.load(head),
        fps=request.get("fps"),
        fill=str(request.get("fill", "loop")),
    )
    found.save(output)
    return _result(output, found, ())


COMMANDS: dict[str, Callable[[Request, Progress], dict[str, Any]]] = {
    "style": style,
    "personalize": personalize,
    "capture": capture,
    "mix": mix,
}
"""By the names that requests use."""


def _path(request: Request, name: str) -> Path:
    text = request.get(name)
    if not isinstance(text, str) or not text:
        raise EngineError(f"The request names no {name}: update the add-on.", "bad_request")
    return Path(text)


def _share(progress: Progress, start: float, share: float) -> Progress:
    return partial(_within, progress, start, share)


def _within(progress: Progress, start: float, share: float, fraction: float, stage: str) -> None:
    progress(start + share * fraction, stage)


def _result(output: Path, animation: Any, warnings: tuple[str, ...]) -> dict[str, Any]:
    return {
        "type": "result",
        "output": str(output),
        "frames": len(animation),
        "fps": animation.fps,
        "duration": animation.duration,
        "warnings": list(warnings),
    }
