# SPDX-License-Identifier: MIT
"""What the zip is made of: a bill of materials in CycloneDX's JSON, with a licence and a SHA-256 of every file that ships."""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools import lock

FORMAT = "1.6"
_AUTHORS = "Talking Animation authors"
_PUBLIC_DOMAIN = "LicenseRef-Public-Domain"


@dataclass(frozen=True)
class Part:
    """Files of the zip that are under one licence.

    Attributes:
        name: of the component.
        pattern: of their names below the zip's one folder; the first part that fits has a file.
        licence: an SPDX expression.
        kind: CycloneDX's component type.
        author: whose it is.
    """

    name: str
    pattern: str
    licence: str
    kind: str = "library"
    author: str = _AUTHORS


PARTS = (
    Part("licence texts", r"LICENSE$|LICENSES/", "CC0-1.0", "data"),
    Part("face networks", r"engine/checkpoints/face\.npz$", "Apache-2.0", "machine-learning-model", "The MediaPipe Authors"),
    Part("face mesh that talks", r"engine/checkpoints/face_template\.npz$", "MIT AND Apache-2.0", "machine-learning-model"),
    Part("weights and tables", r"engine/checkpoints/.*\.npz$", "MIT", "machine-learning-model"),
    Part("model cards", r"engine/checkpoints/.*\.md$", "MIT", "data"),
    Part("engine", r"engine/", "MIT"),
    Part("portrait of Eileen Collins", r"sample/pictures/astronaut\.jpg$", _PUBLIC_DOMAIN, "data", "NASA"),
    Part("portrait of Grace Hopper", r"sample/pictures/admiral\.jpg$", _PUBLIC_DOMAIN, "data", "US Navy"),
    Part("drawings", r"sample/pictures/", "CC0-1.0", "data"),
    Part("sample voice", r"sample/", "CC0-1.0", "data"),
    Part("manual", r"manual/", "GPL-3.0-or-later", "data"),
    Part("add-on", r"", "GPL-3.0-or-later"),
)  # fmt: skip


def part_of(name: str) -> Part:
    """The part that a file of the zip belongs to; its name is below the zip's one folder."""
    return next(part for part in PARTS if re.match(part.pattern, name))


def bill(files: Mapping[str, bytes], version: str, digest: str) -> dict[str, Any]:
    """The bill of materials; the same for the same zip.

    Args:
        files: name in the zip → its bytes.
        version: the product's.
        digest: SHA-256 of the zip.
    """
    held: dict[Part, list[dict[str, Any]]] = {}
    for name, content in files.items():
        below = name.partition("/")[2]
        hashes = [{"alg": "SHA-256", "content": hashlib.sha256(content).hexdigest()}]
        held.setdefault(part_of(below), []).append({"type": "file", "name": below, "hashes": hashes})
    product = f"talking_animation@{version}"
    parts = [_component(part, version, held[part]) for part in PARTS if part in held]
    optional = [_package(name, number) for name, number in lock.packages()]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": FORMAT,
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, digest)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": product,
                "name": "talking_animation",
                "version": version,
                "hashes": [{"alg": "SHA-256", "content": digest}],
                "licenses": [{"expression": "GPL-3.0-or-later"}],
            }
        },
        "components": [*parts, *optional],
        "dependencies": [{"ref": product, "dependsOn": [part["bom-ref"] for part in parts]}],
    }


def _component(part: Part, version: str, files: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "type": part.kind,
        "bom-ref": part.name.replace(" ", "-"),
        "name": part.name,
        "version": version,
        "authors": [{"name": part.author}],
        "licenses": [{"expression": part.licence}],
        "components": files,
    }


def _package(name: str, version: str) -> dict[str, Any]:
    """A package that the full engine installs from PyPI where somebody asks for it; it is not in the zip."""
    return {
        "type": "library",
        "bom-ref": f"pypi-{name}-{version}",
        "name": name,
        "scope": "optional",
        "version": version,
        "purl": f"pkg:pypi/{name}@{version}",
    }


def write(target: Path, files: Mapping[str, bytes], version: str, digest: str) -> Path:
    """Write the bill of a zip beside it; returns its file."""
    path = target.with_suffix(".cdx.json")
    text = json.dumps(bill(files, version, digest), indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
    return path
