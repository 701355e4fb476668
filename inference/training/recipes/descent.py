"""What every recipe does step by step: AdamW under one cycle of the learning rate, moving averages, curves and checkpoints."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from inference.training.recipes.run import Run, follow, kept_share

Draw = Callable[[int], tuple[Tensor, ...]]
"""Step → its batch, the same each time."""
Loss = Callable[..., tuple[Tensor, dict[str, Tensor]]]
"""(step, *batch) → what the step makes smaller, and what is written down of it by name."""
Figures = Callable[[bool], dict[str, float]]
"""Whether it is the last time → figures on the validation part by name."""

_LONGEST_GRADIENT = 5.0


class Descent:
    """How the networks of a run are changed by a step.

    Args:
        rates: parameters with their highest learning rate.
        options: the recipe's table with ``steps``, ``checkpoint_every``, ``weight_decay`` and, where an average follows,
            ``average``.
        warm_up: share of the steps in which the rates rise.
        clipped: networks whose gradient, taken together, is kept short.
        followed: (moving average, network that it follows).
    """

    def __init__(
        self,
        rates: Sequence[tuple[Iterable[nn.Parameter], float]],
        options: Mapping[str, Any],
        warm_up: float,
        clipped: Sequence[nn.Module] = (),
        followed: Sequence[tuple[nn.Module, nn.Module]] = (),
    ) -> None:
        self.steps, self.every = int(options["steps"]), int(options["checkpoint_every"])
        self.optimiser = torch.optim.AdamW(
            [{"params": parameters, "lr": rate} for parameters, rate in rates],
            weight_decay=options["weight_decay"],
        )
        self.schedule = torch.optim.lr_scheduler.OneCycleLR(
            self.optimiser, [rate for _, rate in rates], total_steps=self.steps + 1, pct_start=warm_up
        )
        self._clipped = [parameter for network in clipped for parameter in network.parameters()]
        self._followed = followed
        self._average = float(options["average"]) if followed else 0.0

    def run(self, folder: Path, **networks: nn.Module) -> Run:
        """The run in a folder, whose checkpoints keep these networks and how far the descent has come."""
        return Run(folder, {**networks, "optimiser": self.optimiser, "schedule": self.schedule}, self.steps)

    def step(self, loss: Tensor, step: int) -> None:
        """Moves networks and averages on by one step (from 0)."""
        self.optimiser.zero_grad()
        loss.backward()
        if self._clipped:
            nn.utils.clip_grad_norm_(self._clipped, _LONGEST_GRADIENT)
        self.optimiser.step()
        self.schedule.step()
        for average, network in self._followed:
            follow(average, network, kept_share(self._average, step))


def descend(
    run: Run, descent: Descent, draws: Sequence[Draw], loss_of: Loss, figures_of: Figures, device: str
) -> None:
    """Takes the steps that a run still lacks; writes curves and a checkpoint every so often and after the last.

    Args:
        run: where it is.
        descent: how a step changes the networks.
        draws: each makes a part of a step's batch, one step ahead in a thread of its own.
        loss_of: gets the parts one after the other, on the device.
        figures_of: measured whenever curves are written, beside the means of what ``loss_of`` wrote down since.
        device: ``cpu`` or ``cuda``.
    """
    noted: dict[str, list[float]] = defaultdict(list)
    with ThreadPoolExecutor(len(draws)) as ahead:
        coming = [ahead.submit(draw, run.step) for draw in draws]
        for step in range(run.step, descent.steps):
            batch = [tensor.to(device) for part in coming for tensor in part.result()]
            coming = [ahead.submit(draw, step + 1) for draw in draws]
            loss, values = loss_of(step, *batch)
            descent.step(loss, step)
            for name, value in values.items():
                noted[name].append(float(value.detach()))
            done = step + 1
            if done % descent.every == 0 or done == descent.steps:
                means = {name: float(np.mean(several)) for name, several in noted.items()}
                run.record(done, **means, **figures_of(done == descent.steps))
                run.save(done)
                noted.clear()
    run.plot()
