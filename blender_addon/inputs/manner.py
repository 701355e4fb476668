# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose manner a character talks in, and what of a recording is heard: checked, and as the engine and the cache want it."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import bpy

from ..contract import POSES, EngineError, messages
from ..contract.names import (
    ALL_VOICES,
    CHANNELS,
    CONTENT,
    MAKEITTALK,
    PUBLISHED_FOLDER_VARIABLE,
    SPEAKERS,
)
from ..errors import TalkingAnimationError
from ..host import engine_folder
from .recordings import content_hash

AUTO: Final = messages.AnimateOptions.style
"""The ordinary style, as lively as the voice."""
FILES: Final = (".json", ".npz")

_ASKED_FILES: Final = frozenset({"head_weights", "letters", "style_code"})
"""Settings of published networks that name a file."""
_WEIGHTS: Final = (".pth", ".pkl", ".pickle", ".mat", ".txt", ".pt")
_CODE_NUMBER: Final = re.compile(r":-?\d+$")
"""Which of the style codes of a file is meant, behind its name."""
_WEIGHTED: Final = re.compile(r"(?P<style>.+):(?P<weight>\d*\.?\d+)")


@dataclass(frozen=True)
class Manner:
    """What the engine is asked for, besides the recording. Make it with `read`.

    Attributes:
        options: how the engine is asked; paths are absolute.
        title: how to speak of the style.
    """

    options: messages.AnimateOptions = field(default_factory=messages.AnimateOptions)
    title: str = AUTO

    def request(self, audio: str, output: str, name: str, seed: int) -> messages.AnimateRequest:
        """How the engine is asked to animate a file that it can read; `name` is how to speak of it."""
        return messages.AnimateRequest(audio, output, _checked(self.options, source_name=name, seed=seed))

    def saying(self, text: str) -> Manner:
        """The same manner of saying a text that is known; "" where it is not.

        Raises:
            TalkingAnimationError: a published network, which cannot use it, makes the motion.
        """
        if text and self.options.model != CONTENT:
            raise TalkingAnimationError(
                "Published networks cannot use the text of a line: leave it out, or choose the add-on's own network."
            )
        return replace(self, options=_checked(self.options, text=text or None))

    def identity(self) -> dict[str, Any]:
        """What decides the motion: files by their content, so that a changed file is another style."""
        asked = self.options
        known: dict[str, Any] = {"style": _content(asked.style), "pose": asked.pose, "speaker": asked.speaker}
        if asked.speaker is not None and asked.speaker not in SPEAKERS:
            known["speaker"] = {path.stem: content_hash(str(path)) for path in _persons(asked.speaker)}
        if asked.channel != CHANNELS[0]:
            known["channel"] = asked.channel
        if asked.voice_in_file != ALL_VOICES:
            known["voice_in_file"] = asked.voice_in_file
        if asked.text:
            known["text"] = asked.text
        if asked.model != CONTENT:
            kept = _published_identity(asked.published)
            files = _stamps(asked.published.folder or "", "" if asked.model == MAKEITTALK else asked.model)
            known |= {"model": asked.model, "published": kept, "files": files}
        return known


def read(
    style: str = AUTO,
    speaker: str | None = None,
    pose: str = POSES[0],
    published: dict[str, Any] | None = None,
    channel: str | int = CHANNELS[0],
    voice_in_file: str | int = ALL_VOICES,
) -> Manner:
    """Check what a user or a script wrote.

    Args:
        style: a shipped style's name; ``auto``; the path of a style's .json or of a person's .npz ("//" means beside the .blend
            file); or a mixture of these such as ``calm:0.3,lively:0.7``.
        speaker: ``auto`` lets the voice say how lively the style is, ``none`` does not; a folder of persons' .npz files lets the
            voice choose among them; None: ``auto`` where the style is ``auto``.
        pose: ``generated`` from the voice, ``replayed`` from a person's clip, ``still``.
        published: settings of published networks, which then make the motion, with their name as ``model`` (MakeItTalk's without
            it); None for the engine's own.
        channel: what of a recording's channels is listened to: ``auto``, ``mix`` or a number from 1.
        voice_in_file: whose words of a recording are used: ``all`` or a number from 1 to 4.

    Raises:
        TalkingAnimationError: one sentence: what is unknown or missing, and what there is.
    """
    parts = [(_resolved(name), weight) for name, weight in _parts(style)]
    if len(parts) > 1 and not sum(float(weight or 1) for _, weight in parts):
        raise TalkingAnimationError("All parts of the mixture are 0: give one of the styles a share.")
    whole = ",".join(f"{name}:{weight}" if weight else name for name, weight in parts)
    title = ", ".join(f"{Path(name).stem} {weight}".strip() for name, weight in parts)
    if pose == "replayed" and not (len(parts) == 1 and parts[0][0].casefold().endswith(".npz")):
        raise TalkingAnimationError(
            "Only a person's own motion can be replayed: choose a person's .npz file as the style."
        )
    if speaker is not None and speaker not in SPEAKERS:
        speaker = os.path.abspath(bpy.path.abspath(speaker))
        if not _persons(speaker):
            raise TalkingAnimationError(
                f"The speaker is auto, none, or a folder with persons' .npz files, which '{speaker}' is not."
            )
    asked = dict(published or {})
    model = CONTENT if published is None else asked.pop("model", MAKEITTALK)
    asked |= {
        name: os.path.abspath(bpy.path.abspath(asked[name])) for name in _ASKED_FILES if asked.get(name)
    }
    chosen = {"style": whole, "speaker": speaker, "pose": pose, "model": model, "published": asked}
    chosen |= {"channel": str(channel), "voice_in_file": str(voice_in_file)}
    return Manner(_checked(messages.AnimateOptions(), **chosen), title)


