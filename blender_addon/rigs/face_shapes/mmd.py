# SPDX-License-Identifier: GPL-3.0-or-later
"""MikuMikuDance models: Japanese morph names, in full or half width.

The vowels are the five of Japanese, ん shuts the lips. まばたき shuts both eyes, ウィンク２ one eye, ウィンク one eye with a
smile. 上 and 下 move the brows.
Names: the morphs that MMD's own models share, and
https://github.com/saturday06/VRM-Addon-for-Blender (common/shape_key_mapper/mmd_mapping.py)
"""

from __future__ import annotations

from .convention import Convention, both_sides

MMD = Convention(
    identifier="mmd",
    title="MikuMikuDance",
    source="https://github.com/saturday06/VRM-Addon-for-Blender",
    channels={
        **both_sides(
            {
                "vowel:A": "あ | ああ | あ２",
                "vowel:I": "い | いい",
                "vowel:U": "う",
                "vowel:E": "え | えー*0.5",
                "vowel:O": "お | おお",
                "vowel:N": "ん",
                "eyeWide{Side}": "びっくり*0.5",
                "browInnerUp": "上*0.5",
                "browOuterUp{Side}": "上*0.25",
                "browDown{Side}": "下*0.5",
                "mouthSmile{Side}": "口角上げ*0.5 | にっこり*0.5",
                "mouthFrown{Side}": "口角下げ*0.5",
                "mouthStretch{Side}": "口横広げ*0.5",
            }
        ),
        "eyeBlinkLeft": "まばたき*0.5 | ウィンク２ | ウィンク",
        "eyeBlinkRight": "まばたき*0.5 | ウィンク２右 | ｳｨﾝｸ２右 | ウィンク右",
    },
    minimum=4,
    whole=True,
    unverified=frozenset({"あ２", "ああ", "いい", "おお"}),
)
CONVENTIONS = (MMD,)
