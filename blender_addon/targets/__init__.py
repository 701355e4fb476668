# SPDX-License-Identifier: GPL-3.0-or-later
"""What can move, each kind in a file or folder of its own: a `Target` (`characters.target`), registered here."""

from __future__ import annotations

from ..characters import registry
from .any_property import AnyProperty
from .cut_out import CutOut
from .eyes import Eyes
from .face_bones import FaceBoneTarget
from .grease_pencil.keys import DrawnStrokes
from .head_bones import HeadBones
from .landmark_points.keys import LandmarkPoints
from .named_controls import NamedControlTarget
from .object_rotation import ObjectRotation
from .shape_controls import ShapeControls
from .shape_keys import ShapeKeys
from .swap import Swap

# In the order in which they write, and in which the panel speaks of them.
for _target in (
    ShapeKeys(),
    LandmarkPoints(),
    HeadBones(),
    ObjectRotation(),
    Eyes(),
    FaceBoneTarget(),
    ShapeControls(),
    NamedControlTarget(),
    DrawnStrokes(),
    Swap(),
    CutOut(),
    AnyProperty(),
):
    registry.register(_target)
