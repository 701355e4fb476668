"""The engine's training commands, from ``prepare`` to ``evaluate-manner``. Heavy imports happen inside the handlers."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import EngineError
from ..face.frame_rates import frame_rate
from ..face.names import PORTRAIT_RENDERERS
from ..face.outputs import keep_apart
from ..paths import ENGINE_ROOT

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


_SHIPPED_PHOTOS = ENGINE_ROOT / "demo" / "pictures"


def add_subcommands(subparsers: Subparsers) -> None:
    """Adds the training room's commands; each parsed namespace has ``run``, which takes it and returns the exit code."""
    for add in (
        _add_prepare,
        _add_train,
        _add_evaluate,
        _add_manner,
        _add_evaluate_speaker,
        _add_evaluate_pictures,
        _add_evaluate_portrait,
    ):
        add(subparsers)


def _add_prepare(subparsers: Subparsers) -> None:
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
    prepare.set_defaults(run=_told(_prepare))


def _add_train(subparsers: Subparsers) -> None:
    train = subparsers.add_parser("train", help="train the content networks and write the weights file")
    train.add_argument(
        "part",
        nargs="?",
        choices=("all", "content", "landmarks", "lips", "speaker", "portrait", "look"),
        default="all",
        help="content: the encoder that hears phones; landmarks: from it to the face, on an encoder that is there; all: both; "
        "lips: the last three stages, on the encoder and decoder of --start; "
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
    train.add_argument("--runs", type=Path, help="folder for checkpoints and curves")
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
    train.add_argument("--start", type=Path, help="weights file that lips goes on from (.npz)")
    train.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    train.add_argument("--threads", type=int, help="of the CPU (default: 2, or 1 where OMP_NUM_THREADS is 1)")
    train.set_defaults(run=_told(_train))


def _add_evaluate(subparsers: Subparsers) -> None:
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
        "--speech-folder",
        type=Path,
        help="measure nothing: write what peers have to be run on here (clips and flite sentences as .wav, phone times)",
    )
    _add_recordings(evaluate)
    _add_outputs(evaluate)
    evaluate.set_defaults(run=_told(_evaluate))


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


def _add_manner(subparsers: Subparsers) -> None:
    measure = subparsers.add_parser(
        "measure-styles", help="measure the shipped styles and the corpus that style codes are z-scored over"
    )
    judge = subparsers.add_parser(
        "evaluate-manner", help="figures of styles, persons, heads and blinks against real people"
    )
    judge.add_argument(
        "--clips",
        type=Path,
        metavar="FOLDER",
        help="only the table of heads, for this folder of talking faces: videos, or what 'capture' made of them",
    )
    judge.add_argument(
        "--voices",
        type=Path,
        metavar="DATA",
        help="only the table of heads that are made for voices: folder with speech/utterances.tsv",
    )
    judge.add_argument(
        "--plot",
        type=Path,
        metavar="PICTURE",
        help="draw the heads of the first few --voices, two takes of the first (.png)",
    )
    judge.add_argument("--style", default="auto", help="of the heads that are made for --clips and --voices")
    persons = subparsers.add_parser(
        "measure-persons", help="learn where voices differ, from which each voice's own manner is drawn"
    )
    persons.add_argument("data", type=Path, help="folder with speech/utterances.tsv")
    persons.set_defaults(run=_told(_measure_persons))
    for parser, work in ((measure, _measure_styles), (judge, _evaluate_manner)):
        optional: dict[str, Any] = {"nargs": "?"} if parser is judge else {}
        parser.add_argument(
            "data", type=Path, help="folder with speech/utterances.tsv and grid/<speaker>/*.mp4", **optional
        )
        parser.add_argument("corpus", type=Path, help="GRID as 'prepare' made it, for its splits", **optional)
        parser.add_argument(
            "--cache", type=Path, default=Path(".corpora/captured"), help="captured clips are kept here"
        )
        parser.set_defaults(run=_told(work))


def _add_evaluate_speaker(subparsers: Subparsers) -> None:
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
    voices.set_defaults(run=_told(_evaluate_speaker))


def _add_evaluate_pictures(subparsers: Subparsers) -> None:
    pictures = subparsers.add_parser(
        "evaluate-pictures",
        help="pictures that talk against filmed faces, and what each picture does by itself",
    )
    _add_films(pictures, 6, "portraits that are measured by themselves")
    pictures.add_argument(
        "--voice", type=Path, default=Path("demo/hello.wav"), help="what they say (default: demo/hello.wav)"
    )
    pictures.add_argument("--json", type=Path, help="write the figures here")
    pictures.set_defaults(run=_told(_evaluate_pictures))


