# SPDX-License-Identifier: MIT
"""The manual inside of the zip: the pages for animators as HTML that opens from a folder, without a network.

Only as much Markdown as these pages use: headings, paragraphs, lists, tables, code, pictures, links, bold and italic.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from tools.environments import ROOT

PAGES: Final = (
    "user-guide", "rigs", "drawings", "talk-ready", "grease-pencil", "speaking-styles", "capture", "pictures", "portrait-video",
)  # fmt: skip
"""Of ``docs/``, in the order in which they are read."""
LARGEST_PICTURE: Final = 120_000
"""Bytes; of a larger picture the manual tells what it shows. The user guide has all of its own."""

_FENCE = re.compile(r"^```")
_BULLET = re.compile(r"^(\s*)([-*]|\d+\.)\s+(.*)$")
_HEADING = re.compile(r"^(#{1,6})\s+(.*)$")
_STYLE = """
body { max-width: 46em; margin: 2em auto; padding: 0 1em; font: 16px/1.55 system-ui, sans-serif; color: #222; background: #fff; }
nav { font-size: 0.9em; border-bottom: 1px solid #8888; padding-bottom: 0.6em; margin-bottom: 1.5em; }
h1, h2, h3 { line-height: 1.25; margin-top: 1.6em; }
img { max-width: 100%; }
table { border-collapse: collapse; }
td, th { border: 1px solid #8886; padding: 0.3em 0.6em; text-align: left; vertical-align: top; }
code { background: #8882; padding: 0.1em 0.25em; border-radius: 3px; } pre { background: #8882; padding: 0.8em; overflow: auto; }
pre code { background: none; padding: 0; }
a { color: #1565a8; } .left-out { color: #777; font-style: italic; }
@media (prefers-color-scheme: dark) { body { color: #ddd; background: #1d1d1f; } a { color: #7db8e8; } }
"""


def files(root: Path = ROOT) -> dict[str, bytes]:
    """Name in the manual's folder → its bytes, the same for the same pages; {} where there are none."""
    texts = {
        name: (root / "docs" / f"{name}.md").read_text(encoding="utf-8")
        for name in PAGES
        if (root / "docs" / f"{name}.md").is_file()
    }
    result: dict[str, bytes] = {}
    for name, text in texts.items():
        page = _Page(name, root / "docs", {other: _title(told) for other, told in texts.items()})
        body = "\n".join(page.blocks(text.splitlines()))
        links = " · ".join(
            f'<a href="{other}.html">{html.escape(_title(texts[other]))}</a>' for other in texts
        )
        result[f"{name}.html"] = (
            f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{html.escape(_title(text))}</title>'
            f"<style>{_STYLE}</style></head>\n<body><nav>{links}</nav>\n{body}\n</body></html>\n"
        ).encode()
        for picture in page.pictures:
            result[picture] = (root / "docs" / picture).read_bytes()
    return dict(sorted(result.items()))


def _title(text: str) -> str:
    return next(line[2:].strip() for line in text.splitlines() if line.startswith("# "))


def anchor(heading: str) -> str:
    """What a heading is called in addresses, as GitHub and MkDocs call it."""
    plain = re.sub(r"[`*]|\]\([^)]*\)|\[", "", heading)
    return re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", plain.lower())).strip("-")


class _Page:
    """One page as it becomes HTML.

    Attributes:
        pictures: those that it shows, by their place in ``docs/``.
    """

    def __init__(self, name: str, folder: Path, pages: dict[str, str]) -> None:
        self._name, self._folder, self._pages = name, folder, pages
        self.pictures: list[str] = []

    def blocks(self, lines: list[str]) -> Iterator[str]:
        """The HTML of lines of Markdown, a block each."""
        place = 0
        while place < len(lines):
            line = lines[place]
            if not line.strip():
                place += 1
                continue
            end = self._end(lines, place)
            yield self._block(lines[place:end])
            place = end

    @staticmethod
    def _end(lines: list[str], start: int) -> int:
        """The line after the block that begins there."""
        if _FENCE.match(lines[start]):
            closing = (at for at in range(start + 1, len(lines)) if _FENCE.match(lines[at]))
            return next(closing, len(lines) - 1) + 1
        if _HEADING.match(lines[start]):
            return start + 1
        in_list, end = _BULLET.match(lines[start]) is not None, start + 1
        while end < len(lines):
            line = lines[end]
            if not line.strip():
                following = next((text for text in lines[end:] if text.strip()), "")
                if not in_list or not (following.startswith("  ") or _BULLET.match(following)):
                    break
            elif (
                _FENCE.match(line)
                or _HEADING.match(line)
                or (not in_list and _BULLET.match(line))
                or (
                    in_list
                    and not line.startswith(" ")
                    and not _BULLET.match(line)
                    and not lines[end - 1].strip()
                )
            ):
                break
            end += 1
        return end

    def _block(self, lines: list[str]) -> str:
        heading = _HEADING.match(lines[0])
        if heading:
            level = len(heading[1])
            return f'<h{level} id="{anchor(heading[2])}">{self._text(heading[2])}</h{level}>'
        if _FENCE.match(lines[0]):
            return f"<pre><code>{html.escape(chr(10).join(lines[1:-1]))}</code></pre>"
        if lines[0].lstrip().startswith("|"):
            return self._table(lines)
        if _BULLET.match(lines[0]):
            return self._list(lines)
        return f"<p>{self._text(' '.join(line.strip() for line in lines))}</p>"

    def _list(self, lines: list[str]) -> str:
        first = _BULLET.match(lines[0])
        assert first is not None
        indent, kind = len(first[1]), "ol" if first[2][0].isdigit() else "ul"
        points: list[list[str]] = []
        for line in lines:
            bullet = _BULLET.match(line)
            if bullet and len(bullet[1]) <= indent:
                points.append([bullet[3]])
            else:
                points[-1].append(line[min(len(line) - len(line.lstrip()), indent + len(first[2]) + 1) :])
        return f"<{kind}>{''.join(f'<li>{self._point(point)}</li>' for point in points)}</{kind}>"

    def _point(self, lines: list[str]) -> str:
        blocks = list(self.blocks(lines))
        if len(blocks) == 1 or not any(not line.strip() for line in lines):
            return "\n".join(re.sub(r"^<p>(.*)</p>$", r"\1", block, flags=re.DOTALL) for block in blocks)
        return "\n".join(blocks)

    def _table(self, lines: list[str]) -> str:
        rows = [_cells(line) for line in lines]
        head = "".join(f"<th>{self._text(cell)}</th>" for cell in rows[0])
        body = "".join(
            f"<tr>{''.join(f'<td>{self._text(cell)}</td>' for cell in row)}</tr>\n" for row in rows[2:]
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>\n{body}</tbody></table>"

    def _text(self, text: str) -> str:
        """Code, pictures, links, bold and italic within a line."""
        parts = re.split(r"(`+)(.+?)\1", text)
        result = []
        for place in range(0, len(parts), 3):
            result.append(self._marks(html.escape(parts[place], quote=False)))
            if place + 2 < len(parts):
                result.append(f"\0{html.escape(parts[place + 2].strip())}\1")
        # Links go round code as well: `[`name`](page.md)`.
        linked = re.sub(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)", self._link, "".join(result))
        return linked.replace("\0", "<code>").replace("\1", "</code>")

    @staticmethod
    def _marks(text: str) -> str:
        text = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", text)
        return re.sub(r"(?<![\w*])\*([^*\s](?:[^*]*[^*\s])?)\*(?![\w*])", r"<em>\1</em>", text)

    def _link(self, match: re.Match[str]) -> str:
        picture, text, target = match.groups()
        if picture:
            return self._picture(re.sub(r"<[^>]*>", "", text), target)
        if re.match(r"https?://|mailto:", target) or target.startswith("#"):
            return f'<a href="{target}">{text}</a>'
        page, _, part = target.partition("#")
        name = PurePosixPath(page).stem
        if page.endswith(".md") and "/" not in page and name in self._pages:
            told = html.escape(self._pages[name]) if text == page else text
            return f'<a href="{name}.html{"#" + part if part else ""}">{told}</a>'
        return text  # it is not in the zip

    def _picture(self, text: str, target: str) -> str:
        path = self._folder / target
        if path.is_file() and (self._name == PAGES[0] or path.stat().st_size <= LARGEST_PICTURE):
            self.pictures.append(target)
            return f'<img src="{target}" alt="{html.escape(text)}">'
        return f'<span class="left-out">[{text}]</span>'


def _cells(line: str) -> list[str]:
    """The cells of a table's line; a bar within code is none between cells."""
    cells, code = [""], False
    for before, letter in zip(" " + line.strip().strip("|"), line.strip().strip("|")):
        code ^= letter == "`"
        if letter == "|" and not code and before != "\\":
            cells.append("")
        else:
            cells[-1] += letter
    return [cell.strip().replace("\\|", "|") for cell in cells]
