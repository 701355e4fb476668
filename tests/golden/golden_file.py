"""The golden file: motion and keys of the sample voice as they were once, and what may differ from them.

`hello.npz` beside this file holds two things, made by `make.py` from one commit:

* **Takes**: what the engine says at its own rate, 50 frames a second, for a style and a seed.
* **Cases**: every curve that the add-on wrote for a character (`golden_cases.py`), as its value at each frame, which frames
  have a key, and how it goes on between them; and, as JSON, the actions, slots, tracks, strips and what `generate` reported.

Numbers are kept as the differences of whole steps from frame to frame, each curve with steps of its own of 1/20 000 of its
range: 16 bits each, which compress well, and off by 1/40 000 of the range at most.

What may differ. A rate that has no frame within a closure of the lips, or within the moment in which the lids are shut, may lose
it; resampling that keeps it reads the nearest frame elsewhere. Frames near such a moment are therefore exempt from the
comparison, and no others: see `exempt_frames`. Needs numpy alone.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

PATH = Path(__file__).with_name("hello.npz")
NATIVE_RATE = 50.0
"""Frames per second at which the engine computes."""
REQUESTED_RATE = 25.0
"""Frames per second that the add-on asks the engine for; the scene's rate is made of these."""
MARGIN_FRAMES = 1.5
"""Frames of the slower of both rates that a moment may act on: it is shown within half a frame, and read from one further on."""
SHUT = 0.9
"""Blink from which the lids count as shut."""
RELATIVE, ABSOLUTE = 1e-3, 2e-4
"""How far a value may be off: this part of its curve's range, and no more than this.

Measured on all 505 curves of the cases: Blender 4.2, 4.5 and 5.0 (numpy 1.26) differ by less than the file is off (2.5e-5 of the
range), Blender 3.4 (numpy 1.24) by 1.2e-4 of the range; nowhere more than 0.13 of what is allowed here."""
ARRAYS = ("arkit", "head_rotation", "head_translation", "eye_rotation", "blink", "visemes", "landmarks")
_STEPS = 20000


# -- what is kept --------------------------------------------------------------------------------------


@dataclass
class Take:
    """What the engine says at its own rate.

    Attributes:
        arrays: one row a frame; of `ARRAYS`, those that are kept.
        closed: (T,) bool, the lips touch.
        near: (T,) bool, they do or nearly do, which resampling keeps as well.
    """

    arrays: dict[str, np.ndarray]
    closed: np.ndarray
    near: np.ndarray

    @property
    def shut(self) -> np.ndarray:
        """(T,) bool, the lids of an eye are shut."""
        return np.asarray((self.arrays["blink"] >= SHUT).any(axis=1))


@dataclass
class Case:
    """The curves that one character got.

    Attributes:
        names: (C,) "datablock | data path [index] | group | interpolation".
        values: (T, C) each curve's value at each frame from `start` on.
        keyed: (T, C) bool, the frame has a key.
        start: scene frame of the first row.
        facts: actions, strips and report, as they can be written to JSON.
    """

    names: list[str]
    values: np.ndarray
    keyed: np.ndarray
    start: int
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def range(self) -> np.ndarray:
        """(C,) greatest less smallest value of each curve."""
        return np.ptp(self.values, axis=0)


def save(path: Path, takes: dict[str, Take], cases: dict[str, Case]) -> None:
    """Write the golden file; the same content gives the same bytes."""
    arrays: dict[str, np.ndarray] = {}
    for name, take in takes.items():
        arrays[f"take/{name}/closed"] = np.packbits(take.closed)
        arrays[f"take/{name}/near"] = np.packbits(take.near)
        for kind, values in take.arrays.items():
            arrays.update(_packed(f"take/{name}/{kind}", values.reshape(len(values), -1)))
    for name, case in cases.items():
        arrays[f"case/{name}/names"] = np.array("\n".join(case.names))
        arrays[f"case/{name}/keyed"] = np.packbits(case.keyed.T)
        facts = {"start": case.start, **case.facts}
        arrays[f"case/{name}/facts"] = np.array(json.dumps(facts, sort_keys=True, ensure_ascii=False))
        arrays.update(_packed(f"case/{name}/values", case.values))
    np.savez_compressed(path, **arrays)


def load() -> tuple[dict[str, Take], dict[str, Case]]:
    """Read the golden file: takes and cases by name."""
    with np.load(PATH, allow_pickle=False) as data:
        kept = {name: data[name] for name in data.files}
    takes, cases = {}, {}
    for name in [key.split("/")[1] for key in kept if key.startswith("take/") and key.endswith("/closed")]:
        arrays = {
            kind: _unpacked(kept, f"take/{name}/{kind}") for kind in ARRAYS if f"take/{name}/{kind}" in kept
        }
        count = len(arrays["arkit"])
        closed, near = (
            np.unpackbits(kept[f"take/{name}/{flags}"], count=count).astype(bool)
            for flags in ("closed", "near")
        )
        takes[name] = Take(arrays, closed, near)
    for name in [key.split("/")[1] for key in kept if key.endswith("/facts")]:
        values = _unpacked(kept, f"case/{name}/values")
        bits = np.unpackbits(kept[f"case/{name}/keyed"], count=values.size)
        facts = json.loads(str(kept[f"case/{name}/facts"]))
        names = str(kept[f"case/{name}/names"]).split("\n")
        keyed = bits.reshape(values.shape[::-1]).T.astype(bool)
        cases[name] = Case(names, values, keyed, facts.pop("start"), facts)
    return takes, cases


