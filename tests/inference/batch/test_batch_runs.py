"""Many lines: failures are their own, lost processes are replaced, and nothing is made twice."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from waiting import HUNG

from inference import cli
from inference.batch import processes
from inference.batch.blender_lines import Blender
from inference.batch.done import Done
from inference.batch.lines import Line, read_lines
from inference.batch.processes import Engine, Lost, Outcome, Processes
from inference.batch.run import run

_WORKER = '''
"""Stands in for the engine: what it does is the name of the recording."""
import json, os, pathlib, sys, time
print("not for anybody")
for text in sys.stdin:
    request = json.loads(text)
    what, output = pathlib.Path(request["audio"]).stem, pathlib.Path(request["output"])
    tried = output.with_suffix(".tried")
    first = not tried.exists()
    tried.touch()
    if what == "dies" or (what == "dies_once" and first):
        os._exit(9)
    if what == "hangs":
        time.sleep(600)
    if what == "fails":
        print(json.dumps({"type": "error", "id": request["id"], "code": "bad", "message": "It cannot be done."}), flush=True)
        continue
    if what != "writes_nothing":
        output.write_text(what + str(request["seed"]))
    print(json.dumps({"type": "progress", "id": request["id"], "fraction": 1}), flush=True)
    print(json.dumps({"type": "result", "id": request["id"], "warnings": ["Quiet."] if what == "quiet" else []}), flush=True)
'''


@pytest.fixture
def stand_in(tmp_path, monkeypatch) -> None:
    script = tmp_path / "worker.py"
    script.write_text(_WORKER, encoding="utf-8")
    monkeypatch.setattr(processes, "WORKER", (sys.executable, str(script)))


def _table(folder: Path, names: Sequence[str], seed: int = 1) -> list[Line]:
    for name in names:
        (folder / f"{name}.wav").write_bytes(b"sound")
    table = folder / "lines.csv"
    rows = (f"{name}.wav,{seed},{number}.npz\n" for number, name in enumerate(names))
    table.write_text("voice,seed,output\n" + "".join(rows), encoding="utf-8")
    return read_lines(table, folder / "out", Blender())


def _run(folder: Path, lines: Sequence[Line], count: int = 2) -> tuple[list[Outcome], int]:
    return run(lines, Done(folder / "done"), Processes(count), lambda _fraction, _stage: None)


@pytest.mark.usefixtures("stand_in")
@pytest.mark.parametrize("count", [1, 3])
def test_a_failure_costs_its_own_line_only(tmp_path, count):
    names = ["fine", "dies", "fails", "quiet", "dies_once", "writes_nothing", "fine"]
    outcomes, already = _run(tmp_path, _table(tmp_path, names), count)
    assert already == 0
    problems = [outcome.problem for outcome in outcomes]
    assert [bool(problem) for problem in problems] == [False, True, True, False, False, True, False]
    assert "ended 2 times" in problems[1]
    assert problems[2] == "It cannot be done."
    assert "not written" in problems[5]
    assert outcomes[3].warnings == ("Quiet.",)
    assert (tmp_path / "out" / "4.npz").read_text() == "dies_once1"


@pytest.mark.usefixtures("stand_in")
def test_who_says_nothing_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "SILENT_SECONDS", 0.5)
    outcomes, _ = _run(tmp_path, _table(tmp_path, ["hangs"]), 1)
    assert "ended 2 times" in outcomes[0].problem


@pytest.mark.usefixtures("stand_in")
def test_nothing_is_made_twice(tmp_path):
    lines = _table(tmp_path, ["fine", "fails", "also"])
    assert _run(tmp_path, lines)[1] == 0
    for left in (tmp_path / "out").glob("*.tried"):
        left.unlink()
    outcomes, already = _run(tmp_path, lines)
    assert (already, [outcome.line.number for outcome in outcomes]) == (2, [3])
    assert {path.name for path in (tmp_path / "out").glob("*.tried")} == {"1.tried"}


@pytest.mark.usefixtures("stand_in")
@pytest.mark.parametrize("change", ["seed", "voice", "output", "note"])
def test_what_has_changed_is_made_again(tmp_path, change):
    lines = _table(tmp_path, ["fine", "also"])
    _run(tmp_path, lines)
    if change == "seed":
        lines = _table(tmp_path, ["fine", "also"], seed=2)
    elif change == "voice":
        (tmp_path / "also.wav").write_bytes(b"other sound")
    elif change == "output":
        (tmp_path / "out" / "1.npz").write_text("cut of")
    else:
        for note in (tmp_path / "done").iterdir():
            note.write_text('{"recipe": ')
    outcomes, already = _run(tmp_path, lines)
    assert already == (0 if change in ("seed", "note") else 1)
    assert not any(outcome.problem for outcome in outcomes)


@pytest.mark.usefixtures("stand_in")
def test_two_runs_of_one_table_at_once_are_told(tmp_path):
    lines = _table(tmp_path, ["fine", "also", "fails"])
    ours = Processes(1)

    class Overtaken:
        """Somebody else makes the same lines while ours are made."""

        def outcomes(self, left: Sequence[Line]) -> Iterator[Outcome]:
            assert not any(outcome.warnings for outcome in _run(tmp_path, lines)[0])
            yield from ours.outcomes(left)

    outcomes, already = run(lines, Done(tmp_path / "done"), Overtaken(), lambda _fraction, _stage: None)
    assert already == 0
    assert ["Another batch" in " ".join(outcome.warnings) for outcome in outcomes] == [True, True, False]
    # By itself it says nothing, though its notes are from before.
    (tmp_path / "out" / "0.npz").write_text("cut")
    outcomes, already = _run(tmp_path, lines)
    assert (already, [outcome.warnings for outcome in outcomes]) == (1, [(), ()])


@pytest.mark.parametrize("seconds", [0, 4102444800], ids=["1970", "2100"])
def test_a_note_is_another_whatever_its_time(tmp_path, seconds):
    """A share's clock may stand, and rsync sets times."""
    done, (line,) = Done(tmp_path / "done"), _table(tmp_path, ["line"])
    line.output.parent.mkdir(exist_ok=True)
    line.output.write_text("made")
    stamps = [done.stamp(line)]
    for _ in range(2):
        assert done.add(line, "of this")
        (note,) = (tmp_path / "done").iterdir()
        os.utime(note, (seconds, seconds))
        stamps += [done.stamp(line), done.stamp(line)]
    assert stamps[0] == () and stamps[1] == stamps[2] != stamps[3] == stamps[4]


