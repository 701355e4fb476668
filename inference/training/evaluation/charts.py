"""The two pictures that show what the lips do: curves beside filmed speakers, and the mouth of every phone.

Nothing in them is picked by eye: the clips are each held-out speaker's median by opening r, the mouths are averages over
all times of a phone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from inference.face.landmarks import CHIN, NEUTRAL_FACE, mouth_opening, mouth_width
from inference.hearing.backends import Backend
from inference.motion.lips.content import PHONES, content_motion
from inference.training.correlation import correlation
from inference.training.evaluation.peers import MouthTrack
from inference.training.filmed_corpora.align import align_words, grid_words
from inference.training.filmed_corpora.corpus import SAMPLE_RATE, Clip, load_clip, split
from inference.training.filmed_corpora.labelled import FRAME_RATE
from inference.training.synthetic_speech.synthesis import TEST_SENTENCES, flite_phone_index, speak

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Mouth = tuple[NDArray[np.float64], NDArray[np.float64]]
"""(T,) opening and (T,) width, outer eye-corner distances."""

CURVE_SPEAKERS = ("s1", "s4", "s26")
"""Whose held-out clips are drawn."""

PHONE_VOICES = ("slt", "rms")
"""flite's voices that the mouths are averaged over: a woman and a man."""

PHONE_SENTENCES = (
    "The boy enjoyed the noisy toy.", "A usual measure of pleasure is in the treasure.", "The good cook took the wooden hook.",
    "She sings a long song in the evening.", "How now, the brown cow is out of the house.", "He hid behind the huge hill.",
    "Three thin thieves thanked their brother.", "This weather is rather smooth and soothing.",
    "Fairly few voices have ever left the valley.", "You usually choose the cheap yellow chair.",
    "The judge joined the large village choir.", "Go and get the green bag again.", "Who knew that the new shoes were blue?",
    "Oh no, the old road is closed.", "All the tall walls were drawn in chalk.", "Her first word was heard by the nurse.",
    "We quickly washed the window with warm water.", "Eight great trains came late today.",
    "Red lorry, yellow lorry, rolling right along.", "I like to ride my bike at night.",
)  # fmt: skip
"""With `synthesis.TEST_SENTENCES`, every phone of English several times, each beside others."""

MOUTH_CLASSES: dict[str, tuple[str, ...]] = {
    "bilabial": ("P", "B", "M"),
    "labiodental": ("F", "V"),
    "dental": ("TH", "DH"),
    "alveolar": ("T", "D", "N", "L", "S", "Z"),
    "postalveolar": ("CH", "JH", "SH", "ZH", "R"),
    "velar": ("K", "G", "NG"),
    "rounded": ("W", "UW", "UH", "OW", "OY", "AO", "ER"),
    "open": ("AA", "AE", "AH", "AW", "AY", "HH"),
    "spread": ("IY", "IH", "EY", "EH", "Y"),
}
"""The phones by what shapes their mouth, 39 in all (HH has the mouth of its vowel, mostly an open one)."""

EXAMPLES: dict[str, str] = {
    "P": "pie", "B": "buy", "M": "my", "F": "fee", "V": "voice", "TH": "thin", "DH": "this", "T": "tie", "D": "day", "N": "no",
    "L": "lay", "S": "see", "Z": "zoo", "CH": "chair", "JH": "joy", "SH": "she", "ZH": "measure", "R": "red", "K": "key",
    "G": "go", "NG": "sing", "W": "we", "UW": "two", "UH": "book", "OW": "old", "OY": "boy", "AO": "law", "ER": "her",
    "AA": "father", "AE": "cat", "AH": "cup", "AW": "cow", "AY": "high", "HH": "hat", "IY": "tea", "IH": "sit", "EY": "eight",
    "EH": "bed", "Y": "yes",
}  # fmt: skip
"""Phone → a word that has it."""

_JAW_REACH = 0.37  # outer eye-corner distances to either side that the jaw line is drawn
_INSTANTS = 5  # that the middle third of a phone is looked at
_COLUMNS = 8
_TRUTH, _OURS, _CLOSED = "#222222", "#e4572e", "#cfe2f3"
_LIP, _LIP_EDGE, _INSIDE, _GREY = "#d98880", "#7b241c", "#4a1511", "#b3b6b7"
_PANEL = "#f3f5f7"
_WIDTH_INCHES, _DPI, _COLOURS = 10.0, 150, 64


