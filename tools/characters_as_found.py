# SPDX-License-Identifier: GPL-3.0-or-later
"""How well characters talk as they are found: any files, no preparation, one click each; a table, and a sheet of pictures.

    python -m tools.characters_as_found FILE.blend FILE.fbx FILE.glb … [--plain] [--talk-ready] [--sheet sheet.png]
    blender -b --factory-startup --python tools/characters_as_found.py -- FILE.blend … [--sheet sheet.png]

Runs in a Python that has `bpy` and numpy, or in Blender. Each file is opened in an empty
Blender, the character that knows most face shapes or face bones is made to say the demo's recording with its head held still,
and the finished motion is looked at on the evaluated mesh, frame by frame: lips are found where the skin parts, whatever moves
it.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import math
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
_FPS: Final = 25
_SHUT: Final = 1e-3  # a gap between the lips, outer eye-corner distances, that is none
_SIDES: Final = (0.3, 0.95)  # of half the mouth: the part of the lips beside its middle
_CELL, _LOOKS = 240, 6  # pixels, pictures of a character


@dataclass
class Measured:
    """What came of one file.

    Attributes:
        name: of the file.
        summary: what was recognised, in the panel's words.
        known: shape keys and bones that were recognised.
        driven: shape keys and bones that got keys.
        seconds: from the click to the keys.
        opening: correlation of the lips' opening with what was asked, over all frames; NaN where no lips were found.
        amount: largest opening against the largest that was asked.
        shut: (2,) largest gap in the middle and beside it in the frames in which the lips are to be shut, beyond that at
            rest; outer eye-corner distances.
        neighbours: largest difference between the motions of neighbouring bones of a lip against the largest motion of its
            bones; NaN where no lip has two bones.
        warnings: what the user was told.
        problem: why nothing was generated; "" where all went well.
        pictures: (h, w, 3) uint8 each.
    """

    name: str
    summary: str = ""
    known: int = 0
    driven: int = 0
    seconds: float = math.nan
    opening: float = math.nan
    amount: float = math.nan
    shut: tuple[float, float] = (math.nan, math.nan)
    neighbours: float = math.nan
    warnings: list[str] = field(default_factory=list)
    problem: str = ""
    pictures: list[np.ndarray] = field(default_factory=list)

    def row(self) -> str:
        """A line of the table."""
        if self.problem:
            return f"| `{self.name}` | {self.problem} | | | | | | | |"

        def shown(value: float, form: str) -> str:
            return "–" if math.isnan(value) else format(value, form)

        cells = (
            f"`{self.name}`", self.summary, str(self.known), str(self.driven), shown(self.opening, ".3f"),
            shown(self.amount, ".0%"), " / ".join(shown(100 * gap, ".1f") for gap in self.shut),
            shown(self.neighbours, ".0%"), f"{self.seconds:.1f} s",
        )  # fmt: skip
        return "| " + " | ".join(cells) + " |"


HEADING: Final = (
    "| file | what was recognised | known | driven | opening, r | opening, amount | gap where shut: middle / sides "
    "(% of the eye corners' distance) | neighbouring lip bones differ by | click to keys |\n"
    + "|---" * 9
    + "|"
)


def measure(path: Path, voice: Path, looks: int, plain: bool = False, talk_ready: bool = False) -> Measured:
    """Open a file, let its character talk and look at it.

    Args:
        path: a .blend, .fbx, .glb, .gltf or .vrm file.
        voice: what is said.
        looks: how many pictures are taken.
        plain: a narrow mouth is not driven further than others.
        talk_ready: a character that has nothing to talk with is made talk-ready first, with its lips cut where they are one.
    """
    from blender_addon import api
    from blender_addon.contract import FaceAnimation

    bpy = _blender()

    result, prepared = Measured(path.name), ""
    problem = _open(path)
    picked = None if problem else _picked()
    if picked is None and talk_ready and not problem:
        picked = _made_talk_ready()
        prepared = "made talk-ready: "
    if picked is None:
        result.problem = problem or "no mesh with face shapes and no armature with face bones"
        return result
    scene = bpy.context.scene
    scene.render.fps, scene.render.fps_base = _FPS, 1.0
    character = api.describe(picked)
    result.summary = prepared + character.summary
    turned = {bone for bone in (character.head, character.neck) if bone}
    result.known = len({target for row in character.rows for target in row.targets} | turned)
    meshes = _shown(character)
    try:
        to_face = _face(picked)
        begin = time.perf_counter()
        report = api.generate(
            picked,
            voice,
            start_frame=1,
            dials=api.Dials(head=0.0),
            use_cache=False,
            placement="ACTION",
            calibrated=not plain,
        )
        result.seconds = time.perf_counter() - begin
        result.warnings = report.warnings
        motion = FaceAnimation.load(api.motion_file(picked)).resampled(float(_FPS))
    except api.TalkingAnimationError as error:
        result.problem = str(error)
        return result
    result.driven = len(_keyed(character))
    _measure_lips(result, character, meshes, to_face, motion)
    if looks:
        result.pictures = _pictures(scene, to_face, motion, looks)
    return result


def _blender() -> Any:
    """Blender's module, which only a Python inside of Blender has."""
    return importlib.import_module("bpy")


