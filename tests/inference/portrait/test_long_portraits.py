"""What measures long videos finds claps and pictures where they are, and tells where they are not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from inference.paths import ENGINE_ROOT
from inference.portrait.film import Film, write_film
from inference.portrait.sound import Sound

pytest.importorskip("av", reason="PyAV belongs to the full engine")

from tools import long_portrait, peak_memory

VOICE = ENGINE_ROOT / "demo" / "hello.wav"


@pytest.mark.parametrize("fps", [25.0, 30.0])
def test_claps_and_pictures_are_read_back(fps: float, tmp_path: Path) -> None:
    line, video = tmp_path / "line.wav", tmp_path / "film.mp4"
    claps = long_portrait.clapping(VOICE, line, 3.0)
    pictures = (np.full((32, 32, 3), number % 200, np.uint8) for number in range(round(3 * fps)))
    write_film(video, Film(fps, (32, 32), round(3 * fps), Sound(line), {}), pictures)
    found = long_portrait.read_back(video)
    assert found.claps == pytest.approx(claps, abs=0.5 / fps)
    assert found.frames == round(3 * fps) and found.drift < 1e-3 and abs(found.apart) < 1 / fps


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="only Linux tells what other processes hold")
def test_memory_of_children_counts() -> None:
    hold = "import sys; held = bytearray(b'1') * (64 << 20); print('ready', flush=True); sys.stdin.read()"
    between = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {hold!r}])"
    parent = subprocess.Popen([sys.executable, "-c", between], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert parent.stdout is not None and parent.stdout.readline()
        assert peak_memory.held(parent.pid) > 64 << 20
    finally:
        parent.communicate()
