"""Where things lie that tests read."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VOICE = ROOT / "demo" / "hello.wav"
"""The recording that ships."""
ASSETS = ROOT.parent / "shared" / "assets"
"""Heads of other projects, where they have been fetched; tests that need them are skipped elsewhere."""
GRID = ROOT.parent / "shared" / "data" / "grid"
"""Filmed people, likewise."""
ONE_BLENDER = (5, 0)
"""The Blender for what takes long and is the same in each."""
