# SPDX-License-Identifier: GPL-3.0-or-later
"""MakeHuman's and MPFB's own expression units (``mouth-open``, ``eye-left-closure`` …), which MPFB may put "!ex-" before.

There is no unit that shuts the lips over an open jaw, so `mouthClose` takes the jaw back. The units move both sides of the
mouth at once. What each unit moves was measured on the base mesh (assets CC0).
Names: https://github.com/makehumancommunity/mpfb2 (data/targets/expression/units)
"""

from __future__ import annotations

from .convention import Convention, both_sides

MAKEHUMAN = Convention(
    identifier="makehuman",
    title="MakeHuman",
    source="https://github.com/makehumancommunity/mpfb2",
    channels=both_sides(
        {
            "eyeBlink{Side}": "eye-{side}-closure",
            "eyeWide{Side}": "eye-{side}-opened-up",
            "eyeSquint{Side}": "eye-{side}-slit",
            "browInnerUp": "eyebrows-left-inner-up + eyebrows-right-inner-up",
            "browOuterUp{Side}": "eyebrows-{side}-extern-up | eyebrows-{side}-up",
            "browDown{Side}": "eyebrows-{side}-down",
            "noseSneer{Side}": "nose-{side}-elevation",
            "jawOpen": "mouth-open",
            "mouthClose": "mouth-open*-1",
            "mouthFunnel": "mouth-protusion",
            "mouthPucker": "mouth-pursing",
            "mouthSmile{Side}": "mouth-corner-puller*0.5",
            "mouthFrown{Side}": "mouth-depression*0.5",
            "mouthStretch{Side}": "mouth-retraction*0.5",
            "mouthPress{Side}": "mouth-compression*0.5",
            "mouthShrugLower": "mouth-eversion",
            "mouthUpperUp{Side}": "mouth-elevation*0.5",
            "mouthLowerDown{Side}": "mouth-depression-retraction*0.5",
        }
    ),
    prefixes=("!ex-",),
    minimum=4,
)
CONVENTIONS = (MAKEHUMAN,)
