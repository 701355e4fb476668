"""A synthetic line with closures of the lips, in place of what the fake engine wrote."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from fake_engine import synthetic

from blender_addon.contract import shape_effects
from blender_addon.talking import carried

FPS = 25.0
CLOSURES = (6, 17, 18, 27, 36, 45)  # frames at 25 a second


def write(path: str, seconds: float = 2.0, fps: float = FPS) -> np.ndarray:
    """Write the line; returns its (T, 52) weights."""
    fields = synthetic(seconds, fps)
    frames = len(fields["arkit"])
    time = np.arange(frames) / fps
    arkit = np.zeros((frames, 52), np.float32)
    jaw, close, smile = 17, 18, 23
    arkit[:, jaw] = 0.35 + 0.1 * np.sin(2 * np.pi * 3 * time)
    arkit[:, smile] = 0.2 + 0.1 * np.sin(2 * np.pi * time)
    arkit[:, 0] = arkit[:, 7] = np.exp(-(((time - 1.0) / 0.05) ** 2))  # a blink
    arkit[:, 43] = 0.3 + 0.2 * np.sin(2 * np.pi * 0.7 * time)  # browInnerUp
    opening = shape_effects.shapes().opening
    shut = [frame for frame in CLOSURES if frame < frames]
    arkit[shut, close] = (arkit[shut] @ opening) / -opening[close]
    fields["arkit"] = arkit
    fields["head_rotation"] = np.stack(
        [0.1 * np.sin(2 * np.pi * time), 0.05 * np.cos(2 * np.pi * 0.5 * time), 0 * time], axis=1
    ).astype(np.float32)
    fields["visemes"] = np.tile(np.eye(15, dtype=np.float32)[10], (frames, 1))
    edges = np.arange(0.0, seconds + 1e-6, 0.25)
    fields["cue_times"] = np.stack([edges[:-1], edges[1:]], axis=1).astype(np.float32)
    fields["cue_shapes"] = np.array([("X", "B", "A", "D")[i % 4] for i in range(len(edges) - 1)], "<U1")
    np.savez(path, **fields)
    return arkit


def give(character: object, seconds: float = 2.0) -> np.ndarray:
    """Let a character that talks say the synthetic line instead."""
    path = carried.motion_file(character)
    assert Path(path).is_file()
    return write(path, seconds)
