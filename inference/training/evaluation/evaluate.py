"""How good are the lips, ours and any peer's? One table, one JSON: every system measured by the same code on the same clips.

Ours is what the engine makes (:func:`inference.motion.lips.content.content_motion`), post-processing included. The measures and
their sources are in :mod:`inference.training.evaluation.metrics`, the peers' files in :mod:`inference.training.evaluation.peers`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.errors import EngineError
from inference.face.landmarks import mouth_opening, mouth_width
from inference.face.wav_files import wav_bytes
from inference.hearing.backends import Backend
from inference.hearing.features import FEATURE_RATE, loudness, mel_power
from inference.motion.lips.content import content_motion
from inference.training.correlation import correlation
from inference.training.disturbances.sounds import DISTURBANCES, at_level, disturbed, noise
from inference.training.evaluation.metrics import (
    SOURCES,
    ClosureCounts,
    Phones,
    area_difference,
    best_lag,
    closure_counts,
    closure_figures,
    gain,
    intensity_correlation,
    lip_distance,
    lip_intensity,
    lip_velocity_difference,
    mean_temporal_misalignment,
    silence_jitter,
    silent_frames,
    speech_intensity,
    speed,
)
from inference.training.evaluation.peers import SUFFIXES, MouthTrack, Peer
from inference.training.filmed_corpora.corpus import SAMPLE_RATE, Clip, load_clip, split
from inference.training.filmed_corpora.faces import neutral_of

OURS = "ours"
TRACKED = "tracked"
"""The filmed face itself, for the figures that need no truth to compare with."""
TEST_VOICES = ("slt", "rms", "awb", "kal16")
"""flite's voices that closures are quoted on; fixed, whatever voices training uses."""

_PHONES = ".phones.tsv"
_STILL_RATE = 50  # instants a second that stillness is looked at

Figures = dict[str, float | None]
System = Callable[[str, str, NDArray[np.float32]], MouthTrack | None]
"""(speaker, clip, samples at 16 kHz) → the mouth that a system makes of it, None where there is none."""


@dataclass(frozen=True)
class Row:
    """One line of the results.

    Attributes:
        speaker: of the clips; ``flite``, ``plain`` and ``own`` for the spoken sentences, ``still`` for silence and noise.
        system: :data:`OURS`, :data:`TRACKED` or a peer's name.
        clips: how many were measured.
        missing: how many the system has no file for.
        figures: by the names in `metrics.SOURCES`; what a system cannot give is None or left out.
    """

    speaker: str
    system: str
    clips: int
    missing: int
    figures: Figures


# One clip


def track_figures(clip: Clip, track: MouthTrack) -> Figures:
    """A mouth against a clip's tracked landmarks, all of :data:`SOURCES` that one clip has, and the two intensities.

    Opening and width are measured on the average face. D-LL, D-VL and D-A take the motion on the clip's own neutral face,
    as their source does; they are None where the track has no landmarks.
    """
    times = np.arange(len(clip)) / clip.fps
    opening, width = track.mouth_at(times)
    true_opening, true_width = mouth_opening(clip.landmarks), mouth_width(clip.landmarks)
    opening_best, opening_lag = best_lag(opening, true_opening, clip.fps)
    width_best, width_lag = best_lag(width, true_width, clip.fps)
    displacement = track.displacement_at(times)
    own = None if displacement is None else neutral_of(clip.landmarks) + displacement
    return {
        "opening": correlation(opening, true_opening),
        "opening_best": opening_best,
        "opening_lag": opening_lag,
        "width": correlation(width, true_width),
        "width_best": width_best,
        "width_lag": width_lag,
        "d_ll": None if own is None else lip_distance(own, clip.landmarks),
        "d_vl": None if own is None else lip_velocity_difference(own, clip.landmarks),
        "d_a": None if own is None else area_difference(own, clip.landmarks),
        "gain": gain(opening, true_opening),
        "gain_width": gain(width, true_width),
        "speed": speed(opening, true_opening),
        "speed_width": speed(width, true_width),
        "mtm": mean_temporal_misalignment(opening, true_opening, clip.fps),
        **_unaided_figures(clip, opening, width),
    }


