"""``retarget``: an animation fitted to one character's own shapes."""

from __future__ import annotations

from ..face.messages import RetargetRequest, RetargetResult
from ..face.outputs import keep_apart
from ..progress import Progress


def answer(request: RetargetRequest, progress: Progress) -> RetargetResult:
    """Fit an animation. Raises EngineError where a file is missing or damaged, and as `keep_apart` does."""
    from ..face.animation import FaceAnimation
    from ..face.retargeting.own_shapes import OwnShapes, fitted, own_shapes_error

    keep_apart([request.output], [request.animation, request.shapes])
    animation = FaceAnimation.load(request.animation)
    shapes = OwnShapes.load(request.shapes)
    result = fitted(animation, shapes)
    result.save(request.output)
    before, after = (round(own_shapes_error(take, animation, shapes), 6) for take in (animation, result))
    return RetargetResult(request.output, len(result), before, after)
