"""Which processor this is, told to the library that multiplies numpy's matrices, before that is loaded.

OpenBLAS asks an Intel processor for its model. Up to version 0.3.24, which numpy 1.26 brings, it takes a model that is newer
than itself for a Prescott of 2004 (https://github.com/OpenMathLib/OpenBLAS/issues/4267), and the networks run at a fifth of
their speed. What the processor can do says as well which of OpenBLAS' kernels it runs. Standard library only.
"""

from __future__ import annotations

import os
import sys
from collections.abc import MutableMapping
from pathlib import Path

VARIABLE = "OPENBLAS_CORETYPE"
"""What OpenBLAS reads as it is loaded: the name of the processor whose kernels it uses, its own choice where it is not set."""

_KERNELS = (
    ("SkylakeX", {"avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"}),
    ("Haswell", {"avx2", "fma"}),
)
_CPUINFO = Path("/proc/cpuinfo")


def use_all_of_it(
    environment: MutableMapping[str, str] | None = None,
    platform: str = sys.platform,
    cpuinfo: Path = _CPUINFO,
) -> None:
    """Set `VARIABLE` for this process and those it starts, where that is needed and certain; call it before numpy is imported.

    Only Linux tells what a processor can do without a library of its own. What the user has set stays.

    Args:
        environment: `os.environ` by default.
        platform: as `sys.platform` gives it.
        cpuinfo: the system's description of its processors.
    """
    variables = os.environ if environment is None else environment
    if VARIABLE in variables or not platform.startswith("linux"):
        return
    try:
        kernels = kernels_of(cpuinfo.read_text(encoding="ascii", errors="replace"))
    except OSError:
        return
    if kernels:
        variables[VARIABLE] = kernels


def kernels_of(cpuinfo: str) -> str:
    """OpenBLAS' name for the kernels that every processor in the text of Linux' ``/proc/cpuinfo`` runs.

    "" where they are not Intel's, whose models OpenBLAS does not mistake, or older than Haswell.
    """
    lines = [line.partition(":")[::2] for line in cpuinfo.splitlines()]
    makers = {value.strip() for name, value in lines if name.strip() == "vendor_id"}
    flags = [set(value.split()) for name, value in lines if name.strip() == "flags"]
    if makers != {"GenuineIntel"} or not flags:
        return ""
    common = set.intersection(*flags)
    return next((name for name, needed in _KERNELS if needed <= common), "")
