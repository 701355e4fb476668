"""What a line's text is worth: lips that close with it and without, own texts that are taken, others' that are not.

No threshold was chosen on these sentences, speakers and voices, but on `OTHER_VOICES` and given sentences, the row that these
add: see `inference.hearing.text.trust.FITS`. Of which sound is taken for which (`_LIKE` of `inference.motion.lips.as_written`) b
for d was added with flite's sentences in view, and n for m left out with eSpeak NG's: see docs/lip-sync.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inference.errors import EngineError
from inference.face.names import VISEMES
from inference.face.retargeting.visemes import PHONE_VISEMES, viseme_weights
from inference.hearing.audio import SAMPLE_RATE, read_recording
from inference.hearing.backends import Backend
from inference.hearing.text.spoken_text import heard_text, sounds_of_text
from inference.motion.lips.content import PHONES, ContentMotion, content_motion
from inference.training.evaluation.evaluate import spoken
from inference.training.evaluation.metrics import ClosureCounts, Phones, closure_counts, closure_figures
from inference.training.evaluation.peers import MouthTrack
from inference.training.evaluation.sentences_abroad import SENTENCES
from inference.training.filmed_corpora.align import grid_text
from inference.training.filmed_corpora.utterances import read_utterances, rows_by_speaker
from inference.training.synthetic_speech import espeak
from inference.training.synthetic_speech.synthesis import PLAIN_SENTENCES, TEST_SENTENCES, flite_phone_index

VOICES: Final = ("slt", "rms")
OTHER_VOICES: Final = ("awb", "kal16")
"""flite's; what is chosen is chosen on the second two, in other sentences."""
CHOSEN_ON: Final = "s1"
"""GRID's speaker of whom that is true, and most of whose clips the ear was trained on."""
OF_SPEAKER: Final = slice(3, 5)
"""Which of speechocean762's utterances of each speaker are heard."""

_OTHERS: Final = 3  # texts of others for each recording
_SHARED: Final = 1 / 3  # of its words another text may have
_ANOTHER: Final = ("the", "other", "this", "red", "again", "it", "stone", "like")
"""Words without a p, b or m, for one of a text that has one."""
_OF_SCRIPT: Final = 10  # sentences


@dataclass(frozen=True)
class Line:
    """A recording whose text is known.

    Attributes:
        text: what is said.
        samples: (N,) float32 at 16 kHz.
        phones: with their times, [] where they are not known.
    """

    text: str
    samples: NDArray[np.float32]
    phones: Phones = field(default_factory=list)


@dataclass(frozen=True)
class TextRow:
    """A kind of speech.

    Attributes:
        speech: whose.
        lines: how many recordings.
        taken: share of them whose own text is used.
        others: how many other texts were tried, and the share of those that were used.
        without, told: recall and precision of closures, and share of spoken frames in which the likeliest viseme is that of the
            phone, without a text and with it; () where phone times are not known.
        mistaken: the same with a text of which a word with a p, b or m was said, and another is written.
    """

    speech: str
    lines: int
    taken: float
    others: tuple[int, float]
    without: tuple[float, ...] = ()
    told: tuple[float, ...] = ()
    mistaken: tuple[float, ...] = ()


def grid_clips(folder: Path) -> Iterator[tuple[str, NDArray[np.float32]]]:
    """GRID's clips but those of `CHOSEN_ON`: their names, which tell what is said, and their sound; without those that have none.

    Args:
        folder: ``<speaker>/<clip>.mp4``; what is not named as GRID names its clips is left out.

    Raises:
        EngineError: a clip cannot be read (codes of `read_recording` but ``no_sound``).
    """
    for clip in sorted(folder.glob("s*/*.mp4")):
        if clip.parent.name == CHOSEN_ON or not grid_text(clip.stem):
            continue
        try:
            samples = read_recording(clip).samples
        except EngineError as error:
            if error.code != "no_sound":  # a few of the corpus' clips have none
                raise
            continue
        yield clip.stem, samples


def with_another_word(text: str) -> str:
    """A text whose first word in which lips meet is another, in which they do not."""
    words = text.split()
    for place, word in enumerate(words):
        if any(sound.may_close for sounds in sounds_of_text(word) for sound in sounds):
            words[place] = _ANOTHER[(place + len(word)) % len(_ANOTHER)]
            break
    return " ".join(words)


def evaluate_texts(
    backend: Backend,
    data: Path | None = None,
    report: Callable[[str], None] = print,
    sentences: Sequence[str] = (),
) -> list[TextRow]:
    """Measure sentences of flite's and, where there is data, of GRID's and speechocean762's people.

    Args:
        backend: our model.
        data: folder with ``grid`` and ``speech``; None for flite's alone.
        report: called with each line of the table.
        sentences: English, spoken by `OTHER_VOICES` too.

    Raises:
        FileNotFoundError: flite or eSpeak NG is not installed.
    """
    spoken_by = "flite, slt and rms"
    kinds: dict[str, Callable[[], Iterable[Line]]] = {
        spoken_by: lambda: _of_flite(VOICES, (*TEST_SENTENCES, *PLAIN_SENTENCES))
    }
    kinds["scripts lacking a tenth"] = lambda: _scripts(list(kinds[spoken_by]()))
    kinds[f"eSpeak NG, {len(SENTENCES)} languages"] = _of_espeak
    if sentences:
        kinds["own, awb and kal16"] = lambda: _of_flite(OTHER_VOICES, sentences)
    if data is not None:
        kinds["GRID, all but s1"] = lambda: _of_grid(data / "grid")
        kinds["speechocean762, test"] = lambda: _of_speechocean(data / "speech")
    rows = []
    report(
        f"{'speech':22} lines  own used  others used  recall, precision, visemes without  with the text  with a word wrong"
    )
    for name, lines in kinds.items():
        rows.append(_row(name, list(lines()), backend))
        report(_told(rows[-1]))
    return rows


