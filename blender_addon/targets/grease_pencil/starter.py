# SPDX-License-Identifier: GPL-3.0-or-later
"""A face drawn by code in Grease Pencil strokes, to begin with: layers named after its parts, and everything that talks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from ...contract.arrays import Floats
from ...host.blender_versions import grease_pencil
from ...host.blender_versions.grease_pencil import NewStroke

_INK: Final = (0.03, 0.025, 0.03, 1.0)
_SKIN: Final = (0.85, 0.50, 0.33, 1.0)
_LID: Final = (0.72, 0.38, 0.25, 1.0)
_MATERIALS: Final[dict[str, tuple[Sequence[float] | None, Sequence[float] | None]]] = {
    "Ink": (_INK, None),
    "Skin": (_INK, _SKIN),
    "White": (_INK, (0.95, 0.93, 0.88, 1.0)),
    "Iris": (None, (0.05, 0.16, 0.20, 1.0)),
    "Lid": (_INK, _LID),
    "Dark": (_INK, (0.16, 0.02, 0.03, 1.0)),
    "Teeth": (None, (0.92, 0.90, 0.84, 1.0)),
    "Red": (None, (0.62, 0.10, 0.10, 1.0)),
    "Hair": (_INK, (0.16, 0.06, 0.03, 1.0)),
}
_LINE = 0.022  # of strokes, in units
_DETAIL = 40  # points of an oval
_SHIFT = 0.004  # of each layer to the viewer, so that those before cover those behind


def _oval(centre: tuple[float, float], width: float, height: float) -> Floats:
    angle = np.linspace(0, 2 * np.pi, _DETAIL, endpoint=False)
    return np.stack([centre[0] + width * np.cos(angle), centre[1] + height * np.sin(angle)], axis=1)


def _head() -> Floats:
    """An oval that narrows to the chin."""
    head = _oval((0.0, -0.35), 0.92, 1.1)
    below = np.clip(-(head[:, 1] + 0.35) / 1.1, 0, 1)
    head[:, 0] *= 1 - 0.32 * below**2
    return head


def _hair() -> Floats:
    angle = np.linspace(0.06 * np.pi, 0.94 * np.pi, _DETAIL)
    top = np.stack([1.02 * np.cos(angle), -0.22 + 1.1 * np.sin(angle)], axis=1)
    fringe = np.stack([0.9 * np.cos(angle[::-1]), 0.12 + 0.42 * np.abs(np.sin(angle[::-1])) ** 0.6], axis=1)
    return np.concatenate([top, fringe])


def _smile(dip: float, half: float, level: float) -> Floats:
    x = half * -np.cos(np.linspace(0, np.pi, _DETAIL))
    return np.stack([x, level - dip * (1 - (x / half) ** 2)], axis=1)


def _slit(line: Floats) -> Floats:
    """A closed stroke that is as good as a line: there and back, with an area that its filling can be cut from."""
    return np.concatenate([line, line[-2:0:-1] - [0.0, 0.2 * _LINE]])


def _layers() -> list[tuple[str, str, list[Floats], bool, float]]:
    """Name, material, strokes, whether they are closed, and the width of the line: from back to front."""
    eyes = [(-0.36, 0.0), (0.36, 0.0)]
    whites = [_oval(eye, 0.19, 0.15) for eye in eyes]
    upper = [white[: _DETAIL // 2 + 1][::-1] for white in whites]
    mouth = _smile(0.07, 0.30, -0.86)
    return [
        ("Hair Behind", "Hair", [_oval((0.0, -0.12), 0.99, 0.95)], True, _LINE),
        ("Ears", "Skin", [_oval((x, -0.18), 0.16, 0.24) for x in (-0.9, 0.9)], True, _LINE),
        ("Face", "Skin", [_head()], True, _LINE),
        ("Mouth Inside", "Dark", [_slit(mouth)], True, _LINE),
        ("Teeth", "Teeth", [_slit(mouth[7:33])], True, _LINE),
        ("Tongue", "Red", [_slit(mouth[12:28])], True, _LINE),
        ("Mouth", "Ink", [_slit(mouth)], True, 1.4 * _LINE),
        (
            "Nose",
            "Ink",
            [np.array([[0.02, -0.22], [0.10, -0.44], [0.06, -0.50], [-0.07, -0.50]])],
            False,
            _LINE,
        ),
        ("Eyes", "White", whites, True, _LINE),
        ("Pupils", "Iris", [_oval((x, y), 0.075, 0.085) for x, y in eyes], True, _LINE),
        ("Lids", "Lid", [_slit(line) for line in upper], True, 1.3 * _LINE),
        ("Lashes", "Ink", upper, False, 2.2 * _LINE),
        ("Brows", "Ink", [_smile(-0.07, 0.2, 0.27) + [x, 0.0] for x in (-0.38, 0.38)], False, 2.2 * _LINE),
        ("Hair", "Hair", [_hair()], True, _LINE),
    ]


def build(scene: Any, frame: int = 1) -> Any:
    """Draw the face at a scene's 3D cursor, looking along -y; returns its object, which is 2.2 units tall.

    Args:
        scene: where.
        frame: the keyframe that it is drawn on.
    """
    obj = grease_pencil.new_object("Drawn Face")
    slots = {name: number for number, name in enumerate(_MATERIALS)}
    for name, (line, fill) in _MATERIALS.items():
        obj.data.materials.append(grease_pencil.new_material(f"Drawn {name}", line, fill))
    for number, (name, material, strokes, closed, width) in enumerate(_layers()):
        layer = grease_pencil.add_layer(obj, name)
        drawn = [
            NewStroke(
                np.stack([points[:, 0], np.full(len(points), -_SHIFT * number), points[:, 1]], axis=1),
                closed,
                slots[material],
                width,
            )
            for points in strokes
        ]
        grease_pencil.draw(grease_pencil.new_frame(layer, frame), drawn)
    obj.location = scene.cursor.location
    scene.collection.objects.link(obj)
    return obj
