# SPDX-License-Identifier: GPL-3.0-or-later
"""Words in the names of face bones of rigs that follow no known convention.

A name is split into words at capitals, digits and separators: ``CTRL_upperLip_L`` is ctrl, upper, lip, l.
"""

from __future__ import annotations

from typing import Final

# Role → words of which one must be in the name; the first role that fits wins.
PARTS: Final[tuple[tuple[str, frozenset[str]], ...]] = (
    ("brow", frozenset({"brow", "brows", "eyebrow", "eyebrows"})),
    ("lid", frozenset({"lid", "lids", "eyelid", "eyelids", "blink"})),
    ("tongue", frozenset({"tongue", "tong"})),
    ("corner", frozenset({"corner", "corners", "smile", "mouthcorner", "lipcorner"})),
    ("lip", frozenset({"lip", "lips", "mouth"})),
    ("jaw", frozenset({"jaw", "lowerjaw", "jawbone", "jawroot", "mandible"})),
    ("cheek", frozenset({"cheek", "cheeks"})),
    ("eye", frozenset({"eye", "eyeball"})),
)

UPPER: Final[frozenset[str]] = frozenset({"upper", "up", "top", "t", "u", "upr", "upperlip"})
LOWER: Final[frozenset[str]] = frozenset(
    {"lower", "low", "bottom", "bot", "b", "lwr", "dn", "down", "lowerlip"}
)
LEFT: Final[frozenset[str]] = frozenset({"left", "l", "lf", "lft"})
RIGHT: Final[frozenset[str]] = frozenset({"right", "r", "rt", "rgt"})
TARGET: Final[frozenset[str]] = frozenset({"target", "lookat", "look", "aim", "trgt"})

# Words of bones that follow others, or are no part of the skin.
IGNORED: Final[frozenset[str]] = frozenset(
    {
        "mch", "org", "mechanism", "proxy", "ref", "lash", "lashes", "eyelash", "eyelashes", "teeth", "tooth", "ik", "pole",
        "twist", "helper", "offset", "offs", "socket", "piercing", "slide", "upperjaw", "clench", "crease", "nasolabial",
        "below", "squint", "corner_ref", "ear", "hair", "beard", "glasses", "attach", "prop",
        "jawline",
    }
)  # fmt: skip
# Words of bones that deform and follow a control of the same name, where there is one.
FOLLOWERS: Final[frozenset[str]] = frozenset({"def", "deform", "bind", "skin", "jnt", "joint"})
CONTROLS: Final[frozenset[str]] = frozenset({"ctrl", "ctl", "control", "con", "c"})
# Words of bones that hold a rig together, or are what its skin is bound to: where a part of the face has other bones, these
# follow them.
HELPERS: Final[frozenset[str]] = frozenset(
    {
        "drv", "driver", "driven", "loc", "locator", "str", "stretch", "bbone", "bezier", "cns", "constraint", "rot", "copy",
        "hook", "aux", "def", "deform", "bind", "skin",
    }
)  # fmt: skip

# Words that names written without capitals or separators are made of: "lefteyelidtop". The longer before those within them.
GLUED: Final[tuple[str, ...]] = (
    "eyebrow", "eyelid", "tongue", "corner", "bottom", "mouth", "cheek", "right", "upper", "lower", "left", "lips", "brow",
    "lid", "lip", "jaw", "eye", "top", "bot", "low", "mid", "up",
)  # fmt: skip
# Parts before which a side's single letter may be glued: "leye".
AFTER_A_SIDE: Final[tuple[str, ...]] = ("eyebrow", "eyelid", "eye")
