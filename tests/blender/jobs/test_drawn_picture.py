"""A drawing through the engine itself: shown by four points, it is the drawing at rest, and its lips part for a voice."""

from __future__ import annotations

import bpy
import numpy as np
import picture_files
import pytest
from places import ROOT, VOICE
from rendering import rendered
from versions import ends

from blender_addon import api

pytestmark = pytest.mark.skipif(
    not (ROOT / "inference" / "commands" / "picture.py").is_file(),
    reason="this engine makes no faces of pictures",
)
EYES_AND_MOUTH = (94, 110, 146, 110, 98, 166, 142, 166)
MOUTH = (slice(150, 185), slice(95, 146))


def drawing(size: int = 240) -> np.ndarray:
    """A head of flat colours with two round eyes and a line for a mouth."""
    y, x = np.mgrid[0:size, 0:size] + 0.5
    picture = np.full((size, size, 3), (150, 190, 220), np.uint8)

    def disc(cx: float, cy: float, rx: float, ry: float) -> np.ndarray:
        return ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 < 1

    picture[disc(120, 120, 72, 92)] = (40, 30, 35)
    picture[disc(120, 120, 69, 89)] = (244, 200, 160)
    for cx in (94, 146):
        picture[disc(cx, 110, 16, 11)] = (40, 30, 35)
        picture[disc(cx, 110, 13, 9)] = (250, 250, 246)
        picture[disc(cx, 110, 5, 5)] = (60, 120, 90)
    picture[(np.abs(y - 166) < 1.5) & (np.abs(x - 120) < 22)] = (40, 30, 35)
    return picture


@ends
def test_a_drawing_talks(tmp_path):
    pixels = drawing()
    path = picture_files.write(tmp_path / "drawn.png", picture_files.png(pixels))
    (root,) = api.make_picture_talk(path, points=EYES_AND_MOUTH, set_up=True).roots
    scene = bpy.context.scene
    assert np.abs(rendered(scene)[..., :3].astype(int) - pixels).max() == 0
    api.generate(root, VOICE, start_frame=1)
    assert not api.check(root)
    mesh = next(child for child in root.children if child.type == "MESH")
    key = mesh.data.shape_keys.key_blocks["jawOpen"]
    openings = []
    for frame in range(1, scene.frame_end + 1):
        scene.frame_set(frame)
        openings.append(key.value)
    scene.frame_set(1 + int(np.argmax(openings)))
    changed = np.abs(rendered(scene)[..., :3].astype(int) - pixels).max(-1) > 40
    assert changed[MOUTH].mean() > 0.05 and not changed[:10].any() and not changed[:, :10].any()
