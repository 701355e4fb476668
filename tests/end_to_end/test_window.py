"""The real window of a Blender application under Xvfb: the mouse presses the button, keys appear.

`TALKING_ANIMATION_PANEL_PICTURE=docs/images/panel.png` keeps the screenshot.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import statistics
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
from waiting import HUNG

ROOT = Path(__file__).resolve().parents[2]
VOICE = ROOT / "demo" / "hello.wav"
FAKE = ROOT / "tests" / "helpers" / "fake_engine.py"
SIZE = (1280, 800)
SECONDS = 700  # until a Blender is ended that has not given up itself

STARTUP = '''
"""Runs in Blender's window: builds a scene, opens the sidebar on the Talking tab, has the mouse press the button."""

import json, subprocess, sys, time, traceback
import bpy

ROOT, RESULT, PICTURE, VOICE, ENGINE, CACHE, LOOK = json.loads(sys.argv[sys.argv.index("--") + 1])
sys.path[:0] = [ROOT, ROOT + "/tests/helpers"]
import blender_addon
from blender_addon import api, registration
from blender_addon.engine_process import process, shared
from blender_addon.host import settings
from blender_addon.host.blender_versions import animation_data
from blender_addon.keys import actions
from blender_addon.ui import operators, panels

settings.fallback.cache_folder = CACHE
if ENGINE:
    process.candidates = lambda *_, **__: [process.Candidate(ENGINE, "test double")]
blender_addon.register()
state = {"step": 0, "since": time.monotonic(), "stages": [], "pictures": []}
NAMES = {}


def build():
    for item in list(bpy.data.objects):
        bpy.data.objects.remove(item)
    try:
        from blender_addon import demo_character
        rig = demo_character.build(bpy.context.scene)
    except Exception:
        traceback.print_exc()
        import characters
        rig, _ = characters.rigged()
    bpy.context.view_layer.objects.active = rig
    rig.hide_set(True)
    chosen = bpy.context.scene.talking_animation
    chosen.audio = VOICE
    chosen.character = rig
    NAMES["rig"] = rig.name


def area():
    return next(item for item in bpy.context.window_manager.windows[0].screen.areas if item.type == "VIEW_3D")


def region(kind):
    return next(item for item in area().regions if item.type == kind)


def mouse(x, y, *more):
    """Move there (from the lower left, as Blender counts), then do more."""
    height = bpy.context.window_manager.windows[0].height
    subprocess.run(["xdotool", "mousemove", str(int(x)), str(int(height - y)), *more], check=True)


def picture(path):
    window = bpy.context.window_manager.windows[0]
    with bpy.context.temp_override(window=window, screen=window.screen, area=area()):
        bpy.ops.screen.screenshot(filepath=path)


def key():
    return api.describe(bpy.data.objects[NAMES["rig"]]).meshes[0].key


def tagged():
    """Actions that the add-on made."""
    return [action for action in bpy.data.actions if actions.is_own(action)]


def finish(**found):
    found["stages"] = state["stages"]
    with open(RESULT, "w", encoding="utf-8") as stream:
        json.dump(found, stream)
    api.close_engine()
    bpy.ops.wm.quit_blender()


def button_middle():
    """Height of the middle of the panel's big button: the only one taller than a row, found on a screenshot."""
    import numpy as np

    picture(PICTURE)
    image = bpy.data.images.load(PICTURE)
    width, height = image.size
    pixels = np.empty(width * height * 4, np.float32)
    image.pixels.foreach_get(pixels)
    bpy.data.images.remove(image)
    sidebar = region("UI")
    grid = pixels.reshape(height, width, 4)[:, :, :3]
    lowest, highest = max(0, sidebar.y), min(height - 1, sidebar.y + sidebar.height)
    for x in range(sidebar.x + 4, sidebar.x + 60, 4):  # left of the button's text
        start = lowest
        for row in range(lowest, highest):
            if np.abs(grid[row + 1, x] - grid[row, x]).max() > 0.004:
                if 24 <= row - start <= 42 and 0.3 < grid[start + 5, x].mean() < 0.4:
                    return (start + row) / 2
                start = row + 1
    raise RuntimeError(f"the button is not on the screenshot ({sidebar.x}, {sidebar.y}, {sidebar.width})")


