"""Where a mask lies on a face: its outline among the face mesh's points."""

MASK = [
    *(234, 93, 132, 58, 172, 136, 150, 149, 176, 148, 152),
    *(377, 400, 378, 379, 365, 397, 288, 361, 323, 454, 4),
]
"""From the picture's left cheek along the chin to the right one, and over the nose."""
