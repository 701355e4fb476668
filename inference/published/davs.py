"""DAVS for inference, to the published names and shapes: an aligned face and a voice → that face speaking, 256 pixels square.

Written from the description of the architecture (Zhou et al., *Talking Face Generation by Adversarially Disentangled Audio-Visual
Representation*, AAAI 2019). Module names are the keys of the published state dictionaries, and only parts that inference from
sound uses exist here: the checkpoint holds more.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from ..face.file_digests import Stamp, stamp
from .files import read_weights
from .networks import device_of, load_into

SYSTEM: Final = "DAVS"
SIDE: Final = 256
"""Pixels of the square that it draws."""
FRAME_RATE: Final = 25.0
_FEATURE: Final = 256
_LOUDER: Final = 1.5
"""What is heard is enlarged so much, as published."""
_STEPS, _RATE = 5, 2e-4
_MOUTH = (slice(170, 234), slice(64, 192))
_MOUTH_WEIGHT: Final = 0.001
_HEARD_AT_ONCE: Final = 512

_BLOCKS = (
    ("11", 32, 32, 3), ("12", 32, 32, 3), ("13", 32, 64, 3), ("14", 64, 64, 3), ("pool", 0, 0, 0),
    ("21", 64, 96, 3), ("22", 96, 96, 3), ("23", 96, 128, 3), ("24", 128, 128, 3), ("25", 128, 160, 3),
    ("26", 160, 160, 3), ("pool", 0, 0, 0), ("31", 160, 320, 3), ("32", 320, 320, 3), ("33", 320, 320, 3),
    ("34", 320, 320, 3), ("pool", 0, 0, 0), ("41", 320, 256, 5), ("42", 256, 256, 5),
)  # fmt: skip
"""Name, channels in and out and kernel of the face network's blocks after its first."""
_KEPT = "26"
"""Its block whose output the picture network is given as well."""
_DRAWN = ((512, 512, 2), (512, 512, 3), (512, 256, 4), (256 + 160, 256, 4), (256, 128, 3), (128, 64, 2))
"""Channels in and out and convolutions of the picture network's blocks."""
_JOINED = 3

Picture = NDArray[np.uint8]


