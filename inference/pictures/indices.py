"""Which of the face mesh's 468 points lie where. Right and left are the character's own, so right stands first in the picture.

Rows of lips and lids run from the picture's left to its right.
"""

from __future__ import annotations

import numpy as np

LIP_RINGS = np.array(
    [
        # Upper lip, from the outer edge to the inner one: each column is one place along the mouth, corners included.
        [61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291],
        [76, 184, 74, 73, 72, 11, 302, 303, 304, 408, 306],
        [62, 183, 42, 41, 38, 12, 268, 271, 272, 407, 292],
        [78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308],
        # Lower lip, likewise.
        [61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291],
        [76, 77, 90, 180, 85, 16, 315, 404, 320, 307, 306],
        [62, 96, 89, 179, 86, 15, 316, 403, 319, 325, 292],
        [78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308],
    ]
)  # fmt: skip
UPPER_INNER, LOWER_INNER = LIP_RINGS[3], LIP_RINGS[7]
OUTER_LIPS = np.concatenate([LIP_RINGS[0], LIP_RINGS[4][-2:0:-1]])
"""The lips' outer edge, all around."""
INNER_LIPS = np.concatenate([UPPER_INNER, LOWER_INNER[-2:0:-1]])
"""Their inner edge, all around."""

FACE_OVAL = np.array(
    [
        10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150,
        136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
    ]
)  # fmt: skip
"""The outline of the face, clockwise as it is seen from the middle of the forehead."""

SIDES = ("Right", "Left")
UPPER_LIDS = np.array(
    [[33, 246, 161, 160, 159, 158, 157, 173, 133], [362, 398, 384, 385, 386, 387, 388, 466, 263]]
)
"""(2, 9): the edge of the upper lid, corners included; the right eye, then the left one."""
LOWER_LIDS = np.array(
    [[33, 7, 163, 144, 145, 153, 154, 155, 133], [362, 382, 381, 380, 374, 373, 390, 249, 263]]
)
LID_RINGS = np.array(
    [
        [[247, 30, 29, 27, 28, 56, 190], [113, 225, 224, 223, 222, 221, 189]],
        [[414, 286, 258, 257, 259, 260, 467], [413, 441, 442, 443, 444, 445, 342]],
    ]
)
"""(2, 2, 7): above the inner seven points of each upper lid, the fold and the ring above it."""
IRISES = ((468, 469, 470, 471, 472), (473, 474, 475, 476, 477))
"""Of 478 points, the middle and four points of the edge of each iris; the right eye, then the left one."""

CHEEKS = (50, 280, 117, 346, 9, 151)
"""Skin that neither a mask nor glasses cover, of the forehead, too."""
