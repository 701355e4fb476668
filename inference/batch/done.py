"""What is done already: a small file for each output says of what it was made, so that nothing is made twice."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from .. import __version__
from ..face.errors import Damaged
from ..face.file_digests import Stamp, digest, stamp
from ..face.input_files import ordinary
from ..face.json_text import json_object
from ..face.result_files import write_whole
from .lines import Line


class Done:
    """Remembers finished lines, each in a file of its own, so that many machines may share the folder.

    Args:
        folder: is made when the first line is done.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def has(self, line: Line, recipe: str) -> bool:
        """Whether the output is there as it was made, of the same files with the same settings by the same version.

        Args:
            line: which.
            recipe: of `recipe_of`.
        """
        try:
            told = json_object(ordinary(self._place(line)).read_bytes())
            return bool(recipe) and told.get("recipe") == recipe and told.get("output") == digest(line.output)
        except (OSError, Damaged):
            return False

    def stamp(self, line: Line) -> Stamp:
        """Changes as often as it is remembered that a line is done; () for never."""
        try:
            return stamp(self._place(line))
        except OSError:
            return ()

    def add(self, line: Line, recipe: str) -> bool:
        """Remember that a line's output was made.

        Args:
            line: which.
            recipe: of `recipe_of`, from before it was made: its files may have been saved since.

        Returns:
            Whether it is remembered, which needs a recipe.

        Raises:
            EngineError: it cannot be written.
            OSError: there is no output, or it cannot be read.
        """
        made = digest(line.output)
        if not recipe:
            return False
        self._folder.mkdir(parents=True, exist_ok=True)
        told = {"line": line.number, "recipe": recipe, "output": made}
        write_whole(self._place(line), lambda stream: stream.write(json.dumps(told).encode()))
        return True

    def _place(self, line: Line) -> Path:
        named = hashlib.sha256(str(line.output).encode("utf-8", "surrogateescape")).hexdigest()[:16]
        return self._folder / f"{named}.json"


def recipe_of(line: Line) -> str:
    """Of what and how a line's output is made, as one number; files count by what is in them. "" where one cannot be read."""
    try:
        told = [__version__, line.payload(), [digest(path) for path in line.inputs]]
    except OSError:
        return ""
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
