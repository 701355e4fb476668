"""Named manners of speaking: how much, how often and how fast mouth, head, brows, lids and eyes move."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from ...errors import EngineError
from ...face.errors import shown
from ...face.input_files import ordinary
from ...face.json_text import NotJson, json_value
from ...face.result_files import write_whole

SHIPPED = Path(__file__).with_name("styles.json")
DEFAULT = "natural"
AUTO = "auto"
"""Stands for the default style, adapted to the voice of the recording."""


@dataclass(frozen=True)
class Style:
    """One manner of speaking. Amounts are factors (0 none, 1 as in ordinary conversation) unless a unit is given.

    Attributes:
        name: what scripts call it.
        label, description: what the panel shows.
        lips: how far the mouth works.
        lips_across, lips_up_down: the same for its width alone and for its opening alone.
        corners: how far the mouth corners go up and down.
        smile: corners raised (or lowered, below 0) all the time, -1…1.
        asymmetry: -1…1, above 0 the character's left half of the mouth works more than the right one.
        head: all head motion together.
        head_nod, head_turn, head_tilt: the same for one axis.
        sway: slow drift and posture changes between phrases.
        nod: nods on stressed syllables.
        beat: the small quick motion of the head with each syllable.
        beat_nod, beat_turn, beat_tilt: the same for one axis.
        tempo: how quickly sway, posture and nods happen.
        lean_nod, lean_turn, lean_tilt: how the head is held while speaking, degrees about `FaceAnimation.head_rotation`'s axes.
        tilt_with_turn: -1…1, correlation of tilt with turn; below 0 the crown goes to the side that the face turns away from.
        travel_side, travel_up, travel_depth: how far the head travels as it turns.
        brows: brow raises with stress.
        brow_outer: how far the outer ends of the brows go along.
        brow_slant: how differently left and right brow move.
        brow_tempo: how quickly they rise and fall.
        brow_rest: brows raised (or lowered, below 0) all the time, -1…1.
        blinks_per_minute: mean rate of blinks.
        blink_seconds: from open to open.
        gaze: how far the eyes leave the viewer.
        gaze_shifts: how often.
        gaze_seconds: for how long.
        statistics: what motion in this style measures, by the names of `style_code.STATISTICS` (empty: not measured).
        code: its style code (`style_code.CODE_NAMES`; empty: not measured).
    """

    name: str
    label: str = ""
    description: str = ""
    lips: float = 1.0
    lips_across: float = 1.0
    lips_up_down: float = 1.0
    corners: float = 1.0
    smile: float = 0.0
    asymmetry: float = 0.0
    head: float = 1.0
    head_nod: float = 1.0
    head_turn: float = 1.0
    head_tilt: float = 1.0
    sway: float = 1.0
    nod: float = 1.0
    beat: float = 1.0
    beat_nod: float = 1.0
    beat_turn: float = 1.0
    beat_tilt: float = 1.0
    tempo: float = 1.0
    lean_nod: float = 0.0
    lean_turn: float = 0.0
    lean_tilt: float = 0.0
    tilt_with_turn: float = -0.2
    travel_side: float = 1.0
    travel_up: float = 1.0
    travel_depth: float = 1.0
    brows: float = 1.0
    brow_outer: float = 1.0
    brow_slant: float = 1.0
    brow_tempo: float = 1.0
    brow_rest: float = 0.0
    blinks_per_minute: float = 17.0
    blink_seconds: float = 0.27
    gaze: float = 1.0
    gaze_shifts: float = 1.0
    gaze_seconds: float = 1.0
    statistics: Mapping[str, float] = field(default_factory=dict, compare=False)
    code: tuple[float, ...] = field(default=(), compare=False)

    def as_settings(self) -> dict[str, float]:
        """The amounts alone, for `FaceAnimation.source`."""
        return {name: getattr(self, name) for name in AMOUNTS}

    def changed(self, amounts: Mapping[str, float]) -> Style:
        """The same with other amounts, each brought into its range."""
        values: dict[str, Any] = {name: float(value) for name, value in limited(amounts).items()}
        return replace(self, **values)


AMOUNTS: tuple[str, ...] = tuple(part.name for part in fields(Style) if part.type == "float")
"""The names of a style's numbers."""

LIMITS: dict[str, tuple[float, float]] = {
    "smile": (-1.0, 1.0),
    **{f"lean_{axis}": (-15.0, 15.0) for axis in ("nod", "turn", "tilt")},
    "tilt_with_turn": (-1.0, 1.0),
    "asymmetry": (-1.0, 1.0),
    "tempo": (0.3, 3.0),
    "brow_tempo": (0.3, 3.0),
    "brow_rest": (-1.0, 1.0),
    "blinks_per_minute": (0.0, 60.0),
    "blink_seconds": (0.13, 0.33),
    "gaze_seconds": (0.25, 4.0),
    **{f"beat_{axis}": (0.0, 20.0) for axis in ("nod", "turn", "tilt")},
    **{f"travel_{axis}": (0.0, 10.0) for axis in ("side", "up", "depth")},
}
"""Range of each amount; everything else may be 0 to 4."""
_USUAL = (0.0, 4.0)
_TEXTS = ("name", "label", "description")
_WEIGHTED = re.compile(r"(?P<style>.+):(?P<weight>\d*\.?\d+)")