def step():
    try:
        return advance()
    except Exception:
        finish(error=traceback.format_exc())
        return None


def advance():
    number = state["step"]
    state["step"] += 1
    if time.monotonic() - state["since"] > 600:
        finish(error="took too long", message=bpy.context.window_manager.talking_animation.message)
        return None
    progress = bpy.context.window_manager.talking_animation
    if number == 0:
        build()
        view = area().spaces.active
        view.show_region_ui = True
        view.shading.type = "MATERIAL" if LOOK == "MATERIAL" else "SOLID"
        return 1.0
    if number == 1:
        window = bpy.context.window_manager.windows[0]
        with bpy.context.temp_override(window=window, area=area(), region=region("WINDOW")):
            bpy.ops.view3d.view_axis(type="FRONT")
            bpy.ops.view3d.view_all()
            bpy.ops.ed.undo_push(message="The scene is built")
        return 1.0
    if number == 2:  # the tabs stand at the sidebar's right edge: click through them until ours draws
        state["drawn"] = 0
        original = panels.TALKING_PT_main.draw

        def draw(self, context):
            state["drawn"] += 1
            original(self, context)

        shown = [cls for cls in registration.CLASSES if issubclass(cls, bpy.types.Panel)]
        for panel in reversed(shown):
            bpy.utils.unregister_class(panel)
        panels.TALKING_PT_main.draw = draw
        for panel in shown:  # all of them, or the children would lose their place below the main one
            bpy.utils.register_class(panel)
        sidebar = region("UI")
        state["tab"] = sidebar.y + sidebar.height - 40
        return 0.5
    if not state.get("open"):
        if state["drawn"]:
            state["open"] = True
            return 0.5
        if state.pop("clicked", False):  # one turn of the window takes the click, only the next has drawn the tab
            return 0.2
        sidebar = region("UI")
        state["tab"] -= 25
        if state["tab"] < sidebar.y + 40:
            finish(error="the tab was not found")
            return None
        mouse(sidebar.x + sidebar.width - 9, state["tab"], "click", "1")
        state["clicked"] = True
        return 0.2
    if not state.get("pressed"):
        state["pressed"] = True
        sidebar = region("UI")
        mouse(sidebar.x + sidebar.width / 2 - 10, button_middle(), "click", "1")
        return 0.1
    if not state.get("started"):
        state["started"] = progress.running or api.has_animation(bpy.data.objects[NAMES["rig"]])
        return 0.01
    if progress.running:
        if progress.stage not in state["stages"]:
            state["stages"].append(progress.stage)
        if ENGINE[-1:] == ["slow"] and progress.stage == "Listening":
            if "cancelled" not in state:
                state["cancelled"] = shared.running().pid
                picture(PICTURE)
            mouse(300, 500, "key", "Escape")
            return 0.3
        return 0.02
    if "cancelled" in state:
        finish(actions=len(tagged()), message=progress.message, pid=state["cancelled"])
        return None
    if not state.get("done"):
        state["done"] = True
        mouse(300, 500)
        blocks, scene = key().key_blocks, bpy.context.scene
        openings = []
        for frame in range(1, 120):
            scene.frame_set(frame)
            value = {name: blocks[name].value for name in ("jawOpen", "eyeBlinkLeft")}
            openings.append(value["jawOpen"] - value["eyeBlinkLeft"])
        scene.frame_set(1 + openings.index(max(openings)))
        return 4.0 if LOOK == "MATERIAL" else 1.0
    if not state.get("taken"):
        state["taken"] = True
        picture(PICTURE)
        return 0.3
    rig = bpy.data.objects[NAMES["rig"]]
    counts = [
        len(animation_data.curve_set(action, key()).by_path()) for action in actions.own_actions(key())
    ]
    keys = [
        len(curve.keyframe_points)
        for action in actions.own_actions(key())
        for curve in animation_data.curve_set(action, key()).fcurves
    ]
    found = {"curves": counts, "keys": keys, "message": progress.message, "kind": progress.kind}
    with bpy.context.temp_override(window=bpy.context.window_manager.windows[0]):
        bpy.ops.ed.undo()
    finish(undone=len(tagged()) == 0 and NAMES["rig"] in bpy.data.objects, **found)
    return None


