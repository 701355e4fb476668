# SPDX-License-Identifier: GPL-3.0-or-later
"""What keeps shape keys that are animated from showing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from ..characters import measurements, shape_offsets
from ..characters.character import Character, FaceMesh
from ..characters.related import key_of, value_path
from ..errors import TalkingAnimationError
from ..host.blender_versions import animation_data
from ..keys import actions
from ..keys.channels import driven_paths
from . import edit
from .problem import Problem, problem_of

# A shape whose slider ends below this share of what the motion asks for is held back by it.
_HELD_BACK = 0.98
Following = Callable[[], dict[Any, set[str]]]

_EXPENDABLE = ("eyeWide", "eyeSquint", "cheek", "nose", "tongue")
"""Beginnings of shapes that a face talks well without; drawn faces have no wide eyes."""


def of_shape_keys(mesh: FaceMesh, character: Character, following: Following) -> Iterator[Problem]:
    """What keeps a mesh's shape keys, which carry the talking animation, from showing; the last as for `of_drivers`."""
    key, name = mesh.key, mesh.object.name
    for user in character.objects:
        if key_of(user) == key and user.show_only_shape_key:
            yield problem_of("KEY_PINNED", user.name, user)
    if not key.use_relative:
        yield problem_of("KEY_ABSOLUTE", name, key)
    own = animation_data.own_curves(actions.own_actions(key), key)
    yield from _of_lost_vertices(mesh)
    yield from _of_blocks(
        [block for block in key.key_blocks if (value_path(block.name), 0) in own], own, name, character
    )
    yield from of_drivers(mesh, character, following)


def of_drivers(mesh: FaceMesh, character: Character, following: Following) -> Iterator[Problem]:
    """Face shapes of a mesh that were left to their drivers, which may be all of them.

    Args:
        mesh: one of the character's.
        character: a described one.
        following: gives `followers.following_paths` of it, if it is asked.
    """
    key, name = mesh.key, mesh.object.name
    waiting = driven_paths(key) & mesh.value_paths
    waiting = waiting - following()[key] if waiting else waiting
    driven = sorted(path for path in waiting if not _driver_is_muted(key, path))
    if driven:
        take_over = partial(_take_over, key, driven, character.root)
        yield problem_of("KEY_DRIVEN", name, repair=take_over, count=len(driven))


def of_empty_shapes(character: Character) -> Iterator[Problem]:
    """Shape keys that are named for what nothing on the character shows, and move nothing; not where none of them is missed."""
    empty: dict[str, dict[str, None]] = {}
    missed: set[str] = set()
    for row in character.rows:
        if not row.moves:
            empty.setdefault(row.object, {}).update(dict.fromkeys(row.targets))
            if not row.channel.startswith(_EXPENDABLE):
                missed.add(row.object)
    for name, keys in empty.items():
        if name in missed:
            yield problem_of("KEY_EMPTY", name, count=len(keys), first=next(iter(keys)))


def _of_blocks(
    blocks: list[Any], own: dict[tuple[str, int], Any], name: str, character: Character
) -> Iterator[Problem]:
    """Keyed shapes that are switched off, or whose sliders end too early."""
    muted = [block for block in blocks if block.mute]
    if muted:
        switch_on = partial(_switch_on, muted)
        yield problem_of("KEY_MUTED", name, repair=switch_on, count=len(muted), first=muted[0].name)
    short = [block for block in blocks if _is_held_back(block, own[value_path(block.name), 0])]
    below = [block for block in short if block.slider_max <= 0.0]
    if below:
        told = {"count": len(below), "first": below[0].name, "end": below[0].slider_max}
        yield problem_of("KEY_NEGATIVE", name, **told)
    short = [block for block in short if block not in below]
    if short:
        yield problem_of(
            "KEY_RANGE",
            name,
            repair=partial(_widen, short, character.root),
            count=len(short),
            first=short[0].name,
            end=short[0].slider_max,
        )


def _of_lost_vertices(mesh: FaceMesh) -> Iterator[Problem]:
    """Vertices without a place, from a damaged import or modifier: Blender shows them anywhere, or tears the face."""
    lost: dict[str, Any] = measurements.kept(
        mesh.object, "lost vertices", partial(shape_offsets.lost, mesh.object)
    )
    if lost:  # a script that mends them leaves nothing behind by which that is told
        lost = shape_offsets.lost(mesh.object)
    if not lost:
        return
    first, key = next(iter(lost)), mesh.key
    is_rest = first == key.key_blocks[0].name
    yield problem_of(
        "KEY_NOWHERE",
        mesh.object.name,
        repair=partial(_put_back, mesh.object, list(lost)) if key.library is None else None,
        count=int(lost[first].sum()),
        first=first,
        remedy="their neighbours are" if is_rest else "the shape that it is relative to has them",
    )


def _put_back(obj: Any, names: list[str]) -> None:
    """Give lost vertices a place in each of these shapes, the rest first."""
    for name in names:
        shape_offsets.put_back(obj, name)
    measurements.forget()


def _switch_on(blocks: list[Any]) -> None:
    for block in blocks:
        block.mute = False


def _is_held_back(block: Any, curve: Any) -> bool:
    if block.slider_max >= 1.0 and block.slider_min <= 0.0:
        return False
    values = animation_data.key_values(curve)[:, 1]
    top = float(values.max(initial=0.0))
    if block.slider_max < 1.0 and top >= _HELD_BACK * block.slider_max:
        return True
    return block.slider_min > 0.0 and float(values.min(initial=0.0)) <= block.slider_min


def _widen(blocks: list[Any], root: Any) -> None:
    for block in blocks:
        block.slider_max = max(block.slider_max, 1.0)
        block.slider_min = min(block.slider_min, 0.0)
    edit.apply_dials(root)


def _driver_is_muted(key: Any, path: str) -> bool:
    return all(driver.mute for driver in key.animation_data.drivers if driver.data_path == path)


def _take_over(key: Any, paths: list[str], root: Any) -> None:
    """Mute drivers and write the talking animation again, now with the shapes that they had."""
    muted = []
    for driver in key.animation_data.drivers:
        if driver.data_path in paths and not driver.mute:
            driver.mute = True
            muted.append([driver.data_path, driver.array_index])
    try:
        edit.write_again(root)
    except TalkingAnimationError:
        for driver in key.animation_data.drivers:
            if [driver.data_path, driver.array_index] in muted:
                driver.mute = False
        raise
    for action in actions.own_actions(key):
        record = actions.record_of(action)
        actions.set_record(action, {**record, "muted_drivers": record.get("muted_drivers", []) + muted})
