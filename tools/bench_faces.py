# SPDX-License-Identifier: MIT
"""What finding faces costs on one core: `build.py bench` runs this file as a process of its own.

python -m tools.bench_faces        # prints {"picture": seconds, "strict": seconds, "frame": milliseconds} of processor time
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from inference.face.cores import ONE_THREAD
from tools.environments import ROOT
from tools.terminal import BuildError

_SIZE = 720  # pixels, of the picture and the film
_REPEATS = 7


def measure(python: Path) -> dict[str, float]:
    """The figures, of an engine process that may use one core.

    Raises:
        BuildError: it failed.
    """
    environment = {**os.environ, **ONE_THREAD}
    told = subprocess.run(
        [str(python), "-m", "tools.bench_faces"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if told.returncode != 0:
        raise BuildError(
            f"Finding faces failed: {(told.stderr.strip().splitlines() or ['it said nothing'])[-1]}"
        )
    return dict(json.loads(told.stdout.splitlines()[-1]))


def main() -> int:
    """Measure in this process."""
    sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "helpers")]
    import drawn_faces

    from inference.detection import Follower, find_faces

    picture = drawn_faces.face(_SIZE)
    follower = Follower(most=1)
    figures = {
        "picture": _least(lambda: find_faces(picture)),
        "strict": _least(lambda: find_faces(picture, strict=True)),
        "frame": 1000 * _least(lambda: follower.next(picture)),
    }
    print(json.dumps({name: round(value, 4) for name, value in figures.items()}))
    return 0


def _least(work: Callable[[], object]) -> float:
    """Processor seconds of the quickest of some repetitions, after one that loads the networks: other programs don't count."""
    spent = []
    for _ in range(_REPEATS + 1):
        begin = time.process_time()
        work()
        spent.append(time.process_time() - begin)
    return min(spent[1:])


if __name__ == "__main__":
    raise SystemExit(main())
