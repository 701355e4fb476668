# SPDX-License-Identifier: GPL-3.0-or-later
"""Run by another, hidden Blender: decode a film into a folder, for `films.Decoding`.

    blender -b --factory-startup --python decode_film.py -- VIDEO FOLDER LONGEST SHA256

``problem.txt`` in the folder says why it could not be done: "unreadable", or "room" and the megabytes that are needed.
"""

from __future__ import annotations

import importlib
import json
import shutil
import sys
from pathlib import Path

_HEADER = 18  # bytes of a Targa file before its pixels
_SPARE = 50_000_000  # bytes that stay free


def decode(video: str, folder: Path, longest: int, sha256: str) -> str:
    """Decode a film; returns "" or the problem."""
    addon = Path(__file__).resolve().parent.parent
    sys.path.insert(0, str(addon.parent))
    films = importlib.import_module(f"{addon.name}.host.blender_versions.films")
    file_names = importlib.import_module(f"{addon.name}.host.file_names")
    with file_names.usual(video) as path:
        film = films.open_film(path, longest)
        if film is None:
            return "unreadable"
        needed = film.frames * (_HEADER + 3 * film.size[0] * film.size[1])
        if shutil.disk_usage(folder).free < needed + _SPARE:
            return f"room {-(-needed // 1_000_000)}"
        told = {"fps": film.fps, "frames": film.frames, "sha256": sha256}
        (folder / "film.json").write_text(json.dumps(told), encoding="utf-8")
        try:
            films.write_pictures(film, str(folder))
        except RuntimeError:
            return "unreadable"
    return ""


def main() -> None:
    """What is given behind ``--``."""
    video, folder, longest, sha256 = sys.argv[sys.argv.index("--") + 1 :]
    problem = decode(video, Path(folder), int(longest), sha256)
    if problem:
        (Path(folder) / "problem.txt").write_text(problem, encoding="utf-8")


if __name__ == "__main__":
    main()
