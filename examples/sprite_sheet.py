# SPDX-License-Identifier: GPL-3.0-or-later
"""A cat whose mouths and eyes are cells of sprite sheets says the sample voice, from an empty file.

In Blender (3.4 or later):
    blender -b --factory-startup --python examples/sprite_sheet.py -- --save sprite_sheet.blend

With Blender as a Python module (`pip install bpy`):
    python examples/sprite_sheet.py --save sprite_sheet.blend

`--sheets FOLDER` saves both sheets as PNG files, to paint over. `--render FOLDER --frames 1,12,30` also renders frames with
Workbench; `-- --help` lists the options.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

import drawn_stage

from blender_addon.api import charts
from blender_addon.demo_character.flat_shapes import show_flat


def build(scene: Any) -> Any:
    """The cat; its sheets are mapped as it is added."""
    cat = charts.add_sprite_chart(scene)
    show_flat(scene, (0.0, -0.05), 2.5)
    scene.display.shading.color_type = "TEXTURE"
    return cat


if __name__ == "__main__":
    drawn_stage.finish(
        drawn_stage.perform("sprite_sheet", build, drawn_stage.sheet_options, drawn_stage.save_sheets)
    )
