"""Figures of drawings that are swapped: closures kept, drawings held long enough, and what ten minutes of cues cost.

python -m tools.drawing_figures                            random cues (seed 1), 0.083 to 0.16 s each, as quick as speech gets
python -m tools.drawing_figures --sentences 50             and what flite's two voices say of so many sentences
python -m tools.drawing_figures --sentences 50 --text      the same where the engine is told the sentences' text
python -m tools.drawing_figures --sentences 8 --rates 12 24 25 30 60 --holds 1 2 3       at other rates, on ones, twos and threes
blender -b --factory-startup --python tools/drawing_figures.py       and what writing the keys of ten minutes costs
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from blender_addon.contract.easing import rested
from blender_addon.contract.runs import runs_of
from blender_addon.contract.shape_effects import closed_frames
from blender_addon.contract.wav_files import wav_bytes

from blender_addon.contract import MOUTH_SHAPES, FaceAnimation
from blender_addon.motion import drawing_swaps
from blender_addon.motion.drawing_swaps import Holding
from blender_addon.motion.key_reduction import held_frames
from blender_addon.rigs.drawing_charts import CLOSED

SECONDS, FPS = 600.0, 24.0
LEAD = 1  # frames that drawings come before the sound
VOICES = ("slt", "rms")
LIPS_MEET = ("p", "b", "m")
Phones = list[tuple[str, float, float]]


def random_cues() -> list[tuple[float, float, str]]:
    """Ten minutes of mouth cues."""
    random = np.random.default_rng(1)
    edges = np.concatenate([[0.0], np.cumsum(random.uniform(0.083, 0.16, 8000))])
    edges = edges[edges < SECONDS]
    shapes = random.choice(MOUTH_SHAPES[:-1], len(edges) - 1)
    return [(float(start), float(end), str(cue)) for start, end, cue in zip(edges, edges[1:], shapes)]


def of_random_cues() -> None:
    """Print a row for each hold."""
    cues = random_cues()
    frames = int(SECONDS * FPS)
    for hold in (1, 2, 3, 4):
        begin = time.process_time()
        runs = drawing_swaps.cue_runs(cues, FPS, frames, Holding(hold, LEAD))
        shown = drawing_swaps.per_frame(runs, frames)
        spent = time.process_time() - begin
        closures = [(round(start * FPS), round(end * FPS)) for start, end, cue in cues if cue == CLOSED]
        kept = sum(CLOSED in shown[max(first - LEAD - hold, 0) : last + hold] for first, last in closures)
        short = sum(run.end - run.start < hold for run in runs[1:-1])
        print(
            f"hold {hold}: {kept} of {len(closures)} closures shown, {short} drawings too short, {spent:.3f} s"
        )


def of_sentences(count: int, told: bool = False, fps: float = FPS, holds: Sequence[int] = (2,)) -> None:
    """Print how many p, b and m of spoken sentences show closed lips, and whether the drawings are the exported cues.

    Args:
        count: of the sentences, at most 50, by each of the voices.
        told: whether the engine is given their texts.
        fps: frames per second.
        holds: frames a drawing, each in turn.
    """
    from inference.training.synthetic_speech.synthesis import PLAIN_SENTENCES, TEST_SENTENCES

    texts = [text for pair in zip(TEST_SENTENCES, PLAIN_SENTENCES) for text in pair][:count]
    spoken = [_animated(text, voice, told, fps) for voice in VOICES for text in texts]
    for hold in holds:
        _of_motions(spoken, fps, hold)


def _animated(text: str, voice: str, told: bool, fps: float) -> tuple[FaceAnimation, Phones]:
    """What a voice of flite's says, as motion, and its phones."""
    from inference.pipeline import Settings, animate
    from inference.training.synthetic_speech.synthesis import speak

    samples, phones = speak(text, voice)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "voice.wav"
        path.write_bytes(wav_bytes(samples, 16000))
        return rested(animate(path, Settings(fps=fps, text=text if told else None)).animation), phones


