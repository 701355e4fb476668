# SPDX-License-Identifier: GPL-3.0-or-later
"""What the user set in the add-on's preferences, also where the add-on is only registered (scripts, tests)."""

from __future__ import annotations

from dataclasses import dataclass

import bpy


@dataclass
class Settings:
    """Values from the preferences; "" is the default."""

    cache_folder: str = ""
    engine_python: str = ""


# Used where the add-on is registered without being in the preferences; scripts and tests may change it.
fallback = Settings()


def preferences() -> object | None:
    """The add-on's preferences; None where it is registered without being in them."""
    addon = bpy.context.preferences.addons.get(__package__ or "")
    return addon.preferences if addon is not None else None


def current() -> Settings:
    """The values in force."""
    found = preferences()
    if found is None:
        return fallback
    return Settings(
        cache_folder=getattr(found, "cache_folder", ""), engine_python=getattr(found, "engine_python", "")
    )
