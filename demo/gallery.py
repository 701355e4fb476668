# SPDX-License-Identifier: GPL-3.0-or-later
"""Frames of the styles into one picture a style and a video of several side by side.

    python gallery.py WORK VOICE OUT STYLE,STYLE,…

WORK holds, for each style, `<style>/performance.npz` (see perform.py), `<style>/stills` and, of those in the video,
`<style>/video`.
"""

from __future__ import annotations

import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent))
from assemble import RATE, mux_sound, read_voice

Picture = NDArray[np.uint8]
GROUND, INK, FAINT, HEAD, LIDS = "#15171c", "#f2efe9", "#7f8591", "#ff8a5c", "#6fb7ff"
BANNER = 34
RANGE_DEGREES = 16.0
CROP = (
    0.17,
    0.22,
    0.83,
    0.84,
)  # left, top, right, bottom: the face with room to move, as shares of the picture


def load(path: Path) -> Picture:
    """A picture as (H, W, 3)."""
    with av.open(str(path)) as still:
        return cropped(np.asarray(next(still.decode(video=0)).to_ndarray(format="rgb24"), np.uint8))


def cropped(picture: Picture) -> Picture:
    """The part of a picture that shows the face."""
    height, width = picture.shape[:2]
    left, top, right, bottom = CROP
    return picture[round(top * height) : round(bottom * height), round(left * width) : round(right * width)]


def sheet(name: str, folder: Path, target: Path) -> None:
    """Three frames, the path of the head, and when the lids shut."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    with np.load(folder / "performance.npz", allow_pickle=False) as data:
        fps, head, lids = float(data["fps"]), data["head"], data["lids"]
    head = head - head[0]
    times = np.arange(len(head)) / fps
    plt.rcParams.update({"font.family": "DejaVu Sans", "text.color": INK, "axes.labelcolor": INK})
    figure = plt.figure(figsize=(12.8, 4.4), dpi=100, facecolor=GROUND)
    stills = sorted((folder / "stills").glob("*.jpg"))
    for number, path in enumerate(stills):
        axes = figure.add_axes((0.01 + 0.175 * number, 0.05, 0.17, 0.83))
        axes.imshow(load(path), interpolation="lanczos")
        axes.set_axis_off()
        axes.set_title(f"{(int(path.stem) - 1) / fps:.1f} s", fontsize=9, color=FAINT)
    path_axes = figure.add_axes((0.585, 0.14, 0.16, 0.70), facecolor=GROUND)
    path_axes.scatter(head[:, 0], head[:, 1], c=times, cmap="plasma", s=7)
    path_axes.plot(head[:, 0], head[:, 1], color=HEAD, linewidth=0.7, alpha=0.6)
    path_axes.set_xlim(-RANGE_DEGREES, RANGE_DEGREES)
    path_axes.set_ylim(-RANGE_DEGREES, RANGE_DEGREES)
    path_axes.set_aspect("equal")
    path_axes.set_title("head: turn and nod, degrees", fontsize=9, color=FAINT)
    nod = figure.add_axes((0.79, 0.44, 0.2, 0.40), facecolor=GROUND)
    nod.plot(times, head[:, 1], color=HEAD, linewidth=1.2)
    nod.plot(times, head[:, 0], color=HEAD, linewidth=1.0, alpha=0.45)
    nod.set_ylim(-RANGE_DEGREES, RANGE_DEGREES)
    nod.set_title("nod and (pale) turn", fontsize=9, color=FAINT)
    raster = figure.add_axes((0.79, 0.14, 0.2, 0.15), facecolor=GROUND)
    for row, lid in enumerate(lids.T):
        raster.fill_between(times, row, row + 0.9 * lid, color=LIDS, linewidth=0)
    raster.set_ylim(0, 2)
    raster.set_yticks([])
    raster.set_title("lids, left and right", fontsize=9, color=FAINT)
    raster.set_xlabel("s", fontsize=9)
    for axes in (path_axes, nod, raster):
        axes.tick_params(colors=FAINT, labelsize=8, length=3)
        axes.grid(color="#2b2f38", linewidth=0.6)
        for spine in axes.spines.values():
            spine.set_color("#2b2f38")
    nod.set_xlim(0, times[-1])
    raster.set_xlim(0, times[-1])
    figure.text(0.01, 0.95, name, fontsize=14, va="center")
    figure.savefig(target, facecolor=GROUND)
    plt.close(figure)


def banner(name: str, width: int) -> Picture:
    """(BANNER, width, 3) the style's name."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    figure = plt.figure(figsize=(width / 100, BANNER / 100), dpi=100, facecolor=GROUND)
    figure.text(0.5, 0.5, name, fontsize=11, ha="center", va="center", color=INK)
    figure.canvas.draw()
    picture = np.asarray(figure.canvas.buffer_rgba(), np.uint8)[:, :, :3].copy()  # type: ignore[attr-defined]
    plt.close(figure)
    return picture


def halved(path: Path) -> Picture:
    """The face in a picture, at half its size: frames are rendered at twice the size instead of with smoothing."""
    with av.open(str(path)) as still:
        big = next(still.decode(video=0))
        small = big.reformat(big.width // 2, big.height // 2, format="rgb24", interpolation="AREA")
    return cropped(np.asarray(small.to_ndarray(), np.uint8))


def side_by_side(names: list[str], work: Path, recording: Path, target: Path) -> None:
    """The same moments of several styles in one picture, with the voice."""
    frames = [sorted((work / name / "video").glob("*.jpg")) for name in names]
    with np.load(work / names[0] / "performance.npz", allow_pickle=False) as data:
        fps = Fraction(float(data["fps"])).limit_denominator(1001)
    first = halved(frames[0][0])
    titles = np.concatenate([banner(name, first.shape[1]) for name in names], axis=1)
    height = titles.shape[0] + first.shape[0]
    with av.open(str(target), "w", options={"movflags": "+faststart"}) as container:
        video = container.add_stream("libx264", rate=fps, options={"crf": "24", "preset": "medium"})
        video.width, video.height = titles.shape[1] // 2 * 2, height // 2 * 2
        video.pix_fmt = "yuv420p"
        audio = container.add_stream("aac", rate=RATE, layout="stereo")
        audio.bit_rate = 96_000
        for moment in zip(*frames):
            picture = np.concatenate([titles, np.concatenate([halved(path) for path in moment], axis=1)])[
                : video.height, : video.width
            ]
            shown = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
            container.mux(video.encode(shown))
        container.mux(video.encode(None))
        mux_sound(container, audio, read_voice(recording, RATE), 0.0, round(len(frames[0]) / fps * RATE))


def main() -> int:
    """Make all of it."""
    work, recording, out = map(Path, sys.argv[1:4])
    for folder in sorted(path for path in work.iterdir() if (path / "performance.npz").is_file()):
        sheet(folder.name, folder, out / f"{folder.name}.png")
        print(f"       {out / folder.name}.png")
    side_by_side(sys.argv[4].split(","), work, recording, out / "side_by_side.mp4")
    print(f"       {out / 'side_by_side.mp4'}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