@lru_cache(maxsize=1)
def shipped() -> list[tuple[str, str, str]]:
    """The styles that come with the engine: (name, label, description)."""
    try:
        return engine_folder.shipped_styles(engine_folder.find_root())
    except TalkingAnimationError:
        return [("natural", "Natural", "Everyday conversation")]


def of_scene(scene: Any) -> str:
    """The style that a scene's panel asks for, as `read` takes it."""
    chosen = scene.talking_animation
    if chosen.style == "MIXTURE":
        share = round(float(chosen.style_share), 3)
        return f"{chosen.style_first}:{1 - share:g},{chosen.style_second}:{share:g}"
    if chosen.style == "FILE":
        return str(chosen.style_file)
    return str(chosen.style)


def _parts(style: str) -> list[tuple[str, str]]:
    """``calm:0.3,lively:0.7`` → [("calm", "0.3"), ("lively", "0.7")], as the engine reads it."""
    style = style.strip()
    if style.casefold().endswith(FILES) and os.path.isfile(bpy.path.abspath(style)):
        return [(style, "")]
    parts = []
    for part in style.split(","):
        weighted = _WEIGHTED.fullmatch(part.strip())
        parts.append((weighted["style"].strip(), weighted["weight"]) if weighted else (part.strip(), ""))
    return [(parts[0][0], "")] if len(parts) == 1 else parts


def _resolved(name: str) -> str:
    """A style's name as it is, a file as an absolute path."""
    names = [row[0] for row in shipped()]
    if name in (AUTO, *names):
        return name
    if not name.casefold().endswith(FILES):
        if not name:
            raise TalkingAnimationError("No style file is chosen: pick a .json or a person's .npz file.")
        raise TalkingAnimationError(
            f"There is no style named '{name}': choose {', '.join([AUTO, *names])}, a style's .json file or a person's .npz "
            "file."
        )
    path = os.path.abspath(bpy.path.abspath(name))
    if not os.path.isfile(path):
        raise TalkingAnimationError(f"The style file '{path}' does not exist: pick it again.")
    return path


def _checked(options: messages.AnimateOptions, **changes: Any) -> messages.AnimateOptions:
    """The options with some of them changed.

    Raises:
        TalkingAnimationError: one that the engine would not take.
    """
    try:
        return replace(options, **changes)
    except EngineError as error:
        raise TalkingAnimationError(error.message) from error


def _published_identity(chosen: messages.PublishedSettings) -> dict[str, Any]:
    """What of these settings decides the motion: where the files are, the speaker, and what is not as usual."""
    usual = vars(messages.PublishedSettings()) | {"accept_licence": chosen.accept_licence}
    unusual = {name: value for name, value in vars(chosen).items() if value != usual[name]}
    for name in _ASKED_FILES & unusual.keys():
        path = Path(str(unusual[name]))
        file = path if path.is_file() else Path(_CODE_NUMBER.sub("", str(path)))
        unusual[name] = [str(path), *(_stamp(file)[1:] if file.is_file() else ())]
    return {"folder": chosen.folder, "speaker": chosen.speaker, **unusual}


def _content(style: str) -> str:
    """The style with each file's name and content in place of its path."""
    parts = []
    for name, weight in _parts(style):
        if name.casefold().endswith(FILES):
            name = f"{Path(name).stem} {content_hash(name)}"
        parts.append(f"{name}:{weight}" if weight else name)
    return ",".join(parts)


def _persons(folder: str) -> list[Path]:
    return sorted(Path(folder).glob("*.npz")) if os.path.isdir(folder) else []


def _stamps(folder: str, system: str = "") -> list[tuple[str, int, int]]:
    """Name, size and time of each of the published files, which are too large to be read for this, where the engine seeks them.

    A folder for one system may be a copy of its authors' repository, with the files further down.
    """
    folder = folder or os.environ.get(PUBLISHED_FOLDER_VARIABLE, "")
    place = Path(folder) if folder else engine_folder.published_files(engine_folder.find_root())
    if system:
        place = place / system if not folder or (place / system).is_dir() else place
    if not place.is_dir():
        return []
    paths = sorted(path for path in place.rglob("*") if path.name.endswith(_WEIGHTS)) if system else []
    paths = paths or sorted(place.iterdir())
    return [_stamp(path) for path in paths if path.is_file() and not path.name.endswith("accepted.json")]


def _stamp(path: Path) -> tuple[str, int, int]:
    stat = path.stat()
    return path.name, stat.st_size, stat.st_mtime_ns
