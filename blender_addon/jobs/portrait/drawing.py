# SPDX-License-Identifier: GPL-3.0-or-later
"""The video drawn by another, hidden Blender, while this one goes on."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import bpy

from ...errors import TalkingAnimationError
from ...host import log
from ...inputs import hidden_blender
from . import plan as plans
from .plan import Plan

_SCRIPT = Path(__file__).with_name("draw_portrait.py")
_SPARE: Final = 20_000_000  # bytes; with less than that the disk is what a video fails for


class Drawing:
    """Draws a video: call `poll` until it returns True; then it lies at `video`.

    Args:
        plan: what to draw.
        members: the objects of this Blender that it names.
        folder: an existing folder for all that is needed meanwhile.

    Attributes:
        video: the file.
        fraction: 0 to 1.

    Raises:
        TalkingAnimationError: where it cannot even begin.
    """

    def __init__(self, plan: Plan, members: Sequence[Any], folder: Path) -> None:
        self.video = folder / plans.VIDEO
        self.fraction = 0.0
        self._plan, self._folder = plan, folder
        self._process: subprocess.Popen[bytes] | None = None
        try:
            plan.save(folder)
            bpy.data.libraries.write(
                str(folder / plans.CHARACTER), set(members), path_remap="ABSOLUTE", fake_user=True
            )
            self._process = hidden_blender.start(_SCRIPT, [str(folder)])
        except (OSError, RuntimeError) as error:
            raise TalkingAnimationError(
                f"The video cannot be drawn ({error}): check that there is room for temporary files."
            ) from error
        log.logger.info("drawing %d pictures of %s", self._count, plan.base)

    @property
    def _count(self) -> int:
        return self._plan.last - self._plan.first + 1

    @property
    def pid(self) -> int:
        """The other Blender's process id; 0 where it does not run."""
        return self._process.pid if self._process is not None else 0

    def poll(self) -> bool:
        """Go on for a moment.

        Returns:
            True when it is drawn.

        Raises:
            TalkingAnimationError: one sentence, where it cannot be.
        """
        if self._process is None:
            return True
        with contextlib.suppress(OSError, ValueError):
            drawn = int((self._folder / plans.DRAWN).read_text(encoding="ascii"))
            self.fraction = min(drawn / self._count, 1.0)
        if self._process.poll() is None:
            return False
        self._process = None
        self._check()
        return True

    def cancel(self) -> None:
        """End the other Blender, if it runs. Safe to call at any time."""
        running, self._process = self._process, None
        hidden_blender.end(running)

    def _check(self) -> None:
        """Whether the whole video is there.

        Raises:
            TalkingAnimationError: where it is not.
        """
        problem = ""
        with contextlib.suppress(OSError):
            problem = (self._folder / plans.PROBLEM).read_text(encoding="utf-8")
        told: dict[str, int] = {}
        with contextlib.suppress(OSError, ValueError):
            told = json.loads((self._folder / plans.DONE).read_text(encoding="utf-8"))
        if told.get("frames") == self._count and not problem:
            return
        log.logger.error("the hidden Blender: %s, %s", problem or "it ended by itself", told)
        if shutil.disk_usage(self._folder).free < _SPARE:
            raise TalkingAnimationError(
                "There is no room for the video in the folder for temporary files: make some and try again."
            )
        if problem or told:
            raise TalkingAnimationError(
                f"Blender could not write the video of '{self._plan.base}' completely: try a smaller "
                "picture or a preview."
            )
        raise TalkingAnimationError(
            f"The hidden Blender that drew '{self._plan.base}' ended before the video was whole, perhaps for lack of memory: "
            "close other programs and try again."
        )
