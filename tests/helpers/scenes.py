"""Scenes with several characters, and voices for them."""

from __future__ import annotations

import wave
from pathlib import Path
from typing import Any

import bpy
import characters
import numpy as np
from places import VOICE
from recordings import wav_bytes


def cast(*names: str) -> list[Any]:
    """Rigged characters of these names beside each other; returns their armatures."""
    rigs = []
    for place, name in enumerate(names):
        rig, mesh = characters.rigged()
        rig.name = rig.data.name = f"{name}_rig"
        mesh.name = f"{name}_face"
        rig.location.x = 3.0 * place
        rigs.append(rig)
    return rigs


def face_of(rig: Any) -> Any:
    """The face mesh of such a character."""
    return next(item for item in rig.children if item.type == "MESH")


def voices(folder: Path, names: list[str], seconds: float, seed: int = 0) -> list[Path]:
    """A WAV file of real speech for each name, each another part of the sample voice at another pitch."""
    with wave.open(str(VOICE)) as stream:
        rate = stream.getframerate()
        whole = np.frombuffer(stream.readframes(stream.getnframes()), "<i2").astype(np.float64)
    random = np.random.RandomState(seed)
    found = []
    for name in names:
        begin = random.randint(len(whole))
        part = np.roll(whole, -begin)
        part = np.tile(part, int(np.ceil(seconds * rate * 1.1 / len(part))))
        steps = np.arange(round(seconds * rate)) * random.uniform(0.93, 1.07)
        samples = np.interp(steps, np.arange(len(part)), part) * random.uniform(0.5, 1.0)
        found.append(folder / f"{name}.wav")
        found[-1].write_bytes(wav_bytes(samples / 32768, rate))
    return found


def table(path: Path, rows: list[tuple[Any, ...]]) -> Path:
    """A table of lines: rows of character, audio, start and, if you like, style, seed, speed."""
    header = "character,audio,start,style,seed,speed"
    lines = [",".join(str(cell) for cell in row) + "," * (6 - len(row)) for row in rows]
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def snapshot() -> tuple[Any, ...]:
    """All that a run may change."""
    scene = bpy.context.scene
    values = tuple(
        tuple(block.value for block in key.key_blocks)
        for key in sorted(bpy.data.shape_keys, key=lambda key: key.name)
    )
    return (
        sorted(item.name for item in bpy.data.actions),
        sorted(item.name for item in bpy.data.texts),
        sorted(item.name for item in bpy.data.sounds),
        sorted(item.name for item in bpy.data.scenes),
        scene.frame_end,
        values,
        [item.animation_data is None for item in bpy.data.objects],
    )
