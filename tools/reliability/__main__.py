# SPDX-License-Identifier: MIT
"""Disturb the product on purpose, and see whether every scene is as before or complete:

    python -m tools.reliability kill --times 100      the engine is killed at so many moments
    python -m tools.reliability fill --times 30       the disk is full, with so many different amounts of room left
    python -m tools.reliability lock                  read-only folders, a cache removed or damaged meanwhile, an engine that
                                                      sleeps, two Blenders on one cache, a Blender that is killed
    python -m tools.reliability all                   all of these; also two of them, one after the other in one Blender

The moments and amounts are the same in each run of the same `--seed`. What needs root (small disks, read-only ones) is left out
without it, and said so.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tools import blenders
from tools.environments import ROOT
from tools.terminal import BuildError

KINDS = ("kill", "fill", "lock")
LIMIT = 3600
"""Seconds; only ends what hangs."""


def main(given: list[str] | None = None) -> int:
    """Run what is asked for in one Blender; returns 0 where there was no difference."""
    parser = argparse.ArgumentParser(prog="tools.reliability", description="Disturb the product on purpose.")
    parser.add_argument("kind", nargs="+", choices=(*KINDS, "all"))
    parser.add_argument(
        "--times", type=int, metavar="N", help="how often (default: kill 100, fill 30; of all: each)"
    )
    parser.add_argument(
        "--stop", type=float, default=60.0, metavar="S", help="how long the engine sleeps (default: 60 s)"
    )
    parser.add_argument("--seed", type=int, default=22, metavar="N", help="of moments and amounts (22)")
    parser.add_argument(
        "--blender", metavar="PATH", help="the blender to use, or bpy (default: blender on PATH, else bpy)"
    )
    options = parser.parse_args(given)
    blender = blenders.for_demo(options.blender)
    print(f"In {blender.name}", flush=True)
    return measure(blender, KINDS if "all" in options.kind else tuple(dict.fromkeys(options.kind)), options)


def measure(blender: blenders.Blender, kinds: tuple[str, ...], options: argparse.Namespace) -> int:
    """Run these kinds, print their rows; returns 1 where anything was half, lost or left over."""
    with tempfile.TemporaryDirectory(prefix="reliability-") as name:
        folder = Path(name)
        plan = {
            "kinds": [[kind, options.times or {"kill": 100, "fill": 30}.get(kind, 1)] for kind in kinds],
            "stop": options.stop,
            "seed": options.seed,
            "folder": name,
        }
        (folder / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
        command = blender.command(ROOT / "tools" / "reliability" / "inside.py", folder / "plan.json")
        ran = subprocess.run(
            command,
            env=blender.environment(folder / "user"),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            timeout=LIMIT,
            check=False,
        )
        results = folder / "results.json"
        if not results.is_file():
            raise BuildError(f"{blender.name} ended before it was done:\n{ran.stdout[-3000:]}")
        rows = json.loads(results.read_text(encoding="utf-8"))
    return tell(rows)


def tell(rows: list[dict[str, object]]) -> int:
    """Print how often what came of each disturbance; returns 1 where something was wrong."""
    names = list(dict.fromkeys(str(row["name"]) for row in rows))
    for name in names:
        own = [row for row in rows if row["name"] == name]
        counts = {
            outcome: sum(row["outcome"] == outcome for row in own)
            for outcome in dict.fromkeys(str(row["outcome"]) for row in own)
        }
        wrong = [fault for row in own for fault in row["wrong"]]  # type: ignore[attr-defined]
        said = ", ".join(f"{count} {outcome}" for outcome, count in counts.items())
        print(f"{name}: {len(own)} times, {said}; {len(wrong)} differences", flush=True)
        for fault in wrong[:10]:
            print(f"    {fault}")
    return int(any(row["wrong"] for row in rows))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BuildError as problem:
        sys.exit(f"tools.reliability: {problem}")