def limited(amounts: Mapping[str, float]) -> dict[str, float]:
    """The amounts, each brought into its range."""
    return {
        name: min(max(value, LIMITS.get(name, _USUAL)[0]), LIMITS.get(name, _USUAL)[1])
        for name, value in amounts.items()
    }


@lru_cache(maxsize=1)
def shipped_styles() -> dict[str, Style]:
    """The styles that come with the engine, by name."""
    rows = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return {row["name"]: style_of(row, str(SHIPPED)) for row in rows}


def load_style(choice: str) -> Style:
    """A style by what the user wrote.

    Args:
        choice: a shipped style's name; ``auto`` (the default style); a JSON file with the keys of `Style` (missing keys keep
            their default); a person's ``.npz`` (its manner, see `personal`); or a mixture such as ``calm:0.3,lively:0.7``.

    Raises:
        EngineError: unknown name, or a file that is missing, no JSON, has unknown keys or values out of range
            (code ``bad_style``).
    """
    parts = _parts(choice)
    if len(parts) == 1:
        return _single(parts[0][0])
    total = sum(weight for _, weight in parts)
    if not total > 0:
        raise EngineError(f"The weights of the styles {choice!r} must not all be 0.", "bad_style")
    mixed = [(_single(name), weight / total) for name, weight in parts]
    return Style(name=choice).changed(
        {name: sum(weight * getattr(style, name) for style, weight in mixed) for name in AMOUNTS}
    )


def save_style(style: Style, path: str | Path) -> None:
    """Write a style as the JSON file that `load_style` reads.

    Raises:
        EngineError: where the folder is missing or cannot be written to (code ``output_unwritable``).
    """
    row: dict[str, Any] = {key: value for key, value in asdict(style).items() if value not in ("", (), {})}
    text = json.dumps(row, indent=1, ensure_ascii=False) + "\n"
    data = text.encode("utf-8", "backslashreplace")  # JSON's own escapes, where a file's name is no UTF-8
    write_whole(path, lambda stream: stream.write(data))


def style_of(row: Any, origin: str) -> Style:
    """A style from its JSON object.

    Args:
        row: the object.
        origin: the file's name, for messages.

    Raises:
        EngineError: unknown keys or values out of range (code ``bad_style``).
    """
    known = {part.name for part in fields(Style)}
    if not isinstance(row, dict) or set(row) - known:
        raise EngineError(
            f"The style file {origin} may only have the keys {', '.join(sorted(known))}.", "bad_style"
        )
    row = {"name": Path(origin).stem, **row}
    for key, value in row.items():
        if key in _TEXTS:
            valid, wanted = isinstance(value, str), "a text"
        elif key == "statistics":
            valid = isinstance(value, dict) and all(_is_number(entry) for entry in value.values())
            wanted = "an object of numbers"
        elif key == "code":
            valid = isinstance(value, list) and all(_is_number(entry) for entry in value)
            wanted = "a list of numbers"
        else:
            low, high = LIMITS.get(key, _USUAL)
            valid, wanted = _is_number(value) and low <= value <= high, f"{low:g} to {high:g}"
        if not valid:
            raise EngineError(
                f"In the style file {origin}, {key} must be {wanted}, not {shown(value)}.", "bad_style"
            )
    return Style(**{**row, "code": tuple(row.get("code", ()))})


def _parts(choice: str) -> list[tuple[str, float]]:
    """``calm:0.3,lively:0.7`` → [("calm", 0.3), ("lively", 0.7)]; a name or a path alone has weight 1."""
    if choice in shipped_styles() or Path(choice).is_file():
        return [(choice, 1.0)]
    parts = []
    for part in choice.split(","):
        weighted = _WEIGHTED.fullmatch(part.strip())
        parts.append((weighted["style"], float(weighted["weight"])) if weighted else (part.strip(), 1.0))
    return parts


def _single(name: str) -> Style:
    styles = shipped_styles()
    if name == AUTO:
        return styles[DEFAULT]
    if name in styles:
        return styles[name]
    path = Path(name)
    if path.suffix.lower() == ".npz":
        from .personal import load_person

        return load_person(path).style
    if path.suffix.lower() != ".json":
        raise EngineError(
            f"There is no style named {name!r}: choose one of {', '.join([*styles, AUTO])}, a .json file, a person's .npz "
            "file, or a mixture such as calm:0.3,lively:0.7.",
            "bad_style",
        )
    try:
        row = json_value(ordinary(path).read_bytes())  # in any Unicode encoding, as editors save it
    except OSError as error:
        raise EngineError(f"The style file {path} cannot be read: check the path.", "bad_style") from error
    except ValueError as error:
        where = f" from line {error.line} on" if isinstance(error, NotJson) else ""
        raise EngineError(
            f"The style file {path} is not valid JSON{where}: correct it there, or save the style again.",
            "bad_style",
        ) from error
    return style_of(row, str(path))


def _is_number(value: Any) -> bool:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return False
    return isinstance(value, int) or math.isfinite(value)
