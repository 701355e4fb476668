"""Runs in any Blender for tests/test_across_versions.py: makes a file with everything in it, or says what a file shows.

make OUT.blend CACHE SHOWN.json      a scene in which two characters talk, saved; and what it shows
show IN.blend SHOWN.json             what a file shows, with no add-on
edit IN.blend CACHE EDITED.json      what the add-on can still do with it
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import bpy

ROOT = Path(__file__).resolve().parents[2]
for folder in (str(ROOT), str(ROOT / "tests" / "helpers")):
    if folder not in sys.path:
        sys.path.insert(0, folder)

FRAMES = (1, 12, 20, 33, 47, 60, 75, 90, 104, 120, 140)
LINES = (("Alice", 11), ("Tali", 65), ("Alice", 95))


def arguments() -> list[str]:
    return sys.argv[sys.argv.index("--") + 1 :] if "--" in sys.argv else sys.argv[1:]


def shown() -> dict[str, list[float]]:
    """Every shape key, as meshes are shaped by it, every pose bone and object, at a few frames."""
    scene = bpy.context.scene
    found: dict[str, list[float]] = {}
    for frame in FRAMES:
        scene.frame_set(frame)
        graph = bpy.context.evaluated_depsgraph_get()
        for item in sorted(scene.objects, key=lambda item: item.name):
            evaluated = item.evaluated_get(graph)
            values = [value for row in evaluated.matrix_world for value in row]
            if item.type == "MESH" and item.data.shape_keys is not None:
                values += [block.value for block in item.data.shape_keys.key_blocks]
                mesh = evaluated.data
                values += [part for vertex in mesh.vertices.values()[::7] for part in vertex.co]
            if item.type == "ARMATURE":
                for bone in evaluated.pose.bones:
                    values += [value for row in bone.matrix for value in row]
            found.setdefault(item.name, []).extend(round(float(value), 6) for value in values)
    return found


def make(target: Path, cache: Path, answer: Path) -> None:
    import blender_addon

    blender_addon.register()
    import scenes

    from blender_addon import api, demo_character
    from blender_addon.host import settings

    bpy.ops.wm.read_factory_settings(use_empty=True)
    settings.fallback.cache_folder = str(cache)
    scene = bpy.context.scene
    scene.render.fps = 25
    (alice,) = scenes.cast("Alice")
    tali = demo_character.build(scene, location=(3, 0, 0))
    tali.name = "Tali_rig"
    names = [f"{name}_{place}" for place, (name, _) in enumerate(LINES)]
    files = scenes.voices(target.parent, names, 1.8)
    rows = [(name, file.name, start) for (name, start), file in zip(LINES, files)]
    report = api.animate_scene(api.lines_of_table(str(scenes.table(target.parent / "lines.csv", rows))))
    assert not report.failed and len(report.characters) == 2, report.table()
    api.apply_key_style(alice, api.KeyStyle("BEZIER", 0.005))
    api.apply_dials(tali, api.Dials(head=1.5, lips=0.9))
    api.push_to_nla(tali, 4, 8)
    for kind in ("MARKERS", "TEXT", "STRIPS"):
        api.add_cues(tali, kind)
    bpy.ops.wm.save_as_mainfile(filepath=str(target))
    answer.write_text(json.dumps(shown()), encoding="utf-8")


def show(source: Path, answer: Path) -> None:
    bpy.ops.wm.open_mainfile(filepath=str(source))
    answer.write_text(json.dumps(shown()), encoding="utf-8")


DIALS = {
    "brow": 0.7,
    "smile": 0.6,
    "energy": 1.6,
    "lips": 1.4,
    "head": 0.3,
    "brows": 1.8,
    "blinks": 0.2,
    "gaze": 0.2,
    "lips_across": 1.5,
    "lips_up_down": 1.5,
    "mouth_closing": 1.8,
    "lips_shut": 0.6,
    "smoothing": 0.2,
    "offset": 0.4,
}


def curves() -> dict[str, list[float]]:
    """What every curve is at a few frames."""
    from blender_addon.host.blender_versions import animation_data

    return {
        f"{action.name} {curve.data_path} {curve.array_index}": [
            curve.evaluate(frame) for frame in range(0, 150, 3)
        ]
        for action in bpy.data.actions
        for curve in animation_data.curves_of(action)
    }


def difference(one: dict[str, list[float]], other: dict[str, list[float]]) -> float:
    """How far curves are apart at most; one that is not there is 0."""
    nothing = [0.0] * 50
    pairs = ((one.get(name, nothing), other.get(name, nothing)) for name in {*one, *other})
    return max(abs(here - there) for pair in pairs for here, there in zip(*pair, strict=True))


def turned(state: bpy.types.PropertyGroup) -> dict[str, tuple[float, float]]:
    """Turns each dial and back, as a mouse does: how far the curves went, and how far from where they were they are again."""
    before, told = curves(), {}
    for name, value in DIALS.items():
        was = getattr(state, name)
        setattr(state, name, value)
        moved = difference(before, curves())
        setattr(state, name, was)
        told[name] = (moved, difference(before, curves()))
    return told


def edit(source: Path, cache: Path, answer: Path) -> None:
    import blender_addon

    blender_addon.register()
    from blender_addon import api
    from blender_addon.host import settings

    settings.fallback.cache_folder = str(cache)
    bpy.ops.wm.open_mainfile(filepath=str(source))
    found: dict[str, object] = {}
    for name in ("Alice_rig", "Tali_rig"):
        rig = bpy.data.objects[name]
        state = rig.talking_animation
        found[name] = {
            "problems": [problem.code for problem in api.check(rig)],
            "nla": api.in_nla(rig),
            "dials": [round(float(state.head), 3), round(float(state.lips), 3)],
            "keys": state.key_style,
            "cues": api.has_cues(rig),
            "turned": turned(state),
            "curves": api.apply_dials(rig, api.Dials()),
            "removed": api.remove(rig),
            "left": api.has_animation(rig) or api.has_cues(rig),
        }
    found["actions"] = sorted(item.name for item in bpy.data.actions)
    found["weights"] = max(
        abs(block.value)
        for key in bpy.data.shape_keys
        for block in key.key_blocks
        if block != key.reference_key
    )
    answer.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    task, *places = arguments()
    code = 1
    try:
        {"make": make, "show": show, "edit": edit}[task](*map(Path, places))
        code = 0
    except BaseException:
        import traceback

        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # as a module, Blender 4 crashes while the interpreter shuts down
