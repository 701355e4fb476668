"""One person's renderer: the refiner of portraits, taught by a few seconds of film how this mouth looks."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch

from ...errors import EngineError
from ...face.cores import threads_wanted
from ...portrait.refiner import RefinerShape, RefinerWeights
from ...progress import Progress, share_of
from .lesson import Lesson, Variety, draw_of, figures
from .lesson import Material as Groups
from .material import Material, material_of
from .network import RefinerNetwork

SEED: Final = 1
STEPS = 1000
_OPTIONS: Final[Mapping[str, Any]] = {
    "lips": 8.0,
    "opening": 12.0,
    "gradients": 1.0,
    "energy": 1.0,
    "sharp": 0.15,
    "sharp_from": 50,
    "sharp_to": 150,
    "steady": 0.5,
    "quiet": 0.05,
}
"""As for the network of all people, see ``training/configs/portrait.toml``."""
_BATCH: Final = 8
_VARIETY: Final = Variety(tint=0.3, shift=6)
"""More than for many people: a few seconds show one light and one place."""
_RATE, _RATE_ALONE = 4e-4, 1e-3
"""Of learning, at its highest: on a network that knows mouths, and from nothing."""
_WARM_UP = 30
_AVERAGE = 0.98
_EVERY = 50
"""Steps between looks at what is held back."""
_MEASURED = 12
"""Frames of each file of pairs that is held back."""
_PATIENCE = 5
"""Looks in a row that gain nothing, after which it ends."""
_GAIN = 0.03
"""Decibels that count as a gain."""
_SHARP: Final = (0.9, 1.15)
"""How sharp a mouth is beside the film's, for a state to be kept."""
_WORTH_IT = 1.0
"""Decibels by which a renderer is nearer to the film than the warp, or it is no use."""
_READING = 0.3
"""Share of the work before anything is learnt."""


@dataclass(frozen=True)
class Learnt:
    """A person's renderer.

    Attributes:
        weights: the network; its metadata says whose it is.
        seconds: of film that it was learnt from.
        drawn, refined: decibels of the mouth in the part of the film that was held back, by the warp and by this.
        sharpness: of that mouth, beside the film's.
        warnings: sentences that the user should read.
    """

    weights: RefinerWeights
    seconds: float
    drawn: float
    refined: float
    sharpness: float
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class _State:
    network: RefinerNetwork
    figures: Mapping[str, float]

    @property
    def worth(self) -> float:
        """Decibels, less what its sharpness is off."""
        sharpness = self.figures["sharpness"]
        off = max(_SHARP[0] - sharpness, sharpness - _SHARP[1], 0.0)
        return float(self.figures["refined_dB"] - 40 * off)


def learn_renderer(
    clips: Sequence[Path],
    name: str,
    start: RefinerWeights | None,
    progress: Progress,
    steps: int | None = None,
) -> Learnt:
    """Learn how one person's mouth looks.

    Args:
        clips: films of that person, see `material.material_of`.
        name: of the person.
        start: the network to go on from; None to begin with nothing.
        progress: told 0 to 1; may raise to stop.
        steps: at most; None for `STEPS`.

    Raises:
        EngineError: see `material.material_of`; or it does not come nearer to the film than the warp (code ``learnt_nothing``).
    """
    shape = start.shape if start else RefinerShape()
    material = material_of(clips, shape.side, SEED, share_of(progress, 0.0, _READING))
    torch.manual_seed(SEED)
    best = _taught(shape, start, material, steps or STEPS, share_of(progress, _READING, 1 - _READING))
    before, after = best.figures["drawn_dB"], best.figures["refined_dB"]
    if after < before + _WORTH_IT:
        raise EngineError(
            f"{clips[0].name} did not teach a mouth ({after:.1f} dB beside {before:.1f} dB without): choose a sharper film of "
            "one person who talks to the camera.",
            "learnt_nothing",
        )
    sharpness = best.figures["sharpness"]
    metadata = {
        "name": "personal",
        "version": "1",
        "person": name,
        "seconds": round(material.seconds, 1),
        "proportions": [round(float(value), 4) for value in material.proportions],
        "drawn_dB": round(before, 2),
        "refined_dB": round(after, 2),
        "sharpness": round(sharpness, 3),
        "start": f"{start.metadata.get('name')} {start.metadata.get('version')}" if start else "nothing",
        "credits": list(start.metadata.get("credits", ())) if start else [],
    }
    return Learnt(
        best.network.exported(metadata), material.seconds, before, after, sharpness, material.left_out
    )


def _taught(
    shape: RefinerShape, start: RefinerWeights | None, material: Material, steps: int, progress: Progress
) -> _State:
    """The state of the network that did best on what is held back."""
    torch.set_num_threads(threads_wanted())
    network = RefinerNetwork(shape, SEED)
    if start:
        network.take(start)
    average = copy.deepcopy(network).eval()
    lesson = Lesson(network, {**_OPTIONS, "bfloat16_on_cpu": _has_bfloat16()}, "cpu")
    draw = draw_of(Groups([material.learnt], [1.0]), SEED, _BATCH, _VARIETY)
    rate = _RATE if start else _RATE_ALONE
    optimiser = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / _WARM_UP, 0.02 + 0.98 * (1 - step / steps))
    )
    best = _State(copy.deepcopy(average), figures(average, material.held_back, "cpu", _MEASURED))
    waited = 0
    for step in range(steps):
        progress(step / steps, "Learning the mouth")
        loss, _ = lesson.loss(step, *draw(step))
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimiser.step()
        schedule.step()
        _follow(average, network, min(_AVERAGE, (step + 1) / (step + 10)))
        if (step + 1) % _EVERY and step + 1 < steps:
            continue
        state = _State(copy.deepcopy(average), figures(average, material.held_back, "cpu", _MEASURED))
        waited = 0 if state.worth > best.worth + _GAIN else waited + 1
        best = max(best, state, key=lambda one: one.worth)
        if waited >= _PATIENCE:
            break
    return best


@torch.no_grad()
def _follow(average: RefinerNetwork, network: RefinerNetwork, share: float) -> None:
    for kept, new in zip(average.parameters(), network.parameters()):
        kept.lerp_(new, 1 - share)


def _has_bfloat16() -> bool:
    """Whether this processor computes in bfloat16 in half the time."""
    return bool(getattr(torch.cpu, "_is_avx512_bf16_supported", bool)())
