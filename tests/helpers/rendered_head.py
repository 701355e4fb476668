"""Pictures of the ICT head with a known pose and expression: the truth that a filmed face lacks.

A painter's algorithm over the model's faces with one light from the camera: enough for a face tracker, and exact.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from places import ASSETS

from inference.face.landmarks import LEFT_BROW, OUTER_LIP, RIGHT_BROW, rotation_matrix

MODEL = ASSETS / "ict_face_model.npz"

_SKIN, _LIPS, _BROW, _IRIS = (205, 160, 135), (165, 85, 85), (70, 50, 40), (95, 65, 45)
_COLOURS = {
    "M_ScleraLeft": (245, 245, 245), "M_ScleraRight": (245, 245, 245), "M_Teeth": (230, 225, 215),
    "M_GumsTongue": (140, 60, 60), "M_BackHead": (90, 65, 50),
}  # fmt: skip
# See-through in the model, or behind what is.
_HIDDEN = ("M_EyeBlend", "M_EyeOcclusion", "M_LacrimalFluid", "M_EyeLashes", "M_IrisLeft", "M_IrisRight")
_IRIS_DEGREES, _PUPIL_DEGREES = 28.0, 11.0
_BACKGROUND = (120, 135, 150)


@lru_cache(maxsize=1)
def load_head() -> dict[str, Any]:
    """Vertices in the engine's unit and origin, expression deltas by name, faces and their colours."""
    with np.load(MODEL, allow_pickle=False) as data:
        points = data["landmark68"]
        vertices = data["vertices"].astype(np.float64)
        corners = vertices[points[[36, 45]]]
        unit = np.linalg.norm(corners[1] - corners[0])
        vertices = (vertices - corners.mean(axis=0)) / unit
        names = [str(name) for name in data["material_names"]]
        material = data["face_material"]
        shown = ~np.isin(material, [names.index(name) for name in _HIDDEN])
        faces = data["faces"][shown]
        colours = np.array([_COLOURS.get(name, _SKIN) for name in names], np.float64)[material[shown]]
        deltas = {
            str(name): delta.astype(np.float64) / unit
            for name, delta in zip(data["expression_names"], data["expression_deltas"])
        }
    faces = np.where(faces < 0, faces[:, :1], faces)
    skin = material[shown] == names.index("M_Face")
    centre = vertices[faces].mean(axis=1)
    _paint(colours, skin & (centre[:, 2] > 0), centre, vertices[points[OUTER_LIP]], _LIPS)
    eyeballs = []
    for name in ("M_ScleraLeft", "M_ScleraRight"):
        ball = material[shown] == names.index(name)
        eyeballs.append(np.unique(faces[ball]))
        out = centre[ball] - vertices[eyeballs[-1]].mean(axis=0)
        angle = np.degrees(np.arccos(out[:, 2] / np.linalg.norm(out, axis=1)))[:, None]
        colours[ball] = np.where(
            angle < _PUPIL_DEGREES, (15, 12, 10), np.where(angle < _IRIS_DEGREES, _IRIS, colours[ball])
        )
    for brow in (RIGHT_BROW, LEFT_BROW):
        line = vertices[points[brow]]
        near = np.linalg.norm(centre[:, None] - _dense(line)[None], axis=-1).min(axis=1) < 0.035
        colours[skin & near] = _BROW
    return {
        "vertices": vertices,
        "faces": faces,
        "colours": colours,
        "deltas": deltas,
        "landmarks": points,
        "eyeballs": eyeballs,
    }


def _dense(line: np.ndarray) -> np.ndarray:
    steps = np.linspace(0, len(line) - 1, 40)
    return np.stack([np.interp(steps, np.arange(len(line)), column) for column in line.T], axis=1)


def _paint(
    colours: np.ndarray, allowed: np.ndarray, centre: np.ndarray, outline: np.ndarray, colour: tuple[int, ...]
) -> None:
    """Colour the faces whose middle lies inside a polygon seen from the front."""
    x, y = centre[:, 0], centre[:, 1]
    inside = np.zeros(len(centre), bool)
    for (ax, ay, _), (bx, by, _) in zip(outline, np.roll(outline, -1, axis=0)):
        crosses = (ay > y) != (by > y)
        with np.errstate(divide="ignore", invalid="ignore"):
            inside ^= crosses & (x < (bx - ax) * (y - ay) / (by - ay) + ax)
    colours[allowed & inside] = colour


def shaped(expression: dict[str, float], gaze: tuple[float, float] = (0, 0)) -> np.ndarray:
    """(V, 3) vertices of an expression (ICT's names) whose eyes look to the right and up by these radians."""
    head = load_head()
    vertices = head["vertices"].copy()
    for name, weight in expression.items():
        vertices += weight * head["deltas"][name]
    turn = rotation_matrix([-gaze[1], gaze[0], 0])
    for ball in head["eyeballs"]:
        centre = head["vertices"][ball].mean(axis=0)
        vertices[ball] = (vertices[ball] - centre) @ turn.T + centre
    return vertices


def render(
    expression: dict[str, float],
    rotation: tuple[float, float, float] = (0, 0, 0),
    translation: tuple[float, float, float] = (0, 0, 0),
    gaze: tuple[float, float] = (0, 0),
    size: tuple[int, int] = (320, 360),
    scale: float = 90.0,
    distance: float = 8.0,
) -> np.ndarray:
    """(H, W, 3) uint8 RGB.

    Args:
        expression: ICT's shape names and weights.
        rotation: radians, XYZ Euler of the engine, about a neck 1.2 units below and 1 behind the eyes.
        translation: outer eye-corner distances.
        gaze: radians to the picture's right and up.
        size: width, height in pixels.
        scale: pixels of one unit at the face.
        distance: of the camera, same unit.
    """
    import cv2

    head = load_head()
    pivot = np.array([0.0, -1.2, -1.0])
    space = (shaped(expression, gaze) - pivot) @ rotation_matrix(rotation).T + pivot + np.array([0, 0.25, 0])
    space += np.array(translation)
    closeness = scale / (1 - space[:, 2] / distance)
    width, height = size
    pixels = np.stack([width / 2 + space[:, 0] * closeness, height / 2 - space[:, 1] * closeness], axis=1)
    corners = space[head["faces"]]
    normal = np.cross(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1])
    flat = head["faces"][:, 3] == head["faces"][:, 0]
    normal[flat] = np.cross(corners[flat, 1] - corners[flat, 0], corners[flat, 2] - corners[flat, 0])
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)
    light = np.array([0.25, 0.45, 0.86])
    shade = 0.45 + 0.55 * np.clip(normal @ light, 0, 1)
    front = np.einsum("fc,fc->f", normal, np.array([0, 0, distance]) - corners.mean(axis=1)) > 0
    order = np.argsort(corners[..., 2].mean(axis=1))
    picture = np.empty((height, width, 3), np.uint8)
    picture[:] = _BACKGROUND
    colours = np.clip(head["colours"] * shade[:, None], 0, 255)
    subpixel = np.round(pixels[head["faces"]] * 16).astype(np.int32)
    for face in order[front[order]]:
        cv2.fillConvexPoly(picture, subpixel[face], colours[face].tolist(), cv2.LINE_AA, 4)
    return picture
