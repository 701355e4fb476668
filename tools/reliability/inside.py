# SPDX-License-Identifier: MIT
"""Inside Blender: a small character is let talk by the real engine while something is done to engine, disk or folders."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "helpers")]

import bpy  # noqa: E402

import blender_addon  # noqa: E402
from blender_addon import api  # noqa: E402
from blender_addon.engine_process import cache, shared  # noqa: E402
from blender_addon.errors import TalkingAnimationError  # noqa: E402
from blender_addon.host import settings, temporary_files  # noqa: E402
from blender_addon.host.blender_versions import animation_data  # noqa: E402
from blender_addon.keys.ownership import is_own  # noqa: E402
from tools.reliability.keys import same_keys  # noqa: E402

COMPLETE, BEFORE = "complete", "as before"
WAIT = 900.0
"""Seconds after which anything counts as hung."""
DISK = 12 << 20
"""Bytes of the small disk."""


class Trials:
    """A character, its recording, and what became of each disturbance."""

    def __init__(self, folder: Path) -> None:
        import characters
        from tones import write_wav

        self.folder = folder
        self.cache, self.temporary = folder / "cache", folder / "temporary"
        self.use(self.cache, self.temporary)
        self.voice = write_wav(folder / "line.wav", 2.0)
        self.rows: list[dict[str, Any]] = []
        self.rig, self.mesh = characters.rigged()
        self.mesh.data.shape_keys.key_blocks["mouthSmileLeft"].value = 0.37
        self.rig.pose.bones["head"].rotation_quaternion = (0.9, 0.1, 0.2, 0.3)
        self.before = self.users()
        for _ in range(2):  # what is read for the first time takes longer
            begun = time.monotonic()
            self.start = 0.0
            self.generate(self._note_start)
            self.seconds = time.monotonic() - begun
            self.whole = self.keys()
            self.put_back()

    def _note_start(self, now: float) -> None:
        if not self.start and getattr(shared.running(), "capabilities", None) is not None:
            self.start = now

    def use(self, chosen: Path, temporary: Path) -> None:
        """Keep motion and temporary files there."""
        for path in (chosen, temporary):
            path.mkdir(parents=True, exist_ok=True)
        settings.fallback.cache_folder = str(chosen)
        tempfile.tempdir = str(temporary)
        os.environ["TMPDIR"] = str(temporary)
        self.cache, self.temporary = chosen, temporary

    def users(self) -> Any:
        """All of the user's own data."""
        import users_data

        scene: Any = bpy.context.scene
        scene.frame_set(1)
        return {**users_data.character_values(self.rig, self.mesh), **users_data.scene_values(scene)}

    def keys(self) -> Any:
        """All keys of ours, as they are."""
        result = []
        for datablock in (self.rig, self.mesh.data.shape_keys):
            data = datablock.animation_data
            for track in data.nla_tracks if data is not None else ():
                for strip in track.strips:
                    curves = animation_data.curve_set(strip.action, datablock)
                    for place, curve in sorted(curves.by_path().items()) if curves is not None else ():
                        result.append((place, [tuple(key.co) for key in curve.keyframe_points]))
        return result

    def put_back(self) -> None:
        """Without animation, engine and cache, as at first."""
        api.remove(self.mesh)
        api.close_engine()
        with suppress(OSError):
            shutil.rmtree(self.cache)
        with suppress(OSError):
            self.cache.mkdir(parents=True, exist_ok=True)

    def generate(self, meanwhile: Callable[[float], None]) -> tuple[str, str]:
        """Let the character talk; returns what became of it, and the sentence."""
        begun = time.monotonic()
        try:
            job = api.Job(self.mesh, self.voice, start_frame=1)
            while not job.poll():
                meanwhile(time.monotonic() - begun)
                if time.monotonic() - begun > WAIT:
                    job.cancel()
                    return "hung", ""
                time.sleep(0.002)
        except TalkingAnimationError as error:
            return BEFORE, str(error)
        return COMPLETE, ""

    def trial(self, name: str, meanwhile: Callable[[float], None], tidy: Callable[[], None] = lambda: None) -> None:  # fmt: skip
        """One disturbance, and what is wrong afterwards."""
        try:
            outcome, sentence = self.generate(meanwhile)
        except Exception as error:  # what a user would see as a fault of ours
            outcome, sentence = f"raised {error!r}", ""
        finally:
            tidy()
        pid = getattr(shared.running(), "pid", None)
        wrong = [] if outcome in (COMPLETE, BEFORE) else [outcome]
        if sentence and (not sentence.endswith((".", "?")) or "\n" in sentence):
            wrong.append(f"no sentence: {sentence}")
        if outcome == COMPLETE and not same_keys(self.keys(), self.whole):
            wrong.append("the animation is not the whole one")
        if outcome == BEFORE:
            wrong += self.differences()
        wrong += self.left_over()
        self.put_back()
        wrong += self.differences()
        if pid is not None and alive(pid):
            wrong.append(f"the engine {pid} was left running")
        self.rows.append({"name": name, "outcome": outcome, "sentence": sentence, "wrong": wrong})

    def differences(self) -> list[str]:
        """What is not as it was before."""
        now = self.users()
        changed = [
            str(place)
            for place in now.keys() | self.before.keys()
            if now.get(place) != self.before.get(place)
        ]
        ours = [action.name for action in bpy.data.actions if is_own(action)]
        return [f"changed: {place}" for place in sorted(changed)] + [f"left: {name}" for name in ours]

    def left_over(self) -> list[str]:
        """Files that nobody needs any more, and motion that is not whole."""
        left = [
            str(path)
            for path in self.temporary.rglob("*")
            if path.is_file() and path.name != "in_use" and not cache.has(path)
        ]
        if self.cache.is_dir():
            left += [str(path) for path in self.cache.iterdir() if not cache.has(path)]
        return [f"left over: {path}" for path in left]


