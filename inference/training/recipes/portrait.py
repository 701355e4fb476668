"""Trains the refiner of portraits: on squares of filmed people and of heads made by chance, half and half."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from inference.errors import EngineError
from inference.face.cores import threads_wanted
from inference.portrait.refiner import LEVELS, SIDES, TRUST, RefinerShape
from inference.training.mouth_pictures.heads import read_model
from inference.training.mouth_pictures.kept import Wanted, kept_films, kept_heads, loaded
from inference.training.mouth_pictures.lesson import Lesson, Material, Variety, draw_of, figures, trust
from inference.training.mouth_pictures.pairs import Pairs
from inference.training.networks.refiner import RefinerNetwork
from inference.training.recipes.descent import Descent, descend
from inference.training.recipes.run import tell_written

CREDITS = [
    "GRID, Cooke, Barker, Cunningham, Shao 2006, CC BY 4.0",
    "ICT FaceKit, USC Institute for Creative Technologies 2020, MIT",
]
_WARM_UP = 0.08


def train_portrait(
    config: Mapping[str, Any],
    data: Path,
    model: Path | None,
    runs: Path,
    output: Path,
    left_out: Sequence[str] = (),
    device: str = "cpu",
    threads: int | None = None,
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
        threads: of the CPU; two where the environment does not ask for fewer.

    Raises:
        EngineError: there is nothing to learn from (code ``no_clips``), or the configuration is none (``bad_config``).
    """
    options = config["portrait"]
    shape = RefinerShape(options["side"], options["fold"], tuple(options["widths"]), options["smooth"])
    _check(shape, options)
    torch.set_num_threads(threads or threads_wanted(2))
    torch.manual_seed(config["seed"])
    training, validation, strangers = _material(config, shape, data, model, runs, left_out)
    network = RefinerNetwork(shape, config["seed"], options["softens"]).to(device)
    average = copy.deepcopy(network).eval()
    lesson = Lesson(network, options, device)
    descent = Descent(
        [(network.parameters(), options["rate"])], options, _WARM_UP, [network], [(average, network)]
    )
    run = descent.run(runs / "run", network=network, average=average)
    variety = Variety(options["tint"], options["shift"])
    draw = draw_of(training, config["seed"], options["batch"], variety)
    descend(
        run, descent, [draw], lesson.loss, lambda _: _figures(average, validation, strangers, device), device
    )
    metadata = {
        "name": options["name"],
        "version": options["version"],
        "credits": CREDITS,
        "left_out": list(left_out),
        "seed": config["seed"],
    }
    if strangers:
        metadata[TRUST] = round(trust(average, strangers, device), 3)
    output.parent.mkdir(parents=True, exist_ok=True)
    average.exported(metadata).save(output)
    tell_written(output)


def _figures(
    average: torch.nn.Module, shown: Sequence[Sequence[Pairs]], strangers: Sequence[Pairs], device: str
) -> dict[str, float]:
    """Figures of filmed people, and of heads and of people who are not learnt from under names of their own."""
    films, heads = (figures(average, pairs, device) for pairs in shown)
    others = figures(average, strangers, device)
    if others:
        others[TRUST] = trust(average, strangers, device)
    return {
        **films,
        **{f"heads_{name}": value for name, value in heads.items()},
        **{f"strangers_{name}": value for name, value in others.items()},
    }


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
) -> tuple[Material, list[list[Pairs]], list[Pairs]]:
    """What is trained on, what the figures are of, and people who are not learnt from."""
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
    strangers = [path for path in films if path.stem.split("_")[1] in options["strangers"]]
    films = [path for path in films if path not in strangers]
    if not films:
        raise EngineError(
            "All people who were filmed are strangers by the configuration: leave some to learn from.",
            "no_clips",
        )
    shown = [paths[every - 1 :: every] for paths in (films, heads)]
    apart = {path for paths in shown for path in paths}
    speakers: dict[str, list[Path]] = {}
    for path in films:
        speakers.setdefault(path.stem.split("_")[1], []).append(path)
    groups = [[path for path in paths if path not in apart] for paths in (*speakers.values(), heads)]
    shares = [len(group) ** 0.5 for group in groups]
    total = sum(shares[:-1])
    shares = [*(0.5 * share / total for share in shares[:-1]), 0.5 if groups[-1] else 0.0]
    material = Material([loaded(group) for group in groups], np.array(shares) / sum(shares))
    return material, [loaded(paths) for paths in shown], loaded(strangers)
