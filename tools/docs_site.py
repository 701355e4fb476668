# SPDX-License-Identifier: MIT
"""MkDocs' hook (see mkdocs.yml): the site has the repository's own folders, so that every link between texts just works.

MkDocs takes one folder of pages, while README, changelog and model cards lie beside docs/ and link to each other as
files. Here each page keeps its place in the repository; README.md becomes the site's first page.
"""

from __future__ import annotations

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parent.parent
SHOWN = ("*.md", "LICENSE", "LICENSES/*.txt", "docs/**/*", "checkpoints/*.md", "examples/*.csv")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Replace what MkDocs found in docs/ by the files of the whole repository that belong to the site."""
    ours = {path for pattern in SHOWN for path in ROOT.glob(pattern) if path.is_file()}
    pages = [
        File.generated(config, path.relative_to(ROOT).as_posix(), abs_src_path=str(path))
        for path in sorted(ours)
        if not path.name.startswith(".")
    ]
    theme = [file for file in files if file.abs_src_path and not is_in_docs(Path(file.abs_src_path), config)]
    return Files([*theme, *pages])


def is_in_docs(path: Path, config: MkDocsConfig) -> bool:
    """Whether MkDocs found a file in its own folder of pages."""
    return path.resolve().is_relative_to(Path(config.docs_dir).resolve())