# What is drawn


@dataclass(frozen=True)
class MedianClip:
    """A speaker's held-out clip whose opening r is the median.

    Attributes:
        clip: it.
        opening, width: (T,) that the engine made, at the clip's frames, on the average face, outer eye-corner distances.
        opening_r, width_r: Pearson's r with the tracked ones, lag 0.
        of: how many held-out clips the speaker has.
        trained: how many clips of the speaker are for training.
        words: (word, start s, end s), empty where nobody knows them.
        phones: (phone, start s, end s) without silences, empty where they could not be aligned.
    """

    clip: Clip
    opening: NDArray[np.float64]
    width: NDArray[np.float64]
    opening_r: float
    width_r: float
    of: int
    trained: int
    words: list[tuple[str, float, float]]
    phones: list[tuple[str, float, float]]


def median_clip(paths: Sequence[Path], backend: Backend, alignments: Path | None = None) -> MedianClip:
    """The clip whose opening r is the median; of an even number, the lower one of the two in the middle.

    Args:
        paths: a speaker's held-out clips, at least one.
        backend: our model.
        alignments: GRID's folder of word times (``<speaker>/<clip>.align``).
    """

    def measured(path: Path) -> tuple[float, Path]:
        clip = load_clip(path)
        return correlation(_mouth(clip, backend)[0], mouth_opening(clip.landmarks)), path

    _, path = sorted(map(measured, paths))[(len(paths) - 1) // 2]
    clip = load_clip(path)
    opening, width = _mouth(clip, backend)
    groups = split(path.parent.parent, clip.speaker)
    words, phones = _said(clip, alignments / clip.speaker / f"{clip.name}.align" if alignments else None)
    return MedianClip(
        clip=clip,
        opening=opening,
        width=width,
        opening_r=correlation(opening, mouth_opening(clip.landmarks)),
        width_r=correlation(width, mouth_width(clip.landmarks)),
        of=len(paths),
        trained=len(groups["train"]) + len(groups["validation"]),
        words=words,
        phones=phones,
    )


def _mouth(clip: Clip, backend: Backend) -> Mouth:
    """(T,) opening and width that the engine makes, at the clip's frames."""
    times = np.arange(len(clip)) / clip.fps
    return MouthTrack.of_motion(content_motion(clip.audio, backend)).mouth_at(times)


def _said(
    clip: Clip, source: Path | None
) -> tuple[list[tuple[str, float, float]], list[tuple[str, float, float]]]:
    """Words and phones of a clip with their times; the phones' are PocketSphinx's."""
    if source is None or not source.is_file():
        return [], []
    entries = [line.split() for line in source.read_text(encoding="utf-8").splitlines()]
    words = [(word, int(start) / 25000, int(end) / 25000) for start, end, word in entries]
    words = [entry for entry in words if entry[0] not in ("sil", "sp")]
    labels = align_words(clip.audio, [("", word) for word in grid_words(source)])
    if labels is None:
        return words, []
    edges = [0, *(np.flatnonzero(np.diff(labels)) + 1).tolist(), len(labels)]
    runs = [(PHONES[labels[a]], a / FRAME_RATE, b / FRAME_RATE) for a, b in zip(edges, edges[1:])]
    return words, [run for run in runs if run[0] != "SIL"]


def phone_mouths(
    backend: Backend,
    voices: Sequence[str] = PHONE_VOICES,
    sentences: Sequence[str] = TEST_SENTENCES + PHONE_SENTENCES,
) -> dict[str, NDArray[np.float64]]:
    """The face that the engine makes for each phone: the mean over the middle third of its times in flite speech.

    Args:
        backend: our model.
        voices: flite's.
        sentences: English.

    Returns:
        Phone of :data:`inference.motion.lips.content.PHONES` → (68, 3), outer eye-corner distances, for all phones that are said.

    Raises:
        FileNotFoundError: when flite is not installed.
    """
    faces: dict[str, list[NDArray[np.float64]]] = defaultdict(list)
    for voice in voices:
        for sentence in sentences:
            samples, phones = speak(sentence, voice)
            track = MouthTrack.of_motion(content_motion(samples, backend))
            for name, start, end in phones:
                phone = PHONES[flite_phone_index(name)]
                third = (end - start) / 3
                displacement = track.displacement_at(np.linspace(start + third, end - third, _INSTANTS))
                assert displacement is not None
                faces[phone].append(NEUTRAL_FACE + displacement.mean(axis=0))
    return {phone: np.mean(several, axis=0) for phone, several in faces.items() if phone != "SIL"}


# The pictures


def draw_charts(
    folder: Path,
    chosen: Mapping[str, Sequence[Path]],
    backend: Backend,
    alignments: Path | None = None,
    report: Callable[[str], None] = print,
) -> list[Path]:
    """Writes ``curves.png`` and ``phones.png``.

    Args:
        folder: made where it is not there.
        chosen: held-out clips by speaker; those of :data:`CURVE_SPEAKERS` are drawn, of none of them the first three.
        backend: our model.
        alignments: GRID's folder of word times, to write words and phones at the curves.
        report: told what was written.

    Returns:
        The files.

    Raises:
        FileNotFoundError: when flite is not installed.
    """
    speakers = [name for name in CURVE_SPEAKERS if name in chosen] or sorted(chosen)[:3]
    folder.mkdir(parents=True, exist_ok=True)
    curves, phones = folder / "curves.png", folder / "phones.png"
    clips = [median_clip(chosen[name], backend, alignments) for name in speakers]
    draw_curves(clips, curves)
    for clip in clips:
        report(f"{curves}: {clip.clip.speaker}/{clip.clip.name}, {_figures(clip)}")
    mouths = phone_mouths(backend)
    draw_phones(mouths, phones)
    report(f"{phones}: {len(mouths)} phones")
    return [curves, phones]


def _figures(clip: MedianClip) -> str:
    return (
        f"opening r = {clip.opening_r:.2f}, width r = {clip.width_r:.2f} (median of {clip.of} unseen clips)"
    )


def _acquaintance(clip: MedianClip) -> str:
    return f"trained on {clip.trained} other clips" if clip.trained else "never trained on"


def draw_curves(clips: Sequence[MedianClip], target: Path) -> None:
    """Draws sound, opening and width of each clip, ours on the filmed ones.

    Width is drawn about each curve's own mean, since faces differ in it.

    Args:
        clips: at least one.
        target: .png to write.
    """
    tall, head = 3.3, 0.45
    height = tall * len(clips) + head
    figure = new_figure(height)
    rows = figure.add_gridspec(
        len(clips), 1, left=0.09, right=0.985, top=1 - (head + 0.35) / height, bottom=0.5 / height, hspace=0.2
    )
    for place, clip in enumerate(clips):
        inner = rows[place].subgridspec(4, 1, height_ratios=(0.6, 0.42, 1.75, 1.2), hspace=0.07)
        axes = [figure.add_subplot(inner[number]) for number in range(4)]
        for axis in axes:
            axis.set_xlim(0, len(clip.clip) / clip.clip.fps)
            axis.spines[["top", "right"]].set_visible(False)
            axis.tick_params(labelsize=9, length=3)
        _draw_sound(axes[0], clip)
        _draw_words(axes[1], clip)
        _draw_curves(axes[2], axes[3], clip)
    figure.text(
        0.985, 0.08 / height, "% of the distance of the outer eye corners; width about its mean",
        fontsize=9.5, color="#555555", ha="right",
    )  # fmt: skip
    lines = figure.axes[2].get_lines()
    figure.legend(
        lines[:2] + [_patch(_CLOSED, "p, b, m are spoken")],
        ["filmed speaker", "made from the sound alone", "p, b, m are spoken: the lips must meet"],
        loc="upper center", ncols=3, frameon=False, fontsize=11,
    )  # fmt: skip
    save_figure(figure, target)


def _draw_sound(axis: Axes, clip: MedianClip) -> None:
    """Title and waveform."""
    sound = clip.clip.audio
    step = 40  # samples: a pixel or so
    blocks = sound[: len(sound) // step * step].reshape(-1, step)
    times = (np.arange(len(blocks)) + 0.5) * step / SAMPLE_RATE
    axis.fill_between(times, blocks.min(axis=1), blocks.max(axis=1), color="#7f8c8d", linewidth=0)
    peak = float(np.abs(sound).max()) or 1.0
    axis.set_ylim(-peak, peak)
    axis.set_axis_off()
    axis.set_title(f"{clip.clip.speaker}: {_acquaintance(clip)}", loc="left", fontsize=11, fontweight="bold")
    axis.set_title(_figures(clip), loc="right", fontsize=10)


def _draw_words(axis: Axes, clip: MedianClip) -> None:
    """Words and, under them, phones at their times."""
    axis.set_ylim(0, 2)
    axis.set_axis_off()
    for word, start, end in clip.words:
        axis.text((start + end) / 2, 1.5, word, ha="center", va="center", fontsize=10.5, fontstyle="italic")
    for phone, start, end in clip.phones:
        shut = phone in MOUTH_CLASSES["bilabial"]
        axis.axvspan(start, end, 0, 0.5, facecolor=_CLOSED if shut else "#f2f3f4", edgecolor="white")
        axis.text(
            (start + end) / 2, 0.48, phone.lower(), ha="center", va="center", fontsize=8.5,
            fontweight="bold" if shut else "normal", clip_on=True,
        )  # fmt: skip


def _draw_curves(opening: Axes, width: Axes, clip: MedianClip) -> None:
    """Both curves, and where p, b and m are spoken."""
    draw_mouths((opening, width), clip.clip, {"": (clip.opening, clip.width)})
    for axis in (opening, width):
        for phone, start, end in clip.phones:
            if phone in MOUTH_CLASSES["bilabial"]:
                axis.axvspan(start, end, color=_CLOSED, linewidth=0, zorder=0)
    opening.set_ylim(-0.5, 1.05 * max(15, opening.dataLim.ymax))
    opening.set_ylabel("mouth\nopening, %", fontsize=10)
    opening.set_xticklabels([])
    reach = 1.1 * max(3.5, *np.abs(width.dataLim.intervaly))
    width.set_ylim(-reach, reach)
    width.set_ylabel("mouth\nwidth, ± %", fontsize=10)
    width.xaxis.set_major_formatter("{x:.1f} s")


def draw_mouths(axes: Iterable[Axes], clip: Clip, mouths: Mapping[str, Mouth]) -> None:
    """Draws opening and width in percent of the distance of the outer eye corners, the systems' on the filmed ones.

    Width is drawn about each curve's own mean, since faces differ in it.

    Args:
        axes: of opening and of width.
        clip: the filmed one.
        mouths: system, ours first → the mouth it made, at the clip's frames.
    """
    times = np.arange(len(clip)) / clip.fps
    filmed = mouth_opening(clip.landmarks), mouth_width(clip.landmarks)
    for axis, about, truth, *curves in zip(axes, (0, 1), filmed, *mouths.values()):
        axis.plot(times, 100 * (truth - about * truth.mean()), color=_TRUTH, linewidth=1.6, label="tracked")
        for number, (name, curve) in enumerate(zip(mouths, curves)):
            label = f"{name} r = {correlation(curve, truth):.2f}"
            colour = f"C{number + 3}" if number else _OURS
            axis.plot(times, 100 * (curve - about * curve.mean()), color=colour, linewidth=2.2, label=label)


def draw_phones(mouths: Mapping[str, NDArray[Any]], target: Path) -> None:
    """Draws the mouth of each phone, sorted by :data:`MOUTH_CLASSES`, on the mouth at rest.

    Args:
        mouths: as :func:`phone_mouths` gives them; phones that are not in it stay empty.
        target: .png to write.
    """
    from matplotlib.patches import FancyBboxPatch

    rows: list[list[str]] = [[]]
    for group, phones in MOUTH_CLASSES.items():
        if sum(len(MOUTH_CLASSES[other]) for other in rows[-1]) + len(phones) > _COLUMNS:
            rows.append([])
        rows[-1].append(group)
    cell, tall, head, gap = _WIDTH_INCHES / _COLUMNS, 1.62, 0.62, 0.05
    height = tall * len(rows) + head
    figure = new_figure(height)

    def place(left: float, top: float, wide: float, high: float) -> tuple[float, float, float, float]:
        """Inches from the upper left corner → left, bottom, width, height as shares of the figure."""
        return left / _WIDTH_INCHES, 1 - (top + high) / height, wide / _WIDTH_INCHES, high / height

    for number, groups in enumerate(rows):
        top, left = head + tall * number, 0.0
        for group in groups:
            phones = MOUTH_CLASSES[group]
            panel = place(left + gap, top + gap, cell * len(phones) - 2 * gap, tall - 2 * gap)
            figure.add_artist(
                FancyBboxPatch(panel[:2], *panel[2:], boxstyle="square,pad=0", color=_PANEL, zorder=-1)
            )
            x, y, *_ = place(left + 0.13, top + 0.1, 0, 0.14)
            figure.text(x, y, group, fontsize=11, fontweight="bold", color="#34495e", va="center")
            for phone in phones:
                axis = figure.add_axes(place(left, top + 0.27, cell, 0.74 / 0.92 * cell))
                axis.set(xlim=(-0.46, 0.46), ylim=(-1.42, -0.68))
                axis.set_axis_off()
                if phone in mouths:
                    _draw_mouth(axis, mouths[phone])
                x, y, *_ = place(left + 0.13, top + tall - 0.2, 0, 0)
                figure.text(x, y, phone.lower(), fontsize=13, fontweight="bold", va="center")
                x, y, *_ = place(left + cell - 0.13, top + tall - 0.2, 0, 0)
                figure.text(x, y, EXAMPLES[phone], fontsize=11, style="italic", ha="right", va="center")
                left += cell
    x, y, *_ = place(0.06, 0.24, 0, 0)
    figure.text(
        x,
        y,
        "The mouth of every sound of English, as made from a voice",
        fontsize=14,
        fontweight="bold",
        va="center",
    )
    x, y, *_ = place(0.06, 0.49, 0, 0)
    figure.text(
        x, y, "Average over every time the sound is spoken, two voices, true to scale. Grey: lips and jaw at rest.",
        fontsize=10.5, color="#555555", va="center",
    )  # fmt: skip
    save_figure(figure, target)


def _draw_mouth(axis: Axes, face: NDArray[Any]) -> None:
    """Lips and jaw from the front, the mouth at rest behind them."""
    outer, inner = _contour(face, 48, 54, 59), _contour(face, 60, 64, 67)
    axis.fill(*outer.T, facecolor=_LIP, edgecolor=_LIP_EDGE, linewidth=0.8, zorder=2)
    axis.fill(*inner.T, facecolor=_INSIDE, edgecolor=_LIP_EDGE, linewidth=1.0, zorder=3)
    rest_outer = _contour(NEUTRAL_FACE, 48, 54, 59)
    axis.plot(*rest_outer.T, color=_GREY, linewidth=1.2, zorder=1)
    for jaw, colour, thickness in ((NEUTRAL_FACE, _GREY, 1.2), (face, "#5d4037", 1.8)):
        line = _smooth(jaw[CHIN, :2])
        axis.plot(*line[np.abs(line[:, 0]) < _JAW_REACH].T, color=colour, linewidth=thickness, zorder=1.5)


def _contour(face: NDArray[Any], first: int, second: int, last: int) -> NDArray[np.float64]:
    """(N, 2) closed outline through landmarks ``first``…``last``, smooth but for its corners ``first`` and ``second``."""
    upper = _smooth(face[first : second + 1, :2])
    lower = _smooth(face[[*range(second, last + 1), first], :2])
    return np.concatenate([upper, lower])


def _smooth(points: NDArray[Any], steps: int = 12) -> NDArray[np.float64]:
    """(N, 2) → a curve through all of them (uniform Catmull-Rom spline, ends doubled)."""
    p = np.concatenate([points[:1], points, points[-1:]]).astype(np.float64)
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    pieces = [
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        for a, b, c, d in zip(p, p[1:], p[2:], p[3:])
    ]
    return np.concatenate([*pieces, p[-1:]])


def new_figure(height: float) -> Figure:
    """An empty white figure as wide as a page."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    return pyplot.figure(figsize=(_WIDTH_INCHES, height), facecolor="white")


def save_figure(figure: Figure, target: Path) -> None:
    """Writes a small .png: flat colours need no more than a palette."""
    import io

    from matplotlib import pyplot
    from PIL import Image

    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=_DPI)
    pyplot.close(figure)
    picture = Image.open(drawn).convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
    picture.save(target, format="PNG", optimize=True)


def _patch(colour: str, label: str) -> Any:
    from matplotlib.patches import Patch

    return Patch(color=colour, label=label)
