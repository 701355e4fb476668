"""``evaluate``: the lips beside filmed speakers, flite's phones, peers and every kind of recording."""

from __future__ import annotations

import argparse
from importlib.util import find_spec
from pathlib import Path

from ...errors import EngineError
from ...face.frame_rates import frame_rate
from ...face.outputs import keep_apart
from .told import Subparsers, told

_INSTEAD = "recordings", "texts", "closures", "strangers", "disturbed", "phones", "speech_folder"
"""Options that each ask for something else than the usual table."""


def add_parsers(subparsers: Subparsers) -> None:
    """Add it to the ``add_subparsers`` object."""
    evaluate = subparsers.add_parser(
        "evaluate", help="measure a weights file, and its peers, on held-out clips"
    )
    evaluate.add_argument("corpus", type=Path, nargs="?", help="prepared video corpus; not with --recordings")
    evaluate.add_argument("--model", type=Path, help="weights file (default: what ships)")
    evaluate.add_argument("--backend", choices=("auto", "numpy", "torch"), default="numpy")
    evaluate.add_argument(
        "--against",
        nargs="+",
        action="extend",
        default=[],
        metavar="[NAME=]PATH",
        help="a peer's output: a folder with a file for each clip (<clip>, <speaker>/<clip> or <speaker>_<clip>), or the "
        "file of the one clip; Rhubarb .json/.tsv, ARKit .csv, viseme .csv/.tsv/.json, our .npz",
    )
    evaluate.add_argument(
        "--fps",
        help="rate of peers' tables without times, and of their timecodes (default: their own)",
    )
    evaluate.add_argument("--speakers", nargs="+", default=[], help="only these speakers")
    evaluate.add_argument("--clips", type=int, help="only the first so many held-out clips of each speaker")
    evaluate.add_argument("--no-speech", action="store_true", help="leave out the flite sentences")
    evaluate.add_argument(
        "--sentences",
        type=Path,
        metavar="FILE",
        help="also measure lip closures in a file of English sentences, one a line, spoken by flite",
    )
    evaluate.add_argument(
        "--disturbed",
        action="store_true",
        help="measure our model under noise, music, echo, a telephone, whispered, sung, in other voices instead",
    )
    evaluate.add_argument(
        "--strangers",
        action="store_true",
        help="train the last stage again without each group of the corpus's speakers in turn, and measure our model on them",
    )
    evaluate.add_argument(
        "--keep",
        type=Path,
        metavar="FOLDER",
        help="with --strangers: keep what is trained here, and go on with what is there already",
    )
    evaluate.add_argument(
        "--phones",
        action="store_true",
        help="measure how far the mouth opens in each phone of GRID's clips, made and filmed, instead; with --strangers as well",
    )
    evaluate.add_argument(
        "--speech-folder",
        type=Path,
        help="measure nothing: write what peers have to be run on here (clips and flite sentences as .wav, phone times)",
    )
    _add_recordings(evaluate)
    evaluate.add_argument(
        "--texts",
        nargs="?",
        const="",
        metavar="DATA",
        help="measure what a line's text is worth instead: closures with it and without, own texts that are used, others' that "
        "are; DATA: folder with grid and speech, for those of real people",
    )
    evaluate.add_argument(
        "--closures",
        type=Path,
        metavar="DATA",
        help="measure instead which p, b, m of real people are seen, with a corpus also whether they are in the film; "
        "DATA: folder with grid and speech",
    )
    _add_outputs(evaluate)
    evaluate.set_defaults(run=told(_evaluate))


def _add_recordings(evaluate: argparse.ArgumentParser) -> None:
    """The kinds of recordings instead of a corpus."""
    evaluate.add_argument(
        "--recordings",
        nargs="?",
        const="",
        metavar="DATA",
        help="measure our model on every kind of recording instead: words alone, long stems, soft lines, held vowels, laughter, "
        "hums, noise; DATA: folder with grid and speech, for those of real people",
    )
    evaluate.add_argument(
        "--rows", nargs="+", default=[], metavar="NAME", help="only these rows of --recordings"
    )


