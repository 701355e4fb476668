"""Curves of heads, one row each: nod, turn and tilt over time, all at one scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.face.animation import FaceAnimation

from .head_table import AXES

SECONDS = 15.0
"""How much of each head is drawn."""
_COLOURS = ("#1f5fa8", "#c8502d", "#3c8a4a")


@dataclass(frozen=True)
class DrawnHead:
    """A row of the picture.

    Attributes:
        title: whose head.
        rotation: (T, 3) degrees.
        fps: frames per second.
    """

    title: str
    rotation: NDArray[np.float64]
    fps: float

    @classmethod
    def of(cls, title: str, animation: FaceAnimation) -> DrawnHead:
        """The head of an animation, about its own mean: cameras differ in where they stand."""
        rotation = np.degrees(animation.head_rotation.astype(np.float64))
        return cls(title, rotation - rotation.mean(axis=0), animation.fps)


def draw_heads(heads: Sequence[DrawnHead], path: Path) -> None:
    """Write the picture, a ``.png`` or whatever matplotlib knows by the file's name."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(
        len(heads), 1, figsize=(11, 1.45 * len(heads) + 0.5), sharex=True, sharey=True, squeeze=False, dpi=90
    )
    for (plot,), head in zip(axes, heads):
        count = min(len(head.rotation), int(SECONDS * head.fps))
        time = np.arange(count) / head.fps
        for axis, name in enumerate(AXES):
            plot.plot(time, head.rotation[:count, axis], color=_COLOURS[axis], label=name, linewidth=1.2)
        plot.set_title(head.title, loc="left", fontsize=9)
        plot.set_xlim(0, SECONDS)
        plot.set_ylim(-11, 11)
        plot.grid(alpha=0.3)
        plot.set_ylabel("degrees", fontsize=8)
    axes[0][0].legend(loc="upper right", ncols=3, fontsize=8)
    axes[-1][0].set_xlabel("seconds", fontsize=8)
    figure.tight_layout()
    figure.savefig(path)
    pyplot.close(figure)
