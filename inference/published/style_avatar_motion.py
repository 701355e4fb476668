"""Recording and letters in, `FaceAnimation` out, through style_avatar's published network, in one of its styles."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from ..errors import EngineError
from ..face.landmarks import to_face_units
from ..face.names import STYLE_AVATAR
from ..hearing.audio import Recording
from ..motion.assemble import at_rate
from ..motion.manner.choice import choose_manner
from ..pipeline import Result, Settings, listened
from ..progress import Progress
from . import style_avatar_files as given
from .pipeline import Said, whole
from .state import ready
from .systems import SYSTEMS


def animate_style_avatar(audio: str | Path, settings: Settings, progress: Progress | None = None) -> Result:
    """Make the talking animation of one recording with style_avatar's network.

    Lips, jaw and brows come from it; head, blinks and gaze from the engine's own seeded motion, for it has none of these.

    Args:
        audio: see `audio.read_recording`; the file is only read.
        settings: what the user chose; of ``published`` the letters, the style code and ``closure`` count.
        progress: told about every stage.

    Raises:
        EngineError: no letters are named (code ``bad_request``), they are not of this recording (``bad_features``), the style
            code is none (``bad_style``), the licence is not accepted (``licence``), files are missing (``published_missing``) or
            damaged (``bad_weights``), the full engine is missing (``backend_unavailable``), and what `pipeline.animate` raises.
    """
    report = progress or (lambda fraction, stage: None)
    system = SYSTEMS[STYLE_AVATAR]
    folder = ready(system, settings.published.folder, settings.published.accept_licence)
    if settings.published.letters is None:
        raise EngineError(
            "style_avatar's network does not hear the recording itself: name the file with what DeepSpeech hears in it "
            "(--published-letters), as docs/published-checkpoints.md says.",
            "bad_request",
        )
    code = given.read_code(settings.published.style_code) if settings.published.style_code else None
    choice = choose_manner(settings.style, settings.speaker)
    report(0.0, "Reading the recording")
    recording = listened(audio, settings)
    said = _said(recording, folder, settings, code, report)
    report(0.75, "Moving head and eyes")
    animation = whole(recording, said, choice, settings, system, report)
    animation.source["style_code"] = Path(settings.published.style_code or "average").name
    animation = at_rate(animation, settings.fps, recording.duration)
    report(1.0, "Done")
    return Result(animation, recording.duration, recording)


def _said(
    recording: Recording, folder: Path, settings: Settings, code: np.ndarray | None, report: Progress
) -> Said:
    from . import style_avatar

    letters = given.read_letters(Path(str(settings.published.letters)), recording.duration)
    report(0.05, "Loading the model")
    face = given.read_face_model(given.FACE_MODEL.path(folder))
    network = style_avatar.load(given.NETWORK.path(folder), settings.device)
    report(0.2, "Moving the lips")
    style = np.zeros(given.CODE_SIZE) if code is None else code
    expression = style_avatar.coefficients(network, letters, recording.samples, style)
    frames = max(math.ceil(recording.duration * style_avatar.FRAME_RATE), 1)
    rows = np.minimum(np.arange(frames), len(expression) - 1)
    return Said(
        fps=style_avatar.FRAME_RATE,
        neutral=to_face_units(face.mean).astype(np.float32),
        displacement=face.displacement(expression[rows]),
        head_rotation=None,
        head_translation=None,
        speaker=None,
        warnings=(),
    )
