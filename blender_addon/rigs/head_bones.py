# SPDX-License-Identifier: GPL-3.0-or-later
"""Bones that turn the head, the neck and the eyes, as rigs name them.

Within a list the earlier name wins: the control that an animator keys before the bone that follows it.
A name is compared without case; `PREFIXES` may stand before it.
"""

from __future__ import annotations

from typing import Final

# Namespaces and prefixes that stand before the plain names.
PREFIXES: Final[tuple[str, ...]] = (
    "mixamorig:",  # Mixamo FBX; numbered where several characters meet
    "mixamorig1:",
    "mixamorig2:",
    "mixamorig_",
    "cc_base_",  # Reallusion Character Creator, AccuRig
    "bip01 ",  # 3ds Max Biped: Microsoft Rocketbox
    "bip001 ",
    "bip01_",
    "bip001_",
    "valvebiped.bip01_",
    "humanoid",  # Unity's names for the bones of its avatars
    "j_bip_c_",  # VRoid Studio
    "j_adj_",
    "def-",  # Rigify: bones that deform
    "def_",
    "deform_",
    "ctrl_",
    "c_",  # Auto-Rig Pro: controls
    "b_",
    "bn_",
    "jnt_",
)

HEAD: Final[tuple[str, ...]] = (
    "head",  # Rigify control, MakeHuman/MPFB, Daz Genesis, Unreal, Mixamo, Ready Player Me, VRoid, Biped
    "c_head.x",  # Auto-Rig Pro control
    "head.x",  # Auto-Rig Pro bone that deforms
    "head_ctrl",
    "head_ctl",
    "ctrl_head",
    "head_fk",
    "head_01",
    "head1",
    "bone_head",
    "頭",  # MikuMikuDance
    "spine.006",  # Rigify meta-rig and its DEF- bone: head of the human
    "face",  # Rigify face alone
)

NECK: Final[tuple[str, ...]] = (
    "neck",
    "c_neck.x",
    "neck.x",
    "neck_ctrl",
    "neck_ctl",
    "neck_fk",
    "necktwist02",  # Character Creator: CC_Base_NeckTwist02 is the head's parent
    "necktwist01",
    "neckupper",  # Daz Genesis 3 and 8
    "neck2",  # Daz Genesis 9
    "neck_02",  # Unreal
    "neck_01",
    "neck03",  # MakeHuman default rig
    "neck02",
    "neck01",
    "neck1",
    "首",
    "spine.005",  # Rigify meta-rig
    "spine.004",
)

# The character's own left; {left}/{right} pairs are written out, since no rule covers them.
EYES: Final[tuple[tuple[str, str], ...]] = (
    ("eye.l", "eye.r"),  # Rigify, MakeHuman
    ("eye_l", "eye_r"),
    ("lefteye", "righteye"),  # Ready Player Me, Mixamo with eyes
    ("left_eye", "right_eye"),
    ("eyeleft", "eyeright"),
    ("eye_left", "eye_right"),
    ("l_eye", "r_eye"),  # Character Creator (CC_Base_L_Eye), Daz Genesis 9
    ("leye", "reye"),  # Daz Genesis 8, Biped
    ("l_faceeye", "r_faceeye"),  # VRoid (J_Adj_L_FaceEye)
    ("c_eye.l", "c_eye.r"),  # Auto-Rig Pro
    ("master_eye.l", "master_eye.r"),  # Rigify face controls
    ("左目", "右目"),  # MikuMikuDance
    ("目.l", "目.r"),  # the same as mmd_tools writes them
)
