# SPDX-License-Identifier: GPL-3.0-or-later
"""ARKit's own names as shape keys: `arkit.ARKIT_NAMES` in any spelling (Left/Right, _L/_R, any case, tools' prefixes)."""

from __future__ import annotations

from ...contract import ARKIT_NAMES
from ..arkit import PREFIXES, SPLIT_SHAPES
from .convention import Convention

ARKIT = Convention(
    identifier="arkit",
    title="ARKit",
    source="https://developer.apple.com/documentation/arkit/arfaceanchor/blendshapelocation",
    channels={
        name: f"{name} | {name}Left + {name}Right" if name in SPLIT_SHAPES else name for name in ARKIT_NAMES
    },
    prefixes=PREFIXES,
    minimum=1,
)
CONVENTIONS = (ARKIT,)