# -- the file ------------------------------------------------------------------------------------------


def _open(path: Path) -> str:
    """Open or import a file; what is wrong with it, "" where all is well."""
    import addon_utils

    bpy = _blender()

    if not path.is_file():
        return "there is no such file"
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    kind = path.suffix.lower()
    try:
        if kind == ".blend":
            bpy.ops.wm.open_mainfile(filepath=str(path), load_ui=False, use_scripts=False)
        elif kind == ".fbx":
            addon_utils.enable("io_scene_fbx")
            bpy.ops.import_scene.fbx(filepath=str(path))
        elif kind in (".glb", ".gltf", ".vrm"):
            addon_utils.enable("io_scene_gltf2")
            bpy.ops.import_scene.gltf(filepath=str(path))
        else:
            return f"'{kind}' files are not read here"
    except RuntimeError as error:
        return (str(error).strip().splitlines() or ["it cannot be opened"])[-1]
    return ""


def _picked() -> Any:
    """The object whose character has most to talk with; None where there is none."""
    from blender_addon import api

    bpy = _blender()

    best, most = None, 0
    for obj in bpy.data.objects:
        if obj.type == "ARMATURE" or (obj.type == "MESH" and obj.data.shape_keys is not None):
            character = api.describe(obj)
            known = 0 if character.problem else sum(len(row.targets) for row in character.rows)
            if known > most:
                best, most = obj, known
    return best


def _made_talk_ready() -> Any:
    """The object with the first face that is found, after it was made talk-ready; None where there is none."""
    from blender_addon import api
    from blender_addon.api import faces
    from blender_addon.jobs.job import wait

    bpy = _blender()

    rigs = [obj for obj in bpy.data.objects if obj.type == "ARMATURE"]
    meshes = [obj for obj in bpy.data.objects if obj.type == "MESH"]
    meshes.sort(key=lambda obj: -len(obj.data.vertices))
    for obj in (rigs + meshes)[:3]:
        try:
            owner, _ = faces.keep_landmarks(obj)
            if faces.lips_are_fused(owner):
                wait(faces.CutLipsJob(owner))
            faces.make_talk_ready(owner)
        except api.TalkingAnimationError as error:
            print(f"{obj.name}: {error}", file=sys.stderr)
            continue
        return owner
    return None


def _shown(character: Any) -> list[Any]:
    """The character's meshes that are to be seen, shown in the scene's own collection; where all are hidden, the one that
    most bones deform.
    """
    bpy = _blender()
    meshes = [obj for obj in character.objects if obj.type == "MESH" and len(obj.data.vertices)]
    seen = [obj for obj in meshes if obj.visible_get()]
    if not seen and meshes and character.armature is not None:
        bones = {bone.name for bone in character.armature.data.bones if bone.use_deform}
        deformed = [obj for obj in meshes if any(part.type == "ARMATURE" for part in obj.modifiers)]
        seen = [
            max(
                deformed or meshes,
                key=lambda obj: sum(group.name in bones for group in obj.vertex_groups),
            )
        ]
    for obj in seen:
        obj.hide_render = obj.hide_viewport = False
        if not obj.visible_get():
            bpy.context.scene.collection.objects.link(obj)
            obj.hide_set(False)
    bpy.context.view_layer.update()
    return seen


