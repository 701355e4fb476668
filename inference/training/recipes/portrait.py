"""Trains the refiner of portraits: on squares of filmed people and of heads made by chance, half and half.

The mean of squares alone rewards mud, so what is asked for is colours (L1, mouths count more), gradients at two scales, the local
energy of the Laplacian, and the same change between neighbouring frames.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from inference.errors import EngineError
from inference.portrait.mouth_crop import MAPS
from inference.portrait.refiner import LEVELS, SIDES, RefinerShape
from inference.training.mouth_pictures.heads import read_model
from inference.training.mouth_pictures.kept import Wanted, kept_films, kept_heads, loaded
from inference.training.mouth_pictures.pairs import Pairs
from inference.training.networks.refiner import RefinerNetwork
from inference.training.recipes.descent import Descent, descend
from inference.training.recipes.run import tell_written

CREDITS = [
    "GRID, Cooke, Barker, Cunningham, Shao 2006, CC BY 4.0",
    "ICT FaceKit, USC Institute for Creative Technologies 2020, MIT",
]
_PARTS = (3, 3, MAPS, 3)
"""Channels of a batch: drawn, the picture itself, the maps, the truth."""
_WARM_UP = 0.08


@dataclass(frozen=True)
class Material:
    """Pairs to draw batches from.

    Attributes:
        groups: of filmed people a list a speaker, then one of all heads.
        shares: how often each is taken.
    """

    groups: Sequence[Sequence[Pairs]]
    shares: Sequence[float]


def train_portrait(
    config: Mapping[str, Any],
    data: Path,
    model: Path | None,
    runs: Path,
    output: Path,
    left_out: Sequence[str] = (),
    device: str = "cpu",
    threads: int = 2,
) -> None:
    """Make the pairs, train, and write the weights file; stopped and called again it goes on where it was.

    Args:
        config: `seed` and the table `portrait`, see ``configs/portrait.toml``.
        data: folder with ``grid/<speaker>/*.mp4``, and ``grid_hq`` where there is a finer version.
        model: ICT FaceKit's head (.npz); None to learn from filmed people alone.
        runs: pairs, checkpoints and curves are kept here.
        output: weights file.
        left_out: speakers that are not learnt from.
        device: ``cpu`` or ``cuda``.
        threads: of the CPU.

    Raises:
        EngineError: there is nothing to learn from (code ``no_clips``), or the configuration is none (``bad_config``).
    """
    options = config["portrait"]
    shape = RefinerShape(options["side"], options["fold"], tuple(options["widths"]))
    _check(shape, options)
    torch.set_num_threads(threads)
    torch.manual_seed(config["seed"])
    training, validation = _material(config, shape, data, model, runs, left_out)
    network = RefinerNetwork(shape, config["seed"]).to(device)
    average = copy.deepcopy(network).eval()
    lesson = _Lesson(network, options, device)
    descent = Descent(
        [(network.parameters(), options["rate"])], options, _WARM_UP, [network], [(average, network)]
    )
    run = descent.run(runs / "run", network=network, average=average)
    draw = _draw_of(training, config["seed"], options["batch"])
    descend(run, descent, [draw], lesson.loss, lambda _: _figures(average, validation, device), device)
    metadata = {
        "name": options["name"],
        "version": options["version"],
        "credits": CREDITS,
        "left_out": list(left_out),
        "seed": config["seed"],
    }
    output.parent.mkdir(parents=True, exist_ok=True)
    average.exported(metadata).save(output)
    tell_written(output)


def _check(shape: RefinerShape, options: Mapping[str, Any]) -> None:
    """Raise EngineError (code ``bad_config``) for a network or a course that there cannot be."""
    if not shape.is_possible:
        raise EngineError(
            f"A network of side {shape.side}, fold {shape.fold} and {len(shape.widths)} widths cannot be trained: the side is "
            f"{SIDES[0]} or {SIDES[1]} and a multiple of 8 folds, fold is at least 1, and there are {LEVELS} widths, each at "
            "least 1.",
            "bad_config",
        )
    least = {"batch": 2, "frames": 4, "clips": 1, "steps": 1, "validation_every": 2}
    for name, value in least.items():
        if options[name] < value:
            raise EngineError(
                f"{name} = {options[name]} leaves nothing to learn: the configuration's least is {value}.",
                "bad_config",
            )


def _material(
    config: Mapping[str, Any],
    shape: RefinerShape,
    data: Path,
    model: Path | None,
    runs: Path,
    left_out: Sequence[str],
) -> tuple[Material, list[Pairs]]:
    """What is trained on, and what the figures are of."""
    options = config["portrait"]
    wanted = Wanted(
        shape.side,
        options["frames"],
        options["clips"],
        options["heads"] if model is not None else 0,
        tuple(left_out),
        config["seed"],
    )
    folder = runs / f"pairs-{shape.side}"
    films = kept_films(wanted, data, folder)
    heads = kept_heads(wanted, read_model(model), folder) if model is not None else []
    print(f"{len(films)} clips and {len(heads)} heads to learn from", flush=True)
    every = options["validation_every"]
    shown = [path for paths in (films, heads) for path in paths[every - 1 :: every]]
    speakers: dict[str, list[Path]] = {}
    for path in films:
        speakers.setdefault(path.stem.split("_")[1], []).append(path)
    groups = [[path for path in paths if path not in shown] for paths in (*speakers.values(), heads)]
    shares = [len(group) ** 0.5 for group in groups]
    total = sum(shares[:-1])
    shares = [*(0.5 * share / total for share in shares[:-1]), 0.5 if groups[-1] else 0.0]
    return Material([loaded(group) for group in groups], np.array(shares) / sum(shares)), loaded(shown)


def _draw_of(material: Material, seed: int, batch: int) -> Callable[[int], tuple[Tensor, ...]]:
    """Step → (batch, 13, side, side): neighbours one after the other."""

    def draw(step: int) -> tuple[Tensor, ...]:
        random = np.random.RandomState((seed * 1_000_003 + step) % 2**32)
        squares = []
        for group in random.choice(len(material.groups), batch // 2, p=material.shares):
            pairs = material.groups[group][random.randint(len(material.groups[group]))]
            first = 2 * random.randint(len(pairs.drawn) // 2)
            squares.append(_augmented(pairs, slice(first, first + 2), random))
        return (torch.from_numpy(np.concatenate(squares)),)

    return draw


def _augmented(pairs: Pairs, rows: slice, random: np.random.RandomState) -> np.ndarray:
    """(2, 13, side, side) float32: two neighbours, maybe mirrored, in another light."""
    drawn, truth = pairs.drawn[rows], pairs.truth[rows]
    still = np.broadcast_to(pairs.still, drawn.shape)
    colours = np.concatenate([drawn, still, truth], axis=-1).astype(np.float32) / 255
    tint = np.tile(random.uniform(0.85, 1.15, 3) * random.uniform(0.75, 1.2), 3).astype(np.float32)
    gamma = np.float32(random.uniform(0.8, 1.25))
    colours = ((colours**gamma) * tint).clip(0, 1)
    maps = pairs.maps[rows].astype(np.float32) / 255
    values = np.concatenate([colours[..., :6], maps, colours[..., 6:]], axis=-1)
    if random.rand() < 0.5:
        values = values[:, :, ::-1]
    return np.ascontiguousarray(values.transpose(0, 3, 1, 2))


class _Lesson:
    """What the network is asked for.

    Args:
        network: that learns.
        options: the table `portrait`.
        device: ``cpu`` or ``cuda``.
    """

    def __init__(self, network: nn.Module, options: Mapping[str, Any], device: str) -> None:
        self._network, self._options, self._device = network, options, device
        self._halved = device != "cpu" or bool(options["bfloat16_on_cpu"])

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
            "energy": torch.mean(mouth * (_energy(made) - _energy(truth)).abs())
            / mouth.mean().clamp_min(1e-3),
            "steady": torch.mean(weight[::2] * ((made[1::2] - made[::2]) - (truth[1::2] - truth[::2])).abs()),
            "quiet": torch.mean((1 - mouth) * change.abs()),
        }
        loss = (
            values["colour"]
            + options["gradients"] * values["gradient"]
            + options["energy"] * values["energy"]
            + options["steady"] * values["steady"]
            + options["quiet"] * values["quiet"]
        )
        return loss, {**values, "loss": loss}


def _mouth(maps: Tensor) -> Tensor:
    """(B, 1, S, S) 0 to 1: lips, what is between them, and a soft rim."""
    mouth = (maps[:, :1] + maps[:, 1:2]).clamp(0, 1)
    reach = maps.shape[-1] // 32
    grown = functional.max_pool2d(mouth, 2 * reach + 1, 1, reach)
    return functional.avg_pool2d(grown, 5, 1, 2)


def _gradients(made: Tensor, scale: int, weight: Tensor, truth: Tensor) -> Tensor:
    """Differences of gradients at one scale."""
    off = functional.avg_pool2d(made - truth, scale) if scale > 1 else made - truth
    heavy = functional.avg_pool2d(weight, scale) if scale > 1 else weight
    across = heavy[..., 1:] * (off[..., 1:] - off[..., :-1]).abs()
    down = heavy[..., 1:, :] * (off[..., 1:, :] - off[..., :-1, :]).abs()
    return across.mean() + down.mean()


def _energy(squares: Tensor) -> Tensor:
    """(B, 1, S, S) the root of the Laplacian's mean square around each pixel."""
    bright = (squares * squares.new_tensor([0.299, 0.587, 0.114])[:, None, None]).sum(dim=1, keepdim=True)
    padded = functional.pad(bright, (1, 1, 1, 1), mode="replicate")
    laplacian = (
        4 * bright
        - padded[..., :-2, 1:-1]
        - padded[..., 2:, 1:-1]
        - padded[..., 1:-1, :-2]
        - padded[..., 1:-1, 2:]
    )
    return (functional.avg_pool2d(laplacian**2, 7, 1, 3) + 1e-4).sqrt()


@torch.no_grad()
def _figures(average: nn.Module, validation: Sequence[Pairs], device: str) -> dict[str, float]:
    """Decibels of the mouth as it was drawn and refined, and how sharp it is beside the truth; nothing without files for that."""
    errors, energies = np.zeros(2), np.zeros(2)
    if not validation:
        return {}
    for pairs in validation:
        values = _augmented_plainly(pairs).to(device)
        drawn, still, maps, truth = values.split(_PARTS, dim=1)
        made = (drawn + average(torch.cat([drawn, still, maps], dim=1))).clamp(0, 1)
        lips = (maps[:, :1] + maps[:, 1:2]).clamp(0, 1)
        for place, one in enumerate((drawn, made)):
            errors[place] += float((lips * (one - truth) ** 2).sum() / lips.sum().clamp_min(1) / 3)
        for place, one in enumerate((made, truth)):
            energies[place] += float((lips * _laplacian_square(one)).sum())
    before, after = 10 * np.log10(len(validation) / np.maximum(errors, 1e-12))
    return {"drawn_dB": before, "refined_dB": after, "sharpness": energies[0] / max(energies[1], 1e-9)}


def _laplacian_square(squares: Tensor) -> Tensor:
    bright = (squares * squares.new_tensor([0.299, 0.587, 0.114])[:, None, None]).sum(dim=1, keepdim=True)
    kernel = bright.new_tensor([[0, -1, 0], [-1, 4, -1], [0, -1, 0]])[None, None]
    return functional.conv2d(bright, kernel, padding=1) ** 2


def _augmented_plainly(pairs: Pairs) -> Tensor:
    """(N, 13, side, side) as they are; at most eight."""
    drawn, truth = pairs.drawn[:8], pairs.truth[:8]
    still = np.broadcast_to(pairs.still, drawn.shape)
    values = np.concatenate([drawn, still, pairs.maps[:8], truth], axis=-1).astype(np.float32) / 255
    return torch.from_numpy(np.ascontiguousarray(values.transpose(0, 3, 1, 2)))
