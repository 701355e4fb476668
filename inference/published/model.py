"""The three networks together: prepared sound and a speaker in, the two branches' displacements out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch

from ..face.file_digests import Stamp, stamp
from .files import (
    AUTOVC,
    CONTENT,
    FILES,
    MEAN_STD,
    SPEAKER,
    TARGET,
    check_files,
    read_mean_std,
    read_target,
    read_weights,
)
from .networks import (
    PITCH_CLASSES,
    SEGMENT,
    WINDOW,
    ContentBranch,
    SpeakerBranch,
    VoiceConverter,
    device_of,
    load_into,
)
from .segments import overlapping

_SPEAKER_FACTOR = 3.0
_SEGMENT_OVERLAP = SEGMENT - 32
_CONVERTED = 4096  # frames that AutoVC converts at a time: 65 s
_CONVERTED_OVERLAP = 512
_CONVERTED_ALIGN = 32
_BATCH = 1024  # windows at a time

Progress = Callable[[float], None]
Network = TypeVar("Network", bound=torch.nn.Module)


@dataclass(frozen=True)
class Displacements:
    """What the networks say, in MakeItTalk's coordinates (`face`).

    Attributes:
        content: (T, 68, 3) float32: lips and jaw, whoever speaks.
        pose: (T, 68, 3) float32: the speaker's own way, head motion included.
    """

    content: np.ndarray
    pose: np.ndarray


class MakeItTalk:
    """The published networks, loaded.

    Args:
        folder: where the files are.
        device: ``auto``, ``cpu`` or ``cuda``.

    Raises:
        EngineError: files are missing (code ``published_missing``) or damaged (``bad_weights``), or there is no such device
            (``backend_unavailable``).
    """

    def __init__(self, folder: Path, device: str = "auto") -> None:
        check_files(folder)
        self._device = device_of(device)
        self._mean, self._deviation = (
            torch.from_numpy(part).to(self._device) for part in read_mean_std(MEAN_STD.path(folder))
        )
        self._target = torch.from_numpy(read_target(TARGET.path(folder))).to(self._device)
        self._content = self._load(ContentBranch(), CONTENT.path(folder), "model_g_face_id")
        self._speaker = self._load(SpeakerBranch(), SPEAKER.path(folder), "G")
        self._converter = self._load(VoiceConverter(), AUTOVC.path(folder), "model")

    def _load(self, network: Network, path: Path, entry: str) -> Network:
        load_into(network, read_weights(path, entry), path)
        return network.to(self._device)

    @torch.inference_mode()
    def run(
        self,
        mel: np.ndarray,
        pitch: np.ndarray,
        voice: np.ndarray,
        manner: np.ndarray,
        face: np.ndarray,
        progress: Progress | None = None,
    ) -> Displacements:
        """Displacements of a recording of any length.

        Args:
            mel: (T + 18, 80) of `frontend.mel_spectrum`.
            pitch: (T + 18,) of `frontend.pitch_classes`.
            voice, manner: (256,) embeddings, see `speaker.Speakers`.
            face: (68, 3) in MakeItTalk's coordinates.
            progress: told 0…1.

        Returns:
            T frames: frame i has heard the mel frames i … i + 17.
        """
        report = progress or (lambda part: None)
        heard = convert(
            self._converter, mel, pitch, self._place(voice), self._target, lambda part: report(0.5 * part)
        )
        windows = ((heard - self._mean) / self._deviation).unfold(0, WINDOW, 1)[:-1].transpose(1, 2)
        flat = self._place(face.reshape(-1))
        content, audio = [], []
        for first in range(0, len(windows), _BATCH):
            batch = windows[first : first + _BATCH].contiguous()
            content.append(self._content(batch, flat).cpu())
            audio.append(self._speaker.hear(batch))
            report(0.5 + 0.45 * min(first + _BATCH, len(windows)) / len(windows))
        pose = speaker_motion(self._speaker, torch.cat(audio), _SPEAKER_FACTOR * self._place(manner))
        report(1.0)
        return Displacements(torch.cat(content).numpy().reshape(-1, 68, 3), pose.reshape(-1, 68, 3))

    def _place(self, values: np.ndarray) -> torch.Tensor:
        return torch.from_numpy(np.asarray(values, np.float32)).to(self._device)


def loaded(folder: Path, device: str) -> MakeItTalk:
    """The networks in that folder; the ones used last are kept, until a file changes. Raises as `MakeItTalk` does."""
    check_files(folder)
    stamps = tuple(stamp(file.path(folder)) for file in FILES if file.required)
    return _loaded(folder, device, stamps)


@lru_cache(maxsize=1)
def _loaded(folder: Path, device: str, stamps: tuple[Stamp, ...]) -> MakeItTalk:
    return MakeItTalk(folder, device)


@torch.inference_mode()
def convert(
    network: VoiceConverter,
    mel: np.ndarray,
    pitch: np.ndarray,
    voice: torch.Tensor,
    target: torch.Tensor,
    progress: Progress | None = None,
) -> torch.Tensor:
    """The same words in the voice that the branches know.

    Args:
        network: on the device of the embeddings.
        mel: (T, 80).
        pitch: (T,) classes.
        voice, target: (256,) embeddings.
        progress: told 0…1.

    Returns:
        (T, 80) mel on that device.
    """
    device = voice.device
    result = torch.zeros(len(mel), mel.shape[1], device=device)
    for start, stop, share in overlapping(len(mel), _CONVERTED, _CONVERTED_OVERLAP, _CONVERTED_ALIGN):
        padding = -(stop - start) % _CONVERTED_ALIGN
        piece = torch.from_numpy(np.pad(mel[start:stop], ((0, padding), (0, 0)))).to(device)
        classes = torch.zeros(len(piece), PITCH_CLASSES, device=device)
        classes[torch.arange(stop - start), torch.from_numpy(pitch[start:stop])] = 1
        converted = network(piece[None], voice[None], target[None], classes[None])[0, : stop - start]
        result[start:stop] += converted * torch.from_numpy(share).to(device)[:, None]
        if progress:
            progress(stop / len(mel))
    return result


@torch.inference_mode()
def speaker_motion(network: SpeakerBranch, heard: torch.Tensor, speaker: torch.Tensor) -> np.ndarray:
    """The speaker-aware branch over a recording of any length, although its attention sees one segment at a time.

    The network knows where in its segment a frame lies, and moves a little by that alone. So segments start every 32 frames and
    fade into each other: no border shows, and in the middle of a recording the motion hardly depends on where segments begin.
    Up to 512 frames are one segment, exactly as published.

    Args:
        network: on the device of the tensors.
        heard: (T, 256) of `SpeakerBranch.hear`.
        speaker: (256,) embedding as the network is to see it.

    Returns:
        (T, 204) float32 displacement.
    """
    result = np.zeros((len(heard), 204), np.float32)
    for start, stop, share in overlapping(len(heard), SEGMENT, _SEGMENT_OVERLAP):
        result[start:stop] += network(heard[start:stop], speaker).cpu().numpy() * share[:, None]
    return result
