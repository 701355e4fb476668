# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside Blender: install the zip, build a character (the demo's, a picture's, a drawn one), let it speak, save the .blend.

Beside the .blend it leaves, in --work, performance.json (facts for the terminal) and performance.npz (the lips' distance,
the head's angles and the lids at each frame, for the pictures).
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
from pathlib import Path
from typing import Any

import bpy
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))
import inside

FPS = 25
FIRST_FRAME = 1
TAIL_SECONDS = 0.4
LONGEST_SIDE = 1080
"""Pixels of a picture's film."""
DRAWN_SIDE = 720
"""Pixels of a drawn character's film."""


def main() -> int:
    """Make the performance that the arguments after `--` describe."""
    parser = argparse.ArgumentParser(prog="perform.py")
    parser.add_argument("--zip", type=Path, required=True)
    parser.add_argument("--voice", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--save", type=Path, required=True)
    parser.add_argument(
        "--picture", default="", help="a picture's name or file, instead of the demo character"
    )
    parser.add_argument("--drawing", default="", help="an example of a drawn character, instead of it")
    parser.add_argument("--style")
    parser.add_argument("--seed", type=int, default=0)
    options = inside.arguments(parser)

    addon = inside.install(options.zip)
    api = importlib.import_module(f"{addon.__name__}.api")

    scene = inside.empty_scene()
    scene.render.fps, scene.render.fps_base = FPS, 1.0
    scene.frame_start = FIRST_FRAME
    if options.picture:
        root = picture_character(api, scene, options.picture)
    elif options.drawing:
        root = drawn_character(addon, scene, options.drawing)
    else:
        demo_character = importlib.import_module(f"{addon.__name__}.demo_character")
        root = demo_character.build(scene)
        demo_character.build_stage(scene, root)
        demo_character.configure_workbench(scene)

    chosen = {"style": options.style} if options.style else {}
    begin = time.perf_counter()
    result = api.generate(root, options.voice, start_frame=FIRST_FRAME, seed=options.seed, **chosen)
    seconds = time.perf_counter() - begin
    print("generated", result, f"in {seconds:.2f} s")

    curves, last_key = count_curves(root)
    if not curves:
        raise SystemExit("The add-on wrote no keys.")
    last = last_key + round(TAIL_SECONDS * FPS)
    scene.frame_end = last
    add_sound(scene, options.voice)

    measured = options.work / "performance.npz"
    if options.drawing:
        measure_motion(addon, root, last, measured)
    else:
        measure(scene, root, last, measured)
    scene.frame_set(FIRST_FRAME)
    prepare_window(scene, root, bool(options.picture), bool(options.drawing))
    bpy.context.preferences.filepaths.save_version = 0  # no demo.blend1
    bpy.ops.wm.save_as_mainfile(filepath=str(options.save), compress=True, check_existing=False)
    facts = {"fps": FPS, "first": FIRST_FRAME, "last": last, "curves": curves, "seconds": round(seconds, 3)}
    (options.work / "performance.json").write_text(json.dumps(facts), encoding="utf-8")
    return 0


def picture_character(api: Any, scene: Any, picture: str) -> Any:
    """The character that a picture becomes, in a scene that renders as the picture is, at the size of a film."""
    try:
        report = api.make_picture_talk(picture, scene=scene)
    except api.TalkingAnimationError as error:
        raise SystemExit(str(error)) from error
    for warning in report.warnings:
        print(warning)
    root = report.roots[0]
    api.render_as_picture(root, scene, even=True)
    render = scene.render
    smaller = min(1.0, LONGEST_SIDE / max(render.resolution_x, render.resolution_y))
    render.resolution_x, render.resolution_y = (
        max(4, 2 * round(size * smaller / 2)) for size in (render.resolution_x, render.resolution_y)
    )
    return root


def drawn_character(addon: Any, scene: Any, name: str) -> Any:
    """What an example builds, with the add-on that was installed instead of the repository's."""
    sys.modules["blender_addon"] = addon
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "examples"))
    root = importlib.import_module(name).build(scene)
    scene.render.resolution_x = scene.render.resolution_y = DRAWN_SIDE
    return root


