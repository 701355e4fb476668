"""Test characters of every naming convention: the demo character's head under the names of `vendor_names`."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import Any

import bpy
import numpy as np

from blender_addon.demo_character.character import build_parts

INNER_LIPS = (62, 66)
LIDS = {"Left": (43, 47), "Right": (38, 40)}


@dataclass
class Head:
    """The demo character's head as arrays, in centimetres."""

    points: np.ndarray
    faces: list[tuple[int, ...]]
    shapes: dict[str, np.ndarray]
    landmarks: list[int]
    masks: dict[str, np.ndarray] = field(default_factory=dict)

    def mix(self, recipe: str) -> np.ndarray:
        """(V, 3) offsets of a mix."""
        total = np.zeros_like(self.points)
        for part in filter(None, recipe.split(" + ")):
            name, _, gain = part.partition("*")
            name, _, where = name.partition("@")
            offsets = self.shapes[name]
            for letter in where:
                offsets = offsets * self.masks[letter][:, None]
            total = total + offsets * float(gain or 1)
        return total


@functools.lru_cache(maxsize=1)
def demo_head() -> Head:
    """Built once a session: it takes some seconds."""
    parts, landmarks = build_parts()
    part = parts[0]
    faces = [tuple(int(index) for index in face) for face in part.faces]
    head = Head(part.vertices, faces, dict(part.shapes), landmarks)
    x = head.points[:, 0]
    left = np.clip(0.5 + x / 0.6, 0, 1)
    # Upper and lower lip are told apart by what the jaw takes along.
    drop = np.linalg.norm(head.shapes["jawOpen"], axis=1)
    lower = np.clip(drop / drop[landmarks[INNER_LIPS[1]]], 0, 1)
    head.masks = {"L": left, "R": 1 - left, "U": 1 - lower, "D": lower}
    return head


def build(shapes: dict[str, str], name: str = "Face") -> Any:
    """A head object with shape keys: name → mix."""
    head = demo_head()
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata((head.points / 100).tolist(), [], head.faces)
    item = bpy.data.objects.new(name, mesh)
    bpy.context.scene.collection.objects.link(item)
    item.shape_key_add(name="Basis", from_mix=False)
    for key_name, recipe in shapes.items():
        block = item.shape_key_add(name=key_name, from_mix=False)
        block.value = 0.0
        moved = (head.points + head.mix(recipe)) / 100
        block.data.foreach_set("co", moved.astype(np.float32).ravel())
    return item


def evaluated(item: Any) -> np.ndarray:
    """(V, 3) the object's vertices as all its shape keys and modifiers leave them now, in its own space."""
    graph = bpy.context.evaluated_depsgraph_get()
    vertices = item.evaluated_get(graph).data.vertices
    flat = np.empty(3 * len(vertices), np.float32)
    vertices.foreach_get("co", flat)
    return flat.reshape(-1, 3)


def distances(item: Any, pairs: list[tuple[int, int]], frames: list[int]) -> np.ndarray:
    """(F, P) distances between vertices of the evaluated mesh at scene frames."""
    rows = []
    graph = bpy.context.evaluated_depsgraph_get()
    for frame in frames:
        bpy.context.scene.frame_set(frame)
        vertices = item.evaluated_get(graph).data.vertices
        rows.append([(vertices[a].co - vertices[b].co).length for a, b in pairs])
    return np.array(rows)
