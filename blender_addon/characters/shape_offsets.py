# SPDX-License-Identifier: GPL-3.0-or-later
"""What shape keys move, as Blender shows it: against the key that each is relative to, and weighted by its vertex group.

A name with a side is often the whole shape behind a group of that side: read without it, the left eye's blink shuts both.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any, Final

import numpy as np

from ..host.blender_versions.shape_points import coordinates
from .measurements import kept

NOWHERE: Final = 1e15
"""Coordinates beyond it, and what is no number, are a damaged file's, not a face's."""


class ShapeOffsets:
    """The shape keys of one mesh object; what was read is kept as long as this.

    Args:
        obj: a mesh object with shape keys.
    """

    def __init__(self, obj: Any) -> None:
        self._item, self._key = obj, obj.data.shape_keys
        self._references: dict[str, np.ndarray] = {}
        self._masks: dict[str, np.ndarray] | None = None

    def of(self, name: str) -> np.ndarray:
        """(V, 3) float32, what a shape key moves at 1, in the object's own space."""
        if not len(self._item.data.vertices):  # its shape keys have a length that is not theirs
            return np.zeros((0, 3), np.float32)
        block = self._key.key_blocks[name]
        relative = block.relative_key
        if relative.name not in self._references:
            self._references[relative.name] = coordinates(relative)
        with np.errstate(invalid="ignore", over="ignore"):
            moved = coordinates(block) - self._references[relative.name]
        is_somewhere = np.abs(moved) < NOWHERE
        if not is_somewhere.all():  # a vertex that is nowhere says nothing of where the others go
            moved[~is_somewhere.all(axis=1)] = 0.0
        if block.vertex_group and moved.any():
            if self._masks is None:
                self._masks = kept(self._item, "masks", partial(_masks_of, self._item))
            mask = self._masks.get(block.vertex_group)
            if mask is not None:
                moved *= mask[:, None]
        return moved

    def driven(self, drives: Iterable[tuple[str, float]]) -> np.ndarray:
        """(V, 3) float64, what several keys move together, each at its gain."""
        total = np.zeros((len(self._item.data.vertices), 3))
        for name, gain in drives:
            total += gain * self.of(name)
        return total


def lost(obj: Any) -> dict[str, np.ndarray]:
    """Shape keys with vertices that are nowhere: by name, the rest first, (V,) bool; {} where all is well."""
    count = len(obj.data.vertices)
    by_name = {}
    for block in obj.data.shape_keys.key_blocks if count else ():
        nowhere = _nowhere(coordinates(block))
        if nowhere.any():
            by_name[block.name] = nowhere
    return by_name


def put_back(obj: Any, name: str) -> None:
    """Put a shape's vertices that are nowhere where the shape that it is relative to has them, or the next one that this goes by;
    where none has them, into the middle of their neighbours, or of the mesh.
    """
    blocks = obj.data.shape_keys.key_blocks
    block = source = blocks[name]
    places = coordinates(block)
    for _ in blocks:  # they may be relative to each other in a circle
        source, nowhere = source.relative_key, _nowhere(places)
        places[nowhere] = coordinates(source)[nowhere]
    nowhere = _nowhere(places)
    if nowhere.any():
        places[nowhere] = _between_neighbours(obj.data, places, nowhere)
    block.data.foreach_set("co", places.ravel())
    obj.data.update()


def _nowhere(places: np.ndarray) -> np.ndarray:
    """(V,) bool: which of (V, 3) places are none."""
    return np.asarray(~(np.abs(places) < NOWHERE).all(axis=1))


def _between_neighbours(mesh: Any, places: np.ndarray, nowhere: np.ndarray) -> np.ndarray:
    """(N, 3) the middles of the neighbours of vertices that are nowhere; of the whole mesh for those who have none."""
    edges = np.empty(2 * len(mesh.edges), np.int32)
    mesh.edges.foreach_get("vertices", edges)
    pairs = edges.reshape(-1, 2)
    pairs = np.concatenate([pairs, pairs[:, ::-1]])
    pairs = pairs[nowhere[pairs[:, 0]] & ~nowhere[pairs[:, 1]]]
    total, count = np.zeros((len(places), 3)), np.zeros((len(places), 1))
    np.add.at(total, pairs[:, 0], places[pairs[:, 1]])
    np.add.at(count, pairs[:, 0], 1.0)
    middle = places[~nowhere].mean(axis=0) if not nowhere.all() else np.zeros(3)
    return np.asarray(np.where(count > 0, total / np.maximum(count, 1.0), middle)[nowhere])


def _masks_of(obj: Any) -> dict[str, np.ndarray]:
    """(V,) weights of what masks shape keys, as Blender takes it: a group that is gone, or without any weights, masks nothing."""
    names = {block.vertex_group for block in obj.data.shape_keys.key_blocks}
    numbers = {group.index: group.name for group in obj.vertex_groups if group.name in names}
    if not numbers:
        return {}
    masks = {name: np.zeros(len(obj.data.vertices), np.float32) for name in numbers.values()}
    weighted = False
    for vertex in obj.data.vertices:
        for entry in vertex.groups:
            weighted = True
            if entry.group in numbers:
                masks[numbers[entry.group]][vertex.index] = entry.weight
    return masks if weighted else {}