def measure_motion(addon: Any, root: Any, last: int, target: Path) -> None:
    """Keep how far the landmarks of what a drawn character says open the mouth: its drawings have no lips to measure."""
    carried = importlib.import_module(f"{addon.__name__}.talking.carried")
    character = importlib.import_module(f"{addon.__name__}.api").describe(root)
    motion = carried.motion_of(character, bpy.context.scene)
    opening = np.linalg.norm(motion.landmarks[:, 62] - motion.landmarks[:, 66], axis=1)
    opening = np.concatenate([opening, np.full(max(last - FIRST_FRAME + 1 - len(opening), 0), opening.min())])
    _keep(target, last, (opening - opening.min())[: last - FIRST_FRAME + 1])


def measure(scene: Any, root: Any, last: int, target: Path) -> None:
    """Play the scene and keep what lips, head and lids do at each frame."""
    face = inside.face_of(root)
    pair = inside.lip_pair(face)
    opening, head, lids = [], [], []
    for frame in range(FIRST_FRAME, last + 1):
        scene.frame_set(frame)
        opening.append(inside.lip_distance(face, pair))
        head.append(inside.head_angles(root))
        lids.append(
            [face.data.shape_keys.key_blocks[name].value for name in ("eyeBlinkLeft", "eyeBlinkRight")]
        )
    _keep(
        target,
        last,
        np.asarray(opening, np.float32) - np.float32(min(opening)),
        head=np.asarray(head, np.float32),
        lids=np.asarray(lids, np.float32),
    )


def _keep(target: Path, last: int, opening: Any, **others: Any) -> None:
    """Write how far the mouth is open at each frame, and what else is known, for `assemble`."""
    np.savez(
        target,
        fps=float(FPS),
        first=FIRST_FRAME,
        last=last,
        voice_start=float(FIRST_FRAME),
        opening=opening.astype(np.float32),
        **others,
    )


def count_curves(root: Any) -> tuple[int, int]:
    """How many animation curves the character has now, and their last key's frame."""
    owners = []
    for ob in (root, *root.children_recursive):
        materials = [slot.material for slot in ob.material_slots if slot.material is not None]
        owners += [ob, ob.data, getattr(ob.data, "shape_keys", None), *materials]
        owners += [material.node_tree for material in materials]
    count, last = 0, 0.0
    seen = set()
    for owner in owners:
        data = getattr(owner, "animation_data", None)
        if data is None:
            continue
        pairs = [(data.action, getattr(data, "action_slot", None))]
        pairs += [
            (strip.action, getattr(strip, "action_slot", None)) for t in data.nla_tracks for strip in t.strips
        ]
        for action, slot in pairs:
            name = (action.name, slot.identifier if slot else "") if action else None
            if name is None or name in seen:
                continue
            seen.add(name)
            for curve in curves_of(action, slot):
                count += 1
                last = max(last, curve.range()[1])
    return count, round(last)


def curves_of(action: Any, slot: Any) -> list[Any]:
    """The curves of an action, in every Blender."""
    if not hasattr(action, "layers"):
        return list(action.fcurves)
    bags = [strip.channelbag(slot) for layer in action.layers for strip in layer.strips] if slot else []
    return [curve for bag in bags if bag for curve in bag.fcurves]


def add_sound(scene: Any, voice: Path) -> None:
    """Make sure that the .blend plays the recording, from a copy inside the file."""
    editor = scene.sequence_editor_create()
    strips = editor.strips if hasattr(editor, "strips") else editor.sequences
    if not any(strip.type == "SOUND" for strip in strips):
        try:
            strips.new_sound("Voice", str(voice), 1, FIRST_FRAME)
        except RuntimeError as problem:  # a Blender built without sound still animates
            print(f"no sound in the .blend: {problem}")
    for sound in bpy.data.sounds:
        if sound.packed_file is None:
            sound.pack()
    scene.sync_mode = "AUDIO_SYNC"


def prepare_window(scene: Any, root: Any, picture: bool, drawn: bool) -> None:
    """Let the file open on the character: through the camera, its colours shown, its panel beside it."""
    for ob in scene.objects:
        ob.select_set(False)
    root.select_set(True)
    bpy.context.view_layer.objects.active = root
    for screen in bpy.data.screens:
        for area in screen.areas:
            for space in area.spaces:
                if space.type == "VIEW_3D":
                    space.region_3d.view_perspective = "CAMERA"
                    space.shading.type = "SOLID"
                    space.shading.light = "FLAT" if picture or drawn else "STUDIO"
                    space.shading.color_type = "TEXTURE" if picture else "MATERIAL" if drawn else "VERTEX"
                    space.overlay.show_overlays = False
                    space.show_region_ui = True


if __name__ == "__main__":
    inside.finish(main)