def _unaided_figures(clip: Clip, opening: NDArray[Any], width: NDArray[Any]) -> Figures:
    """The figures of a (T,) opening and width that need no truth."""
    silent = silent_frames(loudness(mel_power(clip.audio)), FEATURE_RATE)
    nearest = np.minimum(
        np.round(np.arange(len(clip)) / clip.fps * FEATURE_RATE).astype(int), len(silent) - 1
    )
    return {
        "silence_jitter": silence_jitter(opening, silent[nearest], clip.fps),
        "speech_intensity": speech_intensity(clip.audio),
        "lip_intensity": lip_intensity(opening, width, clip.fps),
    }


def clip_figures(clip: Clip, backend: Backend) -> Figures:
    """Figures of what our engine makes of one clip; see :func:`track_figures`."""
    return track_figures(clip, MouthTrack.of_motion(content_motion(clip.audio, backend)))


def summary(rows: Sequence[Figures]) -> Figures:
    """Figures of several clips as one: their mean, the median for lags, over the clips that have them; SLCC over all.

    Args:
        rows: at least one, as :func:`track_figures` gives them.
    """
    result: Figures = {}
    for key in dict.fromkeys(key for row in rows for key in row):
        values = [value for row in rows if (value := row.get(key)) is not None]
        middle = np.median if key.endswith("_lag") else np.mean
        result[key] = float(middle(values)) if values else None
    loud, lively = ([row[key] or 0.0 for row in rows] for key in ("speech_intensity", "lip_intensity"))
    result["slcc"] = intensity_correlation(loud, lively)
    return {key: value for key, value in result.items() if key in SOURCES}


# Spoken sentences, silence and noise


def closures(
    backend: Backend, voices: tuple[str, ...], sentences: tuple[str, ...], share: float = 0.1
) -> dict[str, float]:
    """Recall, precision and lag of our engine's lip closures on flite speech with exact phone times.

    Args:
        backend: the model.
        voices: flite's.
        sentences: English.
        share: of the 95th percentile of openings that counts as shut; see :func:`metrics.closure_counts`.
    """
    counts = []
    for _, samples, phones in spoken(voices, sentences):
        track = MouthTrack.of_motion(content_motion(samples, backend))
        counts.append(closure_counts(track.opening_at, phones, len(samples) / SAMPLE_RATE, share))
    return closure_figures(counts)


def spoken(
    voices: Sequence[str], sentences: Sequence[str], first: int = 0
) -> Iterable[tuple[str, NDArray[np.float32], Phones]]:
    """(name ``flite_<voice>_<number>``, (N,) samples at 16 kHz, phones) of each sentence and voice, counted from ``first``."""
    from inference.training.synthetic_speech.synthesis import speak

    for voice in voices:
        for number, sentence in enumerate(sentences, first):
            samples, phones = speak(sentence, voice)
            yield f"flite_{voice}_{number:02d}", samples, phones


def lines_of(path: Path) -> tuple[str, ...]:
    """The sentences of a text file, one a line.

    Raises:
        EngineError: where the file cannot be read or has none (code ``bad_sentences``).
    """
    try:
        sentences = tuple(
            line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()
        )
    except (OSError, UnicodeDecodeError) as error:
        raise EngineError(
            f"{path} cannot be read as text ({error}): give one sentence a line, in UTF-8.", "bad_sentences"
        ) from error
    if not sentences:
        raise EngineError(f"{path} has no sentences: give one a line.", "bad_sentences")
    return sentences


def still_sounds(seed: int = 0) -> dict[str, NDArray[np.float32]]:
    """Sounds that nobody speaks in, at 16 kHz: 1 s of digital silence; 5 s of white, pink, brown noise at -30 dBFS."""
    result = {"silence": np.zeros(SAMPLE_RATE, np.float32)}
    for name, slope in (("white", 0.0), ("pink", 1.0), ("brown", 2.0)):
        result[name] = at_level(noise(5.0, slope, seed), -30.0).astype(np.float32)
    return result


