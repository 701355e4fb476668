# SPDX-License-Identifier: GPL-3.0-or-later
"""Naming conventions of face bones: one small data module each, and the recognition that reads them.

`recognise(armature_object)` says which bone plays which role; `FaceBones.rows()` are its rows of the mapping table.
"""

from __future__ import annotations

from .convention import ROLES, SIDES, BoneMatch, Convention, FaceBones
from .recognition import CONVENTIONS, recognise, recognise_names

__all__ = [
    "CONVENTIONS",
    "ROLES",
    "SIDES",
    "BoneMatch",
    "Convention",
    "FaceBones",
    "recognise",
    "recognise_names",
]
