# SPDX-License-Identifier: GPL-3.0-or-later
"""The one engine process of this Blender, and what a bug report should hold."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import bpy

from ..contract import messages
from ..errors import TalkingAnimationError, legible
from ..host import engine_folder, log
from ..host.blender_versions import sequencer
from . import chosen_python, process

_shared: process.Engine | None = None
_known: tuple[list[process.Candidate], messages.Capabilities] | None = None


def running() -> process.Engine | None:
    """The engine process; None where none was started."""
    return _shared


def _ways(root: Path) -> list[process.Candidate]:
    return process.candidates(root, bpy.app.binary_path, chosen_python.current())


def known_capabilities() -> messages.Capabilities | None:
    """What the engine that the preferences name last said it can do; None where it has not been asked yet."""
    _remember()
    if _known is None:
        return None
    try:
        ways = _ways(_found_by(engine_folder.find_root))
    except TalkingAnimationError:
        return None
    return _known[1] if _known[0] == ways else None


@functools.lru_cache(maxsize=1)
def _found_by(find: Callable[[], Path]) -> Path:
    """The engine's folder, sought once: panels ask at each redraw, which must not ask the disk."""
    return find()


def note_published(state: messages.PublishedState) -> None:
    """Take a newer state of MakeItTalk's files, such as after files were added, that the engine has just told."""
    if _shared is not None and _shared.known_capabilities is not None:
        _shared.known_capabilities = replace(_shared.known_capabilities, published=state)


def _remember() -> None:
    global _known
    if _shared is not None and _shared.known_capabilities is not None:
        _known = (_shared.ways, _shared.known_capabilities)


def identity() -> dict[str, str]:
    """What of the engine decides the motion, for the cache's key."""
    return {
        "engine": engine_folder.fingerprint(engine_folder.find_root()),
        "python": chosen_python.current(),
    }


def get(root: Path) -> process.Engine:
    """The one engine process of this Blender; made anew where the preferences have changed."""
    global _shared
    ways = _ways(root)
    if _shared is None or _shared.root != root or _shared.ways != ways:
        close_engine()
        _shared = process.Engine(root, ways)
    return _shared


def close_engine() -> None:
    """End the engine process, if there is one."""
    global _shared
    _remember()
    if _shared is not None:
        _shared.close()
        _shared = None


def _told(able: messages.Capabilities | None) -> list[str]:
    """What an engine can do, a line each."""
    if able is None:
        return []
    return [
        f"Engine {able.engine}, protocol {able.protocol}, Python {able.python}, numpy {able.numpy}",
        f"Backends: {', '.join(able.backends)}; devices: {', '.join(able.devices)}; models: {', '.join(able.models)}",
        f"Videos: {able.capture.reason or 'read'} Faces: {able.capture.tracker}",
        f"Microphone: {able.microphone or 'yes'}",
        f"{able.published.title}: {able.published.reason or 'ready'}",
    ]


def diagnostics() -> str:
    """What a bug report should hold: versions, what runs the engine, and its last words."""
    import platform
    import sys

    try:
        version = engine_folder.version(engine_folder.find_root())
    except TalkingAnimationError:
        version = ""
    lines = [
        f"Talking Animation {version or 'of an unknown version'}",
        f"Blender {bpy.app.version_string} on {platform.platform()}",
        f"Python {sys.version.split()[0]}, {sys.executable}",
    ]
    try:
        import numpy

        lines.append(f"numpy {numpy.__version__}")
    except Exception as error:
        lines.append(f"no numpy: {error}")
    lines.append(f"aud: {'yes' if sequencer.aud_module() is not None else 'no'}")
    if _shared is not None:
        lines += [f"Engine: {_shared.title}", *_told(_shared.capabilities), *_shared.log]
    lines += log.recent()
    return "\n".join(legible(line) for line in "\n".join(lines).splitlines())