def _still_figure(name: str, track: MouthTrack | None, sound: NDArray[np.float32]) -> float | None:
    if track is None:
        return None
    opening = track.opening_at(np.arange(0, len(sound) / SAMPLE_RATE + 1e-6, 1 / _STILL_RATE))
    return float(opening.std() if name == "silence" else opening.mean())


# All of it


def held_out(corpus: Path, speakers: Sequence[str] = (), clips: int | None = None) -> dict[str, list[Path]]:
    """The clips that figures are quoted on, by speaker.

    Args:
        corpus: a prepared corpus; s1 and s4 are split as `filmed_corpora.corpus.split` says, all others are
            taken whole.
        speakers: only these.
        clips: only the first so many of each.

    Raises:
        EngineError: where that leaves none (code ``no_clips``).
    """
    names = [folder.name for folder in sorted(corpus.iterdir()) if folder.is_dir()]
    chosen = {name: split(corpus, name)["test"][:clips] for name in names if name in speakers or not speakers}
    chosen = {name: paths for name, paths in chosen.items() if paths}
    absent = sorted(set(speakers) - set(chosen))
    if absent or not chosen:
        raise EngineError(
            f"{corpus} has no held-out clips{' of ' + ', '.join(absent) if absent else ''}: prepare them first, "
            "see docs/training.md.",
            "no_clips",
        )
    return chosen


def evaluate(
    corpus: Path,
    backend: Backend,
    peers: Sequence[Peer] = (),
    speech: bool = True,
    speakers: Sequence[str] = (),
    clips: int | None = None,
    report: Callable[[str], None] = print,
    sentences: Sequence[str] = (),
) -> list[Row]:
    """Our model and its peers on every speaker's held-out part of a corpus, on flite closures and on stillness.

    Args:
        corpus: a prepared corpus.
        backend: our model.
        peers: what else to measure. A folder's ``flite_<voice>_<number>`` and ``still_<sound>`` files are measured as ours are.
        speech: whether to speak the flite sentences.
        speakers: see :func:`held_out`.
        clips: see :func:`held_out`.
        report: called with each line of the tables.
        sentences: English, spoken by flite's voices for our model's closures, beside those of the bench.

    Returns:
        A row for each speaker and system that made anything of the speaker's clips.

    Raises:
        EngineError: where there are no clips, where peers are named alike, or a peer has no file
            for any clip, or one that cannot be read.
    """
    chosen = held_out(corpus, speakers, clips)
    systems = _systems(backend, peers, chosen)
    width = max(len(name) for name in [*systems, TRACKED, "system"])
    rows: list[Row] = []
    report(heading(CLIP_COLUMNS, width))
    for speaker, paths in chosen.items():
        for row in _speaker_rows(speaker, paths, systems):
            rows.append(row)
            report(line(row, CLIP_COLUMNS, width))
    report(_CLIP_UNITS)
    report("")
    report(heading(_SOUND_COLUMNS, width))
    named = {peer.name for peer in peers if peer.path.is_dir()} | {OURS}
    systems = {name: system for name, system in systems.items() if name in named}
    more = [
        *((_flite_rows(systems),) if speech else ()),
        *((_sentence_rows("own", sentences, 0, {OURS: systems[OURS]}),) if sentences else ()),
        _still_rows(systems),
    ]
    for row in chain.from_iterable(more):
        rows.append(row)
        report(line(row, _SOUND_COLUMNS, width))
    report(_SOUND_UNITS)
    for row in rows:
        if row.missing:
            report(
                f"{row.system}: no file for {row.missing} of {row.clips + row.missing} clips of {row.speaker}; "
                "its figures are over the rest."
            )
    return rows


