# SPDX-License-Identifier: GPL-3.0-or-later
"""What the user set in the add-on's preferences, also where the add-on is only registered (scripts, tests)."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import bpy

EMBEDDED, FULL = "EMBEDDED", "FULL"
ADDON = (__package__ or "").rpartition(".")[0]
"""The add-on's module name, by which Blender keeps its preferences."""


@dataclass
class Settings:
    """Values from the preferences; "" is the default.

    Attributes:
        cache_folder: see `cache.folder`.
        engine: `EMBEDDED` or `FULL`; "" where `engine_python` alone says which.
        engine_python: the Python of a full engine; "" for none of the user's own (`engine_process.chosen_python`).
        default_style: the style of scenes in which none was chosen yet.
        start_at: where recordings start in scenes in which nothing else was chosen yet (`ui.properties.STARTS`).
        log_level: see `log.LEVELS`.
        voice_folder, style_folder, table_folder, video_folder, picture_folder, look_folder: where the voice, the style's file,
            the table of lines, the video, the picture and the look's file were that were chosen last in a file browser; ""
            before the first.
    """

    cache_folder: str = ""
    engine: str = ""
    engine_python: str = ""
    default_style: str = "auto"
    start_at: str = "FRAME"
    log_level: str = "WARNING"
    voice_folder: str = ""
    style_folder: str = ""
    table_folder: str = ""
    video_folder: str = ""
    picture_folder: str = ""
    look_folder: str = ""


# Used where the add-on is registered without being in the preferences; scripts and tests may change it.
fallback = Settings()


_session: dict[str, Any] = {}


def override(**values: Any) -> None:
    """Let other values be in force than the preferences', in this session only; None for the preferences' own again.

    Args:
        values: by the names of `Settings`.
    """
    for name, value in values.items():
        if value is None:
            _session.pop(name, None)
        else:
            _session[name] = value


def preferences() -> Any:
    """The add-on's preferences; None where it is registered without being in them."""
    addon = bpy.context.preferences.addons.get(ADDON)
    return addon.preferences if addon is not None else None


def remember(**values: Any) -> None:
    """Keep values with the preferences, which Blender saves when it ends; without preferences in this session alone.

    Args:
        values: by the names of `Settings`.
    """
    stored = preferences()
    for name, value in values.items():
        setattr(fallback if stored is None else stored, name, value)
    if stored is not None:
        bpy.context.preferences.is_dirty = True


def current() -> Settings:
    """The values in force."""
    stored = preferences()
    if stored is None:
        return replace(fallback, **_session) if _session else fallback
    values: dict[str, Any] = {
        setting.name: getattr(stored, setting.name, setting.default) for setting in fields(Settings)
    }
    return Settings(**{**values, **_session})
