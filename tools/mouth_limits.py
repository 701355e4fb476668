# SPDX-License-Identifier: MIT
"""What bounds how near a drawn mouth can come to a film, beside what a personal renderer reaches, as a table in Markdown.

    python -m tools.mouth_limits ../shared/data --speakers s4 s26 [--learnt 4] [--clips 3]

Of each speaker the clips are those of `evaluate-portrait --personalize`. Each clip's first picture is moved as the film moves
(the warp), in the square that the refiner sees; decibels are of lips and what lies between them:

* placed: the warp, each of its pixels moved to where the film shows it (optical flow): what better landmarks could give;
* coloured: the warp in the colours, one matrix a picture, that bring it nearest to the film: what better light could give;
* nearest: of all pictures that could be learnt from, the one that is nearest to the filmed one, shifted by up to 4 pixels and in
  its light: what could be remembered, if it were known which;
* neighbours: the mean of the filmed pictures before and after: how much a film changes within a frame.

Needs the full engine's Python (OpenCV).
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from inference.face.arrays import Floats
from inference.imitation.mouth.material import Stretch, stretches_of
from inference.pictures.make import face_of_frame
from inference.portrait.following import followed
from inference.portrait.mouth_crop import MouthCrop
from inference.portrait.sampling import Sampler
from inference.training.evaluation.picture_films import decibels
from inference.training.evaluation.picture_table import held_out
from inference.training.filmed_corpora.corpus import spread
from inference.training.mouth_pictures.pairs import Pairs, taken_pairs

_SIDE = 128
_EVERY = 6
"""Which pictures of a clip are measured."""
_SHIFTS = range(-4, 5, 2)
_ALL = 1_000_000
NAMES = ("warp", "placed", "coloured", "nearest", "neighbours")


def pairs_of(stretch: Stretch) -> Pairs:
    """All pictures of a stretch, said by its first one."""
    crop = MouthCrop(face_of_frame(stretch.picture(0), stretch.film), _SIDE, Sampler())
    poses = followed(crop.face, stretch.points)
    rows = range(1, len(stretch.pictures))
    return taken_pairs(crop, [poses[row] for row in rows], [stretch.picture(row) for row in rows])


def errors_of(pairs: Pairs, learnt: Floats) -> dict[str, list[float]]:
    """Mean squares of errors, 0 to 255², of each of `NAMES`.

    Args:
        pairs: of a clip.
        learnt: (N, side, side, 3) filmed pictures that could be remembered.
    """
    drawn, truth = pairs.drawn.astype(np.float32), pairs.truth.astype(np.float32)
    mouth = (pairs.maps[..., 0].astype(np.float32) + pairs.maps[..., 1]).clip(0, 255) / 255
    result: dict[str, list[float]] = {name: [] for name in NAMES}
    for row in range(_EVERY // 2, len(truth) - 1, _EVERY):
        one, film, where = drawn[row], truth[row], mouth[row]
        if where.sum() < 8:
            continue
        shown = {
            "warp": one,
            "placed": _placed(one, film),
            "coloured": _coloured(one, film, where),
            "neighbours": (truth[row - 1] + truth[row + 1]) / 2,
        }
        for name, picture in shown.items():
            result[name].append(float((where * ((picture - film) ** 2).mean(axis=-1)).sum() / where.sum()))
        result["nearest"].append(_nearest(learnt, film, where))
    return result


def _placed(drawn: Floats, film: Floats) -> Floats:
    one, other = (cv2.cvtColor(np.rint(side).astype(np.uint8), cv2.COLOR_RGB2GRAY) for side in (drawn, film))
    start = np.zeros((*one.shape, 2), np.float32)
    flow = cv2.calcOpticalFlowFarneback(other, one, start, 0.5, 3, 17, 4, 7, 1.5, 0)
    y, x = np.mgrid[: len(one), : len(one)].astype(np.float32)
    return np.asarray(
        cv2.remap(
            drawn, x + flow[..., 0], y + flow[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
    )


def _coloured(drawn: Floats, film: Floats, where: Floats) -> Floats:
    columns = np.concatenate([drawn, np.ones((*drawn.shape[:2], 1), np.float32)], axis=-1).reshape(-1, 4)
    counts = where.ravel() > 0.5
    matrix = np.linalg.lstsq(columns[counts], film.reshape(-1, 3)[counts], rcond=None)[0]
    return np.asarray((columns @ matrix).reshape(drawn.shape))


def _nearest(learnt: Floats, film: Floats, where: Floats) -> float:
    """The least mean square of errors of any picture."""
    rows, columns = np.nonzero(where > 0.3)
    reach = max(_SHIFTS)
    top, bottom = max(int(rows.min()), reach), min(int(rows.max()) + 1, _SIDE - reach)
    left, right = max(int(columns.min()), reach), min(int(columns.max()) + 1, _SIDE - reach)
    wanted, counts = film[top:bottom, left:right], where[top:bottom, left:right, None]
    best = np.inf
    for down in _SHIFTS:
        for across in _SHIFTS:
            part = learnt[:, top + down : bottom + down, left + across : right + across]
            light = (part * wanted * counts).sum(axis=(1, 2)) / np.maximum(
                (part * part * counts).sum(axis=(1, 2)), 1
            )
            off = (((part * light[:, None, None] - wanted) ** 2) * counts).sum(axis=(1, 2, 3))
            best = min(best, float(off.min()) / (3 * float(counts.sum())))
    return best


def line_of(data: Path, speaker: str, learnt: int, most: int) -> str:
    """A speaker's row of the table."""
    clips = held_out(data, speaker, _ALL)
    measured = spread(data, speaker, clips[learnt:], most)
    known = [pairs_of(stretch).truth for clip in clips[:learnt] for stretch in stretches_of(clip, [])]
    remembered = np.concatenate(known).astype(np.float32)
    by_limit: dict[str, list[float]] = {name: [] for name in NAMES}
    for clip in measured:
        for stretch in stretches_of(clip, []):
            for name, errors in errors_of(pairs_of(stretch), remembered).items():
                by_limit[name] += errors
    cells = " | ".join(f"{decibels(float(np.mean(by_limit[name]))):.1f} dB" for name in NAMES)
    return f"| {speaker} | {len(measured)} | {cells} |"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, help="folder with grid/<speaker>/*.mp4")
    parser.add_argument("--speakers", nargs="+", required=True)
    parser.add_argument(
        "--learnt", type=int, default=4, help="clips that could be learnt from (default: %(default)s)"
    )
    parser.add_argument(
        "--clips", type=int, default=3, help="others that are measured (default: %(default)s)"
    )
    asked = parser.parse_args(arguments)
    print(f"| speaker | clips | {' | '.join(NAMES)} |")
    print("|---|---|" + "---|" * len(NAMES))
    for speaker in asked.speakers:
        print(line_of(asked.data, speaker, asked.learnt, asked.clips), flush=True)


if __name__ == "__main__":
    main()