def _add_films(parser: argparse.ArgumentParser, clips: int, pictures: str) -> None:
    """What a measurement of pictures that talk takes: films of faces, so many clips a speaker, and pictures by themselves."""
    parser.add_argument(
        "data",
        type=Path,
        nargs="?",
        help="folder with grid/<speaker>/*.mp4; grid_hq is taken where it is there",
    )
    parser.add_argument(
        "--speakers", nargs="*", default=["s26", "s4"], help="whose held-out clips (default: s26 s4)"
    )
    parser.add_argument("--clips", type=int, default=clips, help="so many of each speaker, spread evenly")
    parser.add_argument("--pictures", type=Path, nargs="+", default=[], help=pictures)


def _add_evaluate_portrait(subparsers: Subparsers) -> None:
    portrait = subparsers.add_parser(
        "evaluate-portrait",
        help="baked videos of pictures that talk: the lips found again in them, and beside filmed faces",
    )
    _add_films(portrait, 3, "portraits that say the voices")
    portrait.add_argument(
        "--people",
        nargs="+",
        default=[],
        help="speakers whose first picture is a portrait that says the voices",
    )
    portrait.add_argument(
        "--voices",
        type=Path,
        nargs="+",
        default=[Path("demo/hello.wav")],
        help="what they say (default: demo/hello.wav)",
    )
    portrait.add_argument(
        "--renderer",
        metavar="{" + ",".join(PORTRAIT_RENDERERS) + ",FILE.npz}",
        default=PORTRAIT_RENDERERS[0],
        help="what draws (default: %(default)s)",
    )
    portrait.add_argument(
        "--personalize",
        type=int,
        metavar="CLIPS",
        help="learn a renderer of each speaker from so many held-out clips, and measure others with it, beside warp",
    )
    portrait.add_argument(
        "--keep",
        type=Path,
        metavar="FOLDER",
        help="where --personalize keeps its renderers, and takes those that are there",
    )
    portrait.add_argument(
        "--speed",
        action="store_true",
        help="measure how long the first of --pictures takes instead, with the first voice",
    )
    portrait.add_argument(
        "--sheet",
        type=Path,
        metavar="PICTURE",
        help="draw a clip's mouth of each speaker: filmed, warped, by --renderer",
    )
    portrait.add_argument("--json", type=Path, help="write the figures here")
    portrait.set_defaults(run=_told(_evaluate_portrait))


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


def _train(arguments: argparse.Namespace) -> int:
    if arguments.part == "look":
        return _train_look(arguments)
    if arguments.folder is not None or arguments.data is None or arguments.runs is None:
        print(f"train {arguments.part} needs --data and --runs, and takes no folder of pictures.")
        return 2
    from inference.training.recipes.train import Places, read_config, train

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
    lips = arguments.part == "lips"
    if arguments.corpus is None or (arguments.start if lips else arguments.speech) is None:
        print(f"train {arguments.part} needs --corpus and {'--start' if lips else '--speech'}.")
        return 2
    if arguments.start and not lips:
        print("Only train lips takes --start.")
        return 2
    places = Places(
        arguments.speech or Path(), arguments.corpus, arguments.data, arguments.runs, arguments.output
    )
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
    train_look(arguments.folder, photos, arguments.output, course, arguments.device, arguments.threads)
    return 0


def _train_portrait(arguments: argparse.Namespace) -> int:
    from inference.training.recipes.portrait import train_portrait
    from inference.training.recipes.train import read_config

    train_portrait(
        read_config(arguments.config), arguments.data, arguments.heads, arguments.runs / "portrait", arguments.output,
        arguments.without, arguments.device, arguments.threads,
    )  # fmt: skip
    return 0


def _evaluate(arguments: argparse.Namespace) -> int:
    if arguments.recordings is not None:
        return _evaluate_recordings(arguments)
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
        evaluate_recordings,
        plot_recordings,
        write_figures,
    )

    if arguments.corpus is not None:
        print("--recordings measures no corpus: leave the corpus out.")
        return 2
    data = Path(arguments.recordings) if arguments.recordings else None
    if data is not None and not data.is_dir():
        raise EngineError(f"{data} is not a folder: give one with grid and speech.", "file_missing")
    backend = load_backend(arguments.backend, "auto", arguments.model or CONTENT_WEIGHTS)
    bench = Bench(mouth_of(backend), data)
    rows = evaluate_recordings(bench, arguments.rows)
    if arguments.json:
        write_figures(rows, arguments.json, bench.missing)
    if arguments.plot:
        plot_recordings(rows, arguments.plot)
    return 0


