"""What is said in a text that was made for something else: subtitles with their times, screenplays with scenes and names."""

from __future__ import annotations

import re
from typing import Final

_ARROW: Final = "-->"
_CLOCK: Final = r"\d{1,2}:\d\d(?::\d\d)?(?:[.,:;]\d{1,3})?"
_TIMES: Final = re.compile(
    rf"[ \t]*(?:{_CLOCK}[ \t]*-->.*|{_CLOCK},{_CLOCK}[ \t]*|\d\d:\d\d:\d\d[:;]\d\d(?=\s|$)|WEBVTT.*)"
)
"""SubRip's, WebVTT's and SubViewer's times, and a time code before a line."""
_NO_TEXT: Final = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")
"""What a block of WebVTT begins with that nobody reads."""
_EVENT: Final = re.compile(r"Dialogue:[^\S\n]*(?:[^,\n]*,){9}")
"""What comes before the text of a line in Advanced SubStation Alpha's files, which have much beside."""
_HARD_BREAKS: Final = re.compile(r"\\[Nnh]")
"""Their line breaks and spaces, and a line break in a table's cell."""
_PARTED: Final = re.compile(r"(?<=[^\W\d_])-\n(?=[^\W\d_A-Z])")
"""A word that goes on in the next line."""
_HEADING: Final = re.compile(r"(?:(?:INT|EXT|EST|I/E)[./ ].*|[A-Z][A-Z ]* TO:|FADE (?:IN|OUT)[.:]?)")
"""Where a scene of a screenplay is, and how it ends."""
_NAME_WORDS: Final = 4


def spoken_lines(text: str) -> str:
    """A text without times, numbers, notes and styles of subtitles, and without a screenplay's headings and names.

    Any other text stays as it is. Time grows with its length alone.
    """
    lines = _PARTED.sub("", _HARD_BREAKS.sub(" ", text)).split("\n")
    if any(_EVENT.match(line) for line in lines):
        said = (_EVENT.split(line, maxsplit=1)[1] for line in lines if _EVENT.match(line))
        return "\n".join(said)
    kept: list[str] = []
    subtitles = _ARROW in text
    in_note = False
    for place, line in enumerate(lines):
        begins = not place or not lines[place - 1].strip()
        after = lines[place + 1] if place + 1 < len(lines) else ""
        in_note = subtitles and bool(line.strip()) and (in_note or (begins and bool(_NO_TEXT.match(line))))
        is_number = subtitles and begins and _ARROW in after
        if in_note or is_number or _HEADING.fullmatch(line.strip()) or (begins and _is_name(line, after)):
            kept.append("")
        else:
            times = _TIMES.match(line)
            kept.append(line[times.end() :] if times else line)
    return "\n".join(kept)


def _is_name(line: str, after: str) -> bool:
    """Whether a line after an empty one is who says the next: capitals alone, with no mark at their end."""
    words = line.split()
    return (
        0 < len(words) <= _NAME_WORDS
        and line.isupper()
        and line.rstrip()[-1] not in ".!?…,-–—:"
        and bool(after.strip())
        and not after.isupper()
    )
