"""Drawn characters for tests: Grease Pencil objects of many layers or frames, objects of which one is shown, a spoken line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import bpy
import numpy as np
from blender_addon.contract.names import VISEMES
from face_animations import face_animation

from blender_addon.contract import ARKIT_INDEX, FaceAnimation
from blender_addon.host.blender_versions import drawing_layers

FPS = 24.0
CUE_OPENING = {"A": 0.0, "B": 0.1, "C": 0.3, "D": 0.6, "E": 0.35, "F": 0.15, "G": 0.05, "H": 0.25, "X": 0.0}
CUE_VISEMES = dict(zip("ABCDEFGHX", ("PP", "SS", "E", "aa", "O", "U", "FF", "nn", "sil")))


def pencil(name: str, layers: Iterable[str] = (), frames: Iterable[int] = (1,)) -> Any:
    """A Grease Pencil object with layers, and drawings at frames in each."""
    collection = getattr(bpy.data, "grease_pencils_v3", bpy.data.grease_pencils)
    data = collection.new(name)
    for title in layers:
        layer = data.layers.new(title)
        for number in frames:
            layer.frames.new(number)
    return linked(bpy.data.objects.new(name, data))


def linked(item: Any, parent: Any = None) -> Any:
    """An object in the scene, below another."""
    bpy.context.scene.collection.objects.link(item)
    item.parent = parent
    return item


def empty(name: str, parent: Any = None) -> Any:
    """An empty."""
    return linked(bpy.data.objects.new(name, None), parent)


def spoken(cues: str = "XABDACXEAFGHBX", seconds: float = 0.125, fps: float = FPS) -> FaceAnimation:
    """A line of mouth cues of equal length, with the weights and visemes that go with them, and a blink in its middle."""
    per = round(seconds * fps)
    frames = per * len(cues)
    arkit = np.zeros((frames, 52), np.float32)
    visemes = np.zeros((frames, len(VISEMES)), np.float32)
    for number, cue in enumerate(cues):
        part = slice(number * per, (number + 1) * per)
        arkit[part, ARKIT_INDEX["jawOpen"]] = CUE_OPENING[cue]
        visemes[part, VISEMES.index(CUE_VISEMES[cue])] = 1
    middle = frames // 2
    arkit[middle - 1 : middle + 2, [0, 7]] = np.array([[0.5], [1.0], [0.5]], np.float32)
    rows = [(number * per / fps, (number + 1) * per / fps, cue) for number, cue in enumerate(cues)]
    return face_animation(fps, arkit, visemes=visemes, cues=rows)


def say(
    character: Any, animation: FaceAnimation, start: int = 1, use_nla: bool = True, of: Any = None
) -> Any:
    """Write an animation to a character as generating does, without the engine; returns the report.

    Args:
        character: any object of it.
        animation: at the scene's rate.
        start: scene frame of the first key.
        use_nla: in NLA strips.
        of: the root whose id the keys remember; None for one that nobody has.
    """
    from blender_addon.characters.character import describe
    from blender_addon.contract import Dials
    from blender_addon.motion.key_reduction import KeyStyle
    from blender_addon.talking.write import Destination, write

    destination = Destination(
        start,
        use_nla,
        {"character": of.talking_animation.uid if of is not None else "test"},
        KeyStyle(),
        (0.0, 0.0),
    )
    return write(describe(character), animation, Dials(), destination)


def seen(first: int, last: int, read: Any) -> list[Any]:
    """What `read(depsgraph)` gives in each frame."""
    values = []
    for frame in range(first, last + 1):
        bpy.context.scene.frame_set(frame)
        values.append(read(bpy.context.evaluated_depsgraph_get()))
    return values


def shown_layers(item: Any, depsgraph: Any) -> list[str]:
    """The layers of an evaluated Grease Pencil object that are not hidden."""
    data = item.evaluated_get(depsgraph).data
    return [name for name, layer in zip(drawing_layers.layer_names(item), data.layers) if not layer.hide]
