# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside Blender for `build.py bench`: what a click costs, with the zip installed as a user would."""

from __future__ import annotations

import argparse
import importlib
import json
import statistics
import sys
import time
from pathlib import Path

import bpy
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))
import inside

CURVES, FRAMES = 52, 3000


def main() -> int:
    """Measure and write the figures, in seconds, as JSON."""
    parser = argparse.ArgumentParser(prog="measure.py")
    parser.add_argument("--zip", type=Path, required=True)
    parser.add_argument("--voice", type=Path, required=True)
    parser.add_argument("--answer", type=Path, required=True)
    options = inside.arguments(parser)
    addon = inside.install(options.zip)
    demo_character, api, actions, channels, contract = (
        importlib.import_module(f"{addon.__name__}.{name}")
        for name in ("demo_character", "api", "keys.actions", "keys.channels", "contract")
    )
    scene = inside.empty_scene()
    scene.render.fps, scene.render.fps_base = 25, 1.0
    root = demo_character.build(scene)

    clicks = []
    for _ in range(3):
        api.close_engine()  # its start belongs to the click
        begin = time.perf_counter()
        api.generate(root, options.voice, start_frame=1, use_cache=False)
        clicks.append(time.perf_counter() - begin)

    key = inside.face_of(root).data.shape_keys
    curve = np.sin(np.arange(FRAMES, dtype=np.float32) * 0.1) * 0.5 + 0.5
    wanted = [
        channels.Channel(key, f'key_blocks["{name}"].value', 0, "Face", curve, 0.0)
        for name in contract.ARKIT_NAMES[:CURVES]
    ]
    writes = []
    for _ in range(5):
        begin = time.perf_counter()
        actions.write(key, wanted, actions.Placement(1, False, "bench", {}))
        writes.append(time.perf_counter() - begin)
    figures = {
        "click_to_keys": round(max(clicks), 3),
        "clicks": [round(value, 3) for value in clicks],
        "write": round(statistics.median(writes), 4),
        "writes": [round(value, 4) for value in writes],
        "blender": bpy.app.version_string,
        "numpy": np.__version__,
    }
    options.answer.parent.mkdir(parents=True, exist_ok=True)
    options.answer.write_text(json.dumps(figures), encoding="utf-8")
    return 0


if __name__ == "__main__":
    inside.finish(main)
