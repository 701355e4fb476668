# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of the lines of a scene: one line of text, a table, JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import bpy

from ..keys.ownership import TAG
from ..talking.write import Report

TEXT_NAME = "Talking animation summary"
_TEXT_TAG = "summary"


@dataclass
class LineOutcome:
    """What became of a line.

    Attributes:
        label: the strip's name, or the table's row.
        character: name of the character; "" where it is not known.
        audio: the recording's name.
        start: scene frame of its start; None where that was never known.
        seconds: how long it is; 0 where that was never known.
        bake: the video file that it is to become; "" for none.
        renderer: what draws it, see `video_renderers.is_named`; "" for what draws the others.
        film_pose, view: of it, see `PortraitOptions`, in small letters; "" as for the others.
        cached: whether its motion was there already.
        problem: why it was not animated; "" where it was.
        warnings: sentences about its recording.
    """

    label: str
    character: str
    audio: str = ""
    start: int | None = None
    seconds: float = 0.0
    bake: str = ""
    renderer: str = ""
    film_pose: str = ""
    view: str = ""
    cached: bool = False
    problem: str = ""
    warnings: list[str] = field(default_factory=list)


@dataclass
class SceneReport:
    """What became of a scene.

    Attributes:
        lines: in the order of the script.
        skipped: (what, why) for each strip that was left out on purpose.
        characters: name → what was written to it.
        adjusted: what was changed on a character beside the usual, such as a narrow mouth that is driven further: sentences.
        spent: seconds that it took.
        warnings: sentences.
        message: one line for the user.
        videos: files of the videos that were made of its lines (`portrait.bake.bake_lines`).
    """

    lines: list[LineOutcome] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    characters: dict[str, Report] = field(default_factory=dict)
    adjusted: list[str] = field(default_factory=list)
    spent: float = 0.0
    warnings: list[str] = field(default_factory=list)
    message: str = ""
    videos: list[str] = field(default_factory=list)

    @property
    def failed(self) -> list[LineOutcome]:
        """The lines that were not animated."""
        return [line for line in self.lines if line.problem]

    @property
    def done(self) -> list[LineOutcome]:
        """The lines that were animated."""
        return [line for line in self.lines if not line.problem]

    def summarised(self) -> str:
        """How it went, in one line."""
        speech = sum(line.seconds for line in self.done)
        count = len(self.characters)
        parts = [
            f"{len(self.done)} of {_counted(len(self.lines), 'line')} on {_counted(count, 'character')}, "
            f"{_duration(speech)} of speech, in {self.spent:.1f} s"
        ]
        if self.failed:
            parts.append(f"{len(self.failed)} failed")
        if self.skipped:
            parts.append(f"{_counted(len(self.skipped), 'strip')} left out")
        if self.adjusted:
            parts.append(f"{_counted(len(self.adjusted), 'mouth')} driven further")
        return "; ".join(parts) + "."

    def table(self) -> str:
        """All of it as text with aligned columns."""
        rows = [("line", "character", "recording", "start", "seconds", "result")]
        for line in self.lines:
            rows.append(
                (
                    line.label,
                    line.character or "?",
                    line.audio or "-",
                    "-" if line.start is None else str(line.start),
                    f"{line.seconds:.1f}" if line.seconds else "-",
                    f"FAILED: {line.problem}"
                    if line.problem
                    else ("from the cache" if line.cached else "ok"),
                )
            )
        text = [self.message, "", *_aligned(rows)]
        if self.skipped:
            text += ["", "Left out:", *(f"  {what}: {why}" for what, why in self.skipped)]
        if self.adjusted:
            text += ["", "Driven further:", *(f"  {sentence}" for sentence in self.adjusted)]
        if self.warnings:
            text += ["", "Warnings:", *(f"  {warning}" for warning in self.warnings)]
        return "\n".join(text) + "\n"

    def as_json(self) -> dict[str, Any]:
        """All of it for programs."""
        return {
            "message": self.message,
            "lines": [vars(line) for line in self.lines],
            "done": len(self.done),
            "failed": len(self.failed),
            "seconds_of_speech": round(sum(line.seconds for line in self.done), 3),
            "seconds_spent": round(self.spent, 3),
            "skipped": [{"strip": what, "reason": why} for what, why in self.skipped],
            "characters": {
                name: {
                    "start": report.start,
                    "end": report.end,
                    "curves": report.curves,
                    "meshes": report.meshes,
                }
                for name, report in self.characters.items()
            },
            "adjusted": self.adjusted,
            "warnings": self.warnings,
        }

    def write_text(self) -> Any:
        """Keep the table as a text of this file, in place of the one before."""
        text = next((known for known in bpy.data.texts if known.get(TAG) == _TEXT_TAG), None)
        if text is None:
            text = bpy.data.texts.new(TEXT_NAME)
            text[TAG] = _TEXT_TAG
        text.clear()
        text.write(self.table())
        return text


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    return [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths)), row[-1]]).rstrip()
        for row in rows
    ]


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes else f"{seconds:.1f} s"
