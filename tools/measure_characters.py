"""Measures how far characters of files open their mouths, against what the sample voice asks of them.

    .env/bpy-4.5.15/bin/python -m tools.measure_characters woman.fbx body.glb rig.blend [--plain]

Runs in a Python that has `bpy`. Each file is brought into an empty scene, its character says the sample voice, and the lips are
looked for in the evaluated mesh itself: vertices that lie on each other at rest and part. Prints one line a file: what was
recognised, and of the lips' opening the share of what was asked, its correlation, and what is left where lips are to be shut.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

_STEP = 2  # frames
_NEAR = 0.03  # outer eye-corner distances: lips that lie on each other at rest
_SHUT, _LEAST = 0.01, 0.01
_FOLLOWS = 0.7  # correlation of a gap with what was asked, from which on it is of the mouth
_MIDDLE = 6  # pairs


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", type=Path, nargs="+", help=".fbx, .glb, .gltf, .vrm or .blend files")
    parser.add_argument("--plain", action="store_true", help="without driving a narrow mouth further")
    options = parser.parse_args()
    import blender_addon

    blender_addon.register()
    for path in options.files:
        print(f"{path.name}: {_measured(path.resolve(), options.plain)}", flush=True)
    return 0


def _measured(path: Path, plain: bool) -> str:
    from blender_addon import api

    item = _brought_in(path)
    if item is None:
        return "no character"
    found = api.describe(item)
    if found.problem:
        return found.problem
    options: dict[str, Any] = {"calibrated": False} if plain else {}
    report = api.generate(found.root, str(ROOT / "demo" / "hello.wav"), start_frame=1, **options)
    told = "; ".join([found.summary, f"{report.curves} curves", *report.warnings])
    return f"{told}; {_lips(found)}"


def _brought_in(path: Path) -> Any:
    """The object of a file that can talk; None where none can."""
    import bpy

    from blender_addon import api

    if path.suffix.lower() == ".blend":
        bpy.ops.wm.open_mainfile(filepath=str(path))
    else:
        bpy.ops.wm.read_factory_settings(use_empty=True)
        if path.suffix.lower() == ".fbx":
            bpy.ops.import_scene.fbx(filepath=str(path))
        else:
            bpy.ops.import_scene.gltf(filepath=str(path))
    objects = [item for item in bpy.data.objects if item.type in {"ARMATURE", "MESH"}]
    objects.sort(key=lambda item: (bool(api.describe(item).problem), item.type != "ARMATURE"))
    return objects[0] if objects else None


def _lips(found: Any) -> str:
    import bpy
    import numpy as np
    from blender_addon.contract.landmarks import mouth_opening

    from blender_addon import api
    from blender_addon.characters.remembered import frame_rate
    from blender_addon.motion import stored_motion

    unit = _unit(found)
    motion = stored_motion.load(api.motion_file(found.root)).resampled(frame_rate(bpy.context.scene))
    rows = np.arange(4, len(motion) - 4, _STEP)
    asked = mouth_opening(motion.landmarks)[rows]
    points = _frames([item for item in found.objects if item.type == "MESH"], rows + 1)
    pairs = _parting(points, asked, unit)
    gaps = np.linalg.norm(points[:, pairs[:, 0]] - points[:, pairs[:, 1]], axis=2) / unit
    gaps = gaps - gaps[asked <= asked.min() + 1e-6].min(axis=0)
    follow = np.array([np.corrcoef(gap, asked)[0, 1] for gap in gaps.T])  # lids part as well
    pairs, gaps = pairs[follow > _FOLLOWS], gaps[:, follow > _FOLLOWS]
    if not len(pairs) or gaps.max() < _LEAST:
        return "its lips do not part"
    widest = np.argsort(-gaps[asked.argmax()])
    gaps = gaps[:, gaps[asked.argmax()] > 0.3 * gaps[asked.argmax(), widest[0]]]
    middle = gaps[:, np.argsort(-gaps[asked.argmax()])[:_MIDDLE]].mean(axis=1)
    share = float((middle * asked).sum() / (asked**2).sum())
    shut = asked < _SHUT
    line = 100 * float(gaps[shut].max(initial=0.0)) / float(middle.max())
    return (
        f"opens {100 * share:.0f} % of what was asked, r = {np.corrcoef(middle, asked)[0, 1]:.3f}, at most "
        f"{line:.0f} % of its widest on {gaps.shape[1]} places of the lip line where it is to be shut ({int(shut.sum())} frames)"
    )


def _unit(found: Any) -> float:
    """The outer eye-corner distance in the scene's unit."""
    from blender_addon.characters import face_axes
    from blender_addon.targets.head_bones import armature_face_axes

    if found.meshes:
        mesh = found.meshes[0]
        return float(
            face_axes.measure_mesh(mesh).unit * abs(mesh.object.matrix_world.determinant()) ** (1 / 3)
        )
    return float(armature_face_axes(found)[1] * abs(found.root.matrix_world.determinant()) ** (1 / 3))


def _frames(objects: list[Any], frames: np.ndarray) -> np.ndarray:
    """(F, V, 3) all vertices of the evaluated meshes in the scene."""
    import bpy
    import numpy as np

    rows = []
    scene = bpy.context.scene
    assert scene is not None
    for frame in frames:
        scene.frame_set(int(frame))
        graph = bpy.context.evaluated_depsgraph_get()
        parts = []
        for item in objects:
            evaluated = item.evaluated_get(graph)
            vertices = evaluated.data.vertices
            flat = np.empty(3 * len(vertices), np.float32)
            vertices.foreach_get("co", flat)
            place = np.array(evaluated.matrix_world)
            parts.append(flat.reshape(-1, 3) @ place[:3, :3].T + place[:3, 3])
        rows.append(np.concatenate(parts))
    return np.array(rows, np.float32)


def _parting(points: np.ndarray, asked: np.ndarray, unit: float) -> np.ndarray:
    """(P, 2) pairs of vertices that lie on each other where the mouth is shut and part where it is open."""
    import numpy as np
    from mathutils.kdtree import KDTree

    shut, opened = points[asked.argmin()], points[asked.argmax()]
    tree = KDTree(len(shut))
    for number, point in enumerate(shut):
        tree.insert(point, number)
    tree.balance()
    pairs = set()
    for number, point in enumerate(shut):
        for _, other, _ in tree.find_range(point, _NEAR * unit):
            if other > number:
                pairs.add((number, other))
    listed = np.array(sorted(pairs), np.int64).reshape(-1, 2)
    gap = np.linalg.norm(opened[listed[:, 0]] - opened[listed[:, 1]], axis=1)
    gap = gap - np.linalg.norm(shut[listed[:, 0]] - shut[listed[:, 1]], axis=1)
    return listed[gap > _LEAST * unit]


if __name__ == "__main__":
    raise SystemExit(main())