def _evaluate_strangers(arguments: argparse.Namespace) -> int:
    from inference.hearing.backends import CONTENT_WEIGHTS
    from inference.training.evaluation.evaluate import write_json
    from inference.training.recipes.strangers import evaluate_strangers
    from inference.training.recipes.train import read_config

    model = arguments.model or CONTENT_WEIGHTS
    rows = evaluate_strangers(arguments.corpus, model, read_config(), arguments.speakers)
    if arguments.json:
        write_json(rows, arguments.json)
    return 0


def _evaluate_clips(arguments: argparse.Namespace) -> int:
    from inference.hearing.backends import CONTENT_WEIGHTS, load_backend
    from inference.training.evaluation.evaluate import (
        evaluate,
        evaluate_disturbed,
        held_out,
        lines_of,
        plot_clips,
        write_json,
        write_sounds,
    )
    from inference.training.evaluation.peers import peer_of

    fps = frame_rate(arguments.fps)
    peer_files = [text.rpartition("=")[2] for text in arguments.against]
    keep_apart(
        [arguments.json, arguments.plot],
        [arguments.model, arguments.sentences, *arguments.against, *peer_files],
    )
    if arguments.clips is not None and arguments.clips <= 0:
        print("--clips must be above 0.")
        return 2
    if arguments.disturbed and (arguments.against or arguments.sentences):
        print("--disturbed measures our model alone: leave out --against and --sentences.")
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
    if arguments.disturbed:
        rows = evaluate_disturbed(corpus, backend, speakers, clips)
    else:
        rows = evaluate(corpus, backend, peers, not arguments.no_speech, speakers, clips, sentences=sentences)
    probe = None
    if arguments.probe:
        from inference.training.evaluation.probe import probe_speech

        probe = probe_speech(arguments.probe / "speech", backend)
    if arguments.json:
        write_json(rows, arguments.json, probe)
    if arguments.plot:
        paths = [path for group in held_out(corpus, speakers, clips).values() for path in group[:2]]
        plot_clips(paths, backend, arguments.plot, peers)
    if arguments.charts:
        from inference.training.evaluation.charts import draw_charts

        draw_charts(arguments.charts, held_out(corpus, speakers, clips), backend, arguments.alignments)
    return 0


def _evaluate_speaker(arguments: argparse.Namespace) -> int:
    from inference.hearing.speaker_encoder import SPEAKER_WEIGHTS, load_speaker_encoder
    from inference.training.evaluation.speaker_pairs import evaluate_speaker, grid_clips, write_json
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
        write_json(encoder, rows, arguments.json)
    return 0


def _measure_styles(arguments: argparse.Namespace) -> int:
    from .evaluation.manner import measure_styles

    measure_styles(arguments.data / "grid", arguments.corpus, arguments.data / "speech", arguments.cache)
    return 0


def _measure_persons(arguments: argparse.Namespace) -> int:
    from .recipes.persons import measure_persons

    print(f"Learned from {measure_persons(arguments.data / 'speech')} speakers.")
    return 0


def _evaluate_manner(arguments: argparse.Namespace) -> int:
    from .evaluation import heads, manner

    if arguments.clips is not None or arguments.voices is not None:
        if arguments.clips is not None:
            if not arguments.clips.is_dir():
                raise EngineError(
                    f"{arguments.clips} is not a folder: give one of talking faces.", "file_missing"
                )
            print(
                "\n".join(heads.head_table(heads.evaluate_clips(arguments.clips, arguments.style))),
                flush=True,
            )
        if arguments.voices is not None:
            voices = heads.lines_of(arguments.voices / "speech")
            print("\n".join(heads.evaluate_voices(voices, arguments.style)), flush=True)
            if arguments.plot is not None:
                heads.draw_voices(voices, arguments.plot, arguments.style)
        return 0
    if arguments.corpus is None:
        print("evaluate-manner needs the data and a prepared corpus, or --clips, or --voices.")
        return 2
    grid, corpus, cache = arguments.data / "grid", arguments.corpus, arguments.cache
    heard = manner.voices(arguments.data / "speech", "test", 4)
    for lines in (
        manner.evaluate_contrast(heard),
        manner.evaluate_styles(heard),
        manner.evaluate_copies(grid, corpus, cache, heard),
        manner.evaluate_persons(grid, corpus, cache),
        manner.evaluate_blinks(heard),
    ):
        print("\n".join(lines), flush=True)
    return 0


