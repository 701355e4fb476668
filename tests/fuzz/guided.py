"""A longer run that atheris guides: it changes bytes so that ever more of a reader's branches are reached.

    pip install atheris==3.0.0          (Linux; into an environment that has the developers' packages)
    PYTHONPATH=tests/helpers python -m tests.fuzz.guided picture corpus/ -max_total_time=600

The first word names a row of `readers.READERS`; the rest is libFuzzer's own command line. It stops at the first input that raises
anything but a sentence, and writes it to ./crash-….
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["blender_addon", "inference"]):
    from .readers import READERS, SENTENCES


def main(words: list[str]) -> None:
    """Run libFuzzer on one reader."""
    if len(words) < 2 or words[1] not in READERS:
        raise SystemExit(f"Name one of: {', '.join(READERS)}.")
    reader = READERS[words[1]]
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    seeds = folder / "seeds"
    seeds.mkdir()
    (seeds / "good").write_bytes(reader.good())

    def one(data: bytes) -> None:
        path = folder / f"file{reader.suffix}"
        path.write_bytes(data)
        try:
            reader.read(path)
        except SENTENCES as error:
            told = str(error)
            assert told.endswith((".", "?")) and "\n" not in told, told

    usual = ["-timeout=20", "-rss_limit_mb=1500"]
    atheris.Setup([words[0], *usual, *words[2:], str(seeds)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv)
