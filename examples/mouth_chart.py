# SPDX-License-Identifier: GPL-3.0-or-later
"""A drawn head with a chart of nine mouths says the sample voice, from an empty file.

In Blender (3.4 or later):
    blender -b --factory-startup --python examples/mouth_chart.py -- --save mouth_chart.blend

With Blender as a Python module (`pip install bpy`):
    python examples/mouth_chart.py --save mouth_chart.blend

`--render FOLDER --frames 1,12,30` also renders frames with Workbench; `-- --help` lists the options.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

import drawn_stage

from blender_addon.demo_character.flat_shapes import show_flat
from blender_addon.demo_character.mouth_chart import build_mouth_chart


def build(scene: Any) -> Any:
    """The head; its drawings are told by their names, so nothing is mapped."""
    head = build_mouth_chart(scene)
    show_flat(scene, (0.0, -0.2), 2.9)
    return head


if __name__ == "__main__":
    drawn_stage.finish(drawn_stage.perform("mouth_chart", build))
