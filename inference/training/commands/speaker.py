"""``evaluate-speaker``: how well voices are told apart."""

from __future__ import annotations

import argparse
from pathlib import Path

from ...face.outputs import keep_apart
from .told import Subparsers, told


def add_parsers(subparsers: Subparsers) -> None:
    """Add it to the ``add_subparsers`` object."""
    voices = subparsers.add_parser(
        "evaluate-speaker", help="measure how well the speaker encoder tells strangers apart"
    )
    voices.add_argument(
        "data", type=Path, help="folder with speech/utterances.tsv and grid/<speaker> with clips"
    )
    voices.add_argument("--model", type=Path, help="weights file (default: what ships)")
    voices.add_argument("--encoder", choices=("speaker", "resemblyzer"), default="speaker")
    voices.add_argument("--speakers", type=int, help="only so many people of the test part, spread evenly")
    voices.add_argument("--json", type=Path, help="write the figures here")
    voices.set_defaults(run=told(_evaluate_speaker))


def _evaluate_speaker(arguments: argparse.Namespace) -> int:
    from inference.hearing.speaker_encoder import SPEAKER_WEIGHTS, load_speaker_encoder
    from inference.training.evaluation.speaker_pairs import content, evaluate_speaker, grid_clips
    from inference.training.figures import write_figures
    from inference.training.filmed_corpora.utterances import utterance_files

    keep_apart([arguments.json], [arguments.model])
    encoder = load_speaker_encoder(arguments.encoder, arguments.model or SPEAKER_WEIGHTS)
    people = utterance_files(arguments.data / "speech", "test")
    if arguments.speakers:
        names = list(people)
        chosen = range(0, len(names), max(len(names) // arguments.speakers, 1))
        people = {names[place]: people[names[place]] for place in [*chosen][: arguments.speakers]}
    recordings = {"speechocean762": people}
    if (arguments.data / "grid").is_dir():
        recordings["GRID"] = grid_clips(arguments.data / "grid")
    rows = evaluate_speaker(encoder, recordings)
    if arguments.json:
        write_figures(content(encoder, rows), arguments.json)
    return 0
