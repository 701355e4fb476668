"""The list that pins the full engine's packages with their digests: it fits pyproject.toml, for every Blender."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from tiny_wheels import tiny_wheel

from tools import commands, environments, lock, toml
from tools.terminal import BuildError

packaging = pytest.importorskip("packaging.requirements", reason="reads pip's requirements")
SYSTEMS = {
    "Linux": {"sys_platform": "linux", "platform_system": "Linux", "platform_machine": "x86_64"},
    "Windows": {"sys_platform": "win32", "platform_system": "Windows", "platform_machine": "AMD64"},
    "macOS": {"sys_platform": "darwin", "platform_system": "Darwin", "platform_machine": "arm64"},
}


def entries() -> list[Any]:
    """The list's requirements, markers and all."""
    return [packaging.Requirement(line) for line in environments.pinned(lock.LOCK)]


def where(system: str, minor: int) -> dict[str, str]:
    return {
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "python_version": f"3.{minor}",
        "python_full_version": f"3.{minor}.7",
        "extra": "",
        **SYSTEMS[system],
    }


@pytest.mark.parametrize("minor", lock.PYTHONS)
@pytest.mark.parametrize("system", SYSTEMS)
def test_each_blender_gets_one_version_of_each_package_that_it_asks_for(system: str, minor: int) -> None:
    place = where(system, minor)
    chosen = [entry for entry in entries() if entry.marker is None or entry.marker.evaluate(place)]
    versions = {entry.name: next(iter(entry.specifier)).version for entry in chosen}
    assert len(versions) == len(chosen)
    for text in environments.requirements("full"):
        wanted = packaging.Requirement(text)
        if wanted.marker is None or wanted.marker.evaluate(place):
            assert wanted.specifier.contains(versions[wanted.name]), f"run python -m tools.lock: {text}"


def test_every_package_has_digests_and_nothing_else() -> None:
    text = lock.LOCK.read_text(encoding="ascii")
    blocks = re.split(r"\n(?=[a-z])", text.partition("\n")[2].partition("\n")[2])
    assert len(blocks) == len(lock.packages()) == len(entries()) > 30
    for block in blocks:
        first, *digests = block.strip().split(" \\\n")
        assert re.fullmatch(r"[a-z0-9.-]+==\S+( ; .+)?", first) and digests, first
        assert all(re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}", digest) for digest in digests), first


@pytest.mark.parametrize(
    ("wheel", "wanted"),
    [
        ("av-16.1.0-cp310-cp310-win_amd64.whl", True),
        ("av-16.1.0-cp39-cp39-win_amd64.whl", False),
        ("av-16.1.0-cp314-cp314t-win_amd64.whl", False),
        ("av-16.1.0-cp311-cp311-musllinux_1_2_x86_64.whl", False),
        ("av-18.1.0-cp311-abi3-manylinux_2_28_aarch64.whl", True),
        ("later-1.0-cp315-abi3-win_amd64.whl", False),
        ("opencv_contrib_python-4.11.0.86-cp37-abi3-macosx_13_0_arm64.whl", True),
        ("numpy-2.5.5-cp313-cp313-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl", True),
        ("numpy-2.5.5-cp313-cp313-manylinux_2_28_ppc64le.whl", False),
        ("attrs-26.1.0-py3-none-any.whl", True),
        ("six-1.0-py2.py3-none-any.whl", True),
        ("old-1.0-py2-none-any.whl", False),
        ("nvidia_cublas-13.1.1.3-py3-none-manylinux_2_27_x86_64.whl", True),
        ("thing-1.0-1-cp312-cp312-win32.whl", False),
    ],
)
def test_only_what_blenders_python_takes_is_listed(wheel: str, wanted: bool) -> None:
    assert lock.fits(wheel) == wanted


def test_a_package_that_nobody_could_install_is_told() -> None:
    url = "https://example.org/thing-1.0-cp38-cp38-win32.whl"
    wheels = [{"url": url, "hashes": {"sha256": "0" * 64}}]
    with pytest.raises(BuildError, match=r"thing==1\.0 has no wheel"):
        lock.lines({"packages": [{"name": "thing", "version": "1.0", "wheels": wheels}]})


def test_a_list_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="cannot be read"):
        lock.packages(tmp_path / "none.lock")


def test_no_python_is_promised_that_has_no_packages(root: Path) -> None:
    source = (root / "blender_addon" / "engine_process" / "full_environment.py").read_text(encoding="utf-8")
    assert f"SUPPORTED: Final = ((3, {min(lock.PYTHONS)}), (3, {max(lock.PYTHONS)}))" in source
    assert toml.read(root / "pyproject.toml")["project"]["requires-python"] == f">=3.{min(lock.PYTHONS)}"


@pytest.mark.skipif(os.name == "nt", reason="a script stands in for an environment's Python")
def test_the_full_engine_is_installed_by_the_lists_digests(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, listed = tiny_wheel("soft"), tmp_path / "some.lock"
    (tmp_path / "soft-9.9.9-py3-none-any.whl").write_bytes(data)
    monkeypatch.setattr(environments, "ENV", tmp_path)
    monkeypatch.setattr(lock, "LOCK", listed)
    program = environments.python_of(tmp_path / "full")
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    program.chmod(0o755)
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    settings = {
        "CONFIG_FILE": os.devnull,
        "NO_INDEX": "1",
        "FIND_LINKS": str(tmp_path),
        "TARGET": str(tmp_path / "in"),
    }
    for name, value in settings.items():
        monkeypatch.setenv(f"PIP_{name}", value)
    line = "soft==9.9.9 ; python_full_version >= '3.10' \\\n    --hash=sha256:"
    listed.write_text(f"# pinned\n{line}{'0' * 64}\n", encoding="ascii")
    with pytest.raises(BuildError, match=r"^Installing into \.env/full failed"):
        commands.full_environment()
    said = (tmp_path / "logs" / "pip-full.log").read_text(encoding="utf-8")
    assert "DO NOT MATCH THE HASHES" in said and not (tmp_path / "in").exists()
    listed.write_text(f"# pinned\n{line}{hashlib.sha256(data).hexdigest()}\n", encoding="ascii")
    assert commands.full_environment() == program and (tmp_path / "in" / "soft").is_dir()
    monkeypatch.setenv("PIP_FIND_LINKS", "/nowhere")
    assert commands.full_environment() == program, "what the list names is there"


def test_setup_says_which_pythons_the_full_engine_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "interpreter", lambda *versions: None)
    with pytest.raises(BuildError, match=r"^The full engine needs Python 3\.10 to 3\.14 on PATH\.$"):
        commands.full_environment()