class _Stopped:
    """Makes two lines, then somebody ends it."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def outcomes(self, lines: Sequence[Line]) -> Iterator[Outcome]:
        self.asked = [line.number for line in lines]
        for line in lines[:2]:
            line.output.write_text("made")
            yield Outcome(line)
        raise KeyboardInterrupt


class _SavedMeanwhile:
    """The first time that it makes line 3, somebody saves that line's recording anew."""

    def __init__(self) -> None:
        self.made: list[int] = []

    def outcomes(self, lines: Sequence[Line]) -> Iterator[Outcome]:
        for line in lines:
            line.output.write_text("made")
            if line.number == 3 and 3 not in self.made:
                line.inputs[0].write_bytes(b"sung an octave higher")
            self.made.append(line.number)
            yield Outcome(line)


def test_what_is_saved_while_its_line_runs_is_made_again(tmp_path):
    lines, maker = _table(tmp_path, ["fine", "also"]), _SavedMeanwhile()
    for made in ([3, 2], [3, 2, 3], [3, 2, 3]):
        outcomes, _ = run(lines[::-1], Done(tmp_path / "done"), maker, lambda _fraction, _stage: None)
        assert maker.made == made
        assert not any(outcome.warnings for outcome in outcomes)


def test_what_could_not_be_read_before_is_not_remembered(tmp_path):
    lines, maker = _table(tmp_path, ["fine", "also"]), _SavedMeanwhile()
    maker.made.append(3)
    (tmp_path / "fine.wav").unlink()
    for already in (0, 1):
        (first, *rest), skipped = run(lines, Done(tmp_path / "done"), maker, lambda _fraction, _stage: None)
        assert (skipped, len(rest)) == (already, 1 - already)
        assert not first.problem
        assert "made again next time" in first.warnings[0]
        assert "could not be read" in first.warnings[0]


