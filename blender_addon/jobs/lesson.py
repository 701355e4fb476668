# SPDX-License-Identifier: GPL-3.0-or-later
"""Learning a style or a person from videos."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from ..contract import messages
from ..inputs.videos import checked, own_file
from .job import EngineJob, Progress, wait


class Lesson(EngineJob[Path]):
    """Learning from videos; its report is the file that was written. Where it is cancelled no file is left behind.

    Args:
        clips: one video for a style; 12 s or more of videos for a person.
        person: whether a person is learned, else a style.
        name: of the style or person; "" for the first clip's.
    """

    def __init__(self, clips: Sequence[str | os.PathLike[str]], person: bool = False, name: str = "") -> None:
        super().__init__("Starting the engine")
        paths = [checked(clip) for clip in clips] or [checked("")]
        self.name = name.strip() or Path(paths[0]).stem
        self._output = own_file(self.name, ".npz" if person else ".json")
        output = str(self._output)

        def request(clips: list[str]) -> messages.Request:
            if person:
                return messages.PersonalizeRequest(tuple(clips), output, self.name)
            return messages.StyleRequest(clips[0], output, self.name)

        self._ask_of_films(paths if person else paths[:1], request)

    def _finish(self) -> None:
        self.report = self._output


def style_from_video(clip: str | os.PathLike[str], name: str = "", progress: Progress | None = None) -> Path:
    """Take a talking style from 5 to 20 s of video; waits.

    Returns:
        The style's .json among the user's presets, for `api.generate(style=…)`.

    Raises:
        TalkingAnimationError: one sentence.
    """
    return wait(Lesson([clip], False, name), progress)


def person_from_videos(
    clips: Sequence[str | os.PathLike[str]], name: str = "", progress: Progress | None = None
) -> Path:
    """Learn a person's head and face manner from 12 s of video or more; waits.

    Returns:
        The person's .npz among the user's presets, for `api.generate(style=…)`.

    Raises:
        TalkingAnimationError: one sentence.
    """
    return wait(Lesson(clips, True, name), progress)
