"""Kinds of numpy arrays, for annotations; shapes and units are told where they are used."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
"""Numbers: float32 where the docstring says so, or float64."""
Flags = NDArray[np.bool_]
Indices = NDArray[np.intp]
