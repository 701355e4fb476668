"""Voted decoders that were taught once and are kept: of many groups of speakers, a run that was ended goes on where it was."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from inference.errors import EngineError
from inference.face.result_files import write_whole
from inference.hearing.backends.weights import read_layers, write_layers
from inference.training.recipes.voted import PARTS, Decoders

_TRAINING = "recipes", "networks", "disturbances", "filmed_corpora"
_TAUGHT_BY = "taught_by"


def sources() -> list[Path]:
    """The code that teaches and that hears what it teaches with: the recipes, the rooms that they ask, and their tables."""
    training = Path(__file__).parents[1]
    rooms = *(training / name for name in _TRAINING), training.parent / "hearing"
    tables = sorted((training / "data").glob("*.tsv"))
    return [*tables, *(path for room in rooms for path in sorted(room.rglob("*.py")))]


def digest_of(path: Path) -> bytes:
    """Of all that is in a file."""
    return hashlib.sha256(path.read_bytes()).digest()


def taught_by(digests: Iterable[bytes], settings: dict[str, Any]) -> str:
    """A digest of all that decides what decoders are, but for packages of others.

    Args:
        digests: of `digest_of`: of the model, `sources`, and the clips that they are taught with, in order.
        settings: all else, of what JSON can hold.
    """
    digest = hashlib.sha256(json.dumps(settings, sort_keys=True).encode())
    for one in digests:
        digest.update(one)
    return digest.hexdigest()


def kept(path: Path, by: str, teach: Callable[[], Decoders]) -> tuple[Decoders, bool]:
    """Decoders of a file, or taught and written there.

    Args:
        path: the ``.npz``. One that is missing, damaged or taught by anything else is written anew.
        by: of `taught_by`.
        teach: teaches them.

    Returns:
        The decoders, and whether they were there already; they are the same either way, bit for bit.

    Raises:
        EngineError: the file cannot be written (code ``output_unwritable``).
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
    about = {"name": path.stem, "version": "1", _TAUGHT_BY: by}
    write_whole(
        path,
        lambda stream: write_layers(
            stream, decoders.chains, about, precision=np.float32, basis=decoders.basis
        ),
    )
    return decoders, False
