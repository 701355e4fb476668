"""Which modules of the product read what others may have made: found in their source, so that a new one is not forgotten."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_FUNCTIONS: Final = {
    "numpy.load", "json.load", "json.loads", "pickle.load", "pickle.loads", "marshal.load", "marshal.loads",
    "torch.load", "csv.reader", "tomllib.load", "tomllib.loads", "yaml.load", "shelve.open", "wave.open", "av.open", "Image.open",
    "PIL.Image.open", "tarfile.open", "gzip.open", "struct.Struct", "int.from_bytes",
}  # fmt: skip
"""What reads a format and is called as many others are: by its module's name, too."""
_NAMES: Final = {
    "fromfile", "frombuffer", "loadtxt", "genfromtxt", "loadmat", "imread", "VideoCapture",
    "json_object", "json_value", "read_arrays", "read_array",
    "DictReader", "Unpickler", "ZipFile", "ConfigParser", "ElementTree", "fromstring", "safe_load",
    "unpack", "unpack_from", "iter_unpack", "b64decode", "decompress", "decompressobj",
}  # fmt: skip
"""What is called as nothing else is: from Python, its packages, and the product's own bounded readers."""


def readers_in(package: Path, but: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """(module, call) of each module below a folder that reads a format; the module as its path from the folder's parent.

    Args:
        package: the folder.
        but: folders in it that are left out.
    """
    for path in sorted(package.rglob("*.py")):
        if path.relative_to(package).parts[0] not in but:
            text = path.read_text(encoding="utf-8")
            for call in sorted(_readings(ast.parse(text))) if _may_read(text) else ():
                yield path.relative_to(package.parent).as_posix(), call


def _may_read(text: str) -> bool:
    """Whether a module's text holds all words of a reading; most hold none, and parsing takes a while."""
    words = set(re.findall(r"\w+", text))
    return not _NAMES.isdisjoint(words) or any(words.issuperset(name.split(".")) for name in _FUNCTIONS)


def _readings(tree: ast.Module) -> set[str]:
    """What a module calls, derives from or hands on that reads a format."""
    full = {
        name.asname or name.name: f"{node.module}.{name.name}"
        if isinstance(node, ast.ImportFrom)
        else name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import) or (isinstance(node, ast.ImportFrom) and not node.level)
        for name in node.names
    }
    found = set()
    for used in _used(tree):
        first, dot, rest = ast.unparse(used).partition(".")
        name = full.get(first, first) + dot + rest
        if name in _FUNCTIONS or name.rpartition(".")[2] in _NAMES:
            found.add(name)
    return found


def _used(tree: ast.AST) -> Iterator[ast.expr]:
    """Names, with dots or without, that are called, derived from, or given to something."""
    for node in ast.walk(tree):
        used: list[ast.expr] = []
        if isinstance(node, ast.Call):
            used = [node.func, *node.args, *(word.value for word in node.keywords)]
        elif isinstance(node, ast.ClassDef):
            used = node.bases
        elif isinstance(node, ast.Assign):
            used = [node.value]
        yield from (each for each in used if isinstance(each, (ast.Attribute, ast.Name)))
