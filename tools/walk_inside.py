# SPDX-License-Identifier: GPL-3.0-or-later
"""The walk of `tools/walk.py`, inside Blender's window: real clicks, found by what Blender says of a button under the mouse."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import sys
import time
import traceback
from collections.abc import Generator
from pathlib import Path
from typing import Any

import bpy as blender

bpy: Any = blender  # its stubs know nothing of the add-on
ZIP, FOLDER, RESULT, SHOWN = json.loads(sys.argv[sys.argv.index("--") + 1])
UNDOS = 4
_AFTER_A_MOVE, _AFTER_A_CLICK, _PICTURE = 0.12, 0.8, 0.5  # seconds that the window gets
_ROW = 9  # pixels from one place where a button is sought to the next
told: dict[str, Any] = {"clicks": [], "faces": {}, "undone": []}
Wait = Generator[float, None, None]


def window() -> Any:
    """Blender's one window."""
    return bpy.context.window_manager.windows[0]


def view() -> Any:
    """The 3D View."""
    return next(area for area in window().screen.areas if area.type == "VIEW_3D")


def region(kind: str) -> Any:
    """A region of the 3D View."""
    return next(region for region in view().regions if region.type == kind)


def mouse(x: float, y: float, *more: str) -> None:
    """Move there, counted from the lower left as Blender does, then do more."""
    subprocess.run(["xdotool", "mousemove", str(int(x)), str(int(window().height - y)), *more], check=True)


def keys(*names: str) -> None:
    """Press keys."""
    subprocess.run(["xdotool", "key", *names], check=True)


def state() -> dict[str, Any]:
    """All that the walk is to leave as it was: names of all data, and how the scene plays."""
    scene = bpy.context.scene
    names = {}
    for known in bpy.data.bl_rna.properties:
        if known.type == "COLLECTION" and known.identifier not in {
            "screens",
            "window_managers",
            "workspaces",
        }:
            names[known.identifier] = sorted(
                datablock.name_full for datablock in getattr(bpy.data, known.identifier)
            )
    # Pictures that Blender itself keeps for its own windows are nobody's.
    names["images"] = [name for name in names["images"] if name not in {"Render Result", "Viewer Node"}]
    playing = {
        name: getattr(scene, name)
        for name in (
            "frame_start",
            "frame_end",
            "frame_current",
            "sync_mode",
            "use_audio_scrub",
            "use_preview_range",
        )
    }
    places = {obj.name: [list(row) for row in obj.matrix_world] for obj in scene.objects}
    selected = sorted(obj.name for obj in scene.objects if obj.select_get())
    return {"names": names, "scene": playing, "places": places, "selected": selected}


def picture(name: str) -> Wait:
    """A screenshot of the window."""
    yield _PICTURE
    with bpy.context.temp_override(window=window(), screen=window().screen, area=view()):
        bpy.ops.screen.screenshot(filepath=f"{FOLDER}/{name}.png")


def press(name: str) -> Wait:
    """Look for a button in the sidebar by what Blender copies of the one under the mouse; then click it once.

    Raises:
        RuntimeError: where it is not in the sidebar.
    """
    sidebar, wanted = region("UI"), f"bpy.ops.talking_animation.{name}("
    for place in range(sidebar.y + sidebar.height - 12, sidebar.y + 4, -_ROW):
        bpy.context.window_manager.clipboard = ""
        mouse(sidebar.x + 70, place)
        yield _AFTER_A_MOVE
        keys("ctrl+c")
        yield _AFTER_A_MOVE
        if bpy.context.window_manager.clipboard.startswith(wanted):
            mouse(sidebar.x + 70, place - 3, "click", "1")
            told["clicks"].append(name)
            yield _AFTER_A_CLICK
            return
    raise RuntimeError(f"the button {name} is not in the sidebar")


def face_on_screen() -> bool:
    """Whether the middle of the picked character's head is in the 3D View, left of the sidebar."""
    from bpy_extras.view3d_utils import location_3d_to_region_2d

    root = bpy.context.scene.talking_animation.character
    if root is None:
        return False
    bone = root.pose.bones["head"]
    at = location_3d_to_region_2d(
        region("WINDOW"), view().spaces.active.region_3d, root.matrix_world @ bone.tail
    )
    return (
        at is not None
        and 0 < at.x < region("WINDOW").width - region("UI").width
        and 0 < at.y < region("WINDOW").height
    )


def hide_frame_rate() -> None:
    """How fast this computer plays is not what the pictures are about."""
    preferences = bpy.context.preferences.view
    if hasattr(preferences, "show_playback_fps"):
        preferences.show_playback_fps = False


