"""What the commands that write an animation answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..face.messages import AnimationResult

if TYPE_CHECKING:
    from ..face.animation import FaceAnimation


def animation_result(
    output: str, animation: FaceAnimation, warnings: tuple[str, ...] = (), duration: float | None = None
) -> AnimationResult:
    """The answer about an animation that was written; ``duration`` in seconds, that of the motion by default."""
    seconds = animation.duration if duration is None else duration
    return AnimationResult(output, len(animation), animation.fps, seconds, warnings)


def written(result: AnimationResult) -> str:
    """What people read of an animation that was written."""
    return f"{result.output}: {result.frames} frames at {result.fps:g} fps"
