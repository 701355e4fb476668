# SPDX-License-Identifier: MIT
"""`build.py bench`: the speed figures of this machine, beside the bars they are held to."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import time
from pathlib import Path
from typing import Any

from inference.face.cores import cores
from tools import bench_faces, bench_scene, blenders, package
from tools.environments import BYTECODE, ENV, OUT, ROOT, environment, interpreter
from tools.terminal import BuildError, run, say

WORK = ENV / "bench"
SPEECH = ROOT.parent / "shared" / "data" / "speech" / "wav"
SAMPLE = ROOT / "demo" / "hello.wav"


def bench(options: argparse.Namespace) -> int:
    """Measure, print a table, write out/bench.json."""
    blender = blenders.for_demo(options.blender)
    python = environment("picture", ["picture"], interpreter((3, 11), (3, 12), (3, 10), (3, 13)))
    WORK.mkdir(parents=True, exist_ok=True)
    machine = describe()
    say(f"Machine: {machine}")
    source = "utterances of speechocean762" if SPEECH.is_dir() else "the sample voice, repeated"
    lengths = [60, 120, 356] + ([] if options.quick else [3600])
    scene_seconds = round(bench_scene.LINES * bench_scene.SECONDS)
    for seconds in [10, *lengths, scene_seconds]:
        make_recording(python, seconds)

    engine = {}
    measure_engine(python, 10)  # what is installed has its modules compiled and its files read before
    for seconds in lengths:
        say(f"Engine, numpy: {seconds} s of speech")
        engine[seconds] = measure_engine(python, seconds)
    say(f"Add-on: {blender.name}")
    inside = measure_blender(blender)
    say(f"Whole scene: {blender.name}")
    scene = bench_scene.measure(blender, recording(scene_seconds), package.build(), WORK)

    say("Faces, numpy, one core")
    faces = bench_faces.measure(python)

    print("\n".join(printed([*table(engine, inside, scene), *table_of_faces(faces)], machine, blender.name)))
    figures = {
        "machine": machine,
        "speech": source,
        "blender": blender.name,
        "date": time.strftime("%Y-%m-%d"),
        "engine": {str(seconds): value for seconds, value in engine.items()},
        "addon": inside,
        "scene": scene,
        "faces": faces,
    }
    OUT.mkdir(exist_ok=True)
    (OUT / "bench.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(f"\n  Speech: {source}. out/bench.json holds the same figures.")
    return 0


Row = tuple[str, float, str, str]
"""What was measured, how much, its unit, and the bar it is held to."""


def printed(rows: list[Row], machine: str, blender: str) -> list[str]:
    """The lines of the table, under the name of the machine that they are true of."""
    head = ["", f"  {machine}; {blender}; {time.strftime('%Y-%m-%d')}"]
    head.append(f"  {'what':<52}{'measured':>10}      bar")
    return head + [
        f"  {name:<52}{value:>10.{0 if unit == 'MiB' else 2}f} {unit:<4} {bar}".rstrip()
        for name, value, unit, bar in rows
    ]


def table(engine: dict[int, dict[str, float]], inside: dict[str, float], scene: dict[str, Any]) -> list[Row]:
    """The figures as rows for people."""
    slope = engine[356]["seconds"] / engine[60]["seconds"] / (356 / 60)
    rows: list[Row] = [
        ("356 s of speech to FaceAnimation, numpy", engine[356]["seconds"], "s", "< 3"),
        ("   the same, 120 s", engine[120]["seconds"], "s", ""),
        ("   the same, 60 s", engine[60]["seconds"], "s", ""),
        ("   cost a second of speech, 356 s against 60 s", slope, "×", "≤ 1.1"),
    ]
    if 3600 in engine:
        hour = engine[3600]
        rows.append(("one hour of speech", hour["seconds"], "s", ""))
        rows.append(("   peak memory", hour["peak_mib"], "MiB", "< 1024"))
    rows += [
        ("click to keys, 10 s line, with the engine's start", inside["click_to_keys"], "s", "< 3"),
        ("52 curves × 3000 frames written", inside["write"], "s", "< 0.2"),
        ("100 strips, 4 characters, 10 min: one command", scene["seconds"], "s", "< 60"),
        ("   lines lost, one engine process killed", scene["lost"], "", "≤ 1"),
        ("   the same again, from the cache", scene["again"], "s", ""),
        ("   Blender's peak memory", scene["peak_mib"], "MiB", ""),
    ]
    return rows


def table_of_faces(faces: dict[str, float]) -> list[Row]:
    """What finding faces costs, as rows."""
    return [
        ("faces in a picture, one core", faces["picture"], "s", "< 0.5"),
        ("   the same, strict", faces["strict"], "s", ""),
        ("a film's face, irises too, a picture, one core", faces["frame"], "ms", "< 45"),
    ]


def make_recording(python: Path, seconds: int) -> None:
    """Join speech to a recording of this length, where an earlier run has not."""
    target = recording(seconds)
    if target.exists():
        return
    say(f"Joining {seconds} s of speech")
    unfinished = target.with_suffix(".part")
    words: list[str | Path] = [ROOT / "tools" / "speech.py", str(seconds), unfinished, SAMPLE, SPEECH]
    run([python, *words], what="Joining speech")
    unfinished.replace(target)


def recording(seconds: int) -> Path:
    """Where the joined speech of this length lies."""
    return WORK / f"speech-{seconds}.wav"


def measure_engine(python: Path, seconds: int) -> dict[str, float]:
    """Wall seconds of one engine process from start to the written file, and the most memory it held, in MiB."""
    target = WORK / f"speech-{seconds}.npz"
    command = [str(python), "-m", "inference", "animate", str(recording(seconds)), "-o", str(target)]
    command += ["--backend", "numpy"]
    begin = time.perf_counter()
    with (WORK / "engine.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **BYTECODE},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        if hasattr(os, "wait4"):
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            peak = usage.ru_maxrss / 1024
        else:
            process.wait()
            peak = float("nan")
    spent = time.perf_counter() - begin
    if process.returncode != 0:
        text = (WORK / "engine.log").read_text(encoding="utf-8", errors="replace").strip().splitlines()
        raise BuildError(
            f"The engine failed on {seconds} s of speech: {text[-1] if text else 'it said nothing'}"
        )
    return {"seconds": round(spent, 3), "peak_mib": round(peak, 1)}


def measure_blender(blender: blenders.Blender) -> dict[str, float]:
    """What a click costs in Blender, with the zip installed as a user would."""
    folder = WORK / blender.slug
    answer = folder / "measured.json"
    answer.unlink(missing_ok=True)
    arguments: list[str | Path] = ["--zip", package.build(), "--voice", recording(10), "--answer", answer]
    run(
        blender.command(ROOT / "demo" / "measure.py", *arguments),
        what="Measuring in Blender",
        environment=blender.environment(folder / "user"),
        log=folder / "measure.log",
        timeout=600,
    )
    if not answer.exists():
        raise BuildError(f"Blender ended without figures; its log is {folder / 'measure.log'}.")
    return dict(json.loads(answer.read_text(encoding="utf-8")))


def describe() -> str:
    """The machine in one line."""
    name = platform.processor() or platform.machine()
    memory = ""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                name = line.split(":", 1)[1].strip()
                break
        kib = int(Path("/proc/meminfo").read_text(encoding="utf-8").split()[1])
        memory = f", {kib / 2**20:.0f} GiB"
    except OSError:
        pass
    return f"{name}, {cores()} cores{memory}, {platform.system()} {platform.release()}"