def _packed(name: str, values: np.ndarray) -> dict[str, np.ndarray]:
    low = values.min(axis=0).astype(np.float64)
    reach = np.ptp(values, axis=0).astype(np.float64)
    steps = np.round((values - low) / np.where(reach > 0, reach, 1) * _STEPS).astype(np.int16)
    rises = np.diff(steps, axis=0, prepend=np.zeros_like(steps[:1]))
    return {name: np.ascontiguousarray(rises.T), f"{name}/range": np.stack([low, reach])}


def _unpacked(kept: dict[str, np.ndarray], name: str) -> np.ndarray:
    low, reach = kept[f"{name}/range"]
    return np.cumsum(kept[name].T, axis=0, dtype=np.int64) / _STEPS * reach + low


# -- what may differ -----------------------------------------------------------------------------------


def exempt_frames(take: Take, fps: float, count: int, delay: int = 0, hold: int = 1) -> np.ndarray:
    """(count,) bool: frames within `MARGIN_FRAMES` of an end of a closure or of a shut blink.

    What lies deeper within a long closure is compared: some frame falls there at any rate. So are the first and last frame of the
    recording, where no closure begins or ends.

    Args:
        take: the engine's motion.
        fps: the scene's rate.
        count: how many frames, the first of which is the recording's first instant.
        delay: frames by which the offset dial delays the motion.
        hold: frames that a drawing is held for; a drawing is exempt as a whole.
    """
    # Half-way between the frame before a change and the one after it.
    changes = [
        np.flatnonzero(np.diff(flags.astype(np.int8))) + 0.5 for flags in (take.closed, take.near, take.shut)
    ]
    moments = (np.arange(count) - delay) / fps
    margin = MARGIN_FRAMES / min(fps, REQUESTED_RATE) + 0.5 / NATIVE_RATE
    away = np.abs(moments[:, None] - np.concatenate(changes)[None] / NATIVE_RATE).min(axis=1)
    exempt = away <= margin + 1e-9
    blocks = np.arange(count) // hold
    return np.asarray(np.isin(blocks, blocks[exempt]))


@dataclass(frozen=True)
class Difference:
    """How far a case is from the golden one.

    Attributes:
        worst: greatest difference in frames that are compared, in tolerances: above 1 is a failure.
        where: curve and frame of it.
        compared: (curve, frame) values compared.
        off: how many of them are off by more than the tolerance for curves with a key on every frame.
        exempt_off: values in exempt frames that are.
        share: part of all frames that is exempt.
        spread: greatest difference anywhere that is compared, as part of the range of its curve, where that is above 1e-4.
        moving: part of the curves that go through at least half of their range within the compared frames.
    """

    worst: float
    where: str
    compared: int
    off: int
    exempt_off: int
    share: float
    spread: float
    moving: float

    def __str__(self) -> str:
        return (
            f"{self.compared} values compared, {self.off} off, worst {self.worst:.3g} tolerances at {self.where}, "
            f"spread {self.spread:.2g} of the range; {100 * self.share:.1f} % of the frames exempt, {self.exempt_off} values "
            f"differ there; {100 * self.moving:.0f} % of the curves go through half their range where compared"
        )


def tolerances(values: np.ndarray) -> np.ndarray:
    """(C,) how far each column of the golden (T, C) values may be off."""
    return np.asarray(np.minimum(RELATIVE * np.ptp(values, axis=0), ABSOLUTE) + 1e-6)


def difference(
    found: np.ndarray,
    golden: np.ndarray,
    exempt: np.ndarray,
    names: list[str],
    allowed: np.ndarray | None = None,
) -> Difference:
    """Compare (T, C) values with the golden ones.

    Args:
        found, golden: what is compared.
        exempt: (T,) frames that may differ.
        names: (C,) of the columns.
        allowed: (C,) how far a value may be off; None for `tolerances`.
    """
    tight = tolerances(golden)
    allowed = tight if allowed is None else allowed
    away = np.abs(found - golden)
    checked = away[~exempt]
    ratios = checked / allowed
    row, column = np.unravel_index(int(ratios.argmax()), ratios.shape)
    reach = np.ptp(golden, axis=0)
    seen = np.ptp(golden[~exempt], axis=0)
    return Difference(
        worst=float(ratios[row, column]),
        where=f"{names[column]}, frame {np.flatnonzero(~exempt)[row]}",
        compared=checked.size,
        off=int((checked > tight).sum()),
        exempt_off=int((away[exempt] > tight).sum()),
        share=float(exempt.mean()),
        spread=float((checked / np.where(reach > 1e-4, reach, np.inf)).max()),
        moving=float((seen >= reach / 2).mean()),
    )
