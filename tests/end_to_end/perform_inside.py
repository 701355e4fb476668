"""Runs inside Blender for test_installed_zip.py: install the zip, let characters speak one after the other, measure, render.

Writes measured.npz (`opening`: the lips' distance at each frame, `weights`: the values of the shape keys, `dark`: dark pixels at
the mouth in each rendered picture) and facts.json into OUT/demo, and into OUT/ict where that model is given.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from bpy_extras.object_utils import world_to_camera_view
from mathutils import Vector

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "demo"))
import inside

ROOT = Path(__file__).resolve().parents[2]
FPS = 25
WIDTH, HEIGHT = 480, 480
# What of the ICT head is the inside of its mouth.
ICT_MOUTH = ("gum", "teeth", "tongue", "mouth")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--zip", type=Path, required=True)
    parser.add_argument("--voice", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--pictures", required=True, help="frames to render, separated by commas")
    parser.add_argument("--ict", type=Path, help="the ICT model, to speak after the demo character")
    options = inside.arguments(parser)

    addon = inside.install(options.zip)
    pictures = [int(frame) for frame in options.pictures.split(",")]
    for name, model in (("demo", None), ("ict", options.ict)):
        if name == "demo" or model:
            folder = options.out / name
            folder.mkdir()
            perform(addon, options.voice, pictures, folder, model)
    return 0


def perform(addon: Any, voice: Path, pictures: list[int], out: Path, model: Path | None) -> None:
    """Let the head of a model, or the demo character, speak; what came of it is written into a folder."""
    api = importlib.import_module(f"{addon.__name__}.api")
    scene = inside.empty_scene()
    scene.render.fps, scene.render.fps_base = FPS, 1.0
    if model:
        root, pair = build_ict(scene, model)
        face = root
    else:
        demo_character = importlib.import_module(f"{addon.__name__}.demo_character")
        root = demo_character.build(scene)
        face = inside.face_of(root)
        pair = inside.lip_pair(face)
    camera = add_camera(scene, face, pair)
    configure(scene, flat=model is not None)

    result = api.generate(root, voice, start_frame=1, seed=1)
    print("generated", result)

    opening, weights = [], []
    blocks = face.data.shape_keys.key_blocks
    last = 1 + round(json.loads((ROOT / "demo" / "hello.json").read_text("utf-8"))["words"][-1][2] * FPS) + 12
    for frame in range(1, last + 1):
        scene.frame_set(frame)
        opening.append(inside.lip_distance(face, pair))
        weights.append([block.value for block in blocks])
    dark = [dark_pixels(scene, camera, face, pair, frame, out) for frame in pictures]
    np.savez(
        out / "measured.npz",
        opening=np.asarray(opening),
        weights=np.asarray(weights),
        dark=np.asarray(dark),
        rotation=np.asarray(head_motion(scene, root, last)),
    )
    facts = {
        "names": [block.name for block in blocks],
        "module": addon.__name__,
        "strips": [strip.name for strip in strips_of(scene)],
    }
    (out / "facts.json").write_text(json.dumps(facts), encoding="utf-8")


def head_motion(scene: Any, root: Any, last: int) -> list[list[float]]:
    """The head's rotation at every fifth frame: of its bone, or of the object."""
    rows = []
    for frame in range(1, last + 1, 5):
        scene.frame_set(frame)
        evaluated = root.evaluated_get(bpy.context.evaluated_depsgraph_get())
        matrix = evaluated.matrix_world
        if evaluated.type == "ARMATURE":
            head = next(bone for bone in evaluated.pose.bones if bone.name.lower() == "head")
            matrix = matrix @ head.matrix
        rows.append(list(matrix.to_euler()))
    return rows


def strips_of(scene: Any) -> list[Any]:
    editor = scene.sequence_editor
    if editor is None:
        return []
    return list(editor.strips if hasattr(editor, "strips") else editor.sequences)


