# SPDX-License-Identifier: GPL-3.0-or-later
"""Rigify: the controls of its generated rigs, and the bones of its meta-rig.

Names as the add-on of Blender 3.4 (`faces.super_face`) and 4.5 (*Upgrade Face Rig*: the modular face of
`face.skin_jaw`, `face.skin_eye`, `face.basic_tongue`) generates them.
https://docs.blender.org/manual/en/latest/addons/rigging/rigify/rig_types/face.html
Only controls are named: the bones DEF-, ORG- and MCH- follow them.
"""

from __future__ import annotations

from typing import Final

from .convention import Convention

# The controls of lids and brows are in both.
_LIDS_BROWS: Final[dict[str, tuple[str, ...]]] = {
    "lid_upper": ("lid.T.{side}.001", "lid.T.{side}.002", "lid.T.{side}.003"),
    "lid_lower": ("lid.B.{side}.001", "lid.B.{side}.002", "lid.B.{side}.003"),
    "brow": ("brow.T.{side}.003", "brow.T.{side}.002", "brow.T.{side}.001"),
    "cheek": ("cheek.B.{side}.001", "cheek.T.{side}.001"),
}

CLASSIC: Final = Convention(
    identifier="rigify",
    title="Rigify",
    sides=("L", "R"),
    signature=("jaw_master", "lip.T", "lips.{side}", "master_eye.{side}"),
    bones={
        "jaw": ("jaw_master",),
        "lip_upper": ("lip.T", "lip.T.{side}.001"),
        "lip_lower": ("lip.B", "lip.B.{side}.001"),
        "lip_corner": ("lips.{side}",),
        "tongue": ("tongue_master", "tongue"),
        "eye": ("master_eye.{side}",),
        "eye_target": ("eyes",),
        **_LIDS_BROWS,
    },
)

MODULAR: Final = Convention(
    identifier="rigify_modular",
    title="Rigify (modular face)",
    sides=("L", "R"),
    signature=("jaw_master", "lip.T", "lip_end.{side}.001", "eye_master.{side}"),
    bones={
        "jaw": ("jaw_master",),
        "lip_upper": ("lip.T", "lip.T.{side}.001"),
        "lip_lower": ("lip.B", "lip.B.{side}.001"),
        "lip_corner": ("lip_end.{side}.001",),
        "tongue": ("tongue",),
        "eye": ("eye_master.{side}",),
        "eye_target": ("eye_common",),
        **_LIDS_BROWS,
    },
)

_META_BONES: Final[dict[str, tuple[str, ...]]] = {
    "jaw": ("jaw_master|jaw",),
    "lip_upper": ("lip.T.{side}", "lip.T.{side}.001"),
    "lip_lower": ("lip.B.{side}", "lip.B.{side}.001"),
    "lid_upper": ("lid.T.{side}", "lid.T.{side}.001", "lid.T.{side}.002", "lid.T.{side}.003"),
    "lid_lower": ("lid.B.{side}", "lid.B.{side}.001", "lid.B.{side}.002", "lid.B.{side}.003"),
    "brow": ("brow.T.{side}.003", "brow.T.{side}.002", "brow.T.{side}.001"),
    "tongue": ("tongue.002", "tongue.001", "tongue"),
    "eye": ("eye.{side}",),
}

META_RIG: Final = Convention(
    identifier="rigify_meta_rig",
    title="Rigify meta-rig",
    sides=("L", "R"),
    signature=("jaw", "lip.T.{side}", "lid.T.{side}"),
    bones=_META_BONES,
    absent=("jaw_master", "DEF-jaw"),
)

# What a game exporter leaves of a generated rig.
DEFORM: Final = Convention(
    identifier="rigify_deform",
    title="Rigify bones that deform",
    sides=("L", "R"),
    signature=("DEF-jaw", "DEF-lip.T.{side}"),
    bones={
        role: tuple("|".join(f"DEF-{part}" for part in name.split("|")) for name in names)
        for role, names in _META_BONES.items()
    },
    absent=("jaw_master",),
)
CONVENTIONS: Final = (CLASSIC, MODULAR, META_RIG, DEFORM)
