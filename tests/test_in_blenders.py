"""Runs tests/blender inside every Blender there is, and presents each of its tests as one of this session.

Blender 4.2, 4.5 and 5.0 are bpy wheels in .env/ (made by `build.py test`), the oldest is a real `blender` on PATH. Those between
the oldest and the newest leave out what is marked as `ends`, unless EVERY_BLENDER is set. Each runs once, in some processes
with a settings folder each: two at a time while this session's other tests run, which go first, and three once
only these are left to wait for (much of its time each waits for an engine, a window or a disc).

Where a process ends on its own, as Blender does once in some thousand tests, what it had not run yet is run in another. The test
in whose middle it ended comes first there: it fails where that process ends, too, and else the end of this run tells of it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from versions import BETWEEN

from inference.face.cores import cores
from tests.tell_outcomes import Outcome, read_outcomes
from tools import blenders
from tools.environments import ENV, ROOT, python_of

SUITE = ROOT / "tests" / "blender"
# These only end what hangs.
COLLECT_SECONDS = 600
RUN_SECONDS = 5400
HUNG_SECONDS = 600
"""Of one test; then the process tells where each of its threads is, and ends."""
MOST_ENDS = 3
"""Tests of one part in whose middle a process ended once; then the rest is given up: Blender is broken."""


PARTS, LAST_PARTS = 2, 4
"""Processes a Blender; the last one's are shorter, so that no core waits long for another's at the end."""
YIELDING = ["nice", "-n", "5"] if shutil.which("nice") else []
"""This session's own tests are one process: were they the last to end, the other cores would have nothing to do."""
HANGS = ["-o", f"faulthandler_timeout={HUNG_SECONDS}", "-o", "faulthandler_exit_on_timeout=true"]


def available() -> dict[str, blenders.Blender | str]:
    """Every Blender the product is tested in, or the reason why it is missing here."""
    found: dict[str, blenders.Blender | str] = {}
    for numbers in blenders.WHEELS.values():
        program = python_of(ENV / f"bpy-{numbers}")
        major, minor, patch = map(int, numbers.split("."))
        found[f"bpy-{numbers}"] = (
            blenders.Blender((major, minor, patch), program, wheel=True)
            if program.exists()
            else f"there is no .env/bpy-{numbers}: `python build.py test` makes it, with Python 3.11"
        )
    real = blenders.installed()
    if real is None:
        found["blender"] = "there is no blender on PATH"
    elif not (ENV / "inside-blender").is_dir():
        found["blender"] = "there is no .env/inside-blender: `python build.py test` makes it"
    else:
        found[real.slug] = real
    return found