def build_ict(scene: Any, path: Path) -> tuple[Any, tuple[int, int]]:
    """The ICT head as an artist would import it: metres, z up, shape keys under its own ARKit-like names."""
    with np.load(path, allow_pickle=False) as model:
        points = to_blender(model["vertices"])
        faces, material = model["faces"], model["face_material"]
        materials = [str(name) for name in model["material_names"]]
        names, deltas = [str(name) for name in model["expression_names"]], model["expression_deltas"]
        landmarks = model["landmark68"]
    mesh = bpy.data.meshes.new("ICT head")
    mesh.from_pydata(points.tolist(), [], [[int(v) for v in face if v >= 0] for face in faces])
    for name in materials:
        look = bpy.data.materials.new(name)
        inner = any(word in name.lower() for word in ICT_MOUTH)
        look.diffuse_color = (0.01, 0.005, 0.005, 1) if inner else (0.8, 0.6, 0.5, 1)
        mesh.materials.append(look)
    mesh.polygons.foreach_set("material_index", material.astype(np.int32))
    ob = bpy.data.objects.new("ICT head", mesh)
    scene.collection.objects.link(ob)
    ob.shape_key_add(name="Basis", from_mix=False)
    for name, delta in zip(names, deltas):
        block = ob.shape_key_add(name=name, from_mix=False)
        block.value = 0.0  # Blender 5 makes new shape keys at full strength
        moved = points + to_blender(delta.astype(np.float32))
        block.data.foreach_set("co", np.ascontiguousarray(moved, np.float32).ravel())
    mesh.update()
    return ob, (int(landmarks[62]), int(landmarks[66]))


def to_blender(points: Any) -> Any:
    """Centimetres with y up → metres with z up."""
    return np.stack([points[:, 0], -points[:, 2], points[:, 1]], axis=1).astype(np.float32) * 0.01


def mouth_place(face: Any, pair: tuple[int, int]) -> Vector:
    evaluated = face.evaluated_get(bpy.context.evaluated_depsgraph_get())
    mesh = evaluated.to_mesh()
    place = evaluated.matrix_world @ ((mesh.vertices[pair[0]].co + mesh.vertices[pair[1]].co) / 2)
    evaluated.to_mesh_clear()
    return place


def add_camera(scene: Any, face: Any, pair: tuple[int, int]) -> Any:
    """A camera that looks straight at the mouth from in front."""
    data = bpy.data.cameras.new("Camera")
    data.type = "ORTHO"
    data.ortho_scale = 0.16
    data.clip_end = 10
    camera = bpy.data.objects.new("Camera", data)
    camera.location = mouth_place(face, pair) + Vector((0, -1, 0))
    camera.rotation_euler = (np.pi / 2, 0, 0)
    scene.collection.objects.link(camera)
    scene.camera = camera
    return camera


def configure(scene: Any, *, flat: bool) -> None:
    scene.render.engine = "BLENDER_WORKBENCH"
    scene.render.resolution_x, scene.render.resolution_y = WIDTH, HEIGHT
    scene.render.resolution_percentage = 100
    scene.display.render_aa = "OFF"
    scene.view_settings.view_transform = "Standard"
    shading = scene.display.shading
    shading.light = "FLAT"
    shading.color_type = "MATERIAL" if flat else "VERTEX"
    settings = scene.render.image_settings
    if hasattr(settings, "media_type"):
        settings.media_type = "IMAGE"
    settings.file_format = "PNG"
    settings.color_mode = "RGB"


def dark_pixels(scene: Any, camera: Any, face: Any, pair: tuple[int, int], frame: int, out: Path) -> int:
    """Render a frame and count the dark pixels in a window about the middle of the mouth."""
    scene.frame_set(frame)
    path = out / f"{frame:04d}.png"
    scene.render.filepath = str(path)
    bpy.ops.render.render(write_still=True)
    image = bpy.data.images.load(str(path))
    pixels = np.empty(WIDTH * HEIGHT * image.channels, np.float32)
    image.pixels.foreach_get(pixels)
    grey = pixels.reshape(HEIGHT, WIDTH, image.channels)[..., :3].mean(axis=2)
    bpy.data.images.remove(image)
    seen = world_to_camera_view(scene, camera, mouth_place(face, pair))
    x, y = round(seen.x * WIDTH), round(seen.y * HEIGHT)
    window = grey[max(0, y - 60) : y + 60, max(0, x - 90) : x + 90]
    return int((window < 0.22).sum())


if __name__ == "__main__":
    inside.finish(main)