def _row(name: str, lines: list[Line], backend: Backend) -> TextRow:
    if not lines:
        raise EngineError(f"There are no recordings of {name}.", "no_clips")
    own = others = tried = 0
    counts: tuple[list[ClosureCounts], ...] = ([], [], [])
    right: tuple[list[NDArray[np.bool_]], ...] = ([], [], [])
    for place, line in enumerate(lines):
        motion = content_motion(line.samples, backend)
        own += _is_used(line.text, motion.phones)
        for text in _others(place, lines):
            tried += 1
            others += _is_used(text, motion.phones)
        if line.phones:
            texts = line.text, with_another_word(line.text)
            told = [content_motion(line.samples, backend, text=text) for text in texts]
            for rows, visemes, made in zip(counts, right, (motion, *told)):
                visemes.append(_right_visemes(made, line.phones))
                track = MouthTrack.of_motion(made)
                rows.append(closure_counts(track.opening_at, line.phones, len(line.samples) / SAMPLE_RATE))
    figures = [closure_figures(rows) for rows in counts if rows]
    shares = [float(np.concatenate(visemes).mean()) for visemes in right if visemes]
    both = [(one["closure_recall"], one["closure_precision"], share) for one, share in zip(figures, shares)]
    used = own / len(lines), (tried, others / max(tried, 1))
    return TextRow(name, len(lines), *used, *both)


def _right_visemes(motion: ContentMotion, said: Phones) -> NDArray[np.bool_]:
    """(N,) of each frame in which a phone is said: whether its viseme is the likeliest."""
    shapes = np.array([max(PHONE_VISEMES[name], key=PHONE_VISEMES[name].__getitem__) for name in PHONES])
    likeliest = np.array(VISEMES)[viseme_weights(motion.phones, PHONES, motion.fps).argmax(axis=1)]
    phones = np.zeros(len(likeliest), np.int64)
    for name, start, end in said:
        phones[round(start * motion.fps) : round(end * motion.fps)] = flite_phone_index(name)
    spoken_frames = phones > 0
    return np.asarray(likeliest[spoken_frames] == shapes[phones[spoken_frames]])


def _is_used(text: str, phones: NDArray[np.float32]) -> bool:
    return heard_text(sounds_of_text(text), phones, PHONES) is not None


def _others(place: int, lines: list[Line]) -> Iterator[str]:
    """The next texts that share few words with a line's."""
    own = set(lines[place].text.lower().split())
    given = 0
    for line in (*lines[place + 1 :], *lines[:place]):
        if given < _OTHERS and len(own & set(line.text.lower().split())) <= max(1, _SHARED * len(own)):
            given += 1
            yield line.text


def _of_flite(voices: Sequence[str], texts: Sequence[str]) -> Iterator[Line]:
    for (_, samples, phones), text in zip(spoken(voices, texts), list(texts) * len(voices)):
        yield Line(text, samples, phones)


def _scripts(lines: Sequence[Line]) -> Iterator[Line]:
    """Each ten recordings as one, with a text that lacks a line of them."""
    for number, start in enumerate(range(0, len(lines), _OF_SCRIPT)):
        some = lines[start : start + _OF_SCRIPT]
        begins = np.cumsum([0, *(len(line.samples) for line in some)]) / SAMPLE_RATE
        phones = [
            (name, begin + first, begin + last)
            for line, begin in zip(some, begins.tolist())
            for name, first, last in line.phones
        ]
        missing = (1 + number * 3) % len(some)
        text = "\n".join(line.text for place, line in enumerate(some) if place != missing)
        yield Line(text, np.concatenate([line.samples for line in some]), phones)


def _of_espeak() -> Iterator[Line]:
    for language, texts in SENTENCES.items():
        for text in texts:
            samples, phones = espeak.speak(text, language)
            named = [(_name_of(ipa), start, end) for ipa, start, end in phones]
            yield Line(text, samples, named)


def _name_of(ipa: str) -> str:
    """What flite calls the English phone that is most like one of eSpeak NG's."""
    phone = next(iter(espeak.phones_of_ipa(ipa)), PHONES[0])
    return "pau" if phone == PHONES[0] else phone.lower()


def _of_grid(folder: Path) -> Iterator[Line]:
    for name, samples in grid_clips(folder):
        yield Line(grid_text(name), samples)


def _of_speechocean(folder: Path) -> Iterator[Line]:
    for rows in rows_by_speaker(read_utterances(folder / "utterances.tsv", "test")).values():
        for row in rows[OF_SPEAKER]:
            yield Line(row["text"], read_recording(folder / row["file"]).samples)


def _told(row: TextRow) -> str:
    figures = [
        ", ".join(f"{value:.3f}" for value in values) if values else "-"
        for values in (row.without, row.told, row.mistaken)
    ]
    return (
        f"{row.speech:22} {row.lines:5d}  {row.taken:8.3f}  {row.others[1]:5.3f} of {row.others[0]:4d}  "
        f"{figures[0]:>34}  {figures[1]:>19}  {figures[2]:>19}"
    )