def evaluate_disturbed(
    corpus: Path,
    backend: Backend,
    speakers: Sequence[str] = (),
    clips: int | None = None,
    report: Callable[[str], None] = print,
) -> list[Row]:
    """Our model on the held-out clips with their sound disturbed in each way of :data:`DISTURBANCES`.

    Args:
        corpus, speakers, clips: see :func:`held_out`.
        backend: our model.
        report: called with each line of the table.

    Returns:
        A row for each disturbance and speaker; the system's name is the disturbance's.

    Raises:
        EngineError: where there are no clips, or Praat is not installed (code ``no_praat``).
    """
    chosen = {
        speaker: [load_clip(path) for path in paths]
        for speaker, paths in held_out(corpus, speakers, clips).items()
    }
    everyone = [clip for filmed in chosen.values() for clip in filmed]
    width = max(map(len, DISTURBANCES))
    rows: list[Row] = []
    report(heading(CLIP_COLUMNS, width))
    for name in DISTURBANCES:
        for speaker, filmed in chosen.items():
            figures = []
            for clip in filmed:
                others = [other.audio for other in everyone if other is not clip]
                heard = disturbed(clip.audio, name, f"{speaker}/{clip.name}", others)
                figures.append(clip_figures(replace(clip, audio=heard), backend))
            rows.append(Row(speaker, name, len(figures), 0, summary(figures)))
            report(line(rows[-1], CLIP_COLUMNS, width))
    return rows


def _ours(backend: Backend) -> System:
    return lambda speaker, clip, samples: MouthTrack.of_motion(content_motion(samples, backend))


def _theirs(peer: Peer, shared: set[str]) -> System:
    return lambda speaker, clip, samples: peer.track(speaker, clip, clip in shared)


def _systems(backend: Backend, peers: Sequence[Peer], chosen: dict[str, list[Path]]) -> dict[str, System]:
    """All systems by name, ours first."""
    names = Counter(path.stem for paths in chosen.values() for path in paths)
    shared = {name for name, count in names.items() if count > 1}
    systems: dict[str, System] = {OURS: _ours(backend)}
    for peer in peers:
        if peer.name in {*systems, TRACKED}:
            raise EngineError(
                f"Two systems are called {peer.name}: give {peer.path} another name with --against NAME=PATH.",
                "peer_name",
            )
        if peer.path.is_file() and names.total() != 1:
            raise EngineError(
                f"{peer.path} is one file for {names.total()} clips: give a folder, or choose one clip.",
                "bad_peer",
            )
        clips = [(speaker, path.stem) for speaker, paths in chosen.items() for path in paths]
        sounds = (
            file
            for kind in ("flite", "still")
            for file in peer.path.glob(f"**/{kind}_*")
            if file.suffix in SUFFIXES and not file.name.endswith(_PHONES)
        )
        if not any(peer.find(*clip, clip[1] in shared) for clip in clips) and not any(sounds):
            raise EngineError(
                f"{peer.path} has a file for none of the clips: name its files <clip>, <speaker>/<clip> or "
                f"<speaker>_<clip> with one of the endings {', '.join(SUFFIXES)}.",
                "peer_missing",
            )
        systems[peer.name] = _theirs(peer, shared)
    return systems


def _speaker_rows(speaker: str, paths: list[Path], systems: dict[str, System]) -> list[Row]:
    """A row for each system, and one for the filmed face."""
    measured: dict[str, list[Figures]] = {name: [] for name in [*systems, TRACKED]}
    for path in paths:
        clip = load_clip(path)
        for name, system in systems.items():
            track = system(speaker, clip.name, clip.audio)
            if track is not None:
                measured[name].append(track_figures(clip, track))
        truth = mouth_opening(clip.landmarks), mouth_width(clip.landmarks)
        measured[TRACKED].append(_unaided_figures(clip, *truth))
    return [
        Row(speaker, name, len(figures), len(paths) - len(figures), summary(figures) if figures else {})
        for name, figures in measured.items()
    ]


