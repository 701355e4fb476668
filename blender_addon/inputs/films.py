# SPDX-License-Identifier: GPL-3.0-or-later
"""Films that the engine cannot decode itself: another, hidden Blender does, while this one goes on."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ..errors import TalkingAnimationError, legible
from ..host import log
from . import hidden_blender, recordings

LONGEST: Final = 640
"""Pixels of a decoded picture's longer side, at most: the engine looks at a face in 192."""

_SCRIPT = Path(__file__).with_name("decode_film.py")


class Decoding:
    """Decodes films one after the other: call `poll` until it returns True, then read `folders`.

    Args:
        paths: of the films.
        folder: an existing folder; each film gets one of its own name below it.

    Attributes:
        paths: of the films.
        folders: the decoded films, as the engine takes them in a video's place.
        fraction: 0 to 1.
    """

    def __init__(self, paths: Sequence[str], folder: Path) -> None:
        self.folders: list[str] = []
        self.fraction = 0.0
        self.paths = list(paths)
        self._waiting, self._count = list(paths), len(paths)
        self._room = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._path, self._folder = "", folder
        self._frames, self._written = 0, 0

    def poll(self) -> bool:
        """Go on for a moment.

        Returns:
            True when all are decoded.

        Raises:
            TalkingAnimationError: one sentence, where one of them cannot be.
        """
        if self._process is None:
            if not self._waiting:
                return True
            self._start(self._waiting.pop(0))
            return False
        self._count_pictures()
        code = self._process.poll()
        if code is None:
            return False
        self._process = None
        self._check(code)
        self._add_sound()
        self.folders.append(str(self._folder))
        return not self._waiting

    def cancel(self) -> None:
        """End the other Blender, if it runs. Safe to call at any time; the folder is whose it was given."""
        running, self._process = self._process, None
        self._waiting.clear()
        hidden_blender.end(running)

    def _start(self, path: str) -> None:
        self._path, self._frames, self._written = path, 0, 0
        self._folder = self._room / f"film {len(self.folders)}" / (legible(os.path.basename(path)) or "film")
        try:
            self._folder.mkdir(parents=True)
            arguments = [path, str(self._folder), str(LONGEST), recordings.content_hash(path)]
            self._process = hidden_blender.start(_SCRIPT, arguments)
        except OSError as error:
            raise TalkingAnimationError(
                f"The video '{legible(path)}' cannot be decoded ({error.strerror or error}): check that it can be read "
                "and that there is room for temporary files."
            ) from error
        log.logger.info("decoding %s", legible(os.path.basename(path)))

    def _count_pictures(self) -> None:
        """How far the other Blender is: it writes one file a picture."""
        if not self._frames:
            with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
                told = json.loads((self._folder / "film.json").read_text(encoding="utf-8"))
                self._frames = int(told["frames"])
        while (self._folder / f"{self._written + 1:05d}.tga").is_file():
            self._written += 1
        share = min(self._written / self._frames, 1.0) if self._frames else 0.0
        self.fraction = (len(self.folders) + share) / max(self._count, 1)

    def _check(self, code: int) -> None:
        """Whether every picture is there.

        Args:
            code: how the other Blender ended.

        Raises:
            TalkingAnimationError: where none or not all are.
        """
        self._count_pictures()
        name = legible(os.path.basename(self._path))
        problem = ""
        with contextlib.suppress(OSError):
            problem = (self._folder / "problem.txt").read_text(encoding="utf-8")
        if problem.startswith("room"):
            raise TalkingAnimationError(
                f"There is no room for the pictures of '{name}' ({problem.split()[-1]} MB in the folder for temporary files): "
                "make some, or cut the video shorter."
            )
        if problem or not self._written:
            raise TalkingAnimationError(
                f"'{name}' is no video that Blender can decode: convert it to MP4 and try again."
            )
        if self._written < self._frames and code:
            raise TalkingAnimationError(
                f"The hidden Blender that decoded '{name}' ended after {self._written} of {self._frames} pictures, perhaps for "
                "lack of memory: close other programs and try again."
            )
        if self._written < self._frames:  # a film may promise more than it holds
            log.logger.warning("%s: %d of %d pictures", name, self._written, self._frames)

    def _add_sound(self) -> None:
        """Its sound beside its pictures, where it has any that this Blender can decode."""
        with contextlib.suppress(TalkingAnimationError, OSError):
            heard = recordings.from_file(self._path).readable(self._folder)
            if Path(heard).parent == self._folder:
                os.replace(heard, self._folder / "sound.wav")
