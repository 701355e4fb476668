"""The library behind numpy's matrices is told what the processor can do, before it is loaded, and only where that is certain."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from waiting import HUNG

from inference.processor import VARIABLE, kernels_of, use_all_of_it

ROOT = Path(__file__).resolve().parents[2]
OLD, WIDE = "fpu sse sse2 ssse3 avx", "fpu sse2 avx avx2 fma"
WIDEST = f"{WIDE} avx512f avx512dq avx512cd avx512bw avx512vl"


def described(*flags: str, maker: str = "GenuineIntel") -> str:
    parts = [f"processor\t: {i}\nvendor_id\t: {maker}\nflags\t\t: {line}\n" for i, line in enumerate(flags)]
    return "\n".join(parts)


@pytest.mark.parametrize(
    ("text", "kernels"),
    [
        (described(WIDEST, WIDEST), "SkylakeX"),
        (described(WIDE), "Haswell"),
        (described(WIDEST.replace("avx512vl", "avx512_vnni")), "Haswell"),
        (described(WIDEST, WIDE), "Haswell"),  # cores of two kinds: what all of them can do
        (described(WIDEST, OLD), ""),
        (described(WIDE.replace(" fma", "")), ""),
        (described(OLD), ""),
        (described(WIDEST, maker="AuthenticAMD"), ""),
        (described(WIDEST) + described(WIDEST, maker="AuthenticAMD"), ""),
        ("processor\t: 0\nFeatures\t: fp asimd evtstrm\nCPU implementer\t: 0x41\n", ""),
        ("vendor_id\t: GenuineIntel\n", ""),
        ("", ""),
        ("\x00:\n::\nflags", ""),
    ],
)
def test_the_kernels_that_every_processor_runs(text: str, kernels: str) -> None:
    assert kernels_of(text) == kernels


def test_only_where_it_is_certain_and_the_user_has_not_chosen(tmp_path: Path) -> None:
    cpuinfo = tmp_path / "cpuinfo"
    variables: dict[str, str] = {}
    use_all_of_it(variables, "linux", cpuinfo)  # a system that does not describe its processors
    cpuinfo.write_text(described(WIDE))
    use_all_of_it(variables, "darwin", cpuinfo)
    use_all_of_it(variables, "win32", cpuinfo)
    assert variables == {}
    use_all_of_it(variables, "linux", cpuinfo)
    assert variables == {VARIABLE: "Haswell"}
    chosen = {VARIABLE: "Sandybridge"}
    use_all_of_it(chosen, "linux", cpuinfo)
    assert chosen == {VARIABLE: "Sandybridge"}


@pytest.mark.parametrize(
    "door",
    [
        ["-m", "inference", "animate", "a.wav", "-o", "a.npz"],
        ["-m", "inference.worker"],
        ["inference/worker.py"],
    ],
)
def test_every_door_tells_it_before_numpy_is_loaded(door: list[str], tmp_path: Path) -> None:
    told = tmp_path / "told"
    (tmp_path / "numpy.py").write_text(
        f"import os\nopen({str(told)!r}, 'w').write(os.environ.get({VARIABLE!r}, ''))\nos._exit(0)\n"
    )
    environment = {name: value for name, value in os.environ.items() if name != VARIABLE}
    wanted: dict[str, str] = {}
    use_all_of_it(wanted)
    subprocess.run(
        [sys.executable, *door],
        cwd=ROOT,
        env={**environment, "PYTHONPATH": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=HUNG,
    )
    assert told.read_text() == wanted.get(VARIABLE, "")
