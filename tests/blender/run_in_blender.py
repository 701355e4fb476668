"""Run pytest inside a Blender application:

    blender -b --factory-startup --python tests/blender/run_in_blender.py -- --pytest-path FOLDER [pytest arguments]

FOLDER is where pytest was put with `pip install --target FOLDER pytest`. Blender's exit code is pytest's.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Run pytest on tests/blender, or on what the arguments name."""
    arguments = sys.argv[sys.argv.index("--") + 1 :] if "--" in sys.argv else []
    parser = argparse.ArgumentParser()
    parser.add_argument("--pytest-path")
    options, rest = parser.parse_known_args(arguments)
    if options.pytest_path:
        sys.path.append(str(Path(options.pytest_path).resolve()))
    sys.path.insert(0, str(ROOT))  # for `-p tests.shuffle`
    import pytest

    os.chdir(ROOT)
    if not any(not argument.startswith("-") for argument in rest):
        rest.append("tests/blender")
    return int(pytest.main(["-p", "no:cacheprovider", *rest]))


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
