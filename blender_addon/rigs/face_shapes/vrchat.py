# SPDX-License-Identifier: GPL-3.0-or-later
"""VRChat avatars: visemes and blinks, as the SDK finds them by name.

Names: https://creators.vrchat.com/avatars/ and https://github.com/absolute-quantum/cats-blender-plugin (tools/viseme.py,
tools/eyetracking.py)
"""

from __future__ import annotations

from .convention import Convention, both_sides

_NAMES = {
    "sil": "sil", "PP": "pp", "FF": "ff", "TH": "th", "DD": "dd", "kk": "kk", "CH": "ch", "SS": "ss", "nn": "nn",
    "RR": "rr", "aa": "aa", "E": "e", "I": "ih", "O": "oh", "U": "ou",
}  # fmt: skip

VRCHAT = Convention(
    identifier="vrchat",
    title="VRChat",
    source="https://github.com/absolute-quantum/cats-blender-plugin",
    channels={
        **{f"viseme:{viseme}": f"vrc.v_{name}" for viseme, name in _NAMES.items()},
        **both_sides({"eyeBlink{Side}": "vrc.blink_{side} | vrc.blink*0.5"}),
    },
    prefixes=("vrc.", "vrc_"),
)
CONVENTIONS = (VRCHAT,)
