"""Where the engine's own files lie."""

from __future__ import annotations

from pathlib import Path

# The folder that holds `inference/` and `checkpoints/`: the repository, or `engine/` in the installed add-on.
ENGINE_ROOT = Path(__file__).resolve().parent.parent
CHECKPOINTS = ENGINE_ROOT / "checkpoints"
