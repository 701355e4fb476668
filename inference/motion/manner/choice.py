"""Whose manner an animation takes: the style asked for, the person that the voice is drawn as, or one who is recognised."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...errors import EngineError
from ...face.names import SPEAKERS
from .personal import Person, load_person
from .styles import AUTO, Style, load_style

AUTOMATIC, NOBODY = SPEAKERS


@dataclass(frozen=True)
class Manner:
    """What drives an animation.

    Attributes:
        style: how much of what.
        person: whose head, None for nobody's in particular.
        speaker: what was made of the voice, for `FaceAnimation.source`: register and liveliness, or who was recognised.
    """

    style: Style
    person: Person | None
    speaker: str


@dataclass(frozen=True)
class Choice:
    """What the user asked for, checked before the recording is heard.

    Attributes:
        style: the style asked for.
        person: the person asked for, None if none.
        adapt: whether the voice says whose manner the style is done in, and how lively the line is.
        enrolled: persons of whom the voice chooses one.
    """

    style: Style
    person: Person | None
    adapt: bool
    enrolled: tuple[Person, ...] = ()

    def for_voice(self, samples: np.ndarray, f0: np.ndarray) -> Manner:
        """The manner for one recording.

        Args:
            samples: (N,) float32 at 16 kHz.
            f0: (M,) Hz at `features.PITCH_RATE`, 0 where unvoiced.
        """
        if not self.adapt and not self.enrolled:
            return Manner(self.style, self.person, NOBODY)
        from ...hearing.speaker_encoder import load_speaker_encoder
        from .persons import as_person, draw, traits
        from .voice import describe, manner, recognise

        encoder = load_speaker_encoder()
        voice = describe(samples, f0, encoder)
        known = {person.name: person.embedding for person in self.enrolled if person.encoder == voice.encoder}
        who = recognise(voice.embedding, known, encoder.threshold)
        if who is not None:
            person = next(person for person in self.enrolled if person.name == who)
            return Manner(person.style, person, who)
        described = f"{voice.register} register, liveliness {voice.liveliness:.2f}"
        style = self.style if self.person is not None else as_person(self.style, traits(draw(voice)))
        return Manner(adapted(style, manner(voice)), self.person, described)


def choose_manner(style: str, speaker: str | None) -> Choice:
    """Read what the user asked for.

    Args:
        style: see `styles.load_style`.
        speaker: ``auto``, ``none`` or a folder of persons' files; None: ``auto`` where the style is ``auto``.

    Raises:
        EngineError: an unknown style or a damaged file (code ``bad_style``), a speaker that is neither (``bad_request``).
    """
    person = load_person(style) if Path(style).suffix.lower() == ".npz" and Path(style).is_file() else None
    chosen = person.style if person is not None else load_style(style)
    if speaker is None:
        speaker = AUTOMATIC if style == AUTO else NOBODY
    if speaker in (AUTOMATIC, NOBODY):
        return Choice(chosen, person, adapt=speaker == AUTOMATIC)
    folder = Path(speaker)
    if not folder.is_dir():
        raise EngineError(
            f"The speaker must be auto, none or a folder of persons' .npz files, not {speaker!r}.",
            "bad_request",
        )
    enrolled = tuple(load_person(path) for path in sorted(folder.glob("*.npz")))
    if not enrolled:
        raise EngineError(
            f"There is no person's .npz file in {folder}: make one with 'inference personalize'.",
            "bad_request",
        )
    return Choice(chosen, person, adapt=True, enrolled=enrolled)


def adapted(style: Style, factors: dict[str, float]) -> Style:
    """The style with its amounts multiplied by a voice's factors, each kept in its range.

    Args:
        style: what to adapt.
        factors: amount → factor, as `voice.manner` gives them; ``speed`` stands for tempo.
    """
    names = {"speed": "tempo"}
    amounts = {names.get(name, name): factor for name, factor in factors.items()}
    return style.changed({name: getattr(style, name) * factor for name, factor in amounts.items()})
