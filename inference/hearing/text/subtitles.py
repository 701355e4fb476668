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
_HEADING: Final = re.compile(
    r"(?:(?:(?:INT|EXT)\.?/)?(?:INT|EXT|EST|I/E)(?:\. .*| .* - .*)|[A-Z][A-Z ]* TO:|FADE (?:IN|OUT)[.:]?)"
)
"""Where a scene of a screenplay is, and how it ends: in capitals, with the full stop that no word has, or a dash and the time."""
_NAME_WORDS: Final = 4
_FEWEST_NAMES: Final = 2
"""Of a text that has no heading: one alone may be shouted."""


def spoken_lines(text: str) -> str:
    """A text without times, numbers, notes and styles of subtitles, and without a screenplay's headings and names.

    Names are those of a text that has a heading, or several of them. Any other text stays as it is. Time
    grows with its length alone.
    """
    lines = _PARTED.sub("", _HARD_BREAKS.sub(" ", text)).split("\n")
    if any(_EVENT.match(line) for line in lines):
        said = (_EVENT.split(line, maxsplit=1)[1] for line in lines if _EVENT.match(line))
        return "\n".join(said)
    following = [*lines[1:], ""]
    begins = [not before.strip() for before in ["", *lines]]
    headings = [_is_heading(line) for line in lines]
    names = [new and _is_name(line, after) for line, after, new in zip(lines, following, begins)]
    in_script = any(headings) or sum(names) >= _FEWEST_NAMES
    kept: list[str] = []
    subtitles = _ARROW in text
    in_note = False
    for line, after, new, heading, name in zip(lines, following, begins, headings, names):
        in_note = subtitles and bool(line.strip()) and (in_note or (new and bool(_NO_TEXT.match(line))))
        # WebVTT names a cue by any words, with an empty line before; a number is SubRip's, whatever stands above.
        before_times = _ARROW in after and bool(_TIMES.match(after)) and (new or line.strip().isdecimal())
        if in_note or before_times or heading or (name and in_script):
            kept.append("")
        else:
            times = _TIMES.match(line)
            kept.append(line[times.end() :] if times else line)
    return "\n".join(kept)


def _is_heading(line: str) -> bool:
    return line.isupper() and bool(_HEADING.fullmatch(line.strip()))


def _is_name(line: str, after: str) -> bool:
    """Whether a line after an empty one may be who says the next: capitals alone, with no mark at their end, and the next goes
    on with no small letter, as a sentence would."""
    words = line.split()
    return (
        0 < len(words) <= _NAME_WORDS
        and line.isupper()
        and line.rstrip()[-1] not in ".!?…,-–—:"
        and bool(after.strip())
        and not after.lstrip()[0].islower()
        and not after.isupper()
    )
