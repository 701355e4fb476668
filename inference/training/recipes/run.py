"""What every training run shares: a folder with checkpoints, curves and progress; stop it anywhere, start it again."""

from __future__ import annotations

import csv
import time
from pathlib import Path
from typing import Any

import torch
from torch import nn


def mixed_precision(device: str) -> torch.autocast:
    """Halves the work on a GPU (bfloat16, which needs no scaling of the loss); on a CPU it changes nothing."""
    return torch.autocast(device, torch.bfloat16, enabled=device != "cpu")


def tell_written(path: Path) -> None:
    """Prints that a weights file is there, and how large it is."""
    print(f"wrote {path} ({path.stat().st_size / 1e6:.2f} MB)")


class Run:
    """One training run's folder: ``checkpoint.pt`` (network, optimiser, step, random state), ``curves.csv``, ``curves.png``.

    Args:
        folder: where the run lives; made if missing.
        state: objects with ``state_dict`` / ``load_state_dict`` that a checkpoint keeps.
        steps: total steps, for the time left.
    """

    def __init__(self, folder: Path, state: dict[str, Any], steps: int) -> None:
        self.folder, self.state, self.steps = folder, state, steps
        folder.mkdir(parents=True, exist_ok=True)
        self.step = 0
        path = folder / "checkpoint.pt"
        if path.is_file():
            saved = torch.load(path, weights_only=True)
            for name, part in state.items():
                part.load_state_dict(saved[name])
            torch.set_rng_state(saved["random"])
            self.step = int(saved["step"])
            print(f"going on at step {self.step} of {steps}", flush=True)
        self._started, self._first = time.monotonic(), self.step

    def save(self, step: int) -> None:
        """Writes the checkpoint, complete or not at all."""
        self.step = step
        saved = {name: part.state_dict() for name, part in self.state.items()}
        partial = self.folder / "checkpoint.partial"
        torch.save({**saved, "step": step, "random": torch.get_rng_state()}, partial)
        partial.replace(self.folder / "checkpoint.pt")

    def record(self, step: int, **values: float) -> None:
        """Prints one line with the time left and adds it to the curves."""
        spent = time.monotonic() - self._started
        left = spent / max(step - self._first, 1) * (self.steps - step)
        print(f"step {step}/{self.steps}  " + "  ".join(f"{k} {v:.4f}" for k, v in values.items()) + f"  {left:.0f} s left",
              flush=True)  # fmt: skip
        path = self.folder / "curves.csv"
        new = not path.is_file()
        with path.open("a", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            if new:
                writer.writerow(["step", *values])
            writer.writerow([step, *(f"{value:.6f}" for value in values.values())])

    def plot(self) -> None:
        """Draws ``curves.png`` from ``curves.csv``."""
        import matplotlib

        matplotlib.use("Agg")
        from matplotlib import pyplot

        with (self.folder / "curves.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        names = [name for name in rows[0] if name != "step"]
        figure, axes = pyplot.subplots(1, len(names), figsize=(4 * len(names), 3), squeeze=False)
        for axis, name in zip(axes[0], names, strict=True):
            axis.plot([float(row["step"]) for row in rows], [float(row[name]) for row in rows])
            axis.set_title(name)
            axis.set_xlabel("step")
        figure.tight_layout()
        figure.savefig(self.folder / "curves.png", dpi=90)
        pyplot.close(figure)


def kept_share(average: float, step: int) -> float:
    """Share of a moving average that stays at a step (from 0): less at first, or the untrained weights would stay in it."""
    return min(average, (step + 1) / (step + 10))


def follow(average: nn.Module, network: nn.Module, keep: float) -> None:
    """Moves a network's exponential moving average on by one step (Polyak and Juditsky 1992), statistics included.

    Args:
        average: changed in place.
        network: what it follows.
        keep: share of the average that stays, 0 … 1.
    """
    with torch.no_grad():
        for mean, value in zip(average.state_dict().values(), network.state_dict().values(), strict=True):
            if mean.dtype.is_floating_point:
                mean.mul_(keep).add_(value, alpha=1 - keep)
            else:
                mean.copy_(value)
