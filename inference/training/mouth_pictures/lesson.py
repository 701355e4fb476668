"""What a refiner of portraits is asked for, and how well it does.

The mean of squares alone rewards mud, so what is asked for is colours (L1, mouths count more), gradients at two scales, the local
energy of the Laplacian, and the same change between neighbouring frames.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from inference.portrait.mouth_crop import MAPS
from inference.training.mouth_pictures.pairs import Pairs

_PARTS = (3, 3, MAPS, 3)
"""Channels of a batch: drawn, the picture itself, the maps, the truth."""
_FAINT = 1e-5
"""Mean square of a Laplacian that is as good as none, of values from 0 to 1."""
_LOOKED_AT = 8
"""Frames of a file that are measured at most."""


@dataclass(frozen=True)
class Material:
    """Pairs to draw batches from.

    Attributes:
        groups: of filmed people a list a speaker, then one of all heads.
        shares: how often each is taken.
    """

    groups: Sequence[Sequence[Pairs]]
    shares: Sequence[float]


@dataclass(frozen=True)
class Variety:
    """How far what is learnt from is changed by chance.

    Attributes:
        tint: share by which each colour is brighter or darker.
        shift: pixels by which a square is moved, across and down.
    """

    tint: float = 0.15
    shift: int = 0


def draw_of(
    material: Material, seed: int, batch: int, variety: Variety = Variety()
) -> Callable[[int], tuple[Tensor, ...]]:
    """Step → (batch, 13, side, side): neighbours one after the other."""

    def draw(step: int) -> tuple[Tensor, ...]:
        random = np.random.RandomState((seed * 1_000_003 + step) % 2**32)
        squares = []
        for group in random.choice(len(material.groups), batch // 2, p=material.shares):
            pairs = material.groups[group][random.randint(len(material.groups[group]))]
            first = 2 * random.randint(len(pairs.drawn) // 2)
            squares.append(_augmented(pairs, slice(first, first + 2), random, variety))
        return (torch.from_numpy(np.concatenate(squares)),)

    return draw


def _augmented(pairs: Pairs, rows: slice, random: np.random.RandomState, variety: Variety) -> np.ndarray:
    """(2, 13, side, side) float32: two neighbours, maybe mirrored, in another light."""
    drawn, truth = pairs.drawn[rows], pairs.truth[rows]
    still = np.broadcast_to(pairs.still, drawn.shape)
    colours = np.concatenate([drawn, still, truth], axis=-1).astype(np.float32) / 255
    tint = np.tile(
        random.uniform(1 - variety.tint, 1 + variety.tint, 3) * random.uniform(0.75, 1.2), 3
    ).astype(np.float32)
    gamma = np.float32(random.uniform(0.8, 1.25))
    colours = ((colours**gamma) * tint).clip(0, 1)
    maps = pairs.maps[rows].astype(np.float32) / 255
    values = np.concatenate([colours[..., :6], maps, colours[..., 6:]], axis=-1)
    if random.rand() < 0.5:
        values = values[:, :, ::-1]
    if variety.shift:  # what leaves at one side enters at the other, where nothing is changed
        values = np.roll(values, random.randint(-variety.shift, variety.shift + 1, 2), axis=(1, 2))
    return np.ascontiguousarray(values.transpose(0, 3, 1, 2))


class Lesson:
    """What the network is asked for.

    Args:
        network: that learns.
        options: the table `portrait`.
        device: ``cpu`` or ``cuda``.
    """

    def __init__(self, network: nn.Module, options: Mapping[str, Any], device: str) -> None:
        self._network, self._options, self._device = network, options, device
        self._halved = device != "cpu" or bool(options["bfloat16_on_cpu"])

    def _sharp_share(self, step: int) -> float:
        """0 to 1: sharpness is asked for once the colours are there, or noise is taken for teeth."""
        begin, end = self._options["sharp_from"], self._options["sharp_to"]
        return float(min(max((step - begin) / max(end - begin, 1), 0.0), 1.0))

    def loss(self, step: int, batch: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        """See `descent.Loss`."""
        options = self._options
        drawn, still, maps, truth = batch.split(_PARTS, dim=1)
        # A CPU with AMX or AVX-512 BF16 does this in half the time.
        with torch.autocast(self._device, torch.bfloat16, enabled=self._halved):
            change = self._network(torch.cat([drawn, still, maps], dim=1)).float()
        made = drawn + change
        weight = 1 + options["lips"] * maps[:, :1] + options["opening"] * maps[:, 1:2]
        mouth = _mouth(maps)
        values = {
            "colour": torch.mean(weight * (made - truth).abs()),
            "gradient": sum(
                (_gradients(made, scale, weight, truth) for scale in (1, 2)),
                torch.zeros((), device=made.device),
            ),
            "energy": torch.mean(mouth * (energy(made) - energy(truth)).abs()) / mouth.mean().clamp_min(1e-3),
            "sharp": _unsharpness(made, truth, mouth),
            "steady": torch.mean(weight[::2] * ((made[1::2] - made[::2]) - (truth[1::2] - truth[::2])).abs()),
            "quiet": torch.mean((1 - mouth) * change.abs()),
        }
        loss = (
            values["colour"]
            + options["gradients"] * values["gradient"]
            + options["energy"] * values["energy"]
            + options["sharp"] * self._sharp_share(step) * values["sharp"]
            + options["steady"] * values["steady"]
            + options["quiet"] * values["quiet"]
        )
        return loss, {**values, "loss": loss}


def _mouth(maps: Tensor) -> Tensor:
    """(B, 1, S, S) 0 to 1: lips, what is between them, and a soft rim."""
    mouth = (maps[:, :1] + maps[:, 1:2]).clamp(0, 1)
    reach = maps.shape[-1] // 32
    rows = functional.max_pool2d(mouth, (2 * reach + 1, 1), 1, (reach, 0))
    grown = functional.max_pool2d(rows, (1, 2 * reach + 1), 1, (0, reach))
    return functional.avg_pool2d(grown, 5, 1, 2)


def _gradients(made: Tensor, scale: int, weight: Tensor, truth: Tensor) -> Tensor:
    """Differences of gradients at one scale."""
    off = functional.avg_pool2d(made - truth, scale) if scale > 1 else made - truth
    heavy = functional.avg_pool2d(weight, scale) if scale > 1 else weight
    across = heavy[..., 1:] * (off[..., 1:] - off[..., :-1]).abs()
    down = heavy[..., 1:, :] * (off[..., 1:, :] - off[..., :-1, :]).abs()
    return across.mean() + down.mean()


def energy(squares: Tensor) -> Tensor:
    """(B, 1, S, S) the root of the Laplacian's mean square around each pixel."""
    return (_laplacian_around(squares) + 1e-4).sqrt()


