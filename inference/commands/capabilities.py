"""``capabilities``: what this engine can do."""

from __future__ import annotations

import platform
import sys
from importlib.util import find_spec

from .. import __version__
from ..errors import EngineError
from ..face.messages import (
    NO_MICROPHONE,
    PROTOCOL,
    Capabilities,
    CapabilitiesRequest,
    CaptureState,
    ShippedStyle,
)
from ..face.names import CONTENT, MODELS
from ..packages import how_to_get
from ..progress import Progress

_DECODES, _TRACKS, _RECORDS = "av", "mediapipe", "sounddevice"


def answer(request: CapabilitiesRequest, progress: Progress) -> Capabilities:
    """What this engine can do. Raises EngineError as `capabilities` does."""
    return capabilities()


def capabilities() -> Capabilities:
    """What this engine can do.

    Raises:
        EngineError: this Python has no numpy (code ``no_numpy``).
    """
    try:
        import numpy
    except ImportError:
        raise EngineError(
            f"{sys.executable} has no numpy, which the engine needs: install Blender's numpy package "
            "(Debian and Ubuntu: sudo apt-get install python3-numpy) or choose another Python in the preferences.",
            "no_numpy",
        ) from None
    from ..hearing.backends import available_backends, available_devices
    from ..motion.manner.styles import shipped_styles
    from ..published.state import published_state, unavailable_reason

    published = published_state()
    return Capabilities(
        protocol=PROTOCOL,
        engine=__version__,
        backends=tuple(available_backends()),
        devices=tuple(available_devices()),
        models=tuple(name for name in MODELS if name == CONTENT or unavailable_reason(system=name) is None),
        published=published,
        capture=capture_state(),
        styles=tuple(
            ShippedStyle(style.name, style.label, style.description) for style in shipped_styles().values()
        ),
        python=platform.python_version(),
        numpy=numpy.__version__,
        microphone="" if find_spec(_RECORDS) else NO_MICROPHONE,
    )


def capture_state() -> CaptureState:
    """How this engine reads faces from videos; the packages are looked for, not imported."""
    decodes, mediapipe = (find_spec(name) is not None for name in (_DECODES, _TRACKS))
    return CaptureState(
        True,
        None
        if decodes
        else "This engine cannot decode videos, for want of the full engine's package av: Blender does that for it, or "
        f"{how_to_get()}.",
        decodes,
        "mediapipe" if mediapipe else "numpy",
    )
