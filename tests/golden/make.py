"""Make the golden file anew from the code as it is now:

    .env/bpy-4.5.15/bin/python tests/golden/make.py

Runs in Blender as a Python module (bpy), with numpy; the same code gives the same file. Make it anew only where motion or keys
are meant to change, and say so in the commit: `tests/inference/test_golden_motion.py` and
`tests/blender/golden/test_golden_keys.py` hold everything to it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
for folder in (ROOT, ROOT / "tests" / "helpers", ROOT / "tests" / "golden"):
    sys.path.insert(0, str(folder))

import golden_file

# Landmarks are most of the file, and follow the same way for every style: one take of them is enough.
TAKES = {"auto 0": golden_file.ARRAYS, "lively 3": golden_file.ARRAYS[:-1]}


def take(name: str, arrays: tuple[str, ...], folder: Path) -> golden_file.Take:
    """What the engine says at its own rate."""
    from inference.face.resampling import NEARLY
    from inference.face.shape_effects import closed_frames, lip_gap

    style, seed = name.split()
    output = folder / f"{style}.npz"
    command = [sys.executable, "-m", "inference", "animate", "demo/hello.wav", "-o", str(output)]
    command += ["--fps", str(golden_file.NATIVE_RATE), "--style", style, "--seed", seed, "--backend", "numpy"]
    subprocess.run(command, cwd=ROOT, check=True)
    with np.load(output, allow_pickle=False) as data:
        near = lip_gap(data["arkit"]) <= NEARLY
        return golden_file.Take({kind: data[kind] for kind in arrays}, closed_frames(data["arkit"]), near)


def main() -> None:
    """Write `golden_file.PATH`."""
    import blender_addon

    blender_addon.register()
    import golden_cases

    from blender_addon import api
    from blender_addon.host import settings

    with tempfile.TemporaryDirectory() as folder:
        settings.fallback.cache_folder = str(Path(folder) / "cache")
        takes = {name: take(name, arrays, Path(folder)) for name, arrays in TAKES.items()}
        cases = {name: golden_cases.perform(name) for name in golden_cases.SCENES}
        api.close_engine()
    golden_file.save(golden_file.PATH, takes, cases)
    for name, case in cases.items():
        print(f"{name}: {len(case.names)} curves, {len(case.values)} frames, {case.facts['keys']} keys")
    print(f"{golden_file.PATH}: {golden_file.PATH.stat().st_size} bytes")


if __name__ == "__main__":
    code = 1
    try:
        main()
        code = 0
    except BaseException:
        import traceback

        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # as a module, Blender 4 crashes while the interpreter shuts down
