# SPDX-License-Identifier: GPL-3.0-or-later
"""Face shapes: keys on the values of a character's shape keys."""

from __future__ import annotations

import bpy
import numpy as np

from ..animation_data import Animation, eased
from ..character import Character
from ..rigs.arkit import ARKIT_NAMES, GROUP_TITLES, dial_of
from . import FACE_EASE, Channel, Outcome, TargetSettings, driven_paths

_STILL = 1e-4  # a shape that never passes this is left alone


def apply(animation: Animation, character: Character, settings: TargetSettings) -> Outcome:
    """One curve for each moving shape on each mesh; shapes that drivers own are left to them."""
    outcome = Outcome()
    moving = np.abs(animation.arkit).max(axis=0) > _STILL
    weights = eased(animation.scaled(settings.dials).arkit, animation.fps, *FACE_EASE)
    for mesh in character.meshes:
        driven = driven_paths(mesh.key)
        skipped = 0
        for column, name in enumerate(ARKIT_NAMES):
            if not moving[column]:
                continue
            for shape_key in mesh.shapes.get(name, ()):
                block = mesh.key.key_blocks[shape_key]
                path = f'key_blocks["{bpy.utils.escape_identifier(shape_key)}"].value'
                if path in driven:
                    skipped += 1
                    continue
                values = np.clip(weights[:, column], block.slider_min, block.slider_max)
                rest = settings.rest(mesh.key, path, 0)
                outcome.channels.append(Channel(mesh.key, path, 0, GROUP_TITLES[dial_of(name)], values, rest))
        if skipped:
            outcome.warnings.append(
                f"{skipped} of the shape keys of '{mesh.object.name}' have drivers and were left to them."
            )
        if mesh.object.show_only_shape_key:
            outcome.warnings.append(
                f"'{mesh.object.name}' shows one shape key only (the pin beside its shape keys): "
                "switch the pin off to see it talk."
            )
        muted = [name for names in mesh.shapes.values() for name in names if mesh.key.key_blocks[name].mute]
        if muted:
            outcome.warnings.append(
                f"{len(muted)} of the shape keys of '{mesh.object.name}' are switched off, such as '{muted[0]}'."
            )
    return outcome
