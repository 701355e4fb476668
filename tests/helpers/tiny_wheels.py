"""Wheels without content, so that nothing has to be downloaded where pip itself is tested."""

from __future__ import annotations

import io
import zipfile


def tiny_wheel(name: str, filling: bytes = b"") -> bytes:
    """A package NAME 9.9.9 for every Python, with bytes that make it larger."""
    data, info = io.BytesIO(), f"{name}-9.9.9.dist-info"
    with zipfile.ZipFile(data, "w") as wheel:
        for path, content in (
            (f"{name}/__init__.py", b""),
            (f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 9.9.9\n".encode()),
            (f"{info}/WHEEL", b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"),
            (f"{info}/RECORD", b""),
            (f"{name}/filling.bin", filling),
        ):
            wheel.writestr(zipfile.ZipInfo(path), content)
    return data.getvalue()