def run_inside(
    blender: blenders.Blender, user: Path, arguments: list[str], seconds: float, *, between: bool = False
) -> tuple[int | None, str]:
    """Run pytest inside a Blender; returns its exit code (None where it had to be stopped) and what it said."""
    common = ["-p", "no:cacheprovider", "-o", "addopts=", *HANGS, *arguments]
    variables = blender.environment(user)
    if between and not os.environ.get("EVERY_BLENDER"):
        variables[BETWEEN] = "1"
    if blender.wheel:
        command = [str(blender.program), "-m", "pytest", *common]
    else:
        variables["PYTHONPATH"] = str(ENV / "inside-blender")
        command = blender.command(SUITE / "run_in_blender.py", *common)
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        process = subprocess.Popen(
            [*YIELDING, *command],
            cwd=ROOT,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            code: int | None = process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            code = None
        output.seek(0)
        return code, output.read()


Told = Future[dict[str, Outcome]]
"""The outcomes of some tests, once they ran."""


def at_a_time() -> int:
    """How many Blenders share the cores with the tests of this session."""
    return min(2, cores())


def parts_of(identifiers: Sequence[str], count: int) -> list[list[str]]:
    """Tests in so many parts of about the same number; a file's stay together."""
    files: dict[str, list[str]] = {}
    for identifier in identifiers:
        files.setdefault(identifier.partition("::")[0], []).append(identifier)
    parts: list[list[str]] = [[] for _ in range(count)]
    begun = 0
    for tests in files.values():
        parts[count * begun // len(identifiers)].extend(tests)
        begun += len(tests)
    return [part for part in parts if part]


def list_tests(blender: blenders.Blender) -> tuple[int | None, str]:
    """The exit code of pytest that lists the tests in a Blender, and what it said."""
    with tempfile.TemporaryDirectory() as user:
        arguments = ["--collect-only", "-qq", "-o", "verbosity_test_cases=-1", "tests/blender"]
        return run_inside(blender, Path(user), arguments, COLLECT_SECONDS)


def run_all(
    blender: blenders.Blender, wanted: list[str], *, between: bool = False
) -> tuple[dict[str, Outcome], dict[str, str]]:
    """Run tests in one process, and in another what it left where it ended on its own.

    Returns all outcomes, and the tests in whose middle a process ended once, with what it said.
    """
    outcomes: dict[str, Outcome] = {}
    ends: dict[str, str] = {}
    left = wanted
    while left:
        told, running, said = run_once(blender, left, between=between)
        outcomes.update(told)
        left = [identifier for identifier in left if identifier not in outcomes]
        if running not in left or (running not in ends and len(ends) == MOST_ENDS):
            outcomes.update(dict.fromkeys(left, Outcome("failed", f"It was not reached: {said}")))
            break
        if running in ends:
            left.remove(running)
            outcomes[running] = Outcome("failed", f"It ended Blender twice: {said}")
        else:
            left.sort(key=lambda identifier: identifier != running)
            ends[running] = said
    return outcomes, ends


def run_once(
    blender: blenders.Blender, wanted: list[str], *, between: bool
) -> tuple[dict[str, Outcome], str, str]:
    """The outcomes of tests that one process ran, the one in whose middle it ended or "", and what it said of its end."""
    folder = Path(tempfile.mkdtemp(prefix=f"tests-{blender.slug}-"))
    try:
        report = folder / "outcomes.jsonl"
        arguments = ["-q", "--tb=short", "-p", "tests.tell_outcomes", f"--tell-outcomes={report}"]
        arguments += [f"--basetemp={folder / 'temporary'}", *wanted]
        code, said = run_inside(blender, folder / "user", arguments, RUN_SECONDS, between=between)
        why = f"was stopped after {RUN_SECONDS} s" if code is None else f"ended with exit code {code}"
        return *read_outcomes(report), f"{blender.name} {why}.\n{around_the_end(said)}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def around_the_end(said: str) -> str:
    """What tells of a process's end: from where Python tells of it, or else its last words."""
    for first in ("Fatal Python error", "Timeout ("):
        if first in said:
            start = max(0, said.rindex(first) - 1000)
            return said[start : start + 5000]
    return said[-4000:]


class InsideBlender(Exception):
    """Carries the inner test's failure to the report."""


class Blenders(pytest.File):
    """All Blenders of this machine."""

    def __init__(self, **rest: object) -> None:
        super().__init__(**rest)  # type: ignore[arg-type]
        self.waiting: deque[tuple[Suite, list[str], Told]] = deque()
        self.workers = 0
        self.ends: dict[str, str] = {}
        """Tests in whose middle a process ended once, and what it said."""

    def start(self, items: Sequence[pytest.Item]) -> None:
        """Begin with what was selected of each Blender."""
        wanted: dict[Suite, list[str]] = {}
        for item in items:
            if isinstance(item, InnerTest) and isinstance(item.parent, Suite):
                wanted.setdefault(item.parent, []).append(item.identifier)
        for left, (suite, identifiers) in zip(reversed(range(len(wanted))), wanted.items()):
            for part in parts_of(identifiers, PARTS if left else LAST_PARTS):
                told: Told = Future()
                suite.told.update(dict.fromkeys(part, told))
                self.waiting.append((suite, part, told))
        self.work(most=at_a_time())

    def work(self, most: int) -> None:
        """Let at most so many Blenders run at a time."""
        while self.waiting and self.workers < most:
            self.workers += 1
            threading.Thread(target=self._run_waiting, name="tests in Blender").start()

    def _run_waiting(self) -> None:
        with contextlib.suppress(IndexError):  # the other worker took the last one
            while True:
                suite, identifiers, told = self.waiting.popleft()
                try:
                    outcomes, ends = run_all(suite.blender, identifiers, between=suite.between)
                    self.ends.update({f"{suite.name}::{test}": said for test, said in ends.items()})
                    told.set_result(outcomes)
                except BaseException as error:
                    told.set_exception(error)

    def collect(self) -> Iterator[pytest.Collector | pytest.Item]:
        if not any(SUITE.rglob("test_*.py")):
            return
        found = available()
        there = [blender for blender in found.values() if isinstance(blender, blenders.Blender)]
        with ThreadPoolExecutor(at_a_time()) as pool:  # each takes seconds to start
            listed = dict(zip(map(id, there), pool.map(list_tests, there)))
        between = sorted(there, key=lambda blender: blender.version)[1:-1]
        for name, blender in found.items():
            if isinstance(blender, str):
                yield Missing.from_parent(self, name=name, reason=blender)
            else:
                suite = Suite.from_parent(self, name=name, blender=blender, listed=listed[id(blender)])
                suite.between = blender in between
                yield suite


class Missing(pytest.Item):
    """A Blender that is not here."""

    def __init__(self, *, reason: str, **rest: object) -> None:
        super().__init__(**rest)  # type: ignore[arg-type]
        self.reason = reason

    def runtest(self) -> None:
        pytest.skip(self.reason)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, self.name


class Suite(pytest.Collector):
    """tests/blender in one Blender."""

    def __init__(self, *, blender: blenders.Blender, listed: tuple[int | None, str], **rest: object) -> None:
        super().__init__(**rest)  # type: ignore[arg-type]
        self.blender, self.listed = blender, listed
        self.told: dict[str, Told] = {}
        self.between = False
        """Whether an older and a newer Blender are tested, too."""

    def collect(self) -> Iterator[pytest.Item]:
        code, said = self.listed
        identifiers = [
            line.strip() for line in said.splitlines() if line.startswith("tests/blender/") and "::" in line
        ]
        if code != 0 or not identifiers:
            yield Broken.from_parent(self, name="collection", code=code, said=said)
        for identifier in identifiers:
            short = identifier.removeprefix("tests/blender/")
            yield InnerTest.from_parent(self, name=short, identifier=identifier)

    def outcome(self, identifier: str) -> Outcome:
        """The result of one inner test; who asks has nothing else to do, so a second Blender may run."""
        assert isinstance(self.parent, Blenders)
        self.parent.work(most=at_a_time() + 1)
        return self.told[identifier].result()[identifier]


class Broken(pytest.Item):
    """Stands for tests that could not even be collected."""

    def __init__(self, *, code: int | None, said: str, **rest: object) -> None:
        super().__init__(**rest)  # type: ignore[arg-type]
        self.code, self.said = code, said

    def runtest(self) -> None:
        raise InsideBlender(
            f"pytest could not collect tests/blender (exit code {self.code}):\n{self.said[-6000:]}"
        )

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: str | None = None) -> str:
        return str(excinfo.value)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, f"{self.parent.name if self.parent else ''} collection"


class InnerTest(pytest.Item):
    """One test of tests/blender in one Blender."""

    def __init__(self, *, identifier: str, **rest: object) -> None:
        super().__init__(**rest)  # type: ignore[arg-type]
        self.identifier = identifier

    def runtest(self) -> None:
        assert isinstance(self.parent, Suite)
        outcome = self.parent.outcome(self.identifier)
        if outcome.kind == "skipped":
            pytest.skip(outcome.text.partition("\n")[0])
        if outcome.kind == "failed":
            raise InsideBlender(outcome.text)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: str | None = None) -> str:
        if isinstance(excinfo.value, InsideBlender):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, f"{self.parent.name if self.parent else ''}: {self.name}"
