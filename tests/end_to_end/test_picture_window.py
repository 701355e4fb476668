"""The real window of a Blender application under Xvfb: a face that is not found is clicked, and the picture becomes a character.

`TALKING_ANIMATION_PICTURE_POINTS=points.png` keeps a screenshot of the points.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import picture_files
import pytest

ROOT = Path(__file__).resolve().parents[2]
FAKE = ROOT / "tests" / "helpers" / "fake_engine.py"
SIZE = (900, 560)
PLACES = ((0.3, 0.3), (0.6, 0.35), (0.35, 0.7), (0.55, 0.75))

STARTUP = '''
"""Runs in Blender's window: shows a picture with four points, clicks them with the mouse, and says what came of it."""

import json, subprocess, sys, time, traceback
import bpy
from bpy_extras import view3d_utils
from mathutils import Vector

ROOT, RESULT, SHOT, FACE, ENGINE, CACHE, PLACES, KEYS = json.loads(sys.argv[sys.argv.index("--") + 1])
sys.path[:0] = [ROOT, ROOT + "/tests/helpers"]
import blender_addon
from blender_addon import api
from blender_addon.api import pictures
from blender_addon.engine_process import process
from blender_addon.host import settings
from blender_addon.ui.pictures import TALKING_OT_click_face as clicking

settings.fallback.cache_folder = CACHE
process.candidates = lambda *_, **__: [process.Candidate(ENGINE, "test double")]
modal, taken = clicking.modal, []


def watched(self, context, event):
    """Notes what came of each click and key: they arrive when they arrive."""
    result = modal(self, context, event)
    if result != {"PASS_THROUGH"}:
        taken.append(result)
    return result


clicking.modal = watched
blender_addon.register()
bpy.context.preferences.view.show_splash = False
started = time.monotonic()


def window():
    return bpy.context.window_manager.windows[0]


def area():
    return next(area for area in window().screen.areas if area.type == "VIEW_3D")


def main_region():
    return next(region for region in area().regions if region.type == "WINDOW")


def within(**more):
    return bpy.context.temp_override(window=window(), screen=window().screen, area=area(), region=main_region(), **more)


def click(place):
    """Press the mouse where the picture has that place."""
    board = pictures.board_of(bpy.context.scene)
    width, height = board.data.size
    scale = 2 / max(width, height)
    spot = board.matrix_world @ Vector(((place[0] - 0.5) * width * scale, (0.5 - place[1]) * height * scale, 0))
    region = main_region()
    at = view3d_utils.location_3d_to_region_2d(region, area().spaces.active.region_3d, spot)
    x, y = region.x + at.x, window().height - region.y - at.y
    subprocess.run(["xdotool", "mousemove", str(int(x)), str(int(y))], check=True)
    time.sleep(0.1)
    subprocess.run(["xdotool", "click", "1"], check=True)


def finish(**told):
    with open(RESULT, "w", encoding="utf-8") as stream:
        json.dump(told, stream)
    api.close_engine()
    bpy.ops.wm.quit_blender()


def steps():
    for scene_object in list(bpy.data.objects):
        bpy.data.objects.remove(scene_object)
    bpy.ops.talking_animation.place_points(filepath=FACE)
    with within():
        bpy.ops.view3d.view_axis(type="FRONT")
        bpy.ops.ed.undo_push(message="The points are there")
    view = area().spaces.active.region_3d
    view.view_location, view.view_distance = (0.3, 0, 0.2), 3.5
    view.update()
    yield 1.0
    with within():
        bpy.ops.talking_animation.click_face("INVOKE_DEFAULT", True)
    yield 0.5
    for key in KEYS:
        known = len(taken)
        if isinstance(key, int):
            click(PLACES[key])
        else:
            subprocess.run(["xdotool", "key", key], check=True)
        if known and taken[-1] != {"RUNNING_MODAL"}:
            yield 0.7  # it is over, and nothing must come of this one
        while len(taken) == known and (not known or taken[-1] == {"RUNNING_MODAL"}):
            yield 0.05
    with within():
        bpy.ops.screen.screenshot(filepath=SHOT)
    while bpy.context.window_manager.talking_animation.running:
        yield 0.1
    yield 0.3
    scene = bpy.context.scene
    character = scene.talking_animation.character
    origin = pictures.origin(character) if character is not None else None
    told = {"message": bpy.context.window_manager.talking_animation.message}
    told["points"] = [float(part) for part in origin.sha256.split(" ")[1:]] if origin is not None else []
    told["board"] = pictures.board_of(scene) is not None
    with within():
        if origin is not None:
            bpy.ops.ed.undo()
    told["undone"] = not bpy.data.armatures and pictures.board_of(bpy.context.scene) is not None
    finish(**told)


playing = steps()


def step():
    try:
        if time.monotonic() - started > 600:
            raise RuntimeError("took too long: " + bpy.context.window_manager.talking_animation.message)
        return next(playing, None)
    except Exception:
        finish(error=traceback.format_exc())
        return None


bpy.app.timers.register(step, first_interval=1.5)
'''


def play(folder: Path, keys: list[int | str]) -> dict[str, Any]:
    """Let the mouse and the keyboard play: a number clicks that place, a word is a key."""
    blender = os.environ.get("BLENDER") or shutil.which("blender")
    if not blender or not shutil.which("xvfb-run") or not shutil.which("xdotool"):
        pytest.skip("no blender, xvfb-run or xdotool on PATH")
    flat = np.full((60, 90, 3), 120, np.uint8)
    face = picture_files.write(folder / "face.png", picture_files.png(flat))
    script, result, shot = folder / "startup.py", folder / "result.json", folder / "points.png"
    script.write_text(STARTUP, encoding="utf-8")
    engine = [sys.executable, str(FAKE)]
    arguments = [
        str(ROOT),
        str(result),
        str(shot),
        str(face),
        engine,
        str(folder / "cache"),
        PLACES,
        keys,
    ]
    screen = f"-screen 0 {SIZE[0]}x{SIZE[1]}x24 +extension GLX"
    command = ["xvfb-run", "-a", "-s", screen, blender, "--factory-startup"]
    command += ["--window-geometry", "0", "0", str(SIZE[0]), str(SIZE[1])]
    command += ["--python", str(script), "--", json.dumps(arguments)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=700, check=False)
    assert result.is_file(), run.stdout[-3000:] + run.stderr[-3000:]
    told: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
    assert not told.get("error"), told
    wanted = os.environ.get("TALKING_ANIMATION_PICTURE_POINTS")
    if wanted:
        shutil.copyfile(shot, ROOT / wanted)
    return told


def test_four_clicks_make_a_character_and_one_undo_takes_it_away(tmp_path: Path) -> None:
    told = play(tmp_path, [0, 1, 0, "BackSpace", 2, 3])
    wanted = [value for x, y in PLACES for value in (x * 90, y * 60)]
    assert told["points"] == pytest.approx(wanted, abs=0.6)  # a pixel of the window
    assert "can talk" in told["message"] and not told["board"] and told["undone"]


def test_escape_stops_clicking(tmp_path: Path) -> None:
    told = play(tmp_path, [0, 1, "Escape", 2, 3])
    assert told["points"] == [] and told["board"]
