"""Figures of drawings that are swapped: closures kept, drawings held long enough, and what ten minutes of cues cost.

python -m tools.drawing_figures

The cues are drawn at random (seed 1), 0.083 to 0.16 s each, as quick as speech gets.
"""

from __future__ import annotations

import time

import numpy as np

from blender_addon.contract import MOUTH_SHAPES
from blender_addon.motion import drawing_swaps
from blender_addon.motion.drawing_swaps import Holding

SECONDS, FPS = 600.0, 24.0


def random_cues() -> list[tuple[float, float, str]]:
    """Ten minutes of mouth cues."""
    random = np.random.default_rng(1)
    edges = np.concatenate([[0.0], np.cumsum(random.uniform(0.083, 0.16, 8000))])
    edges = edges[edges < SECONDS]
    shapes = random.choice(MOUTH_SHAPES[:-1], len(edges) - 1)
    return [(float(start), float(end), str(cue)) for start, end, cue in zip(edges, edges[1:], shapes)]


def main() -> None:
    """Print a row for each hold."""
    cues = random_cues()
    frames = int(SECONDS * FPS)
    for hold in (1, 2, 3, 4):
        begin = time.process_time()
        runs = drawing_swaps.cue_runs(cues, FPS, frames, Holding(hold, 1))
        shown = drawing_swaps.per_frame(runs, frames)
        spent = time.process_time() - begin
        closures = [(round(start * FPS), round(end * FPS)) for start, end, cue in cues if cue == "A"]
        kept = sum("A" in shown[max(first - 1 - hold, 0) : last + hold] for first, last in closures)
        short = sum(run.end - run.start < hold for run in runs[1:-1])
        print(
            f"hold {hold}: {kept} of {len(closures)} closures shown, {short} drawings too short, {spent:.3f} s"
        )


if __name__ == "__main__":
    main()
