"""The manual in the zip: pages that open from a folder, with nothing missing and nothing from elsewhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tools import manual

VOID = {"meta", "img"}


class Reader(HTMLParser):
    """What a browser would see, and whether every tag is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open, self.ids, self.links, self.pictures, self.text = (
            list[str](),
            set[str](),
            list[str](),
            list[str](),
            "",
        )
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        self.ids.add(str(given.get("id")))
        self.links += [str(given["href"])] if "href" in given else []
        self.pictures += [str(given["src"])] if "src" in given else []

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data if "style" not in self.open else ""


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return manual.files()


@pytest.fixture(scope="module")
def pages(files: dict[str, bytes]) -> dict[str, Reader]:
    return {name: Reader(content.decode()) for name, content in files.items() if name.endswith(".html")}


def test_all_pages_for_animators_are_there(pages: dict[str, Reader]):
    assert sorted(pages) == sorted(f"{name}.html" for name in manual.PAGES)


def test_every_link_and_picture_is_in_it(files: dict[str, bytes], pages: dict[str, Reader]):
    for name, page in pages.items():
        for link in page.links:
            target, _, part = link.partition("#")
            if not target.startswith("https://"):
                assert (target or name) in pages, (name, link)
                assert not part or part in pages[target or name].ids, (name, link)
        assert all(picture in files for picture in page.pictures)


def test_it_is_small_and_fetches_nothing(files: dict[str, bytes]):
    assert sum(map(len, files.values())) < 1_500_000
    for name, content in files.items():
        if name.endswith(".html"):
            assert not re.search(rb'<(script|link|iframe)|src="http|@import|url\(', content)


def test_no_markdown_is_left(pages: dict[str, Reader]):
    for name, page in pages.items():
        assert "**" not in page.text and "](" not in page.text and "\n|" not in page.text, name


def test_a_page_of_everything(tmp_path: Path):
    (tmp_path / "docs").mkdir()
    text = (
        "# A & B\n\nOne *two* **three** `a < b | c` [x](https://e.org) [y](rigs.md) [z](../LICENSE)\nfour * five\n\n"
        "| a | b |\n|---|---|\n| `p|q` | **r** |\n\n- one\n  more\n  - inner `*`\n- two\n\n```sh\na < *b*\n```\n"
        "3. three\n\n![large](gone.png)\n"
    )
    (tmp_path / "docs" / "user-guide.md").write_text(text, encoding="utf-8")
    page = manual.files(tmp_path)["user-guide.html"].decode()
    Reader(page)
    for wanted in (
        '<h1 id="a-b">A &amp; B</h1>',
        "<em>two</em> <strong>three</strong> <code>a &lt; b | c</code>",
        '<a href="https://e.org">x</a> y z four * five',
        "<td><code>p|q</code></td><td><strong>r</strong></td>",
        "<li>one more\n<ul><li>inner <code>*</code></li></ul></li><li>two</li>",
        "<ol><li>three</li></ol>",
        "<pre><code>a &lt; *b*</code></pre>",
        '<span class="left-out">[large]</span>',
    ):
        assert wanted in page, wanted


def test_no_pages_no_manual(tmp_path: Path):
    assert manual.files(tmp_path) == {}
