"""Measures finding landmarks and making faces talk-ready on heads as they are found; run it with a Python that has bpy.

    python -m tools.measure_talk_ready ../shared/assets -o folder [name …]

Prints a table, one head a row, and writes a sheet of pictures: the landmarks, the jaw open, lips pursed, a smile, a blink.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

Floats = NDArray[np.float64]
_CELL = 220
_HALF, _CENTRE = 1.15, (0.0, -0.55)  # face units
POSES: tuple[dict[str, float], ...] = (
    {},
    {"jawOpen": 1.0},
    {"mouthPucker": 1.0},
    {"mouthSmileLeft": 1.0, "mouthSmileRight": 1.0, "browInnerUp": 1.0},
    {"eyeBlinkLeft": 1.0, "eyeBlinkRight": 1.0, "jawOpen": 0.3},
)
"""Weights of each picture of a head."""
_EXTRAS = ("adventurer", "rocketbox", "suzanne", "sphere", "cube")


@dataclass
class Row:
    """What came of one head.

    Attributes:
        title: of the head.
        vertices: how many it has.
        found: how its landmarks were found, or the sentence that none were.
        confidence: of them.
        errors: mean distance of all landmarks and of the lips from the true ones, % of the eye distance; None where unknown.
        shapes: how many were generated, or the sentence that none were.
        seconds: of processor time (the engine's apart): finding, and generating.
        pause: the longest that a window would have stood still, seconds of processor time.
        pictures: of the sheet.
    """

    title: str
    vertices: int = 0
    found: str = ""
    confidence: float = 0.0
    errors: tuple[float, float] | None = None
    shapes: str = ""
    seconds: tuple[float, float] = (0.0, 0.0)
    pause: float = 0.0
    pictures: list[NDArray[np.uint8]] = field(default_factory=list)

    def text(self) -> str:
        """A row of a Markdown table."""
        errors = f"{self.errors[0]:.1f} | {self.errors[1]:.1f}" if self.errors else "– | –"
        return (
            f"| {self.title} | {self.vertices:,} | {self.found} | {self.confidence:.2f} | {errors} | {self.shapes} "
            f"| {self.seconds[0]:.1f} + {self.seconds[1]:.1f} | {self.pause:.2f} |"
        )


def measure(title: str, obj: Any, truth: Floats | None) -> Row:
    """Find the landmarks of a head and make it talk-ready."""
    from blender_addon.errors import TalkingAnimationError
    from blender_addon.faces import landmarks
    from blender_addon.jobs.faces import CutLipsJob, LandmarksJob, TalkReadyJob

    row = Row(title, _vertices_of(obj))
    start = time.process_time()
    try:
        owner, landmarks_told = _waited(row, LandmarksJob(obj))
    except TalkingAnimationError as error:
        row.found, row.shapes = str(error), "–"
        row.seconds = (time.process_time() - start, 0.0)
        return row
    row.seconds = (time.process_time() - start, 0.0)
    row.found, row.confidence = landmarks_told.source, landmarks_told.confidence
    if landmarks_told.notes:
        row.found += f" (not: {', '.join(landmarks_told.notes)})"
    if truth is not None:
        points = landmarks_told.of(landmarks.surface_of(owner).vertices)
        unit = float(np.linalg.norm(truth[45] - truth[36]))
        off = 100 * np.linalg.norm(points - truth, axis=1) / unit
        row.errors = float(off.mean()), float(off[48:].mean())
    start = time.process_time()
    try:
        if landmarks.lips_are_fused(owner):
            _waited(row, CutLipsJob(owner))
            row.shapes = "lips cut, "
        report = _waited(row, TalkReadyJob(owner))
        row.shapes += str(len(report.shapes))
    except TalkingAnimationError as error:
        row.shapes += str(error)
    row.seconds = (row.seconds[0], time.process_time() - start)
    row.pictures = pictures_of(owner)
    return row


def _vertices_of(obj: Any) -> int:
    from blender_addon.faces import gathering

    return len(gathering.gather(obj).surface)


def _waited(row: Row, job: Any) -> Any:
    """Poll a job to its end as a window does, and note how long a poll took at most."""
    while True:
        start = time.thread_time()
        done = job.poll()
        row.pause = max(row.pause, time.thread_time() - start)
        if done:
            return job.report
        time.sleep(0.02)


def pictures_of(owner: Any) -> list[NDArray[np.uint8]]:
    """A face in each of `POSES`, the landmarks drawn over the first; the first again from the side, with the jaw open."""
    from blender_addon.faces import gathering, landmarks
    from blender_addon.faces.landmark_search.frame import frame_of_landmarks
    from blender_addon.faces.materials import colours_of

    stored = landmarks.load(owner)
    assert stored is not None
    gathered = gathering.gather(owner, stored.posed)
    points = stored.of(gathered.surface.vertices[gathered.part(owner)])
    frame = frame_of_landmarks(points, landmarks.template()[0])
    colours = colours_of(gathered.objects)
    result = []
    turned = np.array([[0.5, 0.0, -0.866], [0.0, 1.0, 0.0], [0.866, 0.0, 0.5]])
    for number, weights in enumerate((*POSES, POSES[1])):
        aside = number == len(POSES)
        places = frame.inside(gathered.surface.vertices + _motion(gathered, weights))
        if aside:
            places = places @ turned
        picture, view = _drawn(places, gathered.surface.triangles, colours)
        if number == 0:
            _dots(picture, *view.pixel_of(*frame.inside(points)[:, :2].T))
        result.append(picture)
    return result


def _motion(gathered: Any, weights: dict[str, float]) -> Floats:
    from blender_addon.characters.shape_offsets import ShapeOffsets

    motion = np.zeros_like(gathered.surface.vertices)
    for obj in gathered.objects:
        keys, part = obj.data.shape_keys, gathered.part(obj)
        if keys is not None:
            own = [(name, weight) for name, weight in weights.items() if name in keys.key_blocks]
            motion[part] += gathered.place(obj).turned(ShapeOffsets(obj).driven(own))
    return motion


def _drawn(places: Floats, triangles: NDArray[np.int64], colours: Any) -> tuple[NDArray[np.uint8], Any]:
    from blender_addon.faces.geometry.raster import front_view, shaded

    near = (np.abs(places[triangles][..., :2] - _CENTRE) < 2 * _HALF).all(axis=2).any(axis=1)
    shown = triangles[near]
    view = front_view(places, shown, _CENTRE, _HALF, _CELL)
    return shaded(view, places, shown, colours), view


def _dots(picture: NDArray[np.uint8], rows: Floats, columns: Floats) -> None:
    for row, column in zip(np.rint(rows).astype(int), np.rint(columns).astype(int)):
        if 1 <= row < _CELL - 1 and 1 <= column < _CELL - 1:
            picture[row - 1 : row + 1, column - 1 : column + 1] = (220, 30, 30)


def _of_assets(name: str, assets: Path) -> tuple[str, Any, Floats | None]:
    """A head of the table: its title, object and true landmarks."""
    import bpy

    from tools.found_heads import HEADS

    bpy.ops.wm.read_factory_settings(use_empty=True)
    if name in HEADS:
        obj, truth = HEADS[name].make(assets)
        return HEADS[name].title, obj, truth
    if name == "adventurer":
        bpy.ops.import_scene.gltf(filepath=str(assets / "characters" / "quaternius_adventurer.glb"))
        return "Quaternius' Adventurer", bpy.data.objects["CharacterArmature"], None
    if name == "rocketbox":
        bpy.ops.import_scene.fbx(filepath=str(assets / "characters" / "rocketbox_male_bones.fbx"))
        return "Rocketbox man", next(one for one in bpy.data.objects if one.type == "MESH"), None
    add: dict[str, Callable[[], Any]] = {
        "suzanne": bpy.ops.mesh.primitive_monkey_add,
        "sphere": bpy.ops.mesh.primitive_uv_sphere_add,
        "cube": bpy.ops.mesh.primitive_cube_add,
    }
    add[name]()
    return name.capitalize(), bpy.context.object, None


def main() -> int:
    """Command line."""
    from inference.face import png
    from tools.found_heads import HEADS

    names = [*HEADS, *_EXTRAS]
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "assets", type=Path, help="the folder with ict_face_model.npz, makehuman and characters"
    )
    parser.add_argument("names", nargs="*", help=f"of {', '.join(names)}; all by default")
    parser.add_argument("-o", "--output", type=Path, default=Path(), help="folder for the sheet")
    options = parser.parse_intermixed_args()
    import blender_addon

    blender_addon.register()
    print(
        "| head | vertices | found by | confidence | error, all 68 | lips | shapes | seconds | longest pause |\n"
        "|---|---|---|---|---|---|---|---|---|"
    )
    rows = []
    for name in options.names or names:
        row = measure(*_of_assets(name, options.assets))
        print(row.text(), flush=True)
        if row.pictures:
            rows.append(np.concatenate(row.pictures, axis=1))
    if rows:
        (options.output / "talk-ready-heads.png").write_bytes(png.encoded(np.concatenate(rows), 9))
    blender_addon.unregister()
    return 0


if __name__ == "__main__":
    sys.exit(main())
