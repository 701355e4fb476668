# SPDX-License-Identifier: GPL-3.0-or-later
"""What a VRM character's own expressions say its shape keys show, where the VRM add-on left them with the armature.

The add-on (https://github.com/saturday06/VRM-Addon-for-Blender) keeps expressions of VRM 1.0 and blend shape groups of VRM 0.x in
`Armature.vrm_addon_extension`; where it is not installed the same lies in the armature's custom properties, if at all. Whatever
is not as expected is passed over: another version of the add-on is no reason to refuse a character.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from ..contract import ARKIT_NAMES
from ..host.blender_versions.stored_properties import left_with

PROPERTY: Final = "vrm_addon_extension"

_VRM1: Final[dict[str, tuple[str, ...]]] = {
    "aa": ("vowel:A",), "ih": ("vowel:I",), "ou": ("vowel:U",), "ee": ("vowel:E",), "oh": ("vowel:O",),
    "blink_left": ("eyeBlinkLeft",), "blink_right": ("eyeBlinkRight",),
}  # fmt: skip
_VRM0: Final[dict[str, tuple[str, ...]]] = {
    "a": ("vowel:A",), "i": ("vowel:I",), "u": ("vowel:U",), "e": ("vowel:E",), "o": ("vowel:O",),
    "blink_l": ("eyeBlinkLeft",), "blink_r": ("eyeBlinkRight",),
}  # fmt: skip
_CUSTOM: Final[dict[str, tuple[str, ...]]] = {name.casefold(): (name,) for name in ARKIT_NAMES}
"""What expressions of an avatar's own are called that was made for "perfect sync"."""


def bound_keys(armature: Any) -> tuple[str, dict[str, tuple[str, ...]]]:
    """What the expressions of an armature's VRM bind.

    Args:
        armature: an armature object, or None.

    Returns:
        Identifier of the convention ("vrm1", "vrm0", "" for none), and channel → names of the shape keys.
    """
    extension = _part(armature.data, PROPERTY) if armature is not None else None
    if extension is None:
        return "", {}
    expressions = _part(_part(extension, "vrm1"), "expressions")
    preset = _part(expressions, "preset")
    bound: dict[str, list[str]] = {}
    for name, channels in _VRM1.items():
        _add(bound, channels, _part(_part(preset, name), "morph_target_binds"))
    for own in _members(_part(expressions, "custom")):
        title = _part(own, "custom_name")
        channels = _CUSTOM.get(title.casefold(), ()) if isinstance(title, str) else ()
        _add(bound, channels, _part(own, "morph_target_binds"))
    if bound:
        return "vrm1", {channel: tuple(names) for channel, names in bound.items()}
    groups = _part(_part(_part(extension, "vrm0"), "blend_shape_master"), "blend_shape_groups")
    for group in _members(groups):
        names = [_part(group, "preset_name"), _part(group, "name")]
        low = [name.casefold() for name in names if isinstance(name, str)]
        known = next((name for name in low if name in _VRM0 or name in _CUSTOM), "")
        _add(bound, _VRM0.get(known) or _CUSTOM.get(known, ()), _part(group, "binds"))
    return ("vrm0" if bound else ""), {channel: tuple(names) for channel, names in bound.items()}


def _add(bound: dict[str, list[str]], channels: tuple[str, ...], binds: Any) -> None:
    for bind in _members(binds):
        key, weight = _part(bind, "index"), _part(bind, "weight")
        if isinstance(key, str) and key and (not isinstance(weight, (int, float)) or weight > 0):
            for channel in channels:
                names = bound.setdefault(channel, [])
                if key not in names:
                    names.append(key)


def _part(owner: Any, name: str) -> Any:
    """A property by its name, whether registered or a custom one; None where there is none."""
    if owner is None:
        return None
    try:
        # Custom properties come in groups whose own attributes, such as "name", are not what is asked for.
        part = getattr(owner, name, None) if hasattr(owner, "bl_rna") else None
        if part is None and hasattr(owner, "get"):
            part = left_with(owner, name)
    except (AttributeError, KeyError, TypeError):  # a datablock without custom properties
        return None
    return part


def _members(collection: Any) -> Iterator[Any]:
    try:
        yield from collection or ()
    except TypeError:
        return