def walk() -> Wait:
    """Install, open the tab, add the demo character, generate, play; then undo all of it."""
    hide_frame_rate()
    if bpy.app.version >= (4, 2, 0):
        bpy.ops.extensions.package_install_files(filepath=ZIP, repo="user_default", enable_on_install=True)
    else:
        bpy.ops.preferences.addon_install(filepath=ZIP, overwrite=True)
        bpy.ops.preferences.addon_enable(module="talking_animation")
    yield _AFTER_A_CLICK
    before = state()
    view().spaces.active.show_region_ui = True
    yield _AFTER_A_CLICK
    yield from open_tab()
    yield from picture("1-tab")
    yield from press("add_demo_character")
    told["faces"]["demo"] = face_on_screen()
    yield from picture("2-demo")
    yield from press("generate")
    progress = bpy.context.window_manager.talking_animation
    until = time.monotonic() + 240
    while progress.running and time.monotonic() < until:
        yield 0.2
    told["message"] = progress.message
    told["faces"]["generated"] = face_on_screen()
    yield from picture("3-generated")
    yield from press("play")
    yield 1.5
    told["playing"] = window().screen.is_animation_playing
    told["faces"]["playing"] = face_on_screen()
    yield from picture("4-playing")
    keys("Escape")  # stops playing, and the playhead is where it was
    yield _AFTER_A_CLICK
    middle = region("WINDOW")
    for _ in range(UNDOS):
        mouse(middle.x + middle.width / 3, middle.y + middle.height / 2)
        keys("ctrl+z")
        yield _AFTER_A_CLICK
        told["undone"].append(differences(before, state()))
    yield from picture("5-undone")
    if SHOWN:
        yield from show()


def show() -> Wait:
    """Two more pictures for the documentation: the panel of a character in the middle of a word, and what was heard."""
    for obj in list(bpy.data.objects):
        bpy.data.objects.remove(obj)
    with bpy.context.temp_override(window=window(), area=view(), region=region("WINDOW")):
        bpy.ops.talking_animation.add_demo_character()
    chosen = bpy.context.scene.talking_animation
    shutil.copy(chosen.audio, SHOWN)
    bpy.ops.wm.save_as_mainfile(filepath=f"{SHOWN}/hello.blend")
    chosen.audio = "//hello.wav"
    bpy.ops.talking_animation.generate()
    chosen.show_heard = True
    root = chosen.character
    root.hide_set(True)  # her bones
    bpy.context.scene.frame_set(33)
    yield from picture("panel")
    root.hide_set(False)
    window().workspace = bpy.data.workspaces["Animation"]
    yield _AFTER_A_CLICK
    sheet = next(area for area in window().screen.areas if area.type == "DOPESHEET_EDITOR")
    sheet.ui_type = "TIMELINE"
    drawn = next(region for region in sheet.regions if region.type == "WINDOW")
    with bpy.context.temp_override(window=window(), area=sheet, region=drawn):
        bpy.ops.action.view_all()
    yield _AFTER_A_CLICK
    with bpy.context.temp_override(window=window(), area=sheet, region=drawn):
        bpy.ops.screen.screenshot_area(filepath=f"{FOLDER}/heard.png")


def open_tab() -> Wait:
    """Open the add-on's tab of the sidebar, where this Blender lets a script do so; else by a click on it."""
    sidebar = region("UI")
    if hasattr(sidebar, "active_panel_category"):
        try:
            sidebar.active_panel_category = "Talking"
        except (AttributeError, TypeError):
            pass
        else:
            yield _AFTER_A_CLICK
            return
    for place in range(sidebar.y + sidebar.height - 20, sidebar.y + 40, -12):
        mouse(sidebar.x + sidebar.width - 8, place, "click", "1")
        yield 0.4
        if _drawn():
            return
    raise RuntimeError("the tab is not in the sidebar")


def _drawn() -> bool:
    """Whether the add-on's panel was drawn since it was last asked."""
    seen, _seen[0] = _seen[0], False
    return seen


_seen = [False]


def watch() -> None:
    """Notice when the add-on's panel is drawn."""
    bpy.types.TALKING_PT_main.append(lambda *_: _seen.__setitem__(0, True))


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """What is not as it was, in words."""
    sentences = []
    for part, values in before.items():
        now = after[part]
        if isinstance(values, dict):
            keys_of_both = sorted({*values, *now})
            sentences += [
                f"{part}.{key}: {values.get(key)} → {now.get(key)}"
                for key in keys_of_both
                if values.get(key) != now.get(key)
            ]
        elif values != now:
            sentences.append(f"{part}: {values} → {now}")
    return sentences


def finish() -> None:
    """Write what came of it, and end Blender."""
    Path(RESULT).write_text(json.dumps(told, indent=1), encoding="utf-8")
    bpy.ops.wm.quit_blender()


_steps = walk()


def go_on() -> float | None:
    """One step; Blender calls it again after so many seconds."""
    try:
        if hasattr(bpy.types, "TALKING_PT_main") and not _watched:
            watch()
            _watched.append(True)
        return next(_steps)
    except StopIteration:
        pass
    except Exception:
        told["error"] = traceback.format_exc()
        with contextlib.suppress(Exception):  # the error is told anyway
            list(picture("error"))
    finish()
    return None


_watched: list[bool] = []
bpy.app.timers.register(go_on, first_interval=2.0)
