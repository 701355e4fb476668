# SPDX-License-Identifier: GPL-3.0-or-later
"""Run by another, hidden Blender: read a picture into a folder, for `pictures_aside.Reading`.

blender -b --factory-startup --python decode_picture.py -- PICTURE FOLDER
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path


def main() -> None:
    """What is given behind ``--``."""
    picture, folder = sys.argv[sys.argv.index("--") + 1 :]
    addon = Path(__file__).resolve().parent.parent
    sys.path.insert(0, str(addon.parent))
    importlib.import_module(f"{addon.name}.inputs.pictures_aside").tell(picture, Path(folder))


if __name__ == "__main__":
    main()
