# SPDX-License-Identifier: GPL-3.0-or-later
"""Frames and voice into demo.mp4, the contact sheet demo.png, and the checks of both.

    python assemble.py FRAMES VOICE PERFORMANCE.npz OUT [NAME]

NAME is what the files are called, "demo" where it is left out.

PERFORMANCE.npz is what perform.py measured on the character: `fps`, `first` and `last` frame, `voice_start` (the frame
on which the recording begins) and `opening` (the lips' distance at each frame).
"""

from __future__ import annotations

import json
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
RATE = 48_000
PICTURES = 8
SIZE = (1280, 720)
# The contact sheet: colours, its size, and where its pictures and axes lie on it.
GROUND, INK, FAINT = "#15171c", "#f2efe9", "#7f8591"
WAVE, MOUTH, MARK = "#6fb7ff", "#ff8a5c", "#ffd479"
MARK_LINE: dict[str, Any] = {"color": MARK, "linewidth": 1.0, "alpha": 0.75}
SHEET_INCHES = (19.2, 7.8)
LEFT, RIGHT, GAP = 0.05, 0.985, 0.006
MOST_UPRIGHT = 1.45
"""How many times higher than wide a picture on the sheet may be."""


def read_voice(path: Path, rate: int) -> Array:
    """A recording as mono samples at this rate."""
    chunks: list[Array] = []
    with av.open(str(path)) as container:
        resampler = av.AudioResampler(format="fltp", rate=rate)
        for frame in container.decode(audio=0):
            chunks += [part.to_ndarray().mean(axis=0) for part in resampler.resample(frame)]
        chunks += [part.to_ndarray().mean(axis=0) for part in resampler.resample(None)]
    return np.concatenate(chunks) if chunks else np.zeros(0, np.float32)


def write_video(
    frames: list[Path],
    voice: Array,
    lead: float,
    fps: Fraction,
    target: Path,
    size: tuple[int, int] = SIZE,
) -> None:
    """H.264 and AAC in an .mp4 that also plays while it is still loading; the voice begins `lead` seconds in."""
    length = round(len(frames) / fps * RATE)
    with av.open(str(target), "w", options={"movflags": "+faststart"}) as container:
        video = container.add_stream("libx264", rate=fps, options={"crf": "17", "preset": "medium"})
        video.width, video.height = size
        video.pix_fmt = "yuv420p"
        audio = container.add_stream("aac", rate=RATE, layout="stereo")
        audio.bit_rate = 160_000
        for path in frames:
            with av.open(str(path)) as still:
                picture = next(still.decode(video=0))
            small = picture.reformat(*size, format="rgb24", interpolation="AREA")
            image = av.VideoFrame.from_ndarray(small.to_ndarray(), format="rgb24")
            container.mux(video.encode(image))
        container.mux(video.encode(None))
        mux_sound(container, audio, voice, lead, length)


def mux_sound(container: Any, stream: Any, voice: Array, lead: float, length: int) -> None:
    """So many samples of sound into an open video's stereo stream; the voice begins `lead` seconds in."""
    sound = np.zeros(length, np.float32)
    start = round(lead * RATE)
    part = voice[: max(0, length - start)]
    sound[start : start + len(part)] = part
    for begin in range(0, length, 1024):
        block = sound[begin : begin + 1024]
        chunk = av.AudioFrame.from_ndarray(np.stack([block, block]), format="fltp", layout="stereo")
        chunk.sample_rate = RATE
        chunk.pts = begin
        chunk.time_base = Fraction(1, RATE)
        container.mux(stream.encode(chunk))
    container.mux(stream.encode(None))


