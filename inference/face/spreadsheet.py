"""Tables as people and spreadsheets write them: CSV with a header. Needs nothing but Python."""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import os
import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from .errors import EngineError
from .input_files import ordinary

_SEPARATOR = re.compile(r"""^"?sep=(?P<mark>[^"\s\w]|\t)"?(?P=mark)*\s*$""", re.IGNORECASE)
"""Excel's first line, which says what lies between two cells."""

_FAILED = re.compile(r"#(N/A|NV|[^\W\d_]+(/0)?[!?])", re.IGNORECASE)
"""What spreadsheets write where a formula failed: #N/A, #REF!, #NAME?, #DIV/0!, and #WERT!, #VALEUR! in other languages."""

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"), (codecs.BOM_UTF8, "utf-8-sig"),
)  # fmt: skip
"""What a file begins with, and its encoding; the longer marks first."""

_OLD_ENCODINGS = (
    "cp1252", "cp1250", "cp1251", "cp932", "gb18030", "cp950", "cp949", "cp1253", "cp1254", "koi8-r", "mac-roman", "cp850",
)  # fmt: skip
"""What spreadsheets save CSV files in here and there, the most usual first."""

_SLIPS_FROM = 5
"""Letters from which on a heading may be a slip of one that means something: shorter ones are other words."""

_THOUSANDS = re.compile(r"[1-9]\d{0,2}([.,]\d{3})+")
"""A number that means a thousand times as much in some countries as in others."""

Row = tuple[int, dict[str, str]]
"""A row's line in the file, counted from 1 as editors show it, and its cells by their columns."""


def read_table(
    path: str | os.PathLike[str],
    columns: Sequence[str],
    needed: Sequence[str],
    example: str,
    other_names: Mapping[str, str] | None = None,
) -> list[Row]:
    """The rows of a table.

    A byte order mark, UTF-16, UTF-32, older encodings (by the files that they name), Excel's first line ``sep=;``, commas,
    semicolons or tabs, quotes, columns in any order, more columns, empty lines, and lines that begin with # are all fine.

    Args:
        path: the CSV file; its first line names the columns.
        columns: those that mean something, in small letters.
        needed: those of them that may not be missing.
        example: a header, for sentences.
        other_names: what people call these columns besides.

    Returns:
        The rows, with all the file's columns in small letters, and without the empty rows; cells have no spaces around them.

    Raises:
        EngineError: where there is no such file, it is no table, a needed column is missing or there twice, a heading looks like
            a slip of the pen, or it has no rows (code ``bad_table``).
    """
    name = Path(path).name
    text = _text(Path(path))
    told = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    separator = _SEPARATOR.match(told[0]) if told else None
    if separator:
        del told[0]
    if not told:
        raise _bad(f"'{name}' is empty: its first line must be {example}.")
    delimiter = separator["mark"] if separator else max(",;\t", key=told[0].count)
    # Line breaks as they are, since a cell in quotes may hold some, and old spreadsheets end lines with \r alone.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    header: list[str] | None = None
    rows: list[Row] = []
    last = 0
    try:
        for cells in reader:
            number, last = last + 1, reader.line_num
            if not any(cell.strip() for cell in cells) or _is_comment(cells[0].strip()):
                continue
            if header is None:
                if separator:  # it comes before the header
                    separator = None
                    continue
                names = [cell.strip().casefold() for cell in cells]
                header = [(other_names or {}).get(column, column) for column in names]
                _check(header, columns, needed, name, example)
                continue
            rows.append((number, dict(zip(header, map(str.strip, cells)))))
    except csv.Error as error:
        raise _bad(
            f"'{name}' cannot be read from line {reader.line_num} on: export it as CSV again."
        ) from error
    if not rows:
        raise _bad(f"'{name}' has a header, but no lines below it: add one row for each line.")
    return rows


def _is_comment(cell: str) -> bool:
    """Whether a row's first cell says that the row is none: "# old take", but not "#N/A", which a formula left there."""
    return cell.startswith("#") and not _FAILED.fullmatch(cell)


def _check(
    header: Sequence[str], columns: Sequence[str], needed: Sequence[str], name: str, example: str
) -> None:
    missing = [column for column in needed if column not in header]
    if missing:
        raise _bad(
            f"'{name}' has no column {' and no column '.join(missing)}: its first line must name the columns {example}."
        )
    for column in header:
        meant = next((known for known in columns if known not in header and _is_slip(column, known)), "")
        if meant and column not in columns:
            raise _bad(
                f"'{name}' has a column {column}, which means nothing here: call it {meant} if that is meant, else "
                "something less like it."
            )
    twice = sorted({column for column in columns if header.count(column) > 1})
    if twice:
        raise _bad(f"'{name}' has the column {twice[0]} twice: remove one of them.")


