"""A picture as Blender shows it: as it is, lips shut, two vowels, a blink, the head turned, side by side.

    blender -b --factory-startup --python tools/picture_in_blender.py -- astronaut -o docs/images/picture-talks.png

The picture is a name of one that ships, or a file. Workbench draws twice as large as the picture is; what is shown of it is the
face and as much around it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

import bpy
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from blender_addon.contract.face_picture import PICTURED

import blender_addon
from blender_addon import api

_WIDE = {"mouthStretchLeft": 0.2, "mouthStretchRight": 0.2}
POSES: Final[tuple[tuple[dict[str, float], float], ...]] = (
    ({}, 0.0),
    ({PICTURED: 0.0}, 0.0),
    ({PICTURED: 0.0, "jawOpen": 0.55, **_WIDE}, 0.0),
    ({PICTURED: 0.0, "jawOpen": 0.3, "mouthFunnel": 0.6, "mouthPucker": 0.3}, 0.0),
    ({"eyeBlinkLeft": 1.0, "eyeBlinkRight": 1.0}, 0.0),
    ({PICTURED: 0.0, "jawOpen": 0.25}, 0.16),
)
"""Values of shape keys, and by how much the head is turned, radians."""
_AROUND = 1.5
"""Eye distances to either side of the face's middle that are shown."""


def main() -> int:
    """Draw the row; 0 when it is written."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("picture", help="a name of a picture that ships, or a file")
    parser.add_argument("-o", "--output", type=Path, required=True, help="PNG to write")
    options = parser.parse_args(sys.argv[sys.argv.index("--") + 1 :] if "--" in sys.argv else [])
    for other in list(bpy.data.objects):
        bpy.data.objects.remove(other)
    blender_addon.register()
    (root,) = api.make_picture_talk(options.picture, set_up=True).roots
    scene: Any = bpy.context.scene
    api.render_as_picture(root, scene, smooth=True)
    scene.render.resolution_percentage = 200
    with tempfile.TemporaryDirectory() as folder:
        row = [_drawn(root, scene, Path(folder) / "pose.png", *pose) for pose in POSES]
    _save(np.concatenate(row, axis=1), options.output)
    print(f"{options.output} is written.")
    return 0


def _drawn(root: Any, scene: Any, path: Path, values: dict[str, float], turn: float) -> np.ndarray:
    """(h, w, 4) the face in a pose, 0 to 1, from the lowest row up."""
    face = next(child for child in root.children if child.type == "MESH")
    keys = face.data.shape_keys.key_blocks
    before = {name: keys[name].value for name in values}
    head = root.pose.bones["head"]
    head.rotation_mode = "XYZ"
    head.rotation_euler = (0.0, turn, 0.0)
    for name, value in values.items():
        keys[name].value = value
    scene.render.filepath, scene.render.image_settings.file_format = str(path), "PNG"
    bpy.ops.render.render(write_still=True)
    for name, value in before.items():
        keys[name].value = value
    image: Any = bpy.data.images.load(str(path))
    width, height = map(int, image.size)
    pixels = np.empty(width * height * 4, np.float32)
    image.pixels.foreach_get(pixels)
    bpy.data.images.remove(image)
    rows, columns = _shown(face, keys, width, height)
    return pixels.reshape(height, width, 4)[rows, columns]


def _shown(face: Any, keys: Any, width: int, height: int) -> tuple[slice, slice]:
    """Rows and columns around what the lids move, down to below the chin."""
    points = np.array([point.co for point in face.data.vertices])
    lids = np.zeros(len(points))
    for side in ("Left", "Right"):
        moved = np.array([point.co for point in keys[f"eyeBlink{side}"].data]) - points
        lids += np.linalg.norm(moved, axis=1)
    eyes = points[lids > 0.3 * lids.max()]
    scale = width / np.ptp(points[:, 0])
    left = (eyes[:, 0].mean() - points[:, 0].min()) * scale
    up = (eyes[:, 2].mean() - points[:, 2].min()) * scale
    reach = _AROUND * np.ptp(eyes[:, 0]) * scale
    return (
        slice(max(round(up - 1.3 * reach), 0), min(round(up + 0.9 * reach), height)),
        slice(max(round(left - reach), 0), min(round(left + reach), width)),
    )


def _save(pixels: np.ndarray, path: Path) -> None:
    height, width = pixels.shape[:2]
    image: Any = bpy.data.images.new("row", width, height)
    image.pixels.foreach_set(np.ascontiguousarray(pixels, np.float32).ravel())
    image.filepath_raw, image.file_format = str(path.resolve()), "PNG"
    image.save()


if __name__ == "__main__":
    sys.exit(main())