def _unsharpness(made: Tensor, truth: Tensor, mouth: Tensor) -> Tensor:
    """How far a mouth's energy is off, as a logarithm: half as sharp is as far off as twice as sharp.

    At half the size: what is finer can be had by a pattern of dots, which is no tooth.
    """
    half = functional.avg_pool2d(mouth, 2)
    one, other = (
        (_laplacian_around(functional.avg_pool2d(side, 2)) + _FAINT).log() for side in (made, truth)
    )
    return torch.mean(half * 0.5 * (one - other).abs()) / half.mean().clamp_min(1e-3)


def _laplacian_around(squares: Tensor) -> Tensor:
    """(B, 1, S, S) the Laplacian's mean square around each pixel."""
    bright = (squares * squares.new_tensor([0.299, 0.587, 0.114])[:, None, None]).sum(dim=1, keepdim=True)
    padded = functional.pad(bright, (1, 1, 1, 1), mode="replicate")
    laplacian = (
        4 * bright
        - padded[..., :-2, 1:-1]
        - padded[..., 2:, 1:-1]
        - padded[..., 1:-1, :-2]
        - padded[..., 1:-1, 2:]
    )
    rows = functional.avg_pool2d(laplacian**2, (7, 1), 1, (3, 0))
    return functional.avg_pool2d(rows, (1, 7), 1, (0, 3))


@torch.no_grad()
def figures(
    average: nn.Module, validation: Sequence[Pairs], device: str, most: int = _LOOKED_AT
) -> dict[str, float]:
    """Decibels of the mouth as it was drawn and refined, and how sharp it is beside the truth; nothing without files for that.

    Args:
        average: the network.
        validation: what it is measured on.
        device: ``cpu`` or ``cuda``.
        most: frames of each file that are measured.
    """
    errors, sharpness = np.zeros(2), []
    if not validation:
        return {}
    for pairs in validation:
        values = _plainly(pairs, most).to(device)
        drawn, still, maps, truth = values.split(_PARTS, dim=1)
        made = (drawn + average(torch.cat([drawn, still, maps], dim=1))).clamp(0, 1)
        lips = (maps[:, :1] + maps[:, 1:2]).clamp(0, 1)
        for place, one in enumerate((drawn, made)):
            errors[place] += float((lips * (one - truth) ** 2).sum() / lips.sum().clamp_min(1) / 3)
        drawn_energy, energy_there = ((lips * _laplacian_square(one)).sum() for one in (made, truth))
        sharpness.append(float(drawn_energy / energy_there.clamp_min(1e-9)))
    before, after = 10 * np.log10(len(validation) / np.maximum(errors, 1e-12))
    return {"drawn_dB": before, "refined_dB": after, "sharpness": float(np.median(sharpness))}


@torch.no_grad()
def trust(average: nn.Module, people: Sequence[Pairs], device: str, most: int = _LOOKED_AT) -> float:
    """0 to 1: how much of what the network changes serves people best whom it has not learnt from, by the mean of squares.

    Of a stranger's mouth it knows little: where what it paints is no nearer to the truth than the drawing, that is 0.

    Args:
        average: the network.
        people: whom it has not learnt from.
        device: ``cpu`` or ``cuda``.
        most: frames of each file that are looked at.
    """
    gained = spent = 0.0
    for pairs in people:
        drawn, still, maps, truth = _plainly(pairs, most).to(device).split(_PARTS, dim=1)
        lips = (maps[:, :1] + maps[:, 1:2]).clamp(0, 1)
        change = average(torch.cat([drawn, still, maps], dim=1))
        gained += float((lips * change * (truth - drawn)).sum())
        spent += float((lips * change**2).sum())
    return float(np.clip(gained / max(spent, 1e-9), 0.0, 1.0))


def _laplacian_square(squares: Tensor) -> Tensor:
    bright = (squares * squares.new_tensor([0.299, 0.587, 0.114])[:, None, None]).sum(dim=1, keepdim=True)
    kernel = bright.new_tensor([[0, -1, 0], [-1, 4, -1], [0, -1, 0]])[None, None]
    return functional.conv2d(bright, kernel, padding=1) ** 2


def _plainly(pairs: Pairs, most: int) -> Tensor:
    """(N, 13, side, side) as they are; so many at most."""
    drawn, truth = pairs.drawn[:most], pairs.truth[:most]
    still = np.broadcast_to(pairs.still, drawn.shape)
    values = np.concatenate([drawn, still, pairs.maps[:most], truth], axis=-1).astype(np.float32) / 255
    return torch.from_numpy(np.ascontiguousarray(values.transpose(0, 3, 1, 2)))
