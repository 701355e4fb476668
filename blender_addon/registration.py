# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that Blender must know of, in one explicit order."""

from __future__ import annotations

import atexit
from typing import Any, Final

import bpy
from bpy.app.handlers import persistent

from . import api
from .characters import measurements
from .command_line import recording
from .host import log, settings, translations
from .host.blender_versions import interface
from .targets.face_rig import study
from .ui import (
    buttons,
    charts,
    dial_keys,
    drawings,
    drawn_parts,
    file_browsers,
    finished_files,
    grease_pencil,
    heard_overlay,
    landmarks,
    live,
    looks,
    lookup,
    manual,
    mapping,
    mouths,
    operators,
    panels,
    pictures,
    points,
    portrait_video,
    preferences,
    problem_reports,
    properties,
    scene,
    sidebar_tab,
    styles,
    talk_ready,
    voice_files,
)
from .ui.failures import tells_later

CLASSES: Final[tuple[type, ...]] = (
    *properties.CLASSES,
    *operators.CLASSES,
    *dial_keys.CLASSES,
    *file_browsers.CLASSES,
    *voice_files.CLASSES,
    *problem_reports.CLASSES,
    *panels.CLASSES,
    *live.CLASSES,
    *pictures.CLASSES,
    *looks.CLASSES,
    *styles.CLASSES,
    *mapping.CLASSES,
    *charts.CLASSES,
    *drawings.CLASSES,
    *landmarks.CLASSES,
    *talk_ready.CLASSES,
    *points.CLASSES,
    *finished_files.CLASSES,
    *portrait_video.CLASSES,
    *mouths.CLASSES,
    *grease_pencil.CLASSES,
    *scene.CLASSES,
    *preferences.CLASSES,
)

_command: Any = None


@persistent
@tells_later("Leaving the file")
def _file_opens(*_: object) -> None:
    """Another file is about to be opened: what belongs to this one ends."""
    buttons.stop_job()
    measurements.forget()
    finished_files.forget()
    study.forget()
    _forget_messages()


@persistent
@tells_later("Stepping back")
def _stepped_back(*_: object) -> None:
    """Something was undone or redone: what was told of the step before no longer holds."""
    _forget_messages()


@persistent
@tells_later("Saving the file")
def _saves(*_: object) -> None:
    """The file is about to be saved."""
    live.before_saving()


def _forget_messages() -> None:
    lookup.forget()
    manager: Any  # Blender's stubs know no properties of ours
    for manager in bpy.data.window_managers:
        if not manager.talking_animation.running:
            manager.talking_animation.forget()
            manager.talking_animation_outcome.forget()


_HANDLERS: Final = (
    (bpy.app.handlers.load_pre, _file_opens),
    (bpy.app.handlers.undo_post, _stepped_back),
    (bpy.app.handlers.redo_post, _stepped_back),
    (bpy.app.handlers.save_pre, _saves),
)


def register() -> None:
    """Register classes, properties, the command line command and the handler."""
    global _command
    for cls in CLASSES:
        translations.prepare(cls)
        bpy.utils.register_class(cls)
    sidebar_tab.register(CLASSES)
    properties.register()
    live.register()
    mapping.register()
    drawings.register()
    pictures.register()
    landmarks.register()
    talk_ready.register()
    portrait_video.register()
    grease_pencil.register()
    drawn_parts.register()
    scene.register()
    heard_overlay.register()
    bpy.utils.register_manual_map(manual.pages_of_buttons)
    for handlers, handler in _HANDLERS:
        handlers.append(handler)
    _command = interface.register_cli_command("talking_animation", recording.last_command)
    atexit.register(api.close_engine)
    translations.register()
    log.start(settings.current().log_level)
    addon = bpy.context.preferences.addons.get(__package__ or "")
    tab = getattr(addon.preferences, "tab_name", "") if addon is not None else ""
    if tab and tab != sidebar_tab.USUAL:
        sidebar_tab.rename(tab)


def unregister() -> None:
    """Undo `register`; no process of ours is left running."""
    global _command
    buttons.stop_job()
    api.close_engine()
    atexit.unregister(api.close_engine)
    lookup.forget()
    log.stop()
    translations.unregister()
    interface.unregister_cli_command(_command)
    _command = None
    for handlers, handler in _HANDLERS:
        if handler in handlers:
            handlers.remove(handler)
    bpy.utils.unregister_manual_map(manual.pages_of_buttons)
    heard_overlay.unregister()
    scene.unregister()
    portrait_video.unregister()
    drawn_parts.unregister()
    grease_pencil.unregister()
    talk_ready.unregister()
    landmarks.unregister()
    pictures.unregister()
    drawings.unregister()
    mapping.unregister()
    live.unregister()
    properties.unregister()
    sidebar_tab.unregister()
    for cls in reversed(CLASSES):
        bpy.utils.unregister_class(cls)
