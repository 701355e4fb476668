"""speechocean762's table of utterances, ``utterances.tsv``: who says what, with the ARPAbet phones of each word.

A row is the table's, by column: ``utterance``, ``file`` (below the table's folder), ``speaker``, ``part`` (``train`` or
``test``), ``text``, ``phones (words split by |)`` and what else is there.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from inference.errors import EngineError

Row = dict[str, str]
_COLUMNS: Final = ("speaker", "part", "file")
"""What every reader of a table needs."""


def read_utterances(table: Path, part: str | None = None) -> list[Row]:
    """The rows of a table, of one part or of all, in its order.

    Raises:
        FileNotFoundError: the table is missing.
        EngineError: it is no such table (code ``bad_table``).
    """
    try:
        with table.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            rows = list(reader)
    except (UnicodeDecodeError, csv.Error) as error:
        raise EngineError(
            f"{table} is no table in UTF-8 whose columns tabs part: save it so.", "bad_table"
        ) from error
    absent = [name for name in _COLUMNS if name not in (reader.fieldnames or ())]
    if absent:
        raise EngineError(
            f"{table} has no column {', '.join(absent)}: its first line names the columns, parted by tabs.",
            "bad_table",
        )
    return [row for row in rows if part is None or row["part"] == part]


def rows_by_speaker(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Speaker → their rows in order; speakers sorted."""
    speakers: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        speakers[row["speaker"]].append(row)
    return dict(sorted(speakers.items()))


def phones_of_words(row: Row) -> list[list[str]]:
    """The phones of each word of an utterance."""
    return [word.split() for word in row["phones (words split by |)"].split("|")]


def recordings_of(speech: Path, part: str) -> dict[str, list[Path]]:
    """Speaker → recordings of one part, both sorted; none where nobody is in that part.

    Args:
        speech: folder with ``utterances.tsv`` and what it names.
        part: ``train`` or ``test``.

    Raises:
        FileNotFoundError: the table is missing.
    """
    speakers = rows_by_speaker(read_utterances(speech / "utterances.tsv", part))
    return {speaker: sorted(speech / row["file"] for row in rows) for speaker, rows in speakers.items()}


def utterance_files(speech: Path, part: str) -> dict[str, list[Path]]:
    """As :func:`recordings_of`, of somebody at least.

    Raises:
        FileNotFoundError: the table is missing.
        EngineError: nobody is in that part (code ``no_clips``).
    """
    recordings = recordings_of(speech, part)
    if not recordings:
        raise EngineError(f"{speech / 'utterances.tsv'} names nobody of the part {part}.", "no_clips")
    return recordings
