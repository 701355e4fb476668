"""A frame rate as people write it. Needs nothing but Python."""

from __future__ import annotations

from typing import Final, overload

from .errors import EngineError, quoted
from .names import FRAME_RATES

_THOUSAND_OR_ONE: Final = "1,000"
"""Both are frame rates; 25,000 can only be 25."""


@overload
def frame_rate(text: None, option: str = "--fps") -> None: ...
@overload
def frame_rate(text: str, option: str = "--fps") -> float: ...
def frame_rate(text: str | None, option: str = "--fps") -> float | None:
    """Frames per second, 1…1000, as people write them: ``25``, ``23.976`` or ``23,976`` or, exactly, ``24000/1001``;
    None stays None.

    Raises:
        EngineError: for anything else (code ``bad_request``).
    """
    if text is None:
        return None
    lowest, highest = FRAME_RATES
    frames, slash, seconds = text.replace(",", ".").partition("/")
    try:
        if text.partition("/")[0].strip() == _THOUSAND_OR_ONE:
            raise ValueError
        rate = float(frames) / (float(seconds) if slash else 1.0)
    except (ValueError, ZeroDivisionError):
        rate = 0.0
    if not lowest <= rate <= highest:  # what is not a number is not between them either
        raise EngineError(
            f"The frame rate ({option}) must be {lowest:g} to {highest:g} frames per second, such as 25, 23.976 or "
            f"24000/1001, not {quoted(text)}.",
            "bad_request",
        )
    return rate
