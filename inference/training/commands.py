"""The engine's training commands: ``prepare``, ``train``, ``evaluate``. Heavy imports happen inside the handlers."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import EngineError

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def add_subcommands(subparsers: Subparsers) -> None:
    """Adds the three commands; each parsed namespace has ``run``, which takes it and returns the exit code."""
    prepare = subparsers.add_parser(
        "prepare", help="make a training corpus from videos or from transcribed speech"
    )
    prepare.add_argument(
        "kind", choices=("video", "speech", "grid-speech", "synthetic"), help="what the source is"
    )
    prepare.add_argument(
        "source", type=Path, help="folder of videos; of speech (utterances.tsv); of a prepared GRID corpus"
    )
    prepare.add_argument("corpus", type=Path, help="folder to write to")
    prepare.add_argument("--alignments", type=Path, help="GRID's word alignments (grid-speech)")
    prepare.add_argument("--processes", type=int, default=2, help="how many to work on at once (default 2)")
    prepare.add_argument("--fps", type=float, default=25.0, help="rate of image sequences (default 25)")
    prepare.set_defaults(run=_told(_prepare))

    train = subparsers.add_parser("train", help="train the content networks and write the weights file")
    train.add_argument("part", nargs="?", choices=("all", "encoder", "decoder"), default="all")
    train.add_argument("--config", type=Path, help="TOML file (default: what ships)")
    train.add_argument("--speech", type=Path, required=True, help="folder of labelled speech")
    train.add_argument("--corpus", type=Path, required=True, help="prepared video corpus (GRID)")
    train.add_argument(
        "--data", type=Path, required=True, help="folder with speech/utterances.tsv and grid/alignments"
    )
    train.add_argument("--runs", type=Path, required=True, help="folder for checkpoints and curves")
    train.add_argument("--output", type=Path, required=True, help="weights file to write (.npz)")
    train.add_argument(
        "--leave-out",
        choices=("s1", "s4"),
        default="",
        help="train without this speaker's validation clips, to choose settings by",
    )
    train.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    train.add_argument("--threads", type=int, default=2)
    train.set_defaults(run=_told(_train))

    evaluate = subparsers.add_parser("evaluate", help="measure a weights file on held-out clips")
    evaluate.add_argument("corpus", type=Path, help="prepared video corpus")
    evaluate.add_argument("--model", type=Path, help="weights file (default: what ships)")
    evaluate.add_argument("--backend", choices=("auto", "numpy", "torch"), default="numpy")
    evaluate.add_argument("--no-speech", action="store_true", help="leave out the flite sentences")
    evaluate.add_argument("--json", type=Path, help="write the figures here")
    evaluate.add_argument("--plot", type=Path, help="draw a few held-out clips here (.png)")
    evaluate.set_defaults(run=_told(_evaluate))


def _told(command: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """The command, with what a user can mend told in one sentence."""

    def run(options: argparse.Namespace) -> int:
        try:
            return command(options)
        except ModuleNotFoundError as error:
            raise EngineError(
                f"Training needs the Python package {error.name}, which is not installed: see docs/training.md.",
                "package_missing",
            ) from error
        except FileNotFoundError as error:
            raise EngineError(
                f"{error.filename} was not found." if error.filename else str(error), "file_missing"
            ) from error

    return run


def _prepare(arguments: argparse.Namespace) -> int:
    if arguments.kind == "video":
        from inference.training.prepare import prepare

        report = prepare(arguments.source, arguments.corpus, arguments.processes, arguments.fps)
        for item in report["skipped"]:
            print(f"skipped {item['clip']}: {item['reason']}")
        print(f"{report['clips']} clips in {arguments.corpus}, {len(report['skipped'])} skipped")
    elif arguments.kind == "speech":
        from inference.training.align import align_corpus

        align_corpus(arguments.source, arguments.corpus, arguments.processes)
    elif arguments.kind == "grid-speech":
        from inference.training.align import align_grid

        if arguments.alignments is None:
            print("grid-speech needs --alignments FOLDER with GRID's word times.")
            return 2
        print(f"{align_grid(arguments.source, arguments.alignments, arguments.corpus)} clips aligned")
    else:
        from inference.training.synthesis import synthesise

        synthesise(arguments.source / "utterances.tsv", arguments.corpus)
    return 0


def _train(arguments: argparse.Namespace) -> int:
    from inference.training.train import CONFIG, read_config, train

    config = read_config(arguments.config or CONFIG)
    train(
        config, arguments.speech, arguments.corpus, arguments.data, arguments.runs, arguments.output, arguments.part,
        arguments.leave_out, arguments.device, arguments.threads,
    )  # fmt: skip
    return 0


def _evaluate(arguments: argparse.Namespace) -> int:
    from inference.backends import CONTENT_WEIGHTS, load_backend
    from inference.training.corpus import split
    from inference.training.evaluate import evaluate, plot_clips, write_json

    backend = load_backend(arguments.backend, "auto", arguments.model or CONTENT_WEIGHTS)
    figures = evaluate(arguments.corpus, backend, not arguments.no_speech)
    if arguments.json:
        write_json(figures, arguments.json)
    if arguments.plot:
        paths = []
        for folder in sorted(p for p in arguments.corpus.iterdir() if p.is_dir()):
            paths += split(arguments.corpus, folder.name)["test"][:2]
        plot_clips(paths, backend, arguments.plot)
    return 0
