"""Figures as files, for programs."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any


def write_figures(content: Any, path: Path) -> None:
    """Write them as JSON; what is a dataclass, as its fields."""
    text = json.dumps(content, indent=1, ensure_ascii=False, default=asdict)
    path.write_text(text + "\n", encoding="utf-8")
