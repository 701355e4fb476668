"""An animation whose head is moved by ATC_net, from weights that the user brings, in place of the engine's own motion."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from ..errors import EngineError
from ..face import resampling
from ..face.messages import AnimateOptions
from ..pipeline import Result
from .licence import HEAD_POSES
from .pipeline import settle
from .state import check_engine


def check_published_head(options: AnimateOptions) -> Path:
    """The file that is to move the head; asked before any work.

    Args:
        options: with ``published.head_weights``, the file.

    Raises:
        EngineError: the file is missing (code ``bad_weights``), the full engine is missing (``backend_unavailable``), or the
            terms are not accepted (``licence``).
    """
    weights = Path(str(options.published.head_weights))
    if not weights.is_file():
        raise EngineError(
            f"{weights} does not exist: name the file atcnet_lstm_general.pth of Audio-driven-TalkingFace-HeadPose.",
            "bad_weights",
        )
    check_engine()
    HEAD_POSES.require(weights.parent, options.published.accept_licence)
    return weights


def with_published_head(result: Result, weights: Path) -> Result:
    """The same animation with the head of `head_pose.AudioToHead`.

    Args:
        result: what was made of the recording, which it has.
        weights: of `check_published_head`.

    Raises:
        EngineError: the file is damaged (code ``bad_weights``).
    """
    from . import cepstra, head_pose

    assert result.recording is not None
    network = head_pose.load(weights)
    rotation, translation = head_pose.head_motion(network, cepstra.windows(result.recording.samples))
    animation = result.animation
    frames, fps = len(animation), animation.fps
    places = resampling.even_positions(len(rotation), frames, head_pose.FRAME_RATE / fps)
    settled = settle(frames, fps)[:, None]
    source = {**animation.source, "head": f"ATC_net ({weights.name})", "head_licence": HEAD_POSES.licence}
    moved = replace(
        animation,
        head_rotation=(resampling.read(rotation, places) * settled).astype(np.float32),
        head_translation=(resampling.read(translation, places) * settled).astype(np.float32),
        source=source,
    )
    return replace(result, animation=moved)