def check_video(path: Path, expected: float, wanted: tuple[int, int] = SIZE) -> str:
    """Read the video back; returns one line about it, or exits with one sentence."""
    with av.open(str(path)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        names = video.codec_context.name, audio.codec_context.name
        size = video.codec_context.width, video.codec_context.height
        count = sum(1 for _ in container.decode(video=0))
        rate = float(video.average_rate or 0)
        duration = float(container.duration or 0) / 1e6
    sound = read_voice(path, 16_000)
    level = 20 * np.log10(max(1e-9, float(np.sqrt(np.mean(sound**2)))))
    problems = [
        (names != ("h264", "aac"), f"holds {names[0]} and {names[1]} instead of H.264 and AAC"),
        (size != wanted, f"is {size[0]}×{size[1]} instead of {wanted[0]}×{wanted[1]}"),
        (abs(duration - expected) > 0.2, f"lasts {duration:.2f} s instead of {expected:.2f} s"),
        (abs(count / max(rate, 1e-9) - expected) > 0.2, f"shows {count} frames at {rate:g} fps"),
        (level < -50, f"is silent ({level:.0f} dBFS)"),
    ]
    for wrong, text in problems:
        if wrong:
            sys.exit(f"assemble.py: {path} {text}.")
    return (
        f"{size[0]}×{size[1]}, {duration:.2f} s at {rate:g} fps, H.264 and AAC, sound at {level:.0f} dBFS RMS"
    )


def choose(opening: Array, fps: float, lead: float, phones: list[list[object]]) -> list[int]:
    """Eight frames that show what a mouth does: wide and narrow shapes of the speech, lips shut, the pause.

    With phone times, the most open and most closed phones of each part are taken; without, extremes of the curve.
    """
    count = len(opening)
    speech = [round((lead + float(str(time))) * fps) for _, *pair in phones for time in pair] or [0, count]
    bounds = np.linspace(max(0, min(speech)), min(count, max(speech)), PICTURES + 1).round().astype(int)
    chosen = []
    closed = {"m", "b", "p", "f", "v"}
    for index in range(PICTURES):
        begin, end = int(bounds[index]), int(bounds[index + 1])
        part = opening[begin:end]
        best = begin + int(np.argmax(part)) if part.max() > 0.25 * opening.max() else (begin + end) // 2
        if index in (1, 5):  # a row of open mouths says little: show two that are shut
            shut = [
                round((float(str(a)) + float(str(b))) / 2 * fps + lead * fps)
                for phone, a, b in phones
                if phone in closed
            ]
            inside = [frame for frame in shut if begin <= frame < end]
            best = min(inside, key=lambda frame: opening[frame]) if inside else begin + int(np.argmin(part))
        chosen.append(best)
    return chosen


def crop_of(images: list[Array]) -> tuple[int, int, int, int]:
    """One portrait crop for all pictures, centred on what moves between them: (left, top, width, height)."""
    stack = np.stack([image.mean(axis=2) for image in images])
    moving = stack.max(axis=0) - stack.min(axis=0)
    rows, columns = np.nonzero(moving > 40)
    height, width = moving.shape
    wide = min(width, round(0.92 * height * 0.84))
    tall = min(round(0.92 * height), round(MOST_UPRIGHT * wide))
    if len(rows) < 50:
        return (width - wide) // 2, height - tall, wide, tall
    centre_x, centre_y = float(np.median(columns)), float(np.median(rows))
    left = int(np.clip(centre_x - wide / 2, 0, width - wide))
    top = int(np.clip(centre_y - tall * 0.55, 0, height - tall))
    return left, top, wide, tall


def contact_sheet(
    frames: list[Path], voice: Array, lead: float, fps: float, opening: Array, timings: Path, target: Path
) -> None:
    """Eight frames over the waveform and the mouth-opening curve, on one time axis, with the spoken words."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    spoken = (
        json.loads(timings.read_text(encoding="utf-8")) if timings.exists() else {"words": [], "phones": []}
    )
    chosen = choose(opening, fps, lead, spoken["phones"])
    plt.rcParams.update({"font.family": "DejaVu Sans", "text.color": INK, "axes.labelcolor": FAINT})
    figure = plt.figure(figsize=SHEET_INCHES, dpi=100, facecolor=GROUND)
    curve = figure.add_axes((LEFT, 0.105, RIGHT - LEFT, 0.205), facecolor=GROUND)
    wave = figure.add_axes((LEFT, 0.335, RIGHT - LEFT, 0.18), facecolor=GROUND, sharex=curve)
    duration = len(frames) / fps
    times = np.arange(len(opening)) / fps
    draw_pictures(figure, wave, [frames[index] for index in chosen], times[chosen])
    for index in chosen:
        curve.axvline(times[index], **MARK_LINE)
        curve.plot([times[index]], [opening[index]], "o", color=MARK, markersize=7, zorder=5)
    draw_voice(wave, voice, lead)
    curve.fill_between(times, 0, opening, color=MOUTH, alpha=0.25, linewidth=0)
    curve.plot(times, opening, color=MOUTH, linewidth=2.0)
    curve.set_ylim(0, max(1e-3, float(opening.max()) * 1.15))
    curve.set_xlim(0, duration)
    draw_words(curve, spoken["words"], lead, duration)
    finish_axes(wave, curve, duration)
    figure.savefig(target, facecolor=GROUND)
    plt.close(figure)


def draw_pictures(figure: Any, wave: Any, paths: list[Path], moments: Any) -> None:
    """The frames in a row, each with its time and a line down to that time on the waveform's axis."""
    from matplotlib.patches import ConnectionPatch

    images = []
    for path in paths:
        with av.open(str(path)) as still:
            images.append(next(still.decode(video=0)).to_ndarray(format="rgb24"))
    left, top, wide, tall = crop_of(images)
    each = (RIGHT - LEFT - GAP * (PICTURES - 1)) / PICTURES
    high = each * SHEET_INCHES[0] / SHEET_INCHES[1] * tall / wide
    for position, (moment, image) in enumerate(zip(moments, images)):
        axes = figure.add_axes((LEFT + position * (each + GAP), 0.965 - high, each, high))
        axes.imshow(image[top : top + tall, left : left + wide], interpolation="lanczos")
        axes.set_xticks([])
        axes.set_yticks([])
        for spine in axes.spines.values():
            spine.set_color("#2b2f38")
        axes.text(
            0.04, 0.035, f"{moment:.2f} s", transform=axes.transAxes, fontsize=11, color=INK,
            bbox={"facecolor": GROUND, "alpha": 0.6, "edgecolor": "none", "boxstyle": "round,pad=0.3"},
        )  # fmt: skip
        figure.add_artist(
            ConnectionPatch(
                (0.5, 0.0), (moment, 1.0), axes.transAxes, wave.get_xaxis_transform(), **MARK_LINE
            )
        )
        wave.axvline(moment, **MARK_LINE)


def draw_voice(wave: Any, voice: Array, lead: float) -> None:
    """The waveform: of each short block its lowest and highest sample."""
    block = max(1, len(voice) // 3800)
    usable = len(voice) // block * block
    blocks = voice[:usable].reshape(-1, block)
    times = (lead + np.arange(len(voice)) / RATE)[:usable:block]
    wave.fill_between(times, blocks.min(axis=1), blocks.max(axis=1), color=WAVE, linewidth=0)
    loudest = float(np.abs(voice).max()) or 1.0
    wave.set_ylim(-1.12 * loudest, 1.12 * loudest)


def draw_words(curve: Any, words: list[tuple[str, float, float]], lead: float, duration: float) -> None:
    """The spoken words under the curve, on two lines where one would cover the next."""
    reach, line = -1.0, 0
    for word, begin, end in words:
        half = 0.0022 * duration * (len(word) + 1)
        line = (line + 1) % 2 if lead + (begin + end) / 2 - half < reach else 0  # no word on top of another
        reach = lead + (begin + end) / 2 + half
        curve.axvspan(lead + begin, lead + end, ymin=-0.001, ymax=0.02, color=FAINT, alpha=0.7)
        curve.annotate(
            word, ((begin + end) / 2 + lead, 0), xytext=(0, -22 - 15 * line), textcoords="offset points", ha="center", va="top",
            fontsize=11.5, color=INK, annotation_clip=False,
        )  # fmt: skip


def finish_axes(wave: Any, curve: Any, duration: float) -> None:
    """Names of both axes, seconds under the lower one, nothing else around them."""
    for axes, label in ((wave, "voice"), (curve, "mouth opening")):
        axes.set_ylabel(label, fontsize=11)
        axes.set_yticks([])
        axes.tick_params(colors=FAINT, labelsize=9, length=3)
        for side in ("top", "right", "left"):
            axes.spines[side].set_visible(False)
        axes.spines["bottom"].set_color(FAINT)
    wave.spines["bottom"].set_visible(False)
    wave.tick_params(labelbottom=False, length=0)
    seconds = np.arange(0, duration, 1.0)
    curve.set_xticks(seconds, [f"{second:.0f} s" for second in seconds])


def half_size(frame: Path) -> tuple[int, int]:
    """A film's size: its frames are rendered twice as large, which smooths edges."""
    with av.open(str(frame)) as still:
        picture = next(still.decode(video=0))
    return picture.width // 4 * 2, picture.height // 4 * 2


def main() -> int:
    """Make and check both files."""
    folder, recording, measured, out = map(Path, sys.argv[1:5])
    name = sys.argv[5] if len(sys.argv) > 5 else "demo"
    with np.load(measured, allow_pickle=False) as stored:
        fps = Fraction(float(stored["fps"])).limit_denominator(1001)
        first, last, start = int(stored["first"]), int(stored["last"]), float(stored["voice_start"])
        opening = stored["opening"].astype(np.float32)
    frames = [folder / f"{frame:04d}.jpg" for frame in range(first, last + 1)]
    voice = read_voice(recording, RATE)
    lead = float((start - first) / fps)
    unfinished = out / "unfinished.mp4"
    size = half_size(frames[0])
    write_video(frames, voice, lead, fps, unfinished, size)
    line = check_video(unfinished, float(len(frames) / fps), size)
    unfinished.replace(out / f"{name}.mp4")
    print(f"       {name}.mp4: {line}")
    timings = recording.with_suffix(".json")
    contact_sheet(frames, voice, lead, float(fps), opening, timings, out / f"{name}.png")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
