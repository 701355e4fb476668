"""The tool that measures how steady looks are: nothing changes in what stands still, and what is drawn anew of grain trembles."""

from __future__ import annotations

import numpy as np

from inference.face.face_picture import SHAPE_NAMES, FacePicture
from inference.looks.apply import look_called
from inference.pictures.draw import rest_weights
from inference.portrait.warp import Pose
from tools.look_figures import measure, read_softly

STILL = np.zeros(3, np.float32)


def test_what_stands_still_does_not_change_and_what_moves_changes_little(photo: FacePicture) -> None:
    weights = rest_weights()
    weights[SHAPE_NAMES.index("jawOpen")] = 0.2
    still = [Pose(rest_weights(), STILL, STILL)] * 2
    moving = [still[0], Pose(weights, np.array([0, 0.03, 0], np.float32), STILL)]
    look = look_called("drawing")
    calm = measure(photo, still, look)
    assert calm.once == calm.anew == 0
    trembling = measure(photo, moving, look, grain=3.0)
    assert 0 < trembling.once < trembling.anew
    assert trembling.ratio > 1.5


def test_what_only_moves_reads_the_same() -> None:
    """Waves as short as strokes, moved by parts of a pixel: to read linearly between pixels takes a quarter of them away."""
    x = np.arange(64, dtype=np.float32) + 0.5
    along = np.linspace(10, 50, 97, dtype=np.float32)
    seen = []
    for shift in (0.0, 0.25, 0.5, 0.7):
        field = np.broadcast_to(127 + 120 * np.sin((x - shift) * 2 * np.pi / 4.5), (32, 64))
        seen.append(read_softly(field, np.column_stack([along + shift, np.full(97, 16.3)])))
    assert np.ptp(seen[0]) > 40
    assert np.abs(np.array(seen) - seen[0]).max() < 0.1