def _is_slip(written: str, column: str) -> bool:
    """Whether fingers slipped over a column's name: two letters swapped, one doubled or left out, an s too many."""
    if min(len(written), len(column)) < _SLIPS_FROM:
        return written == f"{column}s"
    places = range(len(column))
    swapped = (column[:i] + column[i + 1 : i + 2] + column[i] + column[i + 2 :] for i in places)
    doubled = (column[:i] + column[i] + column[i:] for i in places)
    short = (column[:i] + column[i + 1 :] for i in places)
    return written in {*swapped, *doubled, *short, f"{column}s"}


def _text(path: Path) -> str:
    name = path.name or path
    try:
        data = ordinary(path).read_bytes()
    except FileNotFoundError as error:
        raise _bad(f"The table '{path}' does not exist: pick the file again.") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise _bad(f"The table '{name}' cannot be read ({reason}): check the file's permissions.") from error
    marked = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), "")
    if not marked:
        with contextlib.suppress(UnicodeDecodeError):
            data.decode("utf-8")
            marked = "utf-8"
    try:
        text = data.decode(marked) if marked else _of_old(data, path.parent)
    except UnicodeDecodeError:  # cut off, say
        text = data.decode("latin-1")
    if "\0" in text:  # which no file's name may hold, either
        raise _bad(f"'{name}' is no text: export the table as CSV and use that.")
    return text


def _of_old(data: bytes, folder: Path) -> str:
    """A table in one of the encodings before Unicode, which no file says: the one in which the most of its cells name files."""
    best, most = data.decode("latin-1"), -1
    for encoding in _OLD_ENCODINGS:
        with contextlib.suppress(UnicodeDecodeError):
            text = data.decode(encoding)
            cells = {cell.strip() for cell in re.split(r'[,;\t"\r\n]', text) if not cell.isascii()}
            count = sum(_is_there(folder / plain_path(cell)) for cell in cells)
            if count > most:
                best, most = text, count
    return best


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # too long, say
        return False


def _bad(sentence: str) -> EngineError:
    return EngineError(sentence, "bad_table")


def plain_path(path: str) -> str:
    """A path that a table names, which may come from Windows, with this system's separators.

    A share of Windows stays as it is: with slashes it would be an absolute path here, and beside the file for Blender.
    """
    return path.replace("\\", "/") if os.sep == "/" and not path.startswith("\\\\") else path


def as_spelled(path: str) -> str:
    """A file that a table names, as it is spelled on this disk; the path itself where nothing is called so, or several are, or
    where it has no suffix and may be a name of something else.

    Tables travel: macOS takes letters and their marks apart, and neither it nor Windows tells capitals from small letters.

    Args:
        path: of a file that may be there.
    """
    wanted = Path(path)
    try:
        spelled = _found(wanted) if wanted.suffix and not wanted.exists() else None
    except (OSError, ValueError, RecursionError):  # whoever reads it says what is wrong
        return path
    return path if spelled is None else str(spelled)


def _found(wanted: Path) -> Path | None:
    """What is there under a path's names, however each folder's and the file's own is spelled; None for nothing, or several."""
    if wanted.exists():
        return wanted
    folder = _found(wanted.parent) if wanted.parent != wanted else None
    if folder is None or not folder.is_dir():
        return None
    same = _listed(folder, folder.stat().st_mtime_ns).get(_folded(wanted.name), ())
    return folder / same[0] if len(same) == 1 else None


@lru_cache(maxsize=16)
def _listed(folder: Path, changed: int) -> dict[str, list[str]]:
    """Folded name → names in a folder, as it was when it last changed: each cell of a table may ask for it."""
    names: dict[str, list[str]] = {}
    for entry in folder.iterdir():
        names.setdefault(_folded(entry.name), []).append(entry.name)
    return names


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def whole_number(text: str) -> int:
    """A whole number from 0 on, which a spreadsheet may have written as 2.0 or 2,0.

    Raises:
        ValueError: for anything else, such as 1,000, which may be a thousand or one.
    """
    if _THOUSANDS.fullmatch(text.strip()):
        raise ValueError(text)
    value = float(text.replace(",", "."))
    if value < 0 or not value.is_integer():
        raise ValueError(text)
    return int(value)


def word_or_number(text: str) -> str:
    """A word in small letters, or a number that a spreadsheet may have written as 2.0; whoever uses it knows what it may be."""
    if _THOUSANDS.fullmatch(text):
        return text
    return re.sub(r"^(\d+)[.,]0+$", r"\1", text).casefold()
