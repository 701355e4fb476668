"""``prepare``: a corpus of films or of speech, made ready to be learned from."""

from __future__ import annotations

import argparse
from pathlib import Path

from ...face.frame_rates import frame_rate
from .told import Subparsers, told


def add_parsers(subparsers: Subparsers) -> None:
    """Add it to the ``add_subparsers`` object."""
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
    prepare.add_argument("--fps", default="25", help="rate of image sequences (default 25)")
    prepare.add_argument(
        "--once",
        action="store_true",
        help="look at each picture once instead of five times: faster, with a noisier width",
    )
    prepare.set_defaults(run=told(_prepare))


def _prepare(arguments: argparse.Namespace) -> int:
    if arguments.kind == "video":
        from inference.training.filmed_corpora.prepare import prepare

        fps = frame_rate(arguments.fps)
        report = prepare(arguments.source, arguments.corpus, arguments.processes, fps, arguments.once)
        for skipped in report["skipped"]:
            print(f"skipped {skipped['clip']}: {skipped['reason']}")
        print(f"{report['clips']} clips in {arguments.corpus}, {len(report['skipped'])} skipped")
    elif arguments.kind == "speech":
        from inference.training.filmed_corpora.align import align_corpus

        align_corpus(arguments.source, arguments.corpus, arguments.processes)
    elif arguments.kind == "grid-speech":
        from inference.training.filmed_corpora.align import align_grid

        if arguments.alignments is None:
            print("grid-speech needs --alignments FOLDER with GRID's word times.")
            return 2
        print(f"{align_grid(arguments.source, arguments.alignments, arguments.corpus)} clips aligned")
    else:
        from inference.training.synthetic_speech.espeak import synthesise_espeak
        from inference.training.synthetic_speech.festival import synthesise_festival
        from inference.training.synthetic_speech.synthesis import synthesise

        synthesise(arguments.source / "utterances.tsv", arguments.corpus)
        synthesise_espeak(arguments.corpus)
        synthesise_festival(arguments.corpus)
    return 0
