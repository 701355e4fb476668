"""Runs in Blender's window for test_scene_window.py: the whole scene by its button, in the panel, with Esc and with undo.

Arguments after `--` as JSON: root, result, picture, folder, the command of an engine that never answers.
"""

import contextlib
import json
import subprocess
import sys
import time
import traceback
from pathlib import Path

import bpy

ROOT, RESULT, PICTURE, FOLDER, SLOW = json.loads(sys.argv[sys.argv.index("--") + 1])
sys.path[:0] = [ROOT, ROOT + "/tests/helpers"]
import blender_addon
from blender_addon import api, registration
from blender_addon.engine_process import process
from blender_addon.host import settings
from blender_addon.host.blender_versions import sequencer
from blender_addon.keys import actions
from blender_addon.ui import buttons, panels, scene, sidebar_tab

LIMIT = 600  # seconds until all is given up
folder = Path(FOLDER)
settings.fallback.cache_folder = str(folder / "cache")
# For the picture: this panel open and at the top, the others closed.
scene.TALKING_PT_scene.bl_options = set()
del scene.TALKING_PT_scene.bl_parent_id
scene.TALKING_PT_scene.bl_order = -1
panels.TALKING_PT_main.bl_options = {"DEFAULT_CLOSED"}
bpy.context.preferences.view.show_splash = False
state = {"since": time.monotonic(), "stages": [], "longest": 0.0, "percents": []}
modal = buttons.RunsJob.modal


@contextlib.contextmanager
def timed():
    """Notes how long the add-on keeps the window. What else it waits for is the drawing, slow in software."""
    begin = time.thread_time()  # a busy computer is nothing that the add-on does
    try:
        yield
    finally:
        state["longest"] = max(state["longest"], time.thread_time() - begin)


def note():
    progress = bpy.context.window_manager.talking_animation
    state["stages"] = list(dict.fromkeys([*state["stages"], progress.stage]))
    state["percents"].append(round(progress.percent))


def watched(self, context, event):
    """Notes what the button shows after each of its turns: a look now and then may miss some of it."""
    with timed():
        result = modal(self, context, event)
    note()
    return result


def timed_draw(draw):
    def drawn(self, context):
        with timed():
            draw(self, context)

    return drawn


buttons.RunsJob.modal = watched
for shown in registration.CLASSES:
    if issubclass(shown, bpy.types.Panel) and "draw" in vars(shown):
        shown.draw = timed_draw(shown.draw)
blender_addon.register()


def build():
    import scenes

    bpy.data.batch_remove(list(bpy.data.objects))
    bpy.context.scene.render.fps = 25
    scenes.cast("Alice", "Bob")
    files = scenes.voices(folder, ["Alice_1", "Bob_1", "Alice_2", "Alice_and_Bob", "music"], 2.0)
    for place, path in enumerate(files):
        sequencer.add_sound_strip(bpy.context.scene, path.stem, str(path), 1, 1 + 60 * place)
    bpy.context.scene.talking_animation.style = "natural"
    bpy.ops.talking_animation.find_lines()
    bpy.context.scene.talking_animation_script.active = 3
    bpy.context.view_layer.objects.active = None  # or its transforms take the room
    for item in bpy.context.scene.objects:
        item.select_set(False)


def window():
    return bpy.context.window_manager.windows[0]


def area():
    return next(item for item in window().screen.areas if item.type == "VIEW_3D")


def in_window():
    region = next(item for item in area().regions if item.type == "WINDOW")
    return bpy.context.temp_override(window=window(), screen=window().screen, area=area(), region=region)


def press():
    with in_window():
        return bpy.ops.talking_animation.animate_scene("INVOKE_DEFAULT")


def tagged():
    return [action.name for action in bpy.data.actions if actions.is_own(action)]


def finish(**found):
    Path(RESULT).write_text(json.dumps({**state, **found}), encoding="utf-8")
    buttons.stop_job()
    api.close_engine()
    bpy.ops.wm.quit_blender()


def play():
    """The test, as steps: each yields the seconds to wait."""
    build()
    area().spaces.active.show_region_ui = True
    sidebar_tab.rename("Tool")  # the tab that is open where no object is active
    for panel in reversed(panels.CLASSES[1:]):
        bpy.utils.unregister_class(panel)
    yield 1.0
    with in_window():
        bpy.ops.ed.undo_push(message="The scene is built")
    yield 0.5
    progress = bpy.context.window_manager.talking_animation
    state["pressed"] = sorted(press())
    note()
    while progress.running:
        yield 0.01
    buttons.RunsJob.modal = modal
    outcome = bpy.context.window_manager.talking_animation_outcome
    state["message"] = outcome.message
    state["failures"] = [[row.name, row.reason] for row in outcome.failures]
    state["actions"] = tagged()
    bpy.context.scene.frame_set(20)
    yield 1.0
    with bpy.context.temp_override(window=window(), screen=window().screen, area=area()):
        bpy.ops.screen.screenshot(filepath=PICTURE)
    yield 0.3
    with bpy.context.temp_override(window=window()):
        bpy.ops.ed.undo()
    yield 0.5
    state["undone"] = not tagged() and "Alice_rig" in bpy.data.objects
    # Another take, stopped with Esc. A quick engine would be done before the key arrives.
    process.candidates = lambda *_, **__: [process.Candidate(SLOW, "test double")]
    bpy.context.scene.talking_animation.seed = 5
    press()
    progress = bpy.context.window_manager.talking_animation
    while progress.running and "lines" not in progress.stage:
        yield 0.005
    state["was_running"] = progress.running
    subprocess.run(["xdotool", "mousemove", "300", "400", "key", "Escape"], check=True)
    until = time.monotonic() + 60
    while progress.running and time.monotonic() < until:
        yield 0.05
    state["cancelled"] = [progress.message, tagged()]


steps = play()


def step():
    try:
        if time.monotonic() - state["since"] > LIMIT:
            raise TimeoutError
        return next(steps)
    except StopIteration:
        finish()
    except BaseException:
        finish(error=traceback.format_exc())


bpy.app.timers.register(step, first_interval=1.5)
