"""Draws a photo as the warp does, and lets a network make mouth and chin look filmed."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec

import numpy as np

from ..errors import EngineError
from ..face.arrays import Floats
from ..face.face_picture import PICTURED, SHAPE_NAMES
from ..hearing.backends import device_named
from ..pictures.filling import Pixels, pixel_centres
from .boxes import Box
from .likeness import somebody_else
from .mouth_crop import MouthCrop, Placement
from .refiner import TRUST, NumpyRefiner, Refiner, RefinerWeights, load_refiner
from .renderers import Stage
from .warp import Pose, WarpRenderer

_PICTURED = SHAPE_NAMES.index(PICTURED)
_AT_ONCE = {"cuda": 32, "torch": 4, "numpy": 1}
"""Frames that are shown to the network together."""


def check_refined(device: str) -> None:
    """Raise what can be told before any picture is looked at.

    Args:
        device: ``auto``, ``cpu`` or ``cuda``.

    Raises:
        EngineError: the network is missing or damaged (codes ``no_weights``, ``bad_weights``), or there is no such device
            (``backend_unavailable``).
    """
    load_refiner()
    device_named(device)


class RefinedRenderer:
    """See `renderers.Renderer`. At rest the picture stays as it is.

    Args:
        stage: what is drawn, and on what.
        weights: the network; None for the one that ships.

    Raises:
        EngineError: there are no weights (code ``no_weights``) or they are damaged (``bad_weights``), the picture is a drawing
            or has no mesh (``bad_picture``), or there is no such device (``backend_unavailable``).
    """

    def __init__(self, stage: Stage, weights: RefinerWeights | None = None) -> None:
        if stage.face.kind == "drawing":
            raise EngineError(
                "The renderer refined makes a photo's mouth look filmed, and this picture is a drawing: choose the renderer "
                "warp.",
                "bad_picture",
            )
        network = weights or load_refiner()
        self._network = Network(network, stage.device)
        self._trust = float(network.metadata.get(TRUST, 1.0))
        # As it begins: who draws a video counts in steps of it, also where the network moves to the CPU meanwhile.
        self._at_once = _AT_ONCE[self._network.kind]
        self._crop = MouthCrop(stage.face, self._network.side, stage.sampler)
        self._told = somebody_else(stage.face, weights.metadata if weights else {})
        self._warp = WarpRenderer(stage.face, stage.clear, stage.view, stage.sampler)
        self._sampler = stage.sampler
        self._origin = np.array([stage.view.left, stage.view.top], np.float32)

    @property
    def size(self) -> tuple[int, int]:
        """See `renderers.Renderer`."""
        return self._warp.size

    @property
    def at_once(self) -> int:
        """See `renderers.Renderer`."""
        return self._at_once

    @property
    def told(self) -> tuple[str, ...]:
        """See `renderers.Renderer`."""
        return (*self._told, *self._network.told)

    def draw_all(self, poses: Sequence[Pose]) -> list[Pixels]:
        """See `renderers.Renderer`."""
        frames = [self._warp.draw(pose) for pose in poses]
        talks = [1 - float(pose.weights[_PICTURED]) for pose in poses]
        rows = [row for row, share in enumerate(talks) if share > 0]
        if not rows:
            return frames
        placements = [self._crop.placement(poses[row]) for row in rows]
        inputs = np.stack(
            [
                self._crop.inputs(frames[row][..., :3], poses[row], placement, self._origin)
                for row, placement in zip(rows, placements)
            ]
        )
        for row, placement, change in zip(rows, placements, self._network.changes(inputs)):
            self._lay(frames[row], placement, change * np.float32(255 * self._trust * talks[row]))
        return frames

    def _lay(self, frame: Pixels, placement: Placement, change: Floats) -> None:
        """Add a square's change, 0 to 255, to a frame (in place)."""
        side = self._crop.side
        corners = np.array([(0, 0), (side, 0), (0, side), (side, side)], np.float32)
        box = Box.around(placement.to_picture(corners) - self._origin).within(Box(0, 0, *self.size))
        if box.is_empty:
            return
        centres = pixel_centres(box.left, box.top, *box.size) + self._origin
        places = placement.to_square(centres)
        added = self._sampler.values(change, places)
        added[((places < 0) | (places > side)).any(axis=-1)] = 0
        part = frame[box.slices]
        part[..., :3] = np.round(part[..., :3] + added).clip(0, 255).astype(np.uint8)


@dataclass(frozen=True)
class _Running:
    """What runs a network at a time; replaced as a whole, so that threads never see half of a change.

    Attributes:
        kind: ``cuda``, ``torch`` (on the CPU) or ``numpy``.
        refiner: the network there.
        most: squares that it is shown at once.
    """

    kind: str
    refiner: Refiner
    most: int


class Network:
    """A network on the device that is there: on CUDA, else on the CPU by torch, else by numpy.

    Where the graphics card's memory does not suffice it takes fewer squares at once, and goes on without the card at last.

    Args:
        weights: of the network.
        device: ``auto``, ``cpu`` or ``cuda``.

    Raises:
        EngineError: CUDA is asked for and not there (code ``backend_unavailable``).
    """

    def __init__(self, weights: RefinerWeights, device: str = "auto") -> None:
        self._weights = weights
        self._lock = threading.Lock()
        self._told: tuple[str, ...] = ()
        kind, refiner = _refiner(weights, device)
        self._running = _Running(kind, refiner, _AT_ONCE[kind])

    @property
    def kind(self) -> str:
        """What runs it now: ``cuda``, ``torch`` (on the CPU) or ``numpy``."""
        return self._running.kind

    @property
    def side(self) -> int:
        """Pixels of its square."""
        return self._weights.shape.side

    @property
    def told(self) -> tuple[str, ...]:
        """What the user should know of memory that did not suffice."""
        return self._told

    def changes(self, inputs: Floats) -> Floats:
        """See `refiner.Refiner.changes`; any number of squares."""
        parts, start = [], 0
        while start < len(inputs):
            running = self._running
            try:
                parts.append(running.refiner.changes(inputs[start : start + running.most]))
            except RuntimeError as error:
                if running.kind != "cuda" or "out of memory" not in str(error):
                    raise
                self._take_less(running)
                continue
            start += running.most
        return np.concatenate(parts)

    def _take_less(self, failed: _Running) -> None:
        """Half as many squares at once; from one on, the CPU. What another thread has seen to is not done twice."""
        with self._lock:
            if self._running is not failed:
                return
            if failed.most > 1:
                most = failed.most // 2
                self._running = replace(failed, most=most)
                self._told = (
                    f"The graphics card's memory was short: {most} {'frames' if most > 1 else 'frame'} at a time "
                    f"instead of {_AT_ONCE['cuda']}, which is slower.",
                )
                return
            kind, refiner = _refiner(self._weights, "cpu")
            self._running = _Running(kind, refiner, _AT_ONCE[kind])
            self._told = (
                "The graphics card's memory did not suffice: the processor refined the rest of this video, which is slower.",
            )


def _refiner(weights: RefinerWeights, device: str) -> tuple[str, Refiner]:
    """What runs a network, and of which kind it is."""
    chosen = device_named(device)
    if not find_spec("torch"):
        return "numpy", NumpyRefiner(weights)
    from .refiner_torch import TorchRefiner

    return ("cuda" if chosen == "cuda" else "torch"), TorchRefiner(weights, chosen)
