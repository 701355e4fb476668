"""MediaPipe's 478 face mesh points → the 68 iBUG points, as a table.

Chosen by hand on the canonical face model of MediaPipe (Apache-2.0), left and right symmetric. Points 468-477 are the
irises (refined landmarks): 468-472 the character's right eye (picture's left), 473-477 the left one; first the centre.
"""

from __future__ import annotations

import numpy as np

MESH_TO_IBUG = np.array(
    [
        # face outline, picture's left to right
        127, 234, 93, 132, 58, 136, 150, 176, 152, 400, 379, 365, 288, 361, 323, 454, 356,
        # brows
        70, 63, 105, 66, 107, 336, 296, 334, 293, 300,
        # nose: bridge to tip, lower edge
        168, 197, 5, 4, 98, 97, 2, 326, 327,
        # the character's right eye (picture's left), left eye
        33, 160, 158, 133, 153, 144, 362, 385, 387, 263, 373, 380,
        # outer lip: corner, upper edge, corner, lower edge
        61, 40, 37, 0, 267, 270, 291, 321, 314, 17, 84, 91,
        # inner lip: corner, upper edge, corner, lower edge
        78, 81, 13, 311, 308, 402, 14, 178,
    ]
)  # fmt: skip

OUTER_CORNERS = (33, 263)
"""Of the eyes: the character's right one (picture's left), then the left one."""

IRISES = np.arange(468, 478)

SKIN = np.arange(468)
"""Points on the face; the irises come after them."""

RIGHT_IRIS, LEFT_IRIS = 468, 473
"""Middles of the irises; the picture's left is the character's right."""
