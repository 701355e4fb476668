# SPDX-License-Identifier: GPL-3.0-or-later
"""Mappings that other lip-sync add-ons keep with objects, read so that people can change over: Rhubarb Lip Sync NG and Lip Sync.

What they keep is known by its names alone (https://github.com/Premik/blender_rhubarb_lipsync_ng,
https://extensions.blender.org/add-ons/iocgpoly-lip-sync), so it is read where these add-ons are not installed, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import bpy

from ..contract import MOUTH_SHAPES, VISEMES
from ..errors import TalkingAnimationError
from ..host.blender_versions.animation_data import curves_of
from ..host.blender_versions.stored_properties import left_with
from ..rigs.face_shapes import recognition
from . import drawing_choices, drawing_mappings, mapping
from .character import describe
from .drawing_mappings import PROPERTY, ChartMapping, Reference

RHUBARB: Final = "Rhubarb Lip Sync NG"
LIP_SYNC: Final = "Lip Sync"
POSES, KEYS, SHEET = "POSES", "KEYS", "SHEET"
"""What mouths are: actions, shape keys, cells of a sprite sheet."""
_SHEET_PATH: Final = "lipsync2d_props.lip_sync_2d_sprite_sheet_index"
_VISEMES: Final = {
    **{name: name for name in VISEMES if name not in "IOU"},
    "ih": "I",
    "oh": "O",
    "ou": "U",
}
"""What Lip Sync calls a viseme → what it is called here."""
_WHOLE = 0.9  # a shape key of this value and more is shown as it is


@dataclass(frozen=True)
class Foreign:
    """A mapping that another add-on keeps.

    Attributes:
        title: the add-on's.
        obj: the object with which it is kept.
        kind: what mouths are, one of "POSES", "KEYS", "SHEET".
        shown_by: mouth cue or viseme → the name of an action or a shape key, or the number of a cell.
    """

    title: str
    obj: Any
    kind: str
    shown_by: Mapping[str, Any]


def foreign_of(objects: Iterable[Any]) -> Foreign | None:
    """The first mapping that another add-on keeps with some objects; None where there is none."""
    for obj in objects:
        for read in (_rhubarb, _lip_sync):
            kept = read(obj)
            if kept is not None and kept.shown_by:
                return kept
    return None


def take_over(obj: Any) -> str:
    """Map the character of an object as another add-on has it mapped; returns what was mapped, in one sentence.

    Raises:
        TalkingAnimationError: where there is no such mapping, or it cannot be used; one sentence.
    """
    character = describe(obj)
    kept = foreign_of(dict.fromkeys((obj, *character.objects)))
    if kept is None:
        raise TalkingAnimationError(
            f"'{obj.name}' has no mapping of {RHUBARB} or {LIP_SYNC}: pick the object that was mapped there."
        )
    if kept.kind == KEYS:
        _choose_keys(drawing_choices.root_of(obj), kept)
    elif kept.kind == SHEET:
        _map_sheet(obj, kept)
    else:
        where = Reference("OBJECT", kept.obj.name)
        chart = "LETTERS" if kept.title == RHUBARB else "VISEMES"
        drawing_choices.map_chart(
            obj, ChartMapping("mouth", drawing_mappings.POSES, where, chart, dict(kept.shown_by))
        )
    return f"The mapping of {kept.title} was taken over from '{kept.obj.name}': {len(kept.shown_by)} mouths."


def _choose_keys(root: Any, kept: Foreign) -> None:
    """Shape keys grow and fall softly, so they are rows of the mapping table."""
    rhubarb = kept.title == RHUBARB
    for name, key in kept.shown_by.items():
        mapping.choose(root, f"{'mouth' if rhubarb else 'viseme'}:{name}", (key,))
    mapping.choose_mouth(root, recognition.MOUTH_SHAPES if rhubarb else recognition.VISEMES)


def _map_sheet(obj: Any, kept: Foreign) -> None:
    try:
        kept.obj.path_resolve(_SHEET_PATH)
    except ValueError as error:
        raise TalkingAnimationError(
            f"The sprite sheet of '{kept.obj.name}' is moved by a property of {kept.title}, which is not enabled: enable it in "
            "the preferences, then take the mapping over."
        ) from error
    drawing_choices.by_numbers(obj, "mouth", PROPERTY, kept.obj, _SHEET_PATH, dict(kept.shown_by), "VISEMES")


# -- what they keep --------------------------------------------------------------------------------------


def _rhubarb(obj: Any) -> Foreign | None:
    kept = _kept(obj, "rhubarb_lipsync_mapping")
    actions = {}
    for row in _field(kept, "items") or ():
        letter, action = str(_field(row, "key") or ""), _field(row, "action")
        if letter in MOUTH_SHAPES and isinstance(action, bpy.types.Action):
            actions[letter] = action
    keys = {letter: _only_key(action) for letter, action in actions.items()}
    if any(keys.values()) and all(key is not None for key in keys.values()):
        return Foreign(RHUBARB, obj, KEYS, {letter: key for letter, key in keys.items() if key})
    return Foreign(RHUBARB, obj, POSES, {letter: action.name for letter, action in actions.items()})


def _only_key(action: Any) -> str | None:
    """The one shape key that an action shows as it is; "" where it shows none, None where it does anything else."""
    shown = []
    for curve in curves_of(action):
        path = curve.data_path
        if not (path.startswith('key_blocks["') and path.endswith('"].value')):
            return None
        value = curve.evaluate(action.frame_range[0])
        if abs(value) > 1 - _WHOLE:
            shown.append((path[len('key_blocks["') : -len('"].value')], value))
    if not shown:
        return ""
    name, value = shown[0]
    return bpy.utils.unescape_identifier(name) if len(shown) == 1 and value >= _WHOLE else None


def _lip_sync(obj: Any) -> Foreign | None:
    kept = _kept(obj, "lipsync2d_props")
    if kept is None:
        return None
    if obj.type == "ARMATURE":
        actions = {
            name: _field(kept, f"lip_sync_2d_viseme_pose_{theirs}") for theirs, name in _VISEMES.items()
        }
        poses = {
            name: action.name for name, action in actions.items() if isinstance(action, bpy.types.Action)
        }
        return Foreign(LIP_SYNC, obj, POSES, poses)
    kind = _field(kept, "lip_sync_2d_lips_type")
    if kind in ("SHAPEKEYS", 1):
        keys = {name: _named_key(obj, kept, theirs) for theirs, name in _VISEMES.items()}
        return Foreign(LIP_SYNC, obj, KEYS, {name: key for name, key in keys.items() if key})
    cells = {name: _field(kept, f"lip_sync_2d_viseme_{theirs}") for theirs, name in _VISEMES.items()}
    return Foreign(
        LIP_SYNC,
        obj,
        SHEET,
        {name: cell for name, cell in cells.items() if isinstance(cell, int) and cell >= 0},
    )


def _named_key(obj: Any, kept: Any, viseme: str) -> str:
    """The shape key of a choice whose list is made of the object's shape keys: none first, then all but the basis."""
    keys = getattr(getattr(obj.data, "shape_keys", None), "key_blocks", None) or ()
    names = [key.name for key in keys][1:]
    with bpy.context.temp_override(active_object=obj, object=obj):
        chosen = _field(kept, f"lip_sync_2d_viseme_shape_keys_{viseme}")
    if isinstance(chosen, int) and 0 < chosen <= len(names):
        return names[chosen - 1]
    return chosen if isinstance(chosen, str) and chosen in names else ""


def _kept(obj: Any, name: str) -> Any:
    """What an add-on keeps with an object: its property, or where it is not installed the data that it left."""
    try:
        return getattr(obj, name, None) or left_with(obj, name)
    except TypeError:
        return None


def _field(group: Any, name: str) -> Any:
    """A field of a property group or of the data that one left; None where it has none of that name."""
    if group is None:
        return None
    if isinstance(group, bpy.types.PropertyGroup) and name in group.bl_rna.properties:
        return getattr(group, name)
    try:
        return group[name]
    except (KeyError, TypeError):
        return None
