# SPDX-License-Identifier: GPL-3.0-or-later
"""Run by another, hidden Blender: draw the video that the plan in a folder says, for `drawing.Drawing`.

    blender -b --factory-startup --python draw_portrait.py -- FOLDER

``problem.txt`` in the folder says why it could not be done.
"""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from pathlib import Path


def main() -> None:
    """What is given behind ``--``."""
    folder = Path(sys.argv[sys.argv.index("--") + 1])
    addon = Path(__file__).resolve().parent.parent.parent
    sys.path.insert(0, str(addon.parent))
    try:
        importlib.import_module(f"{addon.name}.jobs.portrait.picture_scene").draw(folder)
    except Exception as error:
        traceback.print_exc()
        (folder / "problem.txt").write_text(repr(error), encoding="utf-8")
    os._exit(0)  # all is written; Blender as a module crashes while it shuts down


if __name__ == "__main__":
    main()