def _add_outputs(evaluate: argparse.ArgumentParser) -> None:
    """What ``evaluate`` can write beside its table."""
    evaluate.add_argument("--json", type=Path, help="write the figures here")
    evaluate.add_argument(
        "--plot",
        type=Path,
        help="draw a few held-out clips here, or the worst of each row of --recordings (.png)",
    )
    evaluate.add_argument(
        "--probe",
        type=Path,
        metavar="DATA",
        help="also measure how much of the speaker is left in what the network hears: folder with speech/utterances.tsv",
    )
    evaluate.add_argument(
        "--charts",
        type=Path,
        metavar="FOLDER",
        help="also draw curves.png (ours beside filmed speakers) and phones.png (the mouth of every phone) here",
    )
    evaluate.add_argument(
        "--alignments",
        type=Path,
        default=Path("../shared/data/grid/alignments"),
        help="GRID's word times, written at the curves where they are there (default ../shared/data/grid/alignments)",
    )


def _evaluate(arguments: argparse.Namespace) -> int:
    asked = [name for name in _INSTEAD if getattr(arguments, name) not in (None, False)]
    if len(asked) > 1 and asked != ["strangers", "phones"]:
        options = [f"--{name.replace('_', '-')}" for name in asked]
        print(f"{' and '.join(options)} ask for different things: give one of them.")
        return 2
    if arguments.phones and find_spec("pocketsphinx") is None:
        print("--phones needs PocketSphinx, which tells when each phone is said: pip install pocketsphinx")
        return 2
    if arguments.keep is not None and not arguments.strangers:
        print("--keep goes with --strangers, whose decoders it keeps: add --strangers, or leave it out.")
        return 2
    if arguments.recordings is not None:
        return _evaluate_recordings(arguments)
    if arguments.texts is not None:
        return _evaluate_texts(arguments)
    if arguments.closures is not None:
        return _evaluate_closures(arguments)
    if arguments.strangers and arguments.corpus is not None:
        return _evaluate_strangers(arguments)
    if arguments.corpus is None or arguments.rows:
        print("evaluate needs a prepared corpus, or --recordings; --rows goes with --recordings.")
        return 2
    return _evaluate_clips(arguments)


def _evaluate_recordings(arguments: argparse.Namespace) -> int:
    from inference.hearing.backends import CONTENT_WEIGHTS, load_backend
    from inference.training.evaluation.recordings.bench import Bench, mouth_of
    from inference.training.evaluation.recordings.table import (
        content,
        evaluate_recordings,
        plot_recordings,
    )
    from inference.training.figures import write_figures

    if arguments.corpus is not None:
        print("--recordings measures no corpus: leave the corpus out.")
        return 2
    data = _data_folder(arguments.recordings)
    backend = load_backend(arguments.backend, "auto", arguments.model or CONTENT_WEIGHTS)
    bench = Bench(mouth_of(backend), data)
    rows = evaluate_recordings(bench, arguments.rows)
    if arguments.json:
        write_figures(content(rows, bench.missing), arguments.json)
    if arguments.plot:
        plot_recordings(rows, arguments.plot)
    return 0


def _evaluate_texts(arguments: argparse.Namespace) -> int:
    from inference.hearing.backends import CONTENT_WEIGHTS, load_backend
    from inference.training.evaluation.evaluate import lines_of
    from inference.training.evaluation.known_text import evaluate_texts
    from inference.training.figures import write_figures

    if arguments.corpus is not None:
        print("--texts measures no corpus: leave the corpus out.")
        return 2
    data = _data_folder(arguments.texts)
    backend = load_backend(arguments.backend, "auto", arguments.model or CONTENT_WEIGHTS)
    sentences = lines_of(arguments.sentences) if arguments.sentences else ()
    rows = evaluate_texts(backend, data, sentences=sentences)
    if arguments.json:
        write_figures(rows, arguments.json)
    return 0


def _evaluate_closures(arguments: argparse.Namespace) -> int:
    from inference.hearing.backends import CONTENT_WEIGHTS, load_backend
    from inference.training.evaluation.real_closures import evaluate_real_closures, filmed_closures
    from inference.training.figures import write_figures

    data = _data_folder(str(arguments.closures))
    assert data is not None
    backend = load_backend(arguments.backend, "auto", arguments.model or CONTENT_WEIGHTS)
    rows = evaluate_real_closures(backend, data)
    if arguments.corpus is not None:
        filmed_closures(backend, arguments.corpus)
    if arguments.json:
        write_figures(rows, arguments.json)
    return 0


