# SPDX-License-Identifier: GPL-3.0-or-later
"""A mouth chart made from a picture says the sample voice, from an empty file: nine mouths and three states of the eyes.

In Blender (3.4 or later):
    blender -b --factory-startup --python examples/chart_from_picture.py -- --save chart.blend

With Blender as a Python module (`pip install bpy`):
    python examples/chart_from_picture.py --save chart.blend

The picture is the fox that ships; the environment variable TALKING_PICTURE names another one or a file. `--sheets FOLDER` saves
the chart as PNG files, to paint over. `--render FOLDER --frames 1,12,30` also renders frames with Workbench; `-- --help` lists
the options.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

import drawn_stage

from blender_addon import api
from blender_addon.api import charts
from blender_addon.demo_character.flat_shapes import show_flat
from blender_addon.faces.from_picture.build import remove


def build(scene: Any) -> Any:
    """The chart; the picture that it was made of goes again."""
    report = api.make_picture_talk(os.environ.get("TALKING_PICTURE", "fox"), scene=scene)
    chart = charts.chart_from(report.roots[0], scene)
    remove(report.roots[0])
    chart.location = (0.0, 0.0, 0.0)
    show_flat(scene, (0.0, 0.0), 2.0)
    scene.display.shading.color_type = "TEXTURE"
    return chart


if __name__ == "__main__":
    drawn_stage.finish(
        drawn_stage.perform("chart_from_picture", build, drawn_stage.sheet_options, drawn_stage.save_sheets)
    )
