# SPDX-License-Identifier: GPL-3.0-or-later
"""Make a character talk without a window.

In Blender (3.4 or later):
    blender -b character.blend --python examples/generate.py -- --audio line.wav --save talking.blend

With Blender as a Python module (`pip install bpy`):
    python examples/generate.py character.blend --audio line.wav --save talking.blend

`-- --help` lists the options. The exit code is 0 only where keys were written and kept.
"""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from types import ModuleType

import bpy


def find_addon() -> ModuleType:
    """The add-on: the installed one if there is one (enabled for this run), else the one of this checkout."""
    import addon_utils  # Blender puts it within reach when bpy is imported

    for module in addon_utils.modules():
        if module.__name__.rpartition(".")[2] == "talking_animation":
            enabled = addon_utils.enable(module.__name__, default_set=True)
            if enabled is not None:
                return enabled
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    addon = importlib.import_module("blender_addon")
    if not hasattr(bpy.types.Scene, "talking_animation"):
        addon.register()
    return addon


def main() -> int:
    """Read the arguments after `--`; returns the exit code."""
    arguments = sys.argv[1:]
    if bpy.app.binary_path:  # the application's own arguments come first
        arguments = arguments[arguments.index("--") + 1 :] if "--" in arguments else []
    else:
        arguments = [argument for argument in arguments if argument != "--"]
    addon = find_addon()
    try:
        recording = importlib.import_module(f"{addon.__name__}.command_line.recording")
    except Exception as error:
        if type(error).__name__ != "TalkingAnimationError":
            raise
        print(f"Error: {error}", file=sys.stderr)  # this Blender lacks something
        return 1
    return int(recording.last_command(arguments))


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    if bpy.app.binary_path:
        sys.exit(code)
    os._exit(code)  # as a module, Blender 4 crashes while the interpreter shuts down