def _data_folder(named: str) -> Path | None:
    """The folder with grid and speech that was named; None where none was."""
    data = Path(named) if named else None
    if data is not None and not data.is_dir():
        raise EngineError(f"{data} is not a folder: give one with grid and speech.", "file_missing")
    return data


def _evaluate_strangers(arguments: argparse.Namespace) -> int:
    from inference.hearing.backends import CONTENT_WEIGHTS
    from inference.training.evaluation.evaluate import content
    from inference.training.figures import write_figures
    from inference.training.recipes.configuration import read_config
    from inference.training.recipes.strangers import evaluate_strangers

    model = arguments.model or CONTENT_WEIGHTS
    rows = evaluate_strangers(
        arguments.corpus,
        model,
        read_config(),
        arguments.speakers,
        phones=arguments.phones,
        keep=arguments.keep,
    )
    if arguments.json:
        write_figures(content(rows), arguments.json)
    return 0


def _cannot_be_meant(arguments: argparse.Namespace) -> str:
    """What is wrong with options that do not go together; "" where nothing is."""
    if arguments.clips is not None and arguments.clips <= 0:
        return "--clips must be above 0."
    if arguments.phones and (arguments.against or arguments.json):
        return "--phones measures our model alone and prints its table: leave out --against and --json."
    if arguments.disturbed and (arguments.against or arguments.sentences):
        return "--disturbed measures our model alone: leave out --against and --sentences."
    return ""


def _evaluate_clips(arguments: argparse.Namespace) -> int:
    from inference.hearing.backends import CONTENT_WEIGHTS, load_backend
    from inference.training.evaluation.evaluate import (
        content,
        evaluate,
        evaluate_disturbed,
        held_out,
        lines_of,
        plot_clips,
        write_sounds,
    )
    from inference.training.evaluation.peers import peer_of
    from inference.training.figures import write_figures

    fps = frame_rate(arguments.fps)
    peer_files = [text.rpartition("=")[2] for text in arguments.against]
    keep_apart(
        [arguments.json, arguments.plot],
        [arguments.model, arguments.sentences, *arguments.against, *peer_files],
    )
    if wrong := _cannot_be_meant(arguments):
        print(wrong)
        return 2
    corpus, speakers, clips = arguments.corpus, arguments.speakers, arguments.clips
    if arguments.speech_folder:
        number = write_sounds(
            arguments.speech_folder, held_out(corpus, speakers, clips), not arguments.no_speech
        )
        print(
            f"{number} sounds in {arguments.speech_folder}: run the peer on them, then --against NAME=FOLDER"
        )
        return 0
    peers = [peer_of(text, fps) for text in arguments.against]
    backend = load_backend(arguments.backend, "auto", arguments.model or CONTENT_WEIGHTS)
    sentences = lines_of(arguments.sentences) if arguments.sentences else ()
    if arguments.phones:
        from inference.training.evaluation.spoken_phones import evaluate_phones

        evaluate_phones(corpus, backend, speakers, clips)
        return 0
    if arguments.disturbed:
        rows = evaluate_disturbed(corpus, backend, speakers, clips)
    else:
        rows = evaluate(corpus, backend, peers, not arguments.no_speech, speakers, clips, sentences=sentences)
    probe = None
    if arguments.probe:
        from inference.training.evaluation.probe import probe_speech

        probe = probe_speech(arguments.probe / "speech", backend)
    if arguments.json:
        write_figures(content(rows, probe), arguments.json)
    if arguments.plot:
        paths = [path for group in held_out(corpus, speakers, clips).values() for path in group[:2]]
        plot_clips(paths, backend, arguments.plot, peers)
    if arguments.charts:
        from inference.training.evaluation.charts import draw_charts

        draw_charts(arguments.charts, held_out(corpus, speakers, clips), backend, arguments.alignments)
    return 0
