"""Which Blenders a test needs."""

from __future__ import annotations

import os

import pytest

BETWEEN = "TALKING_BLENDER_BETWEEN"
"""Environment variable: an older and a newer Blender run these tests, too; so test_in_blenders.py says."""

ends = pytest.mark.skipif(
    BETWEEN in os.environ,
    reason="the oldest and the newest Blender are enough: it takes long on account of what is computed",
)
"""For what the engine or the add-on's own geometry computes long, and asks nothing of Blender that others do not ask."""