def test_what_was_stopped_is_taken_up_again(tmp_path):
    lines = _table(tmp_path, [f"line{number}" for number in range(50)])
    done, maker = Done(tmp_path / "done"), _Stopped()
    for left in range(50, 40, -2):
        with pytest.raises(KeyboardInterrupt):
            run(lines, done, maker, lambda _fraction, _stage: None)
        assert maker.asked == [line.number for line in lines[50 - left :]]


_SLOW = "import sys, time; open(sys.argv[1], 'a').write('started '); time.sleep(3600)"
_WAITS = """
import pathlib, sys, time
path = pathlib.Path(sys.argv[1])
while not (path.exists() and path.read_text()):
    time.sleep(0.01)
"""


def test_nothing_starts_again_once_the_batch_is_stopped(tmp_path):
    started = tmp_path / "started"
    lines = [
        Line(number, tmp_path / f"{number}.mp4", command=(sys.executable, "-c", script, str(started)))
        for number, script in enumerate((_SLOW, _WAITS), start=2)
    ]
    before = set(threading.enumerate())
    outcomes = Processes(2).outcomes(lines)
    assert next(outcomes).line.number == 3
    workers = set(threading.enumerate()) - before
    outcomes.close()  # type: ignore[attr-defined]
    for worker in workers:
        worker.join(HUNG)
    assert not any(worker.is_alive() for worker in workers)
    assert started.read_text() == "started "


@pytest.mark.usefixtures("stand_in")
@pytest.mark.parametrize("command", ["animate", [sys.executable, "-c", "open('late', 'w')"]])
def test_an_engine_at_its_end_makes_nothing_more(tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    with Engine() as engine:
        pass
    with pytest.raises(Lost):
        engine.make({"command": command, "audio": "fine.wav", "output": "late", "seed": 1, "id": 1})
    assert not (tmp_path / "late").exists()


def test_the_engine_makes_the_same_bytes_however_many_make_them(tmp_path, word, capsys):
    rows = f"{word.name},1,a.npz\n{word.name},2,b.npz\nnone.wav,3,c.npz\n"
    (tmp_path / "t.csv").write_text("voice,seed,output\n" + rows)
    for count in ("1", "2"):
        code = cli.main(["batch", str(tmp_path / "t.csv"), "-o", str(tmp_path / count), "--processes", count])
        told = capsys.readouterr()
        assert code == 1
        assert "2 made, 1 failed" in told.out
        assert "line 4 (c.npz)" in told.err
        assert "none.wav" in told.err
    for name in ("a.npz", "b.npz"):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--rows", "0"], "--rows must be"),
        (["--rows", "5-3"], "--rows must be"),
        (["--rows", "x"], "--rows must be"),
        (["--processes", "0"], "--processes must be"),
    ],
)
def test_what_cannot_be_meant(tmp_path, capsys, options, told):
    (tmp_path / "t.csv").write_text("voice,output\nv.wav,a.npz\n")
    assert cli.main(["batch", str(tmp_path / "t.csv"), *options]) == 1
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("as_json", [False, True])
def test_a_line_without_an_output_is_told_by_its_number_alone(tmp_path, capsys, as_json):
    (tmp_path / "t.csv").write_text("voice,output\nv.wav,\n", encoding="utf-8")
    assert cli.main(["batch", str(tmp_path / "t.csv"), *(["--json"] if as_json else [])]) == 1
    told = capsys.readouterr()
    if as_json:
        (line,) = json.loads(told.out)["lines"]
        assert (line["line"], line["output"], line["problem"]) == (2, "", "It names no output.")
    else:
        assert told.err.splitlines()[-1].endswith("line 2: It names no output.")
