# SPDX-License-Identifier: GPL-3.0-or-later
"""Make a picture with a face say a recording, from an empty file.

In Blender (3.4 or later):
    blender -b --python examples/picture.py -- --picture portrait.jpg --audio line.wav --save talking.blend --render talking.mp4

With Blender as a Python module (`pip install bpy`):
    python examples/picture.py --picture portrait.jpg --audio line.wav --save talking.blend

`--picture` also takes the name of a picture that ships, such as fox. Options: those of generate.py; `-- --help` lists them.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import bpy

sys.path.insert(0, str(Path(__file__).resolve().parent))

import generate

if __name__ == "__main__":
    if not bpy.data.filepath:  # Blender was given no file: nothing but the picture
        for scene_object in list(bpy.data.objects):
            bpy.data.objects.remove(scene_object)
    code = generate.main()
    sys.stdout.flush()
    sys.stderr.flush()
    if bpy.app.binary_path:
        sys.exit(code)
    os._exit(code)  # as a module, Blender 4 crashes while the interpreter shuts down
