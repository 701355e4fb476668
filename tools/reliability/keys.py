# SPDX-License-Identifier: MIT
"""Whether two animations are the same."""

from __future__ import annotations

from typing import Any

ROUNDED = 1e-5
"""By which keys of the same animation may differ."""


def same_keys(keys: Any, whole: Any) -> bool:
    """Whether two lists of (place, [(frame, value), ...]) are of the same animation.

    Where the first way of running the engine was killed, the next one may be another Python, whose numpy rounds otherwise.
    """
    if [(place[0], place[1], len(points)) for place, points in keys] != [
        (place[0], place[1], len(points)) for place, points in whole
    ]:
        return False
    pairs = zip(
        (point for _, points in keys for point in points), (point for _, points in whole for point in points)
    )
    return all(abs(a - b) <= ROUNDED for one, other in pairs for a, b in zip(one, other))
