"""The tool that measures how steady looks are: nothing changes in what stands still, and what is drawn anew of grain trembles."""

from __future__ import annotations

import numpy as np

from inference.face.face_picture import SHAPE_NAMES, FacePicture
from inference.looks.apply import look_called
from inference.pictures.draw import rest_weights
from inference.portrait.warp import Pose
from tools.look_figures import measure

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
