"""A Blender whose Python has no numpy, such as Debian's without python3-numpy: the add-on says so everywhere, and no trace."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import bpy
import pytest
from waiting import HUNG

from blender_addon.motion.stored_motion import NO_NUMPY

ROOT = Path(__file__).resolve().parents[3]
BEGIN = f"""
import os, sys
sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / "tests" / "helpers")!r}]
import bpy
import hide_numpy
"""
END = """
sys.stdout.flush()
sys.stderr.flush()
os._exit(0)
"""


def run(script: str, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    path = tmp_path / "script.py"
    path.write_text(BEGIN + script + END, encoding="utf-8")
    command = [sys.executable, str(path)]
    if bpy.app.binary_path:
        command = [bpy.app.binary_path, "-b", "--factory-startup", "-noaudio", "--python", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=HUNG)
    # Blender's own sound library complains on its own account.
    assert "blender_addon" not in done.stderr and "blender_addon" not in done.stdout, (
        done.stderr + done.stdout
    )
    return done


def test_it_can_be_switched_on_and_off(tmp_path):
    script = """
import blender_addon
for _ in range(2):
    blender_addon.register()
    print("panel", hasattr(bpy.types, "TALKING_ANIMATION_PT_without_numpy"))
    print("scene", hasattr(bpy.types.Scene, "talking_animation"))
    blender_addon.unregister()
    print("panel", hasattr(bpy.types, "TALKING_ANIMATION_PT_without_numpy"))
from blender_addon import without_numpy
print("code", without_numpy.command(["--audio", "x.wav"]))
"""
    done = run(script, tmp_path)
    told = [line for line in done.stdout.splitlines() if line.split(" ")[0] in {"panel", "scene", "code"}]
    assert told == ["panel True", "scene False", "panel False"] * 2 + ["code 1"]
    assert done.stderr.count(NO_NUMPY) == 3


def test_scripts_hear_the_sentence(tmp_path):
    script = """
import blender_addon
blender_addon.register()
try:
    from blender_addon import api
except Exception as error:
    print("told", type(error).__name__, error)
"""
    assert f"told TalkingAnimationError {NO_NUMPY}" in run(script, tmp_path).stdout


def test_the_example(tmp_path):
    example = ROOT / "examples" / "generate.py"
    script = f"""
import runpy
names = runpy.run_path({str(example)!r}, run_name="example")
sys.argv = ["generate.py", "--", "--audio", "x.wav"]
print("code", names["main"]())
"""
    done = run(script, tmp_path)
    assert "code 1" in done.stdout and f"Error: {NO_NUMPY}" in done.stderr


@pytest.mark.skipif(not bpy.app.binary_path, reason="needs Blender's own command line")
def test_the_exit_code_on_the_command_line(tmp_path):
    hidden = tmp_path / "hide.py"
    hidden.write_text(BEGIN, encoding="utf-8")
    example = str(ROOT / "examples" / "generate.py")
    command = [bpy.app.binary_path, "-b", "--factory-startup", "-noaudio", "--python", str(hidden)]
    done = subprocess.run(
        [*command, "--python", example, "--", "--audio", "x.wav"],
        capture_output=True,
        text=True,
        timeout=HUNG,
        env=os.environ,
    )
    assert done.returncode == 1 and NO_NUMPY in done.stderr and "Traceback" not in done.stderr
