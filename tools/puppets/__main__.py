# SPDX-License-Identifier: MIT
"""Draws the puppets anew: a picture and a points file of each. Needs Pillow.

python -m tools.puppets demo/pictures
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from PIL import Image

from . import PUPPETS, Puppet, Sheet


def write(puppet: Puppet, folder: Path) -> Path:
    """Draw one into a folder; returns its picture's path."""
    sheet = Sheet()
    puppet.draw(sheet)
    path = folder / f"{puppet.name}.png"
    Image.fromarray(sheet.picture()).save(path, optimize=True)
    points = json.dumps({"points": puppet.points})
    path.with_suffix(".json").write_text(f"{points}\n", encoding="utf-8", newline="\n")
    return path


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="where the files go")
    parser.add_argument("--only", choices=[puppet.name for puppet in PUPPETS], help="one of them")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    for puppet in PUPPETS:
        if options.only in (None, puppet.name):
            path = write(puppet, options.folder)
            print(f"{path}: {path.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