def _flite_rows(systems: dict[str, System]) -> Iterator[Row]:
    """Closures of each system that has any of the sentences: those rich in p, b and m, and plain ones."""
    from inference.training.synthetic_speech.synthesis import PLAIN_SENTENCES, TEST_SENTENCES

    yield from _sentence_rows("flite", TEST_SENTENCES, 0, systems)
    yield from _sentence_rows("plain", PLAIN_SENTENCES, len(TEST_SENTENCES), systems)


def _sentence_rows(
    kind: str, sentences: Sequence[str], first: int, systems: dict[str, System]
) -> Iterator[Row]:
    """Closures in some sentences, counted from ``first``, by all voices."""
    counts: dict[str, list[ClosureCounts]] = {name: [] for name in systems}
    for sentence, samples, phones in spoken(TEST_VOICES, sentences, first):
        for name, system in systems.items():
            track = system("flite", sentence, samples)
            if track is not None:
                counts[name].append(closure_counts(track.opening_at, phones, len(samples) / SAMPLE_RATE))
    total = len(TEST_VOICES) * len(sentences)
    for name, several in counts.items():
        if several:
            yield Row(kind, name, len(several), total - len(several), dict(closure_figures(several)))


def _still_rows(systems: dict[str, System]) -> Iterator[Row]:
    """Stillness of each system that has any of the sounds."""
    sounds = still_sounds()
    for name, system in systems.items():
        figures = {
            sound: _still_figure(sound, system("still", f"still_{sound}", samples), samples)
            for sound, samples in sounds.items()
        }
        there = sum(value is not None for value in figures.values())
        if there:
            yield Row("still", name, there, len(sounds) - there, figures)


# What a person and a program read

# Figure, heading, width, decimals
CLIP_COLUMNS = (
    ("opening", "open r", 6, 3), ("opening_best", "best", 6, 3), ("opening_lag", "lag", 5, 0), ("width", "width r", 7, 3),
    ("width_best", "best", 6, 3), ("width_lag", "lag", 5, 0), ("d_ll", "D-LL", 6, 2), ("d_vl", "D-VL", 5, 2),
    ("d_a", "D-A", 5, 1), ("gain", "gain", 5, 2), ("gain_width", "width", 5, 2), ("speed", "speed", 5, 2),
    ("speed_width", "width", 5, 2), ("mtm", "MTM", 5, 0), ("slcc", "SLCC", 6, 2),
    ("silence_jitter", "jitter", 7, 4),
)  # fmt: skip
_SOUND_COLUMNS = (
    ("closure_recall", "recall", 7, 3), ("closure_precision", "precision", 9, 3), ("closure_lag", "lag", 5, 0),
    ("closures", "p/b/m", 6, 0), ("silence", "silence", 8, 4), ("white", "white", 8, 4), ("pink", "pink", 8, 4),
    ("brown", "brown", 8, 4),
)  # fmt: skip
_CLIP_UNITS = (
    "r: Pearson; lag, MTM: ms (late is positive); D-LL, D-VL: % of lip width; D-A: % of largest area;\n"
    "jitter: opening's standard deviation in silence, outer eye-corner distances."
)
_SOUND_UNITS = (
    "flite: lip closures on p, b, m, lag in ms, in sentences rich in them; plain: in ordinary ones; own: in --sentences;\n"
    "still: opening in silence and noise, outer eye-corner distances."
)

_Columns = tuple[tuple[str, str, int, int], ...]


def heading(columns: _Columns, width: int) -> str:
    """The columns' names, for systems whose names are so many letters long."""
    return f"{'speaker':<8} {'system':<{width}} {'clips':>5} " + " ".join(
        f"{heading:>{size}}" for _, heading, size, _ in columns
    )


def line(row: Row, columns: _Columns, width: int) -> str:
    """A row below :func:`heading`."""
    cells = []
    for key, _, size, decimals in columns:
        value = row.figures.get(key)
        cells.append(f"{'–':>{size}}" if value is None else f"{value:>{size}.{decimals}f}")
    return f"{row.speaker:<8} {row.system:<{width}} {row.clips:>5} " + " ".join(cells)


