# SPDX-License-Identifier: GPL-3.0-or-later
"""What panels ask of a scene: its sound strips, whose lines they are, and what became of them."""

from __future__ import annotations

from ..inputs.scene_script.line_matching import Match
from ..inputs.scene_script.lines import (
    SCENES_STYLE,
    Script,
    characters_of,
    from_table,
    match,
    of_scene,
    sound_strips,
)
from ..inputs.sound_strips import has_any as has_sound_strips
from ..inputs.sound_strips import named as sound_strip
from ..inputs.sound_strips import piece_of
from ..inputs.sound_strips import start_of as start_of_recording
from ..jobs.scene_report import TEXT_NAME as REPORT_TEXT
from ..jobs.scene_report import SceneReport
from ..jobs.whole_scene import SceneJob

__all__ = [
    "REPORT_TEXT",
    "SCENES_STYLE",
    "Match",
    "SceneJob",
    "SceneReport",
    "Script",
    "characters_of",
    "from_table",
    "has_sound_strips",
    "match",
    "of_scene",
    "piece_of",
    "sound_strip",
    "sound_strips",
    "start_of_recording",
]
