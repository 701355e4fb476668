"""The same network as `refiner.NumpyRefiner` in torch: for training, and on CUDA in half precision, many squares at once."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from ..face.arrays import Floats
from .mouth_crop import border_window
from .refiner import LEAK, RefinerShape, RefinerWeights, blur_reach


def tensors_of(weights: RefinerWeights, device: torch.device) -> dict[str, Tensor]:
    """Kernels (outputs, inputs, 3, 3) and biases by name, ``first.kernel`` and the like."""
    result = {}
    for name in weights.shape.layers():
        kernel = np.ascontiguousarray(weights.kernels[name].transpose(3, 2, 0, 1))
        result[f"{name}.kernel"] = torch.from_numpy(kernel).to(device)
        result[f"{name}.bias"] = torch.from_numpy(weights.biases[name]).to(device)
    return result


def changes(tensors: Mapping[str, Tensor], shape: RefinerShape, inputs: Tensor, rim: Tensor) -> Tensor:
    """(B, 3, side, side) what to add to squares.

    Args:
        tensors: as `tensors_of` has them.
        shape: the network's.
        inputs: (B, `CHANNELS`, side, side), 0 to 1.
        rim: (1, 1, side, side) see `mouth_crop.border_window`.
    """

    def convolved(name: str, value: Tensor, stride: int = 1) -> Tensor:
        # Even sides: one row and column of padding before and after, as numpy takes them.
        return functional.conv2d(value, tensors[f"{name}.kernel"], tensors[f"{name}.bias"], stride, 1)

    def active(value: Tensor) -> Tensor:
        return functional.leaky_relu(value, LEAK)

    def again(name: str, value: Tensor) -> Tensor:
        return active(value + convolved(f"{name}_again", value))

    # Channels last: CPUs convolve it in half the time.
    folded = _folded(inputs - 0.5, shape.fold).contiguous(memory_format=torch.channels_last)
    value = again("first", active(convolved("first", folded)))
    kept = [value]
    levels = len(shape.widths) - 1
    for level in range(1, levels + 1):
        value = again(f"down{level}", active(convolved(f"down{level}", value, 2)))
        kept.append(value)
    for level in range(levels - 1, -1, -1):
        larger = functional.interpolate(value, scale_factor=2, mode="nearest")
        value = again(f"up{level}", active(convolved(f"up{level}", torch.cat([larger, kept[level]], dim=1))))
    answer = _unfolded(convolved("last", value), shape.fold).float()
    share = torch.sigmoid(answer[:, 3:].clamp(-30, 30))
    drawn = inputs[:, :3]
    blurred = _blurred(drawn, blur_reach(shape.side))
    return rim * (_blurred(answer[:, :3], shape.smooth) + share * (blurred - drawn))


def _blurred(squares: Tensor, reach: int) -> Tensor:
    """As `refiner._blurred`."""
    padded = functional.pad(squares, (reach, reach, reach, reach), mode="replicate")
    return functional.avg_pool2d(padded, 2 * reach + 1, 1)


def _folded(value: Tensor, fold: int) -> Tensor:
    """As `refiner._folded`: a block's pixels one after the other, the channels of each together."""
    batch, channels, height, width = value.shape
    blocks = value.reshape(batch, channels, height // fold, fold, width // fold, fold)
    return blocks.permute(0, 3, 5, 1, 2, 4).reshape(batch, -1, height // fold, width // fold)


def _unfolded(value: Tensor, fold: int) -> Tensor:
    batch, channels, height, width = value.shape
    blocks = value.reshape(batch, fold, fold, channels // fold**2, height, width)
    return blocks.permute(0, 3, 4, 1, 5, 2).reshape(batch, -1, height * fold, width * fold)


class TorchRefiner:
    """Runs where torch is. See `refiner.Refiner`.

    Args:
        weights: the network.
        device: ``cpu`` or ``cuda``; on CUDA it computes in bfloat16.
    """

    def __init__(self, weights: RefinerWeights, device: str = "cpu") -> None:
        self.shape = weights.shape
        self._device = torch.device(device)
        self._tensors = tensors_of(weights, self._device)
        rim = border_window(weights.shape.side)
        self._rim = torch.from_numpy(rim.transpose(2, 0, 1)[None]).to(self._device)

    @torch.inference_mode()
    def changes(self, inputs: Floats) -> Floats:
        """See `refiner.Refiner.changes`. Raises `torch.OutOfMemoryError` where the device's memory does not suffice."""
        squares = torch.from_numpy(np.ascontiguousarray(inputs.transpose(0, 3, 1, 2))).to(self._device)
        half = self._device.type == "cuda"
        with torch.autocast(self._device.type, torch.bfloat16, enabled=half):
            answer = changes(self._tensors, self.shape, squares, self._rim)
        return np.ascontiguousarray(answer.float().cpu().numpy().transpose(0, 2, 3, 1))
