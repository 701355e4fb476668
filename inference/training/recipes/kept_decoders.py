"""Voted decoders that were taught once and are kept: of many groups of speakers, a run that was ended goes on where it was."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from inference.errors import EngineError
from inference.hearing.backends.weights import read_layers, write_layers
from inference.training.recipes.voted import PARTS, Decoders

_TAUGHT_BY = "taught_by"


def taught_by(files: Iterable[Path], settings: dict[str, Any]) -> str:
    """A digest of all that decides what decoders are.

    Args:
        files: the model, and the clips that they are taught with, in order.
        settings: all else, of what JSON can hold.
    """
    digest = hashlib.sha256(json.dumps(settings, sort_keys=True).encode())
    for path in files:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def kept(path: Path, by: str, teach: Callable[[], Decoders]) -> tuple[Decoders, bool]:
    """Decoders of a file, or taught and written there.

    Args:
        path: the ``.npz``. One that is missing, damaged or taught by anything else is written anew.
        by: of `taught_by`.
        teach: teaches them.

    Returns:
        The decoders, and whether they were there already; they are the same either way, bit for bit.
    """
    try:
        chains, about, others = read_layers(path, PARTS, ("basis",))
    except EngineError:
        about = {}
    if about.get(_TAUGHT_BY) == by:
        (linear,), (phones,) = chains["linear"], chains["phones"]
        return Decoders(others["basis"], chains["tuned"], linear, chains["small"], phones), True
    decoders = teach()
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial.npz")
    try:
        about = {"name": path.stem, "version": "1", _TAUGHT_BY: by}
        write_layers(partial, decoders.chains, about, precision=np.float32, basis=decoders.basis)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return decoders, False
