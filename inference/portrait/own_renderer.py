"""A person's own renderer, as a file: what is remembered of a mouth, or a network that was taught how it looks."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..errors import EngineError
from ..face.array_files import Arrays, read_arrays
from ..face.errors import Damaged
from ..face.json_text import json_object
from ..hearing.backends import device_named
from .likeness import PROPORTIONS
from .mouth_memory import KIND, MouthMemory, memory_of
from .refined import RefinedRenderer
from .refiner import RefinerWeights, weights_of
from .remembered import RememberedRenderer
from .renderers import Renderer, Stage

OwnRenderer = MouthMemory | RefinerWeights


def load_personal(path: Path) -> OwnRenderer:
    """Read a person's own renderer.

    Raises:
        EngineError: the file is missing, something else or damaged (code ``bad_renderer``), or of a newer format
            (``bad_weights``).
    """
    try:
        return read_arrays(path, lambda arrays: _checked(arrays, path))
    except FileNotFoundError:
        raise EngineError(f"{path} does not exist: check the path of the renderer.", "bad_renderer") from None
    except Damaged as error:
        raise EngineError(
            f"{path} is no renderer or look, or is damaged: make a renderer with 'inference personalize --renderer FILM -o "
            f"{path.name}'.",
            "bad_renderer",
        ) from error


def check_own(path: Path, device: str) -> None:
    """Raise what can be told before any picture is looked at.

    Raises:
        EngineError: see `load_personal`; or there is no such device (code ``backend_unavailable``).
    """
    if not isinstance(load_personal(path), MouthMemory):  # what is remembered is drawn by numpy
        device_named(device)


def own_renderer(stage: Stage, path: Path) -> Renderer:
    """What draws with the file.

    Raises:
        EngineError: see `load_personal`, `refined.RefinedRenderer` and `remembered.RememberedRenderer`.
    """
    own = load_personal(path)
    return RememberedRenderer(stage, own) if isinstance(own, MouthMemory) else RefinedRenderer(stage, own)


def _checked(arrays: Arrays, path: Path) -> OwnRenderer:
    """What a file holds, where what it says of the person can be used."""
    header = json_object(str(arrays["header"]))
    own = memory_of(arrays, header, path) if header.get("kind") == KIND else weights_of(arrays, path)
    known = own.metadata.get("proportions")
    if known is not None:
        values = np.array([float(value) for value in known])
        if values.shape != (PROPORTIONS,) or not np.isfinite(values).all():
            raise Damaged("the person's proportions are none")
    return own