def content(rows: Sequence[Row], probe: dict[str, Any] | None = None) -> dict[str, Any]:
    """What the JSON has.

    Returns:
        ``rows``, each with every figure of :data:`SOURCES` (four decimals, null where there is none), ``sources`` and, where
        there is one, :func:`inference.training.evaluation.probe.probe_speech`'s ``probe``.
    """
    table = []
    for row in rows:
        values = {key: row.figures.get(key) for key in SOURCES}
        rounded = {key: None if value is None else round(value, 4) for key, value in values.items()}
        table.append(
            {
                "speaker": row.speaker,
                "system": row.system,
                "clips": row.clips,
                "missing": row.missing,
                **rounded,
            }
        )
    return {"rows": table, "sources": SOURCES, **({"probe": probe} if probe else {})}


def write_sounds(folder: Path, chosen: dict[str, list[Path]], speech: bool = True) -> int:
    """Writes all that peers have to be run on, as 16 kHz mono WAV files; returns how many.

    ``<speaker>_<clip>.wav`` for each held-out clip, ``still_<sound>.wav``, and for each flite sentence
    ``flite_<voice>_<number>.wav``, ``.txt`` (what is said) and ``.phones.tsv`` (start s, end s, phone). A peer's output of the
    same name with its own ending, in any folder, is then found by ``--against NAME=FOLDER``.

    Args:
        folder: made where it is not there.
        chosen: see :func:`held_out`.
        speech: whether to speak the flite sentences.
    """
    from inference.training.synthetic_speech.synthesis import PLAIN_SENTENCES, TEST_SENTENCES

    texts = TEST_SENTENCES + PLAIN_SENTENCES
    folder.mkdir(parents=True, exist_ok=True)
    number = 0
    for speaker, paths in chosen.items():
        for path in paths:
            heard = wav_bytes(load_clip(path).audio, SAMPLE_RATE)
            (folder / f"{speaker}_{path.stem}.wav").write_bytes(heard)
            number += 1
    for name, samples in still_sounds().items():
        (folder / f"still_{name}.wav").write_bytes(wav_bytes(samples, SAMPLE_RATE))
        number += 1
    for name, samples, phones in spoken(TEST_VOICES if speech else (), texts):
        (folder / f"{name}.wav").write_bytes(wav_bytes(samples, SAMPLE_RATE))
        (folder / f"{name}.txt").write_text(texts[int(name[-2:])] + "\n", encoding="utf-8")
        lines = [f"{start:.4f}\t{end:.4f}\t{phone}\n" for phone, start, end in phones]
        (folder / f"{name}{_PHONES}").write_text("".join(["start\tend\tphone\n", *lines]), encoding="utf-8")
        number += 1
    return number


def plot_clips(paths: Sequence[Path], backend: Backend, target: Path, peers: Sequence[Peer] = ()) -> None:
    """Draws each system's opening and width against the tracked ones of some clips.

    Args:
        paths: clips.
        backend: our model.
        target: picture to write (.png).
        peers: what else to draw.
    """
    from inference.training.evaluation.charts import draw_mouths, new_figure, save_figure

    chosen: dict[str, list[Path]] = {}
    for path in paths:
        chosen.setdefault(path.parent.name, []).append(path)
    systems = _systems(backend, peers, chosen)
    figure = new_figure(1.8 * len(paths))
    for row, path in zip(figure.subplots(len(paths), 2, squeeze=False), paths, strict=True):
        clip = load_clip(path)
        times = np.arange(len(clip)) / clip.fps
        tracks = {name: system(clip.speaker, clip.name, clip.audio) for name, system in systems.items()}
        draw_mouths(row, clip, {name: track.mouth_at(times) for name, track in tracks.items() if track})
        for axis, what in zip(row, ("opening, %", "width, ± %"), strict=True):
            axis.set_title(f"{clip.speaker}/{clip.name} {what}", fontsize=9)
            axis.legend(fontsize=6)
    figure.tight_layout()
    save_figure(figure, target)