def _evaluate_pictures(arguments: argparse.Namespace) -> int:
    from .evaluation import picture_table

    if arguments.data is None and not arguments.pictures:
        print("evaluate-pictures needs the data, or --pictures.")
        return 2
    if arguments.clips < 1:
        print("evaluate-pictures --clips is at least 1.")
        return 2
    keep_apart([arguments.json], [arguments.voice, *arguments.pictures])
    films = picture_table.films(arguments.data, arguments.speakers, arguments.clips) if arguments.data else {}
    if films:
        print("\n".join(picture_table.film_lines(films)), flush=True)
    elif arguments.data:
        raise EngineError(
            f"No clip in {arguments.data} could be measured: give films of one face each.", "no_clips"
        )
    pictures = picture_table.pictures(arguments.pictures, arguments.voice)
    if pictures:
        print("\n".join(picture_table.picture_lines(pictures)), flush=True)
    if arguments.json is not None:
        picture_table.write_json(films, pictures, arguments.json)
    return 0


def _evaluate_portrait(arguments: argparse.Namespace) -> int:
    from inference.portrait.renderers import check_renderer

    from .evaluation import portrait_table

    if arguments.data is None and (arguments.people or not arguments.pictures):
        print("evaluate-portrait needs the data, or --pictures.")
        return 2
    if arguments.clips < 1:
        print("evaluate-portrait --clips is at least 1.")
        return 2
    keep_apart([arguments.json, arguments.sheet], [*arguments.voices, *arguments.pictures])
    check_renderer(arguments.renderer)
    if arguments.speed:
        return _measure_portrait_speed(arguments)
    if arguments.personalize is not None:
        return _measure_personal(arguments)
    films = (
        portrait_table.films(arguments.data, arguments.speakers, arguments.clips, arguments.renderer)
        if arguments.data
        else {}
    )
    if films and arguments.sheet is not None:
        _draw_portrait_sheet(arguments)
    if films:
        print("\n".join(portrait_table.film_lines(films)), flush=True)
    elif arguments.data and arguments.speakers:
        raise EngineError(
            f"No clip in {arguments.data} could be measured: give films of one face each.", "no_clips"
        )
    faces = {path.name: portrait_table.portrait(path) for path in arguments.pictures}
    if arguments.data:
        faces.update(portrait_table.first_pictures(arguments.data, arguments.people))
    portraits = portrait_table.portraits(faces, arguments.voices, arguments.renderer)
    if portraits:
        print("\n".join(portrait_table.portrait_lines(portraits)), flush=True)
    if arguments.json is not None:
        portrait_table.write_json(films, portraits, arguments.json)
    return 0


def _measure_personal(arguments: argparse.Namespace) -> int:
    from .evaluation.personal_renderers import measure_personal, personal_lines, write_json

    if arguments.data is None or arguments.keep is None:
        print("evaluate-portrait --personalize needs the data, and --keep.")
        return 2
    if arguments.personalize < 1:
        print("evaluate-portrait --personalize is at least 1.")
        return 2
    figures = measure_personal(
        arguments.data,
        arguments.speakers,
        arguments.personalize,
        arguments.clips,
        arguments.keep,
        arguments.sheet,
    )
    print("\n".join(personal_lines(figures)), flush=True)
    if arguments.json is not None:
        write_json(figures, arguments.json)
    return 0


def _draw_portrait_sheet(arguments: argparse.Namespace) -> None:
    from .evaluation.picture_table import held_out
    from .evaluation.portrait_sheet import draw_sheet

    draw_sheet(
        [clip for speaker in arguments.speakers for clip in held_out(arguments.data, speaker, 1)],
        arguments.sheet,
        list(dict.fromkeys((PORTRAIT_RENDERERS[0], arguments.renderer))),
    )


def _measure_portrait_speed(arguments: argparse.Namespace) -> int:
    from .evaluation import portrait_speed

    if not arguments.pictures:
        print("evaluate-portrait --speed needs --pictures.")
        return 2
    figures = portrait_speed.measure_speed(arguments.pictures[0], arguments.voices[0], arguments.renderer)
    print("\n".join(portrait_speed.speed_lines(figures)))
    if arguments.json is not None:
        arguments.json.write_text(json.dumps(asdict(figures), indent=1) + "\n", encoding="utf-8")
    return 0
