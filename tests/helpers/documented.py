"""The pages that people read, and what they are told to type in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "demo/README.md")),
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "checkpoints").glob("*.md")),
]


def paragraphs(path: Path) -> str:
    """A text in which an inline command that runs over a line's end is in one line."""
    text = path.read_text(encoding="utf-8").replace("\\\n", " ")
    return re.sub(r"(?<!`)`[^`\n]*\n[^`\n]*`(?!`)", lambda found: " ".join(found[0].split()), text)


def named_options(words: list[str]) -> Iterator[str]:
    for word in words:
        if re.match(r"--?[a-z]", word):
            yield word.partition("=")[0].rstrip(".,)\"'")
