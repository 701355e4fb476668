# SPDX-License-Identifier: GPL-3.0-or-later
"""How a recording, a video or a scene becomes a talking animation: the one set of options of script, panel and command line."""

from __future__ import annotations

import operator
import os
from dataclasses import dataclass
from numbers import Real
from typing import Any

from ..characters.remembered import check_dials
from ..contract import POSES, Dials
from ..contract.names import ALL_VOICES, CHANNELS
from ..errors import TalkingAnimationError
from ..inputs import manner
from ..inputs.manner import Manner
from ..inputs.videos import VIDEO, Filmed
from ..motion.key_reduction import KeyStyle

PLACEMENTS = ("NLA", "ACTION")
LISTENING = (0.0, 2.0)


def _whole_frame(frame: Any) -> int:
    """A scene frame that a script gives, such as 12, 12.0 or numpy's."""
    try:
        return operator.index(
            int(float(frame)) if isinstance(frame, Real) and float(frame).is_integer() else frame
        )
    except TypeError:
        raise TalkingAnimationError(f"The start frame must be a whole number, not {frame!r}.") from None


@dataclass(frozen=True)
class GenerateOptions:
    """What can be chosen; the defaults are those of `api.generate`, of the panel and of the command line.

    Attributes:
        start_frame: scene frame at which the recording starts; None for the strip's own start, else the scene's present
            frame. A whole scene's lines have starts of their own.
        style: a style's name, "auto" for the ordinary one as lively as the voice, the path of a style's .json or a person's
            .npz, or a mixture such as "calm:0.3,lively:0.7". A line of a scene may name a style of its own.
        speaker: "auto" lets the voice say how lively the style is, "none" does not; a folder of persons' .npz files lets the
            voice choose among them; None: "auto" where the style is "auto".
        pose: where the head's motion comes from: "generated" from the voice, "replayed" from a person's clip, "still".
        published: settings of published networks, which then make the motion: MakeItTalk's, {} for the usual ones, or with
            "model" those of another system; None for the engine's own networks.
        channel: what of a recording's channels is listened to: "auto" for what holds the voice, "mix" for all of them, or a
            number from 1. A line of a table may name its own.
        voice_in_file: where several people speak in a recording, whose words are used: "all", or a number from 1 to 4 for the
            voice that is heard as the first … fourth. A line of a table may name its own.
        text: what is said in the recording, where that is known: lips meet surely on its p, b and m. "" where it is not. A
            line of a scene has its own.
        text_files: where no text is given, a text file beside the recording says it: line.txt beside line.wav.
        seed: another number gives other blinks, glances and head motion. Lines of a scene that name no seed get one of their
            own, which follows from this, the character and the recording.
        placement: "NLA" for a strip on a track of its own, "ACTION" for the active action.
        add_sound: also put the recording into the sequencer, where it does not lie there already.
        extend_range: move the scene's end so that everything plays. It moves back as lines get shorter or go.
        play_in_sync: the scene drops pictures rather than fall behind its sound, and lets sound be heard where the playhead is
            dragged. Removing the last line gives back what was set before.
        keep_motion: the .blend file carries the motion, up to ten minutes of it, so that dials work on other computers and
            after the cache was cleared.
        dials: how strongly each part moves; None keeps the character's present dials.
        keys: how the motion becomes keys; None keeps the character's present choice.
        calibrated: whether a mouth that opens less than most is driven further, where that can be measured; None keeps the
            character's present choice, which is yes until it is changed.
        head_bone: name of the bone that turns the head; None for the character's setting, "" to find it.
        use_cache: take motion that was generated before from the same recording and settings.
        filmed: a video that the motion, or a part of it, is taken from (see `api.generate_from_video`).
        idle: in a whole scene, characters blink, look about and sway while others speak.
        listening: in a whole scene, how much characters react to who speaks: they turn to them, nod and blink; 0 not at all, 1
            as people do, 2 twice as much.
    """

    start_frame: int | None = None
    style: str = manner.AUTO
    speaker: str | None = None
    pose: str = POSES[0]
    published: dict[str, Any] | None = None
    channel: str | int = CHANNELS[0]
    voice_in_file: str | int = ALL_VOICES
    text: str = ""
    text_files: bool = False
    seed: int = 0
    placement: str = PLACEMENTS[0]
    add_sound: bool = True
    extend_range: bool = True
    play_in_sync: bool = True
    keep_motion: bool = True
    dials: Dials | None = None
    keys: KeyStyle | None = None
    calibrated: bool | None = None
    head_bone: str | None = None
    use_cache: bool = True
    filmed: Filmed | None = None
    idle: bool = True
    listening: float = 0.0

    def __post_init__(self) -> None:
        """Raise TalkingAnimationError for a frame, a style, a dial, a placement or an amount that there is not."""
        if self.start_frame is not None:
            object.__setattr__(self, "start_frame", _whole_frame(self.start_frame))
        if isinstance(self.style, os.PathLike):
            object.__setattr__(self, "style", os.fspath(self.style))
        if not isinstance(self.style, str):
            raise TalkingAnimationError(f"The style is a name or a file, not {self.style!r}.")
        if not isinstance(self.text, str):
            raise TalkingAnimationError(f"The text of a recording is a text, not {self.text!r}.")
        if self.text.strip() and self.filmed is not None and self.filmed.lips_from == VIDEO:
            raise TalkingAnimationError(
                "The text of a recording moves lips, and they come from the video: leave the text out, or take the lips from the "
                "voice."
            )
        if not LISTENING[0] <= self.listening <= LISTENING[1]:
            raise TalkingAnimationError(
                f"Listening is a number from {LISTENING[0]:g} to {LISTENING[1]:g}, not {self.listening}."
            )
        if self.dials is not None:
            check_dials(self.dials)
        if self.placement not in PLACEMENTS:
            raise TalkingAnimationError(
                f"The placement is '{PLACEMENTS[0]}' or '{PLACEMENTS[1]}', not '{self.placement}'."
            )

    @property
    def use_nla(self) -> bool:
        """Whether keys go into NLA strips."""
        return self.placement == "NLA"

    def manner(self, style: str = "", channel: str = "", voice_in_file: str = "") -> Manner:
        """The manner that is asked for, checked; what is given is in place of the options' own.

        Raises:
            TalkingAnimationError: see `inputs.manner.read`.
        """
        heard = channel or self.channel, voice_in_file or self.voice_in_file
        return manner.read(style or self.style, self.speaker, self.pose, self.published, *heard)
