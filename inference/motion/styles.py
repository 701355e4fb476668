"""Named manners of speaking: how much and how often head, brows, lids and eyes move."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from pathlib import Path

from ..errors import EngineError

SHIPPED = Path(__file__).with_name("styles.json")
DEFAULT = "natural"


@dataclass(frozen=True)
class Style:
    """One manner of speaking. All amounts are factors: 0 none, 1 as in ordinary conversation.

    Attributes:
        name: what scripts call it.
        label, description: what the panel shows.
        lips: how far the mouth works.
        head: all head motion together.
        sway: slow drift and posture changes between phrases.
        nod: nods on stressed syllables.
        brows: brow raises with stress.
        blinks_per_minute: mean rate of blinks.
        gaze: how far and how often the eyes leave the viewer.
    """

    name: str
    label: str = ""
    description: str = ""
    lips: float = 1.0
    head: float = 1.0
    sway: float = 1.0
    nod: float = 1.0
    brows: float = 1.0
    blinks_per_minute: float = 17.0
    gaze: float = 1.0

    def as_settings(self) -> dict[str, float]:
        """The numbers alone, for `FaceAnimation.source`."""
        return {key: value for key, value in asdict(self).items() if isinstance(value, (int, float))}


_LIMITS = {"blinks_per_minute": 60.0}  # everything else may go up to 4


@lru_cache(maxsize=1)
def shipped_styles() -> dict[str, Style]:
    """The styles that come with the engine, by name."""
    return {row["name"]: Style(**row) for row in json.loads(SHIPPED.read_text(encoding="utf-8"))}


def load_style(name_or_file: str) -> Style:
    """A shipped style by name, or one from a JSON file with the same keys (missing keys keep their default).

    Raises:
        EngineError: unknown name, or a file that is missing, no JSON, has unknown keys or values out of range
            (code ``bad_style``).
    """
    styles = shipped_styles()
    if name_or_file in styles:
        return styles[name_or_file]
    path = Path(name_or_file)
    if path.suffix.lower() != ".json":
        raise EngineError(
            f"There is no style named {name_or_file!r}: choose one of {', '.join(styles)}, or a .json file.",
            "bad_style",
        )
    try:
        row = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise EngineError(f"The style file {path} cannot be read: check the path.", "bad_style") from error
    except ValueError as error:
        raise EngineError(f"The style file {path} is not valid JSON: {error}.", "bad_style") from error
    known = {item.name for item in fields(Style)}
    if not isinstance(row, dict) or set(row) - known:
        raise EngineError(
            f"The style file {path} may only have the keys {', '.join(sorted(known))}.", "bad_style"
        )
    row.setdefault("name", path.stem)
    for key, value in row.items():
        if key in ("name", "label", "description"):
            valid = isinstance(value, str)
        else:
            number = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
            valid = number and 0 <= value <= _LIMITS.get(key, 4.0)
        if not valid:
            limit = "a text" if key in ("name", "label", "description") else f"0 to {_LIMITS.get(key, 4.0):g}"
            raise EngineError(f"In the style file {path}, {key} must be {limit}, not {value!r}.", "bad_style")
    return Style(**row)