def _face(picked: Any) -> np.ndarray:
    """(4, 4) from the scene to the face's own coordinates, at rest."""
    from blender_addon import api

    bpy = _blender()

    anchor = api.add_points(picked)
    bpy.context.view_layer.update()
    to_face = np.linalg.inv(np.array(anchor.matrix_world, np.float64))
    api.remove_points(picked)
    return np.asarray(to_face)


# -- what moves ----------------------------------------------------------------------------------------


def _keyed(character: Any) -> set[str]:
    """The paths of what got keys: a shape key's or a bone's, without the name of its property."""
    from blender_addon.host.blender_versions import animation_data
    from blender_addon.keys import actions
    from blender_addon.talking import carriers

    return {
        path.rpartition(".")[0]
        for datablock in carriers.datablocks(character)
        for path, _ in animation_data.own_curves(actions.own_actions(datablock), datablock)
    }


def _points(meshes: Sequence[Any], to_face: np.ndarray) -> np.ndarray:
    """(N, 3) vertices of the evaluated meshes in face coordinates; those whose number a modifier changes count as none."""
    bpy = _blender()
    graph = bpy.context.evaluated_depsgraph_get()
    parts = [np.zeros((0, 3))]
    for obj in meshes:
        evaluated = obj.evaluated_get(graph)
        if len(evaluated.data.vertices) != len(obj.data.vertices):
            continue
        flat = np.empty(3 * len(evaluated.data.vertices), np.float32)
        evaluated.data.vertices.foreach_get("co", flat)
        place = to_face @ np.array(evaluated.matrix_world, np.float64)
        parts.append(flat.reshape(-1, 3) @ place[:3, :3].T + place[:3, 3])
    return np.concatenate(parts)


def _edges(meshes: Sequence[Any]) -> np.ndarray:
    parts, first = [np.zeros((0, 2), np.int64)], 0
    for obj in meshes:
        flat = np.empty(2 * len(obj.data.edges), np.int32)
        obj.data.edges.foreach_get("vertices", flat)
        parts.append(flat.reshape(-1, 2).astype(np.int64) + first)
        first += len(obj.data.vertices)
    return np.concatenate(parts)