class _Square(nn.Module):
    """Convolutions that go over the twenty rows as over a picture."""

    def __init__(self, part: int) -> None:
        super().__init__()
        widths = [width // part for width in (64, 128, 256, 512)]
        self.conv1 = nn.Conv2d(1, widths[0], 3, (3, 2), (1, 2), bias=False)
        self.bn1 = nn.BatchNorm2d(widths[0])
        self.conv2 = nn.Conv2d(widths[0], widths[1], 3, 2, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(widths[1])
        self.conv3 = nn.Conv2d(widths[1], widths[2], 3, bias=False)
        self.bn3 = nn.BatchNorm2d(widths[2])
        self.conv4 = nn.Conv2d(widths[2], widths[3], 2, bias=False)

    def forward(self, values: Tensor) -> Tensor:
        """(B, 1, 20, 12) → (B, 512, 1, 1)."""
        for convolution, norm in ((self.conv1, self.bn1), (self.conv2, self.bn2), (self.conv3, self.bn3)):
            values = functional.leaky_relu(norm(convolution(values)), 0.2)
        return self.conv4(values)


class _Long(nn.Module):
    """Convolutions that see all twelve numbers of a row at once."""

    def __init__(self, part: int) -> None:
        super().__init__()
        widths = [width // part for width in (64, 256, 512)]
        self.conv1 = nn.Conv2d(1, widths[0], (3, 12), bias=False)
        self.bn1 = nn.BatchNorm2d(widths[0])
        self.conv2 = nn.Conv2d(widths[0], widths[1], (3, 1), padding=(1, 0), bias=False)
        self.bn2 = nn.BatchNorm2d(widths[1])
        self.conv3 = nn.Conv2d(widths[1], widths[2], (3, 1), bias=False)

    def forward(self, values: Tensor) -> Tensor:
        """(B, 1, 20, 12) → (B, 512, 1, 1)."""
        values = functional.leaky_relu(self.bn1(self.conv1(values)), 0.2)[:, :, ::3]
        values = functional.leaky_relu(self.bn2(self.conv2(values)), 0.2)[:, :, ::2]
        return self.conv3(values)


class VoiceNetwork(nn.Module):
    """(B, 20, 12) cepstra → (B, 256) what the mouth does (checkpoint entry ``mfcc_encoder``).

    Args:
        part: every width is divided by it.
    """

    def __init__(self, part: int = 1) -> None:
        super().__init__()
        self.model1, self.model2 = _Square(part), _Long(part)
        self.fc = nn.Linear(1024 // part, _FEATURE // part)

    def forward(self, windows: Tensor) -> Tensor:
        """See the class."""
        values = windows[:, None]
        return self.fc(torch.cat([self.model1(values), self.model2(values)], dim=1).flatten(1))


class _Larger(nn.Module):
    """Two convolutions, of which the larger number counts."""

    def __init__(self, name: str, inputs: int, outputs: int, kernel: int, stride: int = 1) -> None:
        super().__init__()
        self._name = name
        for branch in "ab":
            convolution = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2)
            self.add_module(f"conv{name}_{branch}", convolution)
            self.add_module(f"conv{name}_{branch}_bn", nn.BatchNorm2d(outputs))

    def forward(self, values: Tensor) -> Tensor:
        """(B, inputs, h, w) → (B, outputs, h, w)."""
        one, other = (
            self.get_submodule(f"conv{self._name}_{branch}_bn")(
                self.get_submodule(f"conv{self._name}_{branch}")(values)
            )
            for branch in "ab"
        )
        return torch.maximum(one, other)


class FaceNetwork(nn.Module):
    """(B, 3, 256, 256) RGB from 0 to 1 → (B, 256) who it is and (B, 160, 32, 32) the face (checkpoint entry ``ID_encoder``).

    Args:
        part: every width is divided by it.
    """

    def __init__(self, part: int = 1) -> None:
        super().__init__()
        self.block1 = _Larger("01", 3, 32 // part, 7, 2)
        for name, inputs, outputs, kernel in _BLOCKS:
            if name != "pool":
                self.add_module(f"block{name}", _Larger(name, inputs // part, outputs // part, kernel))

    def forward(self, photo: Tensor) -> tuple[Tensor, Tensor]:
        """See the class."""
        values = functional.max_pool2d(self.block1(photo), 2)
        kept = values
        for name, *_ in _BLOCKS:
            values = (
                functional.max_pool2d(values, 2)
                if name == "pool"
                else self.get_submodule(f"block{name}")(values)
            )
            if name == _KEPT:
                kept = values
        return values.mean(dim=(2, 3)), kept


class _Convolutions(nn.Module):
    def __init__(self, name: int, inputs: int, outputs: int, count: int) -> None:
        super().__init__()
        self._names = [f"conv{name}_{place}" for place in range(count)]
        for place, one in enumerate(self._names):
            self.add_module(one, nn.Conv2d(inputs if place == 0 else outputs, outputs, 3, padding=1))
            self.add_module(f"{one}_bn", nn.BatchNorm2d(outputs))

    def forward(self, values: Tensor) -> Tensor:
        """(B, inputs, h, w) → (B, outputs, h, w)."""
        for name in self._names:
            values = torch.relu(self.get_submodule(f"{name}_bn")(self.get_submodule(name)(values)))
        return values


class PictureNetwork(nn.Module):
    """Who it is, the face and what the mouth does → (B, 3, 256, 256) RGB from 0 to 1 (checkpoint entry ``Decoder``).

    Args:
        part: every width is divided by it.
    """

    def __init__(self, part: int = 1) -> None:
        super().__init__()
        self.deconv1_1_new = nn.ConvTranspose2d(512 // part, 512 // part, 4)
        self.deconv1_1_bn = nn.BatchNorm2d(512 // part)
        for place, (inputs, outputs, count) in enumerate(_DRAWN):
            block = _Convolutions(place + 1, inputs // part, outputs // part, count)
            self.add_module(f"convblock{place + 1}", block)
        self.conv7_1 = nn.ConvTranspose2d(64 // part, 32 // part, 3, padding=1)
        self.conv7_1_bn = nn.BatchNorm2d(32 // part)
        self.conv7_2 = nn.ConvTranspose2d(32 // part, 3, 3, padding=1)

    def forward(self, who: Tensor, face: Tensor, mouth: Tensor) -> Tensor:
        """(B, 256), (B, 160, 32, 32) and (B, 256) → see the class."""
        values = torch.cat([who, mouth], dim=1)[..., None, None]
        values = torch.relu(self.deconv1_1_bn(self.deconv1_1_new(values)))
        for place in range(len(_DRAWN)):
            if place == _JOINED:
                values = torch.cat([face, values], dim=1)
            values = self.get_submodule(f"convblock{place + 1}")(values)
            # The corners stay, as in the torch of its time.
            values = functional.interpolate(values, scale_factor=2, mode="bilinear", align_corners=True)
        values = torch.relu(self.conv7_1_bn(self.conv7_1(values)))
        return (torch.tanh(self.conv7_2(values)) + 1) / 2


class Davs(nn.Module):
    """The three networks together.

    Args:
        part: every width is divided by it; 1 for the published ones.
    """

    def __init__(self, part: int = 1) -> None:
        super().__init__()
        self.voice, self.face, self.picture = VoiceNetwork(part), FaceNetwork(part), PictureNetwork(part)

    def forward(self, photo: Tensor, mouth: Tensor) -> Tensor:
        """(1, 3, 256, 256) and (B, 256) → (B, 3, 256, 256)."""
        who, face = self.face(photo)
        count = len(mouth)
        return self.picture(who.expand(count, -1), face.expand(count, -1, -1, -1), mouth)


def load(path: Path, part: int = 1) -> Davs:
    """The networks with a file's weights. Raises EngineError where they are missing or damaged (code ``bad_weights``)."""
    whole = Davs(part)
    networks = {"mfcc_encoder": whole.voice, "ID_encoder": whole.face, "Decoder": whole.picture}
    for entry, network in networks.items():
        load_into(network, read_weights(path, entry, SYSTEM), path, SYSTEM)
    return whole.eval()


class SpeakingPhoto:
    """The published networks, loaded and fitted to one photo and one recording.

    Args:
        path: the checkpoint.
        photo: (256, 256, 3) RGB, aligned as the published system aligns faces.
        windows: (T, 20, 12) of `davs_cepstra.windows`, frames of 40 ms.
        device: ``auto``, ``cpu`` or ``cuda``.

    Raises:
        EngineError: the file is missing or damaged (code ``bad_weights``), or there is no such device (``backend_unavailable``).
    """

    def __init__(
        self, path: Path, photo: Picture, windows: NDArray[np.float32], device: str = "auto"
    ) -> None:
        self._device = device_of(device)
        loaded = _loaded(path, stamp(path), str(self._device))
        values = torch.from_numpy(np.ascontiguousarray(photo)).to(self._device)
        shown = values.permute(2, 0, 1)[None].float() / 255
        heard = torch.from_numpy(windows).to(self._device)
        network = fitted(loaded, shown, heard[:_STEPS])
        with torch.inference_mode():
            self._who, self._face = network.face(shown)
            self._mouths = torch.cat([network.voice(some) for some in heard.split(_HEARD_AT_ONCE)])
        self._picture = network.picture

    @torch.inference_mode()
    def draw(self, moments: Sequence[float]) -> list[Picture]:
        """(256, 256, 3) RGB of each moment, in seconds; between two frames of 40 ms the mouth is between theirs."""
        places = torch.tensor(moments, dtype=torch.float32, device=self._device) * FRAME_RATE
        places = places.clamp(0, len(self._mouths) - 1)
        before = places.floor().long()
        after = (before + 1).clamp(max=len(self._mouths) - 1)
        mouths = torch.lerp(self._mouths[before], self._mouths[after], (places - before)[:, None])
        count = len(mouths)
        drawn = self._picture(
            self._who.expand(count, -1), self._face.expand(count, -1, -1, -1), mouths * _LOUDER
        )
        return [*(drawn * 255).round().byte().permute(0, 2, 3, 1).cpu().numpy()]


def fitted(network: Davs, photo: Tensor, windows: Tensor) -> Davs:
    """A copy that has learnt one photo for five steps, as the published system does before it draws; the mouth hardly counts.

    Args:
        network: left as it is.
        photo: (1, 3, 256, 256) RGB from 0 to 1.
        windows: (up to 5, 20, 12) of the recording's beginning, one for each step.
    """
    learning = copy.deepcopy(network).requires_grad_()
    learning.face.train()
    learning.picture.train()
    weight = torch.ones_like(photo)
    weight[:, :, _MOUTH[0], _MOUTH[1]] = _MOUTH_WEIGHT
    optimizer = torch.optim.Adam(learning.parameters(), _RATE)
    with torch.enable_grad():
        for step in range(_STEPS):
            mouth = learning.voice(windows[[step % len(windows)]])
            optimizer.zero_grad()
            functional.l1_loss(learning(photo, mouth) * weight, photo * weight).backward()
            optimizer.step()
    return learning.eval().requires_grad_(requires_grad=False)


@lru_cache(maxsize=1)
def _loaded(path: Path, known: Stamp, device: str) -> Davs:
    """The networks of a file; kept, until the file changes."""
    return load(path, _PART).to(device)


_PART = 1
"""What every width is divided by."""
