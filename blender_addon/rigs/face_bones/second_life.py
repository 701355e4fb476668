# SPDX-License-Identifier: GPL-3.0-or-later
"""Second Life and OpenSim: https://wiki.secondlife.com/wiki/Project_Bento_Skeleton_Guide (the skeleton since Bento)."""

from __future__ import annotations

from typing import Final

from .convention import Convention

SECOND_LIFE: Final = Convention(
    identifier="second_life",
    title="Second Life",
    sides=("Left", "Right"),
    signature=("mFaceJaw", "mFaceLipLowerCenter"),
    bones={
        "jaw": ("mFaceJaw",),
        "lip_upper": ("mFaceLipUpper{side}", "mFaceLipUpperCenter"),
        "lip_lower": ("mFaceLipLower{side}", "mFaceLipLowerCenter"),
        "lip_corner": ("mFaceLipCorner{side}",),
        "lid_upper": ("mFaceEyeLidUpper{side}",),
        "lid_lower": ("mFaceEyeLidLower{side}",),
        "brow": ("mFaceEyebrowInner{side}", "mFaceEyebrowCenter{side}", "mFaceEyebrowOuter{side}"),
        "cheek": ("mFaceCheekUpper{side}", "mFaceCheekLower{side}"),
        "tongue": ("mFaceTongueBase", "mFaceTongueTip"),
        # Mesh heads are painted to the second ones, which lie in the same place.
        "eye": ("mEye{side}", "mFaceEyeAlt{side}"),
    },
)
CONVENTIONS: Final = (SECOND_LIFE,)
