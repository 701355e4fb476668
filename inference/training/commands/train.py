"""``train``: the networks that ship, a look, and what refines portraits."""

from __future__ import annotations

import argparse
from pathlib import Path

from ...face.outputs import keep_apart
from ...paths import ENGINE_ROOT
from .told import Subparsers, told

_SHIPPED_PHOTOS = ENGINE_ROOT / "demo" / "pictures"
_FROM_WEIGHTS = ("lips", "voted", "known")
"""Parts that go on from a weights file."""
_OF_FILMS = ("voted", "known")
"""Those of them that need films alone."""


def add_parsers(subparsers: Subparsers) -> None:
    """Add it to the ``add_subparsers`` object."""
    train = subparsers.add_parser("train", help="train the content networks and write the weights file")
    train.add_argument(
        "part",
        nargs="?",
        choices=("all", "content", "landmarks", *_FROM_WEIGHTS, "speaker", "portrait", "look"),
        default="all",
        help="content: the encoder that hears phones; landmarks: from it to the face, on an encoder that is there; all: both; "
        "lips: the last four stages, on the encoder and decoder of --start; voted: the last two of them alone, "
        "which hear as --start does and need neither --data nor --runs; known: the last alone, the voices of people with many "
        "clips, beside the decoders of --start; "
        "speaker: the encoder that tells voices apart, which needs --data alone; "
        "portrait: the network of the renderer refined, which needs --data and takes --heads and --without; "
        "look: a drawn look, which needs a folder of pictures in it and --output",
    )
    train.add_argument("folder", type=Path, nargs="?", help="look: pictures in the look")
    train.add_argument(
        "--photos",
        type=Path,
        help="look: a folder of photos to draw while learning (default: those that ship)",
    )
    train.add_argument("--steps", type=int, help="look: how many steps are learned (default: 800)")
    train.add_argument(
        "--config",
        type=Path,
        nargs="+",
        default=[],
        help="TOML files whose values replace those that ship (inference/training/configs)",
    )
    train.add_argument("--speech", type=Path, help="folder of labelled speech")
    train.add_argument("--corpus", type=Path, help="prepared video corpus (GRID)")
    train.add_argument("--data", type=Path, help="folder with speech/utterances.tsv and grid/alignments")
    train.add_argument(
        "--runs",
        type=Path,
        help="folder for checkpoints and curves (look: default beside --output, until it is written)",
    )
    train.add_argument("--output", type=Path, required=True, help="weights file to write (.npz)")
    train.add_argument(
        "--leave-out",
        choices=("s1", "s4"),
        default="",
        help="train without this speaker's validation clips, to choose settings by",
    )
    train.add_argument(
        "--without",
        nargs="+",
        default=[],
        metavar="SPEAKER",
        help="portrait: learn nothing from these speakers",
    )
    train.add_argument(
        "--heads",
        type=Path,
        metavar="NPZ",
        help="portrait: ICT FaceKit's head, of which people that nobody filmed are made",
    )
    train.add_argument("--start", type=Path, help="weights file that lips, voted and known go on from (.npz)")
    train.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    train.add_argument("--threads", type=int, help="of the CPU (default: 2, or 1 where OMP_NUM_THREADS is 1)")
    train.set_defaults(run=told(_train))


def _train(arguments: argparse.Namespace) -> int:
    if arguments.part == "look":
        return _train_look(arguments)
    places_missing = arguments.part not in _OF_FILMS and (arguments.data is None or arguments.runs is None)
    if arguments.folder is not None or places_missing:
        needs = "takes" if arguments.part in _OF_FILMS else "needs --data and --runs, and takes"
        print(f"train {arguments.part} {needs} no folder of pictures.")
        return 2
    from inference.training.recipes.configuration import read_config
    from inference.training.recipes.train import Places, train

    keep_apart([arguments.output], [*arguments.config, arguments.heads])
    if arguments.part == "speaker":
        from inference.training.recipes.speaker import train_speaker

        train_speaker(
            read_config(arguments.config), arguments.data / "speech", arguments.runs / "speaker", arguments.output,
            arguments.device, arguments.threads,
        )  # fmt: skip
        return 0
    if arguments.part == "portrait":
        return _train_portrait(arguments)
    from_weights = arguments.part in _FROM_WEIGHTS
    if arguments.corpus is None or (arguments.start if from_weights else arguments.speech) is None:
        print(f"train {arguments.part} needs --corpus and {'--start' if from_weights else '--speech'}.")
        return 2
    if arguments.start and not from_weights:
        print("Only train lips, train voted and train known take --start.")
        return 2
    speech, data, runs = (given or Path() for given in (arguments.speech, arguments.data, arguments.runs))
    places = Places(speech, arguments.corpus, data, runs, arguments.output)
    config = read_config(arguments.config)
    train(
        config,
        places,
        arguments.part,
        arguments.leave_out,
        arguments.device,
        arguments.threads,
        arguments.start,
    )
    return 0


def _train_look(arguments: argparse.Namespace) -> int:
    from inference.face.names import LOOK_ENDING
    from inference.training.recipes.look import Course, train_look

    if arguments.folder is None or (arguments.steps is not None and arguments.steps < 1):
        print("train look needs a folder of pictures in the look; --steps is at least 1.")
        return 2
    if arguments.output.suffix.lower() != LOOK_ENDING:
        print(f"A look is a file {LOOK_ENDING}: let --output end so.")
        return 2
    given = arguments.photos or _SHIPPED_PHOTOS
    photos = sorted(path for path in given.glob("*") if path.suffix.lower() in (".jpg", ".jpeg", ".png"))
    if arguments.photos is None:
        photos = [path for path in photos if path.suffix == ".jpg"]
    course = Course() if arguments.steps is None else Course(steps=arguments.steps)
    train_look(
        arguments.folder,
        photos,
        arguments.output,
        course,
        arguments.device,
        arguments.threads,
        arguments.runs,
    )
    return 0


def _train_portrait(arguments: argparse.Namespace) -> int:
    from inference.training.recipes.configuration import read_config
    from inference.training.recipes.portrait import train_portrait

    train_portrait(
        read_config(arguments.config), arguments.data, arguments.heads, arguments.runs / "portrait", arguments.output,
        arguments.without, arguments.device, arguments.threads,
    )  # fmt: skip
    return 0
