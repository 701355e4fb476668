"""The characters that talk for the golden file, and what there is to see of their keys. Runs inside Blender.

The real engine makes the motion. Everything is done through `blender_addon.api`, the operators and bpy, and everything that was
written is found by walking the file, so that this says nothing of how the add-on is built inside.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import bone_faces
import bpy
import numpy as np
import vendor_bones
import vendor_faces
import vendor_names
from golden_file import Case
from places import VOICE

from blender_addon import api

DIALS = {
    "lips": 1.2, "head": 0.7, "brows": 1.4, "blinks": 0.9, "gaze": 0.8, "lips_across": 0.9, "lips_up_down": 1.15,
    "mouth_closing": 1.3, "offset": 0.1,
}  # fmt: skip
STRIP_NUMBERS = (
    "frame_start", "frame_end", "action_frame_start", "action_frame_end", "blend_in", "blend_out", "scale", "repeat",
)  # fmt: skip
BONES = vendor_bones.RIGS["auto_rig_pro"]


def demo() -> Any:
    """The demo character's armature."""
    bpy.ops.talking_animation.add_demo_character()
    return bpy.context.view_layer.objects.active


@dataclass(frozen=True)
class Scene:
    """One case.

    Attributes:
        build: makes the character; returns any object of it.
        fps: the scene's rate.
        take: name of the engine's take: style and seed.
        start: scene frame at which the recording starts.
        delay: whole frames of the offset dial.
        hold: frames that a drawing is held for.
        tolerance: of the key style, where it makes as few keys as that allows; else 0.
        most_exempt: no more than this part of the frames may be exempt.
        options: for `api.generate`.
    """

    build: Callable[[], Any]
    fps: int
    take: str = "auto 0"
    start: int = 1
    delay: int = 0
    hold: int = 1
    tolerance: float = 0.0
    most_exempt: float = 0.41
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def manner(self) -> dict[str, Any]:
        """Style and seed, for `api.generate`."""
        style, seed = self.take.split()
        return {"style": style, "seed": int(seed)}


SCENES = {
    "demo": Scene(demo, 24),
    "dialled": Scene(
        demo, 30, "lively 3", 11, delay=3, tolerance=0.002, options={
            "placement": "ACTION", "dials": api.Dials(**DIALS), "keys": api.KeyStyle("BEZIER", 0.002),
        },
    ),
    "bones": Scene(lambda: bone_faces.build(BONES).mesh, 25),
    "visemes": Scene(
        lambda: vendor_faces.build(vendor_names.FACES["Oculus"].shapes), 12, most_exempt=0.53, options={
            "keys": api.KeyStyle("STEPPED", hold=1),
        },
    ),
    "on twos": Scene(
        lambda: vendor_faces.build(vendor_names.FACES["VRoid"].shapes), 24, hold=2, most_exempt=0.42, options={
            "keys": api.KeyStyle("STEPPED", hold=2),
        },
    ),
    "points": Scene(lambda: api.add_points(None, "MESH"), 24),
}  # fmt: skip


def perform(name: str) -> Case:
    """Let the character of a case talk in an empty file; returns what was written."""
    chosen = SCENES[name]
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.render.fps, scene.render.fps_base = chosen.fps, 1.0
    report = api.generate(
        chosen.build(), VOICE, start_frame=chosen.start, add_sound=False, **chosen.manner, **chosen.options
    )
    facts: dict[str, Any] = {
        "report": {key: int(getattr(report, key)) for key in ("frames", "curves", "meshes", "start", "end")},
        "scene end": scene.frame_end,
        "placed": [],
    }
    curves = []
    for title, datablock in datablocks():
        for placed, action, slot in uses(datablock.animation_data):
            facts["placed"].append([title, *placed])
            curves += [(f"{title} | {label(curve)}", curve) for curve in curves_of(action, slot)]
    curves.sort(key=lambda pair: pair[0])
    frames = np.arange(report.start, report.end + 1)
    values = np.array([[curve.evaluate(frame) for frame in frames.tolist()] for _, curve in curves]).T
    keyed = np.stack([np.isin(frames, keys_of(curve)) for _, curve in curves], axis=1)
    facts["keys"] = int(sum(len(curve.keyframe_points) for _, curve in curves))
    return Case([text for text, _ in curves], values, keyed, report.start, facts)


def datablocks() -> Iterator[tuple[str, Any]]:
    """Everything of the file that is animated, and what it is called."""
    for kind in ("objects", "meshes", "shape_keys", "armatures", "scenes", "materials", "node_groups"):
        for datablock in sorted(getattr(bpy.data, kind), key=lambda item: item.name):
            if datablock.animation_data is not None:
                owner = datablock.user if kind == "shape_keys" else datablock
                yield f"{kind}: {owner.name}", datablock


def uses(data: Any) -> Iterator[tuple[list[Any], Any, Any]]:
    """Where animation data uses actions: (how, action, slot)."""
    if data.action is not None:
        yield ["active", unnumbered(data.action)], data.action, getattr(data, "action_slot", None)
    for track in data.nla_tracks:
        for strip in track.strips:
            placed = [track.name, track.mute, unnumbered(strip), unnumbered(strip.action)]
            placed += [strip.blend_type, strip.extrapolation]
            placed += [round(float(getattr(strip, number)), 3) for number in STRIP_NUMBERS]
            yield placed, strip.action, getattr(strip, "action_slot", None)


def unnumbered(item: Any) -> str:
    """A name without the number that makes it unique, which is not the same in every Blender."""
    return re.sub(r"\.\d{3}$", "", item.name)


def curves_of(action: Any, slot: Any) -> list[Any]:
    """The curves of an action, in every Blender."""
    if not hasattr(action, "layers"):
        return list(action.fcurves)
    bags = [strip.channelbag(slot) for layer in action.layers for strip in layer.strips] if slot else []
    return [curve for bag in bags if bag for curve in bag.fcurves]


def label(curve: Any) -> str:
    """What a curve moves, its group, and how it goes on between its keys."""
    ways = sorted({point.interpolation for point in curve.keyframe_points})
    group = curve.group.name if curve.group is not None else ""
    return f"{curve.data_path} [{curve.array_index}] | {group} | {' '.join([curve.extrapolation, *ways])}"


def keys_of(curve: Any) -> np.ndarray:
    """The frames of a curve's keys."""
    flat = np.empty(2 * len(curve.keyframe_points), np.float32)
    curve.keyframe_points.foreach_get("co", flat)
    return flat[::2]
