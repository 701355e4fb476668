# SPDX-License-Identifier: GPL-3.0-or-later
"""Videos of a talking face: as motion, as a style, as a person. The engine reads them; nothing here decodes a picture."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import bpy

from ..engine_process import process as engine
from ..engine_process import shared
from ..errors import Cancelled, TalkingAnimationError
from ..host import engine_folder, settings
from ..jobs.waiting import Progress, wait

VIDEO, VOICE = "VIDEO", "VOICE"
STYLES_FOLDER: Final = "styles"
_NEEDED: Final = ("mediapipe", "av")
NEEDS_TORCH: Final = (
    "MakeItTalk's networks need the full engine: make or choose one in the add-on's preferences"
)
_NEEDS_FULL = "Videos need the full engine: make or choose one in the add-on's preferences"


@dataclass(frozen=True)
class Filmed:
    """A video to move a face, and what of it counts.

    Attributes:
        path: the video.
        lips_from, head_from: `VIDEO` or `VOICE`; the head goes with brows, lids and gaze.
    """

    path: str
    lips_from: str = VIDEO
    head_from: str = VIDEO

    @property
    def mixed(self) -> bool:
        """Whether a voice gives a part of the motion."""
        return self.lips_from != self.head_from


def filmed(path: str | os.PathLike[str], lips_from: str = VIDEO, head_from: str = VIDEO) -> Filmed:
    """A video, checked.

    Raises:
        TalkingAnimationError: where it is missing, or nothing of it would be used.
    """
    for name, value in (("lips", lips_from), ("head", head_from)):
        if value not in (VIDEO, VOICE):
            raise TalkingAnimationError(f"The {name} come from the 'VIDEO' or the 'VOICE', not '{value}'.")
    if VIDEO not in (lips_from, head_from):
        raise TalkingAnimationError(
            "Nothing is taken from the video: take the lips or the head from it, or press Generate instead."
        )
    return Filmed(checked(path), lips_from, head_from)


def checked(path: str | os.PathLike[str]) -> str:
    """The absolute path of a video.

    Raises:
        TalkingAnimationError: where no file is chosen, or it is missing, or a folder.
    """
    text = os.fspath(path)
    if not text.strip():
        raise TalkingAnimationError("No video is chosen: pick a video of a talking face.")
    full = os.path.abspath(bpy.path.abspath(text))
    if os.path.isdir(full):
        raise TalkingAnimationError(f"'{os.path.basename(full)}' is a folder: pick a video file.")
    if not os.path.isfile(full):
        raise TalkingAnimationError(f"The video '{full}' does not exist: pick the file again.")
    return full


def unavailable_reason() -> str:
    """Why this engine cannot read videos, without full stop; "" where it can, or has not said yet."""
    known = shared.known_capabilities()
    if known is not None:
        state = known.get("capture")
        available = bool(state.get("available")) if isinstance(state, dict) else bool(state)
        return "" if available else _NEEDS_FULL
    if settings.current().engine_python:
        return ""  # it will say so itself
    # The embedded engine runs in this very Python.
    return "" if all(find_spec(name) is not None for name in _NEEDED) else _NEEDS_FULL


def sentence_of(message: dict[str, Any]) -> str:
    """The engine's sentence about a problem; the remedy as it is found in Blender, where the full engine is missing."""
    code = message.get("code")
    if code == "full_engine_needed":
        return f"{_NEEDS_FULL}."
    if code == "backend_unavailable" and "MakeItTalk" in str(message.get("message", "")):
        return f"{NEEDS_TORCH}."
    return str(message.get("message", "The engine failed."))


# -- styles and persons --------------------------------------------------------------------------------


def own_folder() -> Path:
    """Where styles and persons that were made of videos are kept, among the user's presets.

    Raises:
        TalkingAnimationError: where it cannot be made.
    """
    path = Path(bpy.utils.user_resource("SCRIPTS", path=os.path.join("presets", "talking_animation"))) / (
        STYLES_FOLDER
    )
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TalkingAnimationError(
            f"The presets folder '{path}' cannot be made ({error.strerror or error}): check its permissions."
        ) from error
    return path


def own_files() -> list[Path]:
    """The user's own styles (.json) and persons (.npz)."""
    try:
        folder = own_folder()
    except TalkingAnimationError:
        return []
    return sorted(path for path in folder.iterdir() if path.suffix in {".json", ".npz"})


def own_file(name: str, suffix: str) -> Path:
    """A file that does not exist yet for a style or person of that name."""
    stem = re.sub(r"[^\w .-]+", "_", name).strip(" .") or "style"
    folder = own_folder()
    for number in range(1, 10000):
        path = folder / f"{stem if number == 1 else f'{stem} {number}'}{suffix}"
        if not path.exists():
            return path
    raise TalkingAnimationError(f"There are too many styles named '{stem}': choose another name.")


class Lesson:
    """Learning from videos that does not block: call `poll` until it returns True, then read `report`.

    Args:
        clips: one video for a style; 12 s or more of videos for a person.
        person: whether a person is learned, else a style.
        name: of the style or person; "" for the first clip's.

    Attributes:
        fraction: 0 to 1.
        stage: what is being done.
        report: the file that was written; None until done.
    """

    def __init__(self, clips: Sequence[str | os.PathLike[str]], person: bool = False, name: str = "") -> None:
        paths = [checked(clip) for clip in clips] or [checked("")]
        self.fraction, self.stage = 0.0, "Starting the engine"
        self.report: Path | None = None
        self.name = name.strip() or Path(paths[0]).stem
        self._output = own_file(self.name, ".npz" if person else ".json")
        request: dict[str, Any] = {"output": str(self._output), "name": self.name}
        if person:
            request |= {"command": "personalize", "clips": paths}
        else:
            request |= {"command": "style", "clip": paths[0]}
        shared.get(engine_folder.find_root()).submit(request)
        self._running = True

    def poll(self) -> bool:
        """Take the engine's news.

        Returns:
            True when the file is written.

        Raises:
            TalkingAnimationError: the engine's sentence; the lesson is over then.
        """
        if self.report is not None:
            return True
        process = shared.running()
        if not self._running or process is None:
            raise Cancelled
        try:
            for message in process.poll():
                if message["type"] == "progress":
                    self.fraction = engine.fraction_of(message)
                    self.stage = str(message.get("stage", "")) or self.stage
                elif message["type"] == "error":
                    raise TalkingAnimationError(sentence_of(message))
                elif message["type"] == "result":
                    self._running, self.fraction, self.report = False, 1.0, self._output
        except BaseException:
            self._running = False
            raise
        return self.report is not None

    def cancel(self) -> None:
        """Stop; no file is left behind. Safe to call at any time."""
        process = shared.running()
        if self._running and process is not None:
            process.cancel()
        self._running = False


def style_from_video(clip: str | os.PathLike[str], name: str = "", progress: Progress | None = None) -> Path:
    """Take a talking style from 5 to 20 s of video; waits.

    Returns:
        The style's .json among the user's presets, for `api.generate(style=…)`.

    Raises:
        TalkingAnimationError: one sentence, such as that the full engine is needed.
    """
    return wait(Lesson([clip], False, name), progress)


def person_from_videos(
    clips: Sequence[str | os.PathLike[str]], name: str = "", progress: Progress | None = None
) -> Path:
    """Learn a person's head and face manner from 12 s of video or more; waits.

    Returns:
        The person's .npz among the user's presets, for `api.generate(style=…)`.

    Raises:
        TalkingAnimationError: one sentence, such as that the full engine is needed.
    """
    return wait(Lesson(clips, True, name), progress)
