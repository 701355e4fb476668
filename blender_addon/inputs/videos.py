# SPDX-License-Identifier: GPL-3.0-or-later
"""Videos of a talking face: as motion, as a style, as a person. The engine reads them; `films` decodes what it cannot."""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import bpy

from ..contract import messages, portable_names
from ..engine_process import chosen_python, shared
from ..errors import TalkingAnimationError

VIDEO, VOICE = "VIDEO", "VOICE"
NO_DECODER: Final = "full_engine_needed"
"""The engine's code for what only the full one can do, such as decoding a video."""

STYLES_FOLDER: Final = "styles"
_RENDERERS_FOLDER: Final = "renderers"
_DECODER: Final = "av"
NEEDS_TORCH: Final = "Published networks need the full engine: make or choose one in the add-on's preferences"
_LEARNING_NEEDS_FULL = (
    "Learning a mouth needs the full engine: make or choose one in the add-on's preferences"
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
    return "" if known is None or known.capture.available else _NEEDS_FULL


def no_learning_reason() -> str:
    """Why this engine cannot learn how a mouth looks, without full stop; "" where it can, or may."""
    known = shared.known_capabilities()
    # The embedded engine runs in this very Python; one that the user chose will say so itself.
    able = known.capture.decodes if known is not None else bool(chosen_python.current())
    return "" if able else _LEARNING_NEEDS_FULL


def engine_decodes() -> bool:
    """Whether the engine decodes videos itself, as far as is known; else Blender does, see `films`."""
    known = shared.known_capabilities()
    if known is not None:
        return known.capture.decodes
    # The embedded engine runs in this very Python; one that the user chose will say so itself.
    return bool(chosen_python.current()) or find_spec(_DECODER) is not None


def sentence_of(failure: messages.Failure) -> str:
    """The engine's sentence about a problem; the remedy as it is found in Blender, where the full engine is missing."""
    if failure.code == NO_DECODER:
        return f"{_NEEDS_FULL}."
    if failure.code == "backend_unavailable" and "MakeItTalk" in failure.message:
        return f"{NEEDS_TORCH}."
    return failure.message


# -- styles, persons and renderers --------------------------------------------------------------------------------


def own_folder() -> Path:
    """Where styles and persons that were made of videos are kept, among the user's presets.

    Raises:
        TalkingAnimationError: where it cannot be made.
    """
    return _presets(STYLES_FOLDER)


def renderers_folder() -> Path:
    """Where people's own renderers are kept, beside the styles: they are none.

    Raises:
        TalkingAnimationError: where it cannot be made.
    """
    return _presets(_RENDERERS_FOLDER)


def _presets(name: str) -> Path:
    path = Path(bpy.utils.user_resource("SCRIPTS", path=os.path.join("presets", "talking_animation"))) / name
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
        return sorted(path for path in own_folder().iterdir() if path.suffix in {".json", ".npz"})
    except (TalkingAnimationError, OSError):
        return []


def own_file(name: str, suffix: str, folder: Path | None = None) -> Path:
    """A file that does not exist yet for a style, person or renderer of that name.

    Args:
        name: of whom or what.
        suffix: of the file.
        folder: for it; None for that of styles and persons.
    """
    stem = portable_names.stem(name, "style")
    folder = folder or own_folder()
    for number in range(1, 10000):
        path = folder / f"{stem if number == 1 else f'{stem} {number}'}{suffix}"
        if not path.exists():
            return path
    raise TalkingAnimationError(f"There are too many files named '{stem}': choose another name.")
