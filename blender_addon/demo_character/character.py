# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts the parts together."""

from __future__ import annotations

from collections.abc import Callable

import bpy

from . import assemble
from .body import build_body, build_ears
from .brows_lashes import build_brows, build_lashes
from .eyes import build_eyes
from .hair import build_hair
from .head import build_head, shade_under_hair
from .landmarks import landmark_vertices
from .mouth_interior import build_mouth_interior
from .part import Part
from .shape_keys import head_shapes

NAME = "Tali"


LANDMARKS_PROPERTY = "landmarks_68"
"""Custom property of the head object: 68 vertex indices in iBUG order."""


def build_parts(tell: Callable[[float], object] = lambda _: None) -> tuple[list[Part], list[int]]:
    """Every mesh of the character as plain arrays, the head first, and the head's 68 landmark vertices.

    Args:
        tell: hears how far it is, 0 to 1.
    """
    head = build_head()
    tell(0.4)
    head.part.shapes = head_shapes(head.cage, head.subdivision, head.mirror, head.seam)
    tell(0.55)
    hair = build_hair()
    tell(0.65)
    shade_under_hair(head.part, hair.vertices)
    tell(0.78)
    parts = [
        head.part,
        build_eyes(),
        *build_mouth_interior(),
        build_brows(head.part),
        build_lashes(),
        build_ears(),
        hair,
        build_body(),
    ]
    tell(0.9)
    return parts, landmark_vertices(head.cage, head.part.vertices)


def build(
    scene: bpy.types.Scene,
    location: tuple[float, float, float] = (0.0, 0.0, 0.0),
    tell: Callable[[float], object] = lambda _: None,
) -> bpy.types.Object:
    """Adds the character in a new collection of the scene; returns its root, the armature. `tell` as in `build_parts`."""
    collection = bpy.data.collections.new(NAME)
    scene.collection.children.link(collection)
    root = assemble.add_armature(NAME, collection, location)
    parts, landmarks = build_parts(tell)
    for part in parts:
        ob = assemble.add_part(part, collection, root)
        if part is parts[0]:
            ob[LANDMARKS_PROPERTY] = landmarks
    return root
