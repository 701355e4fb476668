# SPDX-License-Identifier: MIT
"""The add-on's zip: one top folder that installs in every Blender, the same bytes for the same commit and website."""

from __future__ import annotations

import hashlib
import re
import subprocess
import zipfile
from pathlib import Path, PurePosixPath

from tools import manual, sbom, toml
from tools.environments import ROOT
from tools.terminal import BuildError, say

TOP = "talking_animation"
DIST = ROOT / "dist"
_ADDRESS = re.compile(r"https?://[!#-&(-;=?-\[\]_a-z~]+", re.IGNORECASE)  # no blanks and no quotation marks
_TIME = (1980, 1, 1, 0, 0, 0)


def version() -> str:
    """The product's version, from the add-on's manifest."""
    manifest = ROOT / "blender_addon" / "blender_manifest.toml"
    if not manifest.exists():
        raise BuildError(
            "blender_addon/blender_manifest.toml is missing: this folder is not a whole copy of the product."
        )
    number = toml.read(manifest).get("version")
    if not isinstance(number, str):
        raise BuildError("blender_addon/blender_manifest.toml names no version.")
    return number


def _place(path: PurePosixPath) -> str | None:
    """Where a file of the repository goes in the zip, or None where it stays out."""
    parts = path.parts
    if "__pycache__" in parts or path.suffix in {".pyc", ".pyo"} or path.name.startswith("."):
        return None
    if parts[0] == "blender_addon" and "tests" not in parts:
        return str(PurePosixPath(TOP, *parts[1:]))
    if parts[0] == "inference" and parts[1] != "training":
        return str(PurePosixPath(TOP, "engine", *parts))
    if parts[0] == "checkpoints" and parts[1] != "published":
        return str(PurePosixPath(TOP, "engine", *parts))
    if parts == ("full-engine.lock",):
        return str(PurePosixPath(TOP, "engine", *parts))
    if parts[0] in {"LICENSE", "LICENSES"}:
        return str(PurePosixPath(TOP, *parts))
    if parts[0] == "demo" and path.name in {"hello.wav", "hello.json"}:
        return str(PurePosixPath(TOP, "sample", path.name))
    if parts[:2] in {("demo", "pictures"), ("demo", "voices")}:
        return str(PurePosixPath(TOP, "sample", *parts[1:]))
    return None


def contents(root: Path = ROOT) -> dict[str, Path]:
    """Name in the zip → file, sorted by name: what git tracks, or every file where there is no git."""
    listing = _tracked(root)
    if listing is None:
        rooms = ("blender_addon", "inference", "checkpoints", "LICENSES", "demo")
        listing = [path.relative_to(root).as_posix() for room in rooms for path in (root / room).rglob("*")]
        listing += ["LICENSE", "full-engine.lock"]
    chosen = {}
    for name in listing:
        target = _place(PurePosixPath(name))
        if target is not None and (root / name).is_file():
            chosen[target] = root / name
    return dict(sorted(chosen.items()))


def _tracked(root: Path) -> list[str] | None:
    try:
        listed = subprocess.run(
            ["git", "-C", str(root), "ls-files", "-z", "--full-name"], capture_output=True, check=False
        )
    except FileNotFoundError:
        return None
    if listed.returncode != 0 or not listed.stdout:
        return None
    return [name for name in listed.stdout.decode("utf-8").split("\0") if name]


def build(folder: Path = DIST, root: Path = ROOT, website: str = "") -> Path:
    """Write the zip, its SHA-256 and its bill of materials into the folder; returns the zip.

    Its files are stored, not compressed: the bytes then depend on no zlib.

    Args:
        folder: is made where it is not there.
        root: the copy of the repository.
        website: the address that Blender's *Website* button opens; whoever publishes the zip knows it. "" for none.

    Raises:
        BuildError: a file is missing, or the address is none.
    """
    files = contents(root)
    for needed in ("__init__.py", "blender_manifest.toml", "engine/inference/worker.py"):
        if f"{TOP}/{needed}" not in files:
            raise BuildError(
                f"The zip would hold no {needed}: git does not track it, or this is not a whole copy."
            )
    if not any(name.startswith(f"{TOP}/engine/checkpoints/") and name.endswith(".npz") for name in files):
        raise BuildError("The zip would hold no weights: git tracks no checkpoints/*.npz.")
    pages = {f"{TOP}/manual/{name}": content for name, content in manual.files(root).items()}
    held = dict(sorted({**{name: path.read_bytes() for name, path in files.items()}, **pages}.items()))
    manifest = f"{TOP}/blender_manifest.toml"
    held[manifest] = _with_website(held[manifest], website)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{TOP}-{version()}.zip"
    unfinished = target.with_suffix(".part")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_STORED) as archive:
        for name, content in held.items():
            entry = zipfile.ZipInfo(name, _TIME)
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, content)
    unfinished.replace(target)
    digest = sha256(target)
    target.with_name(target.name + ".sha256").write_text(
        f"{digest}  {target.name}\n", encoding="ascii", newline="\n"
    )
    sbom.write(target, held, version(), digest)
    return target


def _with_website(manifest: bytes, website: str) -> bytes:
    """A manifest that also names the address where the product is at home."""
    if not website:
        return manifest
    if not _ADDRESS.fullmatch(website):
        raise BuildError(f"The website '{website}' is no address: give one that begins with https://.")
    line = b"maintainer = "
    if manifest.count(line) != 1:
        raise BuildError(
            "blender_addon/blender_manifest.toml names no maintainer, above whom the website is written."
        )
    return manifest.replace(line, f'website = "{website}"\n'.encode("ascii") + line)


def sha256(*paths: Path) -> str:
    """The SHA-256 of files, one after the other, in hexadecimal digits."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def package(website: str = "") -> Path:
    """`build.py package`: build, and tell a person what was made."""
    target = build(website=website)
    say(f"{target.relative_to(ROOT)}: {target.stat().st_size / 1e6:.1f} MB, {len(contents())} files")
    say(f"SHA-256 {sha256(target)}")
    return target