def _of_motions(spoken: Sequence[tuple[FaceAnimation, Phones]], fps: float, hold: int) -> None:
    """Print a hold's figures."""
    sounds = closed = cues = cues_shown = short = frames = alike = touches = seen = 0
    for motion, phones in spoken:
        runs = drawing_swaps.cue_runs(motion.cues, fps, len(motion), Holding(hold, LEAD))
        shown = drawing_swaps.per_frame(runs, len(motion))
        short += sum(run.end - run.start < hold for run in runs[1:-1])
        for name, start, end in phones:
            if name in LIPS_MEET:
                sounds += 1
                closed += is_closed(shown, (start * fps, end * fps), hold)
        for start, end, cue in motion.cues:
            if cue == CLOSED:
                cues += 1
                cues_shown += is_closed(shown, (start * fps, end * fps), hold)
        exact = drawing_swaps.per_frame(
            drawing_swaps.cue_runs(motion.cues, fps, len(motion), Holding(1, 0, False)), len(motion)
        )
        frames += len(motion)
        alike += sum(one == other for one, other in zip(exact, _exported(motion, fps)))
        touching = closed_frames(motion.arkit)
        held = held_frames(touching, len(motion), hold)[1]
        for first, last in runs_of(touching).tolist():
            touches += 1
            seen += bool(((held >= first) & (held < last)).any())
    print(
        f"{len(spoken)} sentences, {fps:g} frames a second, hold {hold}: {closed} of {sounds} p, b and m show closed lips"
    )
    print(
        f"{cues_shown} of {cues} exported closures are shown, {short} drawings too short; at a hold of 1 frame without lead "
        f"{alike} of {frames} frames show the exported cue; drawings that follow every frame, held so long, show {seen} of "
        f"{touches} moments in which lips touch"
    )


def is_closed(shown: Sequence[str], sound: tuple[float, float], hold: int) -> bool:
    """Whether closed lips are shown during a sound, or in the frames that come before it by lead and hold.

    Args:
        shown: the mouth cue of each frame.
        sound: its start and end, in frames.
        hold: frames a drawing.
    """
    start, end = sound
    return CLOSED in shown[max(int(start) - (LEAD + hold - 1), 0) : int(np.ceil(end)) + 1]


def _exported(motion: FaceAnimation, fps: float) -> list[str]:
    """The cue of each frame's instant."""
    instants = np.arange(len(motion)) / fps + 1e-3
    return [next((cue for start, end, cue in motion.cues if start <= at < end), "X") for at in instants]


def of_writing() -> None:
    """Print what writing the keys of ten minutes costs in the Blender that runs this."""
    import bpy

    import blender_addon
    from blender_addon import api
    from blender_addon.contract import Dials
    from blender_addon.demo_character.mouth_chart import build_mouth_chart
    from blender_addon.motion.key_reduction import KeyStyle
    from blender_addon.talking.write import Destination, write

    bpy.ops.wm.read_factory_settings(use_empty=True)
    blender_addon.register()
    scene: Any = bpy.context.scene
    scene.render.fps = int(FPS)
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "helpers"))
    from face_animations import face_animation

    weights = np.zeros((int(SECONDS * FPS), 52), np.float32)
    for frame in range(40, len(weights) - 3, 90):  # blinks
        weights[frame : frame + 3, [0, 7]] = 1.0
    motion = face_animation(FPS, weights, cues=random_cues())
    head = build_mouth_chart(scene)
    begin = time.process_time()
    report = write(api.describe(head), motion, Dials(), Destination(1, True, {}, KeyStyle(), (0.0, 0.0)))
    spent = time.process_time() - begin
    print(f"Blender {bpy.app.version_string}: keys of ten minutes on {report.curves} curves in {spent:.2f} s")


def main() -> None:
    """Print what was asked for."""
    in_blender = "bpy" in sys.modules
    arguments = (
        sys.argv[sys.argv.index("--") + 1 :] if "--" in sys.argv else ([] if in_blender else sys.argv[1:])
    )
    parser = argparse.ArgumentParser(
        prog="drawing_figures.py", description="Figures of drawings that are swapped."
    )
    parser.add_argument(
        "--sentences", type=int, default=0, help="so many sentences by each of two voices of flite's"
    )
    parser.add_argument("--rates", type=float, nargs="+", default=[FPS], help="frames per second of them")
    parser.add_argument("--holds", type=int, nargs="+", default=[2], help="frames a drawing")
    parser.add_argument("--text", action="store_true", help="tell the engine what the sentences say")
    parser.add_argument("--write", action="store_true", help="write keys (a Python with the bpy wheel)")
    options = parser.parse_args(arguments)
    of_random_cues()
    if options.sentences:
        for fps in options.rates:
            of_sentences(options.sentences, options.text, fps, options.holds)
    if options.write or in_blender:
        of_writing()
        sys.stdout.flush()
        os._exit(0)  # the wheels of Blender 4 may hang where they end


if __name__ == "__main__":
    main()