def _measure_lips(
    result: Measured, character: Any, meshes: list[Any], to_face: np.ndarray, motion: Any
) -> None:
    """Fill in what the evaluated mesh says of the lips, and the lips' bones of each other."""
    from blender_addon.contract.landmarks import LIPS, NEUTRAL_FACE

    from blender_addon.targets.face_rig.mouth_points import find_mouth

    bpy = _blender()
    scene = bpy.context.scene
    for obj in meshes:  # what only smooths the look changes the number of vertices
        for modifier in obj.modifiers:
            if modifier.type in ("SUBSURF", "MULTIRES", "TRIANGULATE", "DECIMATE", "REMESH", "SOLIDIFY"):
                modifier.show_viewport = False
    asked = motion.landmarks[:, 62, 1] - motion.landmarks[:, 66, 1]
    scene.frame_set(1 + len(motion) + 2 * _FPS)
    rest = _points(meshes, to_face)
    scene.frame_set(1 + int(asked.argmax()))
    middle = NEUTRAL_FACE[LIPS].mean(axis=0)
    lips = find_mouth(rest, _points(meshes, to_face), _edges(meshes), middle)
    bones = _lip_bones(character)
    gaps, moves = [], []
    for frame in range(len(motion)):
        scene.frame_set(1 + frame)
        if lips is not None:
            points = _points(meshes, to_face)
            gaps.append(points[lips.seam[:, 0], 1] - points[lips.seam[:, 1], 1])
        moves.append([[_moved(character.armature, name) for name in names] for names in bones])
    if lips is not None:
        at_rest = rest[lips.seam[:, 0], 1] - rest[lips.seam[:, 1], 1]
        opened = np.array(gaps) - at_rest
        centre = np.abs(lips.along) < _SIDES[0]
        aside = ~centre & (np.abs(lips.along) < _SIDES[1])
        middle_gap = opened[:, centre].mean(axis=1)
        inner = slice(_FPS // 4, -_FPS // 4)  # what grows out of rest is as it is asked from then on
        result.opening = float(np.corrcoef(middle_gap[inner], asked[inner])[0, 1])
        result.amount = float(middle_gap[inner].max() / asked[inner].max())
        shut = np.flatnonzero(asked[inner] < _SHUT) + inner.start
        if len(shut):
            result.shut = tuple(  # type: ignore[assignment]
                float(opened[shut][:, part].max()) if part.any() else math.nan for part in (centre, aside)
            )
    differences = [
        float(np.linalg.norm(np.diff(lip, axis=1), axis=2).max() / np.linalg.norm(lip, axis=2).max())
        for lip in (np.array([row[number] for row in moves]) for number in range(len(bones)))
        if lip.shape[1] > 1 and np.abs(lip).max() > 0
    ]
    result.neighbours = max(differences, default=math.nan)


def _lip_bones(character: Any) -> list[list[str]]:
    """The upper and the lower lip's bones that got keys, from the picture's left to its right."""
    known = character.face_bones
    if character.armature is None or not known:
        return []
    from blender_addon.targets.face_rig.frame import find_frame

    frame = find_frame(character, known)
    keyed = {path.split('"')[1] for path in _keyed(character) if path.startswith("pose.bones")}
    bones = character.armature.data.bones

    def place(name: str) -> float:
        assert frame is not None
        return float(frame.to_face(np.array(bones[name].head_local))[0])

    if frame is None:
        return []
    return [
        sorted((name for name in known.bones(role) if name in keyed), key=place)
        for role in ("lip_upper", "lip_lower")
    ]


def _moved(armature: Any, name: str) -> np.ndarray:
    """(3,) how far a bone's own location moves it, in the armature's space."""
    bone = armature.pose.bones[name]
    turn = np.array(bone.bone.matrix_local.to_3x3()) if bone.bone.use_local_location else np.eye(3)
    return np.asarray(turn @ np.array(bone.location))


# -- pictures ------------------------------------------------------------------------------------------


def _pictures(scene: Any, to_face: np.ndarray, motion: Any, count: int) -> list[np.ndarray]:
    """The face at rest, at its widest, at a closure, and at frames in between."""
    from mathutils import Matrix

    bpy = _blender()

    asked = motion.landmarks[:, 62, 1] - motion.landmarks[:, 66, 1]
    wide = int(asked.argmax())
    shut = wide + int(np.argmin(asked[wide : wide + _FPS] + 1e-4 * np.arange(len(asked[wide : wide + _FPS]))))
    width = motion.landmarks[:, 54, 0] - motion.landmarks[:, 48, 0]
    narrow, blink = int(width[4:-4].argmin()) + 4, int(motion.blink.sum(axis=1).argmax())
    chosen = [len(motion) + 2 * _FPS, wide, shut, narrow, blink]
    chosen += [int(frame) for frame in np.linspace(8, len(motion) - 8, max(count - len(chosen), 0))]

    from_face = np.linalg.inv(to_face)
    unit = float(np.linalg.norm(from_face[:3, 0]))
    turn = from_face[:3, :3] / np.linalg.norm(from_face[:3, :3], axis=0)
    place = np.eye(4)
    place[:3, :3], place[:3, 3] = turn, (from_face @ np.array([0.0, -0.4, 6.0, 1.0]))[:3]
    camera = bpy.data.objects.new("Look", bpy.data.cameras.new("Look"))
    camera.data.type, camera.data.ortho_scale = "ORTHO", 1.9 * unit
    camera.data.clip_start, camera.data.clip_end = 0.01 * unit, 50 * unit
    camera.matrix_world = Matrix(place.tolist())
    lamp = bpy.data.objects.new("Look light", bpy.data.lights.new("Look light", "SUN"))
    lamp.data.energy = 2.0
    lit = np.eye(4)
    slant = Matrix.Rotation(-0.5, 3, "X") @ Matrix.Rotation(-0.5, 3, "Y")
    lit[:3, :3] = turn @ np.array(slant)
    lamp.matrix_world = Matrix(lit.tolist())
    for obj in (camera, lamp):
        scene.collection.objects.link(obj)
    scene.camera = camera
    _clay(scene)
    taken = []
    with tempfile.TemporaryDirectory() as folder:
        for frame in chosen[:count]:
            scene.frame_set(1 + frame)
            scene.render.filepath = str(Path(folder) / "look.png")
            with _quiet():
                bpy.ops.render.render(write_still=True)
            taken.append(_read(Path(folder) / "look.png"))
    return taken


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Without what Blender itself prints."""
    sys.stdout.flush()
    kept = os.dup(1)
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def _clay(scene: Any) -> None:
    """Everything in one grey, drawn quickly."""
    bpy = _blender()
    clay = bpy.data.materials.new("Look clay")
    clay.diffuse_color = (0.7, 0.6, 0.55, 1.0)
    for layer in scene.view_layers:
        layer.material_override = clay
    world = bpy.data.worlds.new("Look world")
    world.color = (0.25, 0.25, 0.28)
    scene.world = world
    render = scene.render
    render.engine = "CYCLES"
    scene.cycles.samples, scene.cycles.use_denoising, scene.cycles.device = 16, False, "CPU"
    scene.cycles.max_bounces = 1
    render.resolution_x = render.resolution_y = _CELL
    render.resolution_percentage = 100
    render.use_file_extension = render.film_transparent = False
    render.image_settings.file_format, render.image_settings.color_mode = "PNG", "RGB"


def _read(path: Path) -> np.ndarray:
    """(h, w, 3) uint8, from the top row down."""
    bpy = _blender()
    image = bpy.data.images.load(str(path))
    try:
        image.colorspace_settings.name = "Non-Color"
        width, height = image.size
        flat = np.empty(width * height * image.channels, np.float32)
        image.pixels.foreach_get(flat)
        pixels = flat.reshape(height, width, image.channels)[::-1, :, :3]
    finally:
        bpy.data.images.remove(image)
    return np.rint(pixels * 255).astype(np.uint8)


def sheet(measured: Sequence[Measured]) -> np.ndarray:
    """(H, W, 3) one row of pictures for each character that has any."""
    rows = [np.concatenate(one.pictures, axis=1) for one in measured if one.pictures]
    width = max((row.shape[1] for row in rows), default=0)
    padded = [np.pad(row, ((0, 4), (0, width - row.shape[1]), (0, 0)), constant_values=255) for row in rows]
    return np.concatenate(padded) if padded else np.zeros((0, 0, 3), np.uint8)


# -- the command ---------------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; prints the table."""
    parser = argparse.ArgumentParser(prog="characters_as_found", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", type=Path, nargs="+", help=".blend, .fbx, .glb, .gltf or .vrm")
    parser.add_argument("--voice", type=Path, default=ROOT / "demo" / "hello.wav", help="what is said")
    parser.add_argument("--plain", action="store_true", help="without driving a narrow mouth further")
    parser.add_argument(
        "--talk-ready", action="store_true", help="make characters talk-ready that have nothing to talk with"
    )
    parser.add_argument("--sheet", type=Path, help="a PNG with a row of pictures for each character")
    given = sys.argv[1:] if arguments is None else list(arguments)
    options = parser.parse_args(given[given.index("--") + 1 :] if "--" in given else given)
    try:
        _blender()
    except ImportError:
        parser.error("this Python has no bpy: run it with one that has, such as a bpy wheel's environment")
    import blender_addon
    from blender_addon import api
    from inference.face import png

    blender_addon.register()
    measured = []
    with tempfile.TemporaryDirectory() as cache:
        api.use_cache_folder(cache)
        for path in options.files:
            looks = _LOOKS if options.sheet else 0
            measured.append(measure(path, options.voice, looks, options.plain, options.talk_ready))
            for warning in measured[-1].warnings:
                print(f"{path.name}: {warning}", file=sys.stderr)
        api.close_engine()
    print("\n".join([HEADING, *(one.row() for one in measured)]))
    if options.sheet and any(one.pictures for one in measured):
        options.sheet.write_bytes(png.encoded(sheet(measured), 9))
        print(f"\n{options.sheet}")
    return int(any(one.problem for one in measured))


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # the wheels of Blender 4 hang or crash where Python ends
