"""Lines that Blender makes: a .blend file with a character, a recording, and the keys or the video that come of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ..errors import EngineError
from ..paths import ENGINE_ROOT

_OPTIONS: Final = {
    "voice": "--audio", "character": "--character", "style": "--style", "take": "--take", "start": "--start",
    "channel": "--channel", "voice_in_file": "--voice-in-file", "text": "--text",
}  # fmt: skip
"""Columns, and the options of the add-on's command line."""
_TEXT: Final = "text"
_SCRIPT: Final = ENGINE_ROOT / "examples" / "generate.py"


@dataclass(frozen=True)
class Blender:
    """How Blender is run.

    Attributes:
        program: its path, or its name where it is on the search path.
    """

    program: str = "blender"

    def command(self, values: dict[str, Any], output: Path) -> tuple[str, ...]:
        """What to run for a line.

        Args:
            values: the line's columns; ``blend`` is one of them.
            output: a .blend to save, or a video to render.

        Raises:
            EngineError: where a column is missing, or means nothing for a .blend (code ``bad_table``).
        """
        if "voice" not in values:
            raise EngineError("It names no recording (column voice).", "bad_table")
        strange = sorted(values.keys() - _OPTIONS.keys() - {"blend"})
        if strange:
            raise EngineError(
                f"It fills the column {strange[0]}, which means nothing for a .blend file: leave it empty.",
                "bad_table",
            )
        kept = "--save" if output.suffix.lower() == ".blend" else "--render"
        options = [
            part
            for name, option in _OPTIONS.items()
            if name in values and name != _TEXT
            for part in (option, str(values[name]))
        ]
        if _TEXT in values:  # it may begin with a dash
            options.append(f"{_OPTIONS[_TEXT]}={values[_TEXT]}")
        start = (self.program, "-b", "--python-exit-code", "1", values["blend"])
        # The installed add-on has no examples, but brings a command of its own to Blender 4.2 and later.
        door = ("--python", str(_SCRIPT), "--") if _SCRIPT.exists() else ("--command", "talking_animation")
        return (*start, *door, *options, kept, str(output))