bpy.app.timers.register(step, first_interval=1.5)
'''


def _blender() -> str:
    found = os.environ.get("BLENDER") or shutil.which("blender")
    if not found:
        pytest.skip("no blender on PATH")
    for tool in ("xvfb-run", "xdotool"):
        if not shutil.which(tool):
            pytest.skip(f"{tool} is not installed")
    version = subprocess.run(
        [found, "--version"], capture_output=True, text=True, timeout=HUNG, check=False
    ).stdout
    if not version.startswith("Blender 3."):
        pytest.skip("the screenshots are made for Blender 3")
    return found


def test_the_button_in_the_window(tmp_path: Path) -> None:
    _blender()  # before anything is tried for one that is not there
    found = _run(tmp_path, _engine(tmp_path))
    assert found["curves"] and found["curves"][0] > 20
    # One key a frame, but where a shape rests, which some do nearly always: how many keys those have is the lips' affair.
    assert statistics.median(found["keys"]) > 100 and min(found["keys"]) > 10
    assert found["kind"] in {"INFO", "WARNING"} and "hello.wav" in found["message"]
    assert found["undone"], "one undo must take all of it away"
    picture = tmp_path / "panel.png"
    assert picture.stat().st_size > 20_000
    wanted = os.environ.get("TALKING_ANIMATION_PANEL_PICTURE")
    if wanted:
        target = ROOT / wanted
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(picture, target)


def test_escape_in_the_window(tmp_path: Path) -> None:
    found = _run(tmp_path, [sys.executable, str(FAKE), "slow"])
    assert found["message"] == "Cancelled: nothing was changed." and found["actions"] == 0
    assert "Listening" in found["stages"]
    with pytest.raises(ProcessLookupError):
        os.kill(found["pid"], 0)


def _run(folder: Path, engine: list[str]) -> dict[str, Any]:
    """Let the startup script play in Blender's window; returns what it found."""
    blender = _blender()
    script, result = folder / "startup.py", folder / "result.json"
    script.write_text(textwrap.dedent(STARTUP), encoding="utf-8")
    look = "MATERIAL" if os.environ.get("TALKING_ANIMATION_PANEL_PICTURE") else "SOLID"
    arguments = [
        str(ROOT),
        str(result),
        str(folder / "panel.png"),
        str(VOICE),
        engine,
        str(folder / "cache"),
        look,
    ]
    screen = f"-screen 0 {SIZE[0]}x{SIZE[1]}x24 +extension GLX"
    command = ["xvfb-run", "-a", "-s", screen, blender, "--factory-startup"]
    command += ["--window-geometry", "0", "0", str(SIZE[0]), str(SIZE[1])]
    command += ["--python", str(script), "--", json.dumps(arguments)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert result.is_file(), run.stdout[-3000:] + run.stderr[-3000:]
    found: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
    assert not found.get("error"), found
    return found


def _engine(folder: Path) -> list[str]:
    """The command of the engine, [] for its own; its double where numpy is missing, without which it cannot run."""
    if importlib.util.find_spec("numpy") is None:
        return [sys.executable, str(FAKE)]
    command = [sys.executable, "-m", "inference", "animate", str(VOICE), "-o", str(folder / "probe.npz")]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=HUNG, check=False)
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-3000:]
    return []