def alive(pid: int) -> bool:
    """Whether a process runs (one that has ended and that nobody asked for its end counts as ended)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        with suppress(OSError):
            os.kill(pid, 0)
            return not Path("/proc/self").exists()
        return False
    return state.rpartition(")")[2].split()[0] != "Z"


def kill(trials: Trials, plan: dict[str, Any]) -> None:
    """The engine is killed at moments spread over its start, where another one is started, and over its work."""
    moments = random.Random(plan["seed"])
    for number in range(plan["times"]):
        at_work = number % 2 == 0
        trials.trial(
            f"engine killed at {'work' if at_work else 'its start'}",
            _killer(moments.random(), at_work, trials),
        )


def _killer(part: float, at_work: bool, trials: Trials) -> Callable[[float], None]:
    """Kills the engine once, after a part of its start or of its work."""
    begun: list[float] = []
    done: list[int] = []

    def meanwhile(now: float) -> None:
        engine = shared.running()
        if engine is None or engine.pid is None or done:
            return
        if not at_work and now >= part * trials.start:
            done.append(engine.pid)
        elif at_work and engine.capabilities is not None:
            begun.append(now)
            if now - begun[0] >= part * (trials.seconds - trials.start):
                done.append(engine.pid)
        if done:
            with suppress(ProcessLookupError):
                os.kill(done[0], signal.SIGKILL)

    return meanwhile


def mounted(place: Path, size: int = DISK) -> str:
    """Put a small disk there; returns why not, else ""."""
    place.mkdir(parents=True, exist_ok=True)
    try:
        told = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)],
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError as error:
        return str(error)
    return told.stderr.strip() if told.returncode else ""


def unmount(place: Path) -> None:
    """Take the small disk away."""
    subprocess.run(["umount", "-l", str(place)], capture_output=True, check=False)


def fill(trials: Trials, plan: dict[str, Any]) -> None:
    """So many bytes are left on the disk of the cache, of the temporary files, or of both; from the start, or from then on."""
    disk = trials.folder / "disk"
    reason = mounted(disk)
    if reason:
        trials.rows.append({"name": f"disk full (left out: {reason})", "outcome": "left out", "wrong": []})
        return
    usual = (trials.cache, trials.temporary)
    amounts = random.Random(plan["seed"])
    try:
        for number in range(plan["times"]):
            room = int(2 ** (amounts.random() * 21))  # 1 byte to 2 MiB
            places = ((disk / "cache", usual[1]), (usual[0], disk / "tmp"), (disk / "cache", disk / "tmp"))
            trials.use(*places[number % 3])
            full = _Filler(disk, room, at_once=number % 2 == 0)
            trials.trial("disk full", full, full.clear)
            temporary_files.close()
    finally:
        trials.use(*usual)
        unmount(disk)


class _Filler:
    """Fills a disk but for some room."""

    def __init__(self, disk: Path, room: int, at_once: bool) -> None:
        self.file, self.room = disk / "filler", room
        self.filled = False
        if at_once:
            self(0.0)

    def __call__(self, now: float) -> None:
        if self.filled:
            return
        self.filled = True
        with suppress(OSError), self.file.open("wb") as stream:
            while True:
                stream.write(bytes(4096))
                stream.flush()
        with self.file.open("r+b") as stream:
            stream.truncate(max(0, self.file.stat().st_size - self.room))

    def clear(self) -> None:
        """Make room again."""
        self.file.unlink(missing_ok=True)


def lock(trials: Trials, plan: dict[str, Any]) -> None:
    """Everything else that can happen to folders and processes."""
    _read_only(trials)
    once: list[bool] = []

    def first(act: Callable[[], object]) -> Callable[[float], None]:
        once.clear()

        def meanwhile(now: float) -> None:
            if not once and getattr(shared.running(), "capabilities", None) is not None:
                once.append(True)
                act()

        return meanwhile

    trials.trial("cache removed meanwhile", first(lambda: shutil.rmtree(trials.cache)))
    trials.trial(
        "temporary folder removed meanwhile",
        first(lambda: _empty(trials.temporary)),
    )
    _damaged_cache(trials)
    _sleeping(trials, float(plan["stop"]))
    _two_at_once(trials)
    _closed(trials, plan)


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        shutil.rmtree(path)


def _read_only(trials: Trials) -> None:
    disk = trials.folder / "locked"
    reason = mounted(disk)
    if reason:
        trials.rows.append(
            {"name": f"read-only folder (left out: {reason})", "outcome": "left out", "wrong": []}
        )
        return
    usual = (trials.cache, trials.temporary)
    try:
        for places in ((disk / "cache", usual[1]), (usual[0], disk / "tmp"), (disk / "cache", disk / "tmp")):
            for at_once in (True, False):
                trials.use(*places)

                def locked(now: float) -> None:
                    subprocess.run(["mount", "-o", "remount,ro", str(disk)], capture_output=True, check=False)

                def unlocked() -> None:
                    subprocess.run(["mount", "-o", "remount,rw", str(disk)], capture_output=True, check=False)

                if at_once:
                    locked(0.0)
                trials.trial("read-only folder", locked, unlocked)
                temporary_files.close()
    finally:
        trials.use(*usual)
        unmount(disk)


def _damaged_cache(trials: Trials) -> None:
    """A file of the cache is cut, emptied or overwritten: a dial says so, and generating makes it anew."""
    for damage in (lambda data: data[: len(data) // 2], lambda data: b"", lambda data: b"PK" + bytes(500)):
        api.generate(trials.mesh, trials.voice, start_frame=1, keep_motion=False)
        path = Path(api.motion_file(trials.mesh))
        path.write_bytes(damage(path.read_bytes()))
        with suppress(TalkingAnimationError):
            api.apply_dials(trials.mesh, api.Dials(lips=0.5))
        api.describe(trials.mesh).root.talking_animation.lips = 1.0
        trials.trial("cache damaged", lambda now: None)


def _sleeping(trials: Trials, seconds: float) -> None:
    slept: list[float] = []

    def meanwhile(now: float) -> None:
        engine = shared.running()
        if engine is None or engine.pid is None or engine.capabilities is None:
            return
        if not slept:
            slept.append(now)
            os.kill(engine.pid, signal.SIGSTOP)
        elif len(slept) == 1 and now - slept[0] >= seconds:
            slept.append(now)
            os.kill(engine.pid, signal.SIGCONT)

    trials.trial(f"engine asleep for {seconds:g} s", meanwhile)


def _another(trials: Trials, name: str) -> subprocess.Popen[str]:
    """Another Blender that lets its character say the same, with the same cache and folder for temporary files."""
    plan = {"kinds": [["generate", 1]], "folder": str(trials.folder / name), "cache": str(trials.cache),
            "temporary": str(trials.temporary), "voice": str(trials.voice)}  # fmt: skip
    path = trials.folder / f"{name}.json"
    path.write_text(json.dumps(plan), encoding="utf-8")
    start = [sys.executable, __file__, "--"]
    if bpy.app.binary_path:
        start = [bpy.app.binary_path, "-b", "--factory-startup", "--python", __file__, "--"]
    environment = {**os.environ, "TMPDIR": str(trials.temporary)}
    return subprocess.Popen(
        [*start, str(path)], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    )


def _two_at_once(trials: Trials) -> None:
    both = [_another(trials, name) for name in ("first", "second")]
    wrong = []
    for name, process in zip(("first", "second"), both):
        process.communicate(timeout=WAIT)
        told = trials.folder / name / "results.json"
        keys = json.loads(told.read_text(encoding="utf-8")) if told.is_file() else None
        if keys is None or not same_keys(keys, trials.whole):
            wrong.append(f"the {name} of two Blenders has not the whole animation")
    wrong += trials.left_over()
    trials.rows.append({"name": "two Blenders on one cache", "outcome": COMPLETE, "wrong": wrong})
    trials.put_back()


def _closed(trials: Trials, plan: dict[str, Any]) -> None:
    """Blender itself is killed while the engine works: the engine ends, and the next Blender clears up."""
    moments = random.Random(plan["seed"])
    for number in range(min(5, max(1, plan["times"]))):
        process = _another(trials, f"closed{number}")
        assert process.stdout is not None
        engine = next((int(line.split()[1]) for line in process.stdout if line.startswith("engine ")), 0)
        time.sleep(moments.random() * trials.seconds / 2)
        process.kill()
        process.communicate()
        until = time.monotonic() + 30
        while alive(engine) and time.monotonic() < until:
            time.sleep(0.02)
        wrong = [f"the engine {engine} was left running"] if alive(engine) else []
        temporary_files.close()
        temporary_files.new_folder().rmdir()  # what the next Blender does first
        wrong += trials.left_over()
        trials.rows.append({"name": "Blender killed", "outcome": "ended", "wrong": wrong})
        trials.put_back()


def generate(trials: Trials, plan: dict[str, Any]) -> None:
    """What `_another` does."""
    trials.use(Path(plan["cache"]), Path(plan["temporary"]))
    trials.voice = Path(plan["voice"])
    told: list[bool] = []

    def meanwhile(now: float) -> None:
        pid = getattr(shared.running(), "pid", None)
        if pid is not None and not told:
            told.append(True)
            print(f"engine {pid}", flush=True)

    trials.generate(meanwhile)
    trials.rows = trials.keys()
    api.close_engine()


def main() -> None:
    """Do as the plan says; the results lie beside it."""
    plan = json.loads(Path(sys.argv[sys.argv.index("--") + 1]).read_text(encoding="utf-8"))
    folder = Path(plan["folder"])
    folder.mkdir(exist_ok=True)
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    blender_addon.register()
    try:
        trials = Trials(folder)
        for kind, times in plan["kinds"]:
            known = {"kill": kill, "fill": fill, "lock": lock, "generate": generate}
            known[kind](trials, {**plan, "times": times})
        (folder / "results.json").write_text(json.dumps(trials.rows), encoding="utf-8")
    finally:
        api.close_engine()
        temporary_files.close()
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    try:
        main()
    except Exception:
        import traceback

        traceback.print_exc()
        sys.stdout.flush()
        os._exit(1)
