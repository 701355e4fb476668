"""A teacher for voices without a face: what GRID's lips do for a sequence of phones, learnt from the labels alone.

It never hears a voice, so what it has learnt of one speaker holds for all; and every labelled sentence, of a stranger or of
a synthetic voice in any language, becomes a sentence with a face for the networks that do hear.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from inference.face.landmarks import NEUTRAL_FACE
from inference.face.lids_and_lips import level_lips, shut_lips
from inference.motion.lips.content import PHONES
from inference.motion.lips.lip_closure import BILABIALS
from inference.training.disturbances import augment
from inference.training.filmed_corpora.faces import AUDIO_FRAMES, POINTS, VIDEO_FRAMES, Example, Filmed
from inference.training.recipes.decoder import correlations, loss_weights, motion_loss, named_scores
from inference.training.recipes.descent import Descent, descend

_FRAMES = AUDIO_FRAMES // 2 + 1


class Teacher(nn.Module):
    """Phones and level (B, 41, T) at 50 Hz → component weights (B, components, T); sees ±0.36 s."""

    def __init__(self, components: int, channels: int = 96, dropout: float = 0.2) -> None:
        super().__init__()
        self.first = nn.Conv1d(len(PHONES) + 1, channels, 5, padding=2)
        self.layers = nn.ModuleList(
            nn.Conv1d(channels, channels, 5, padding=2 * dilation, dilation=dilation)
            for dilation in (2, 2, 4)
        )
        self.head = nn.Conv1d(channels, components, 1)
        self.dropout = nn.Dropout(dropout)

    def forward(self, said: Tensor) -> Tensor:
        """See the class."""
        hidden = torch.relu(self.first(said))
        for layer in self.layers:
            hidden = hidden + torch.relu(layer(self.dropout(hidden)))
        return self.head(hidden)


def said(labels: Tensor, level: Tensor) -> Tensor:
    """(B, T) phone indices (−1 counts as silence) and (B, T) level, both at 50 Hz → (B, 41, T) what the teacher reads."""
    spoken = functional.one_hot(labels.clamp(min=0), len(PHONES)).transpose(1, 2).float()
    return torch.cat([spoken, level[:, None]], dim=1)


def taught_faces(teacher: Teacher, lips: Tensor, labels: Tensor, level: Tensor) -> Tensor:
    """(B, T, 37, 3) displacements of a labelled batch, lips met wherever a p, b or m is labelled.

    Args:
        teacher: trained.
        lips: (K, 37, 3) its motion components.
        labels: (B, T) phone indices at 50 Hz, −1 where there is nothing.
        level: (B, T) the features' level without noise.
    """
    with torch.inference_mode():
        weights = teacher(said(labels, level))
        result = torch.einsum("bkt,kpc->btpc", weights, lips).cpu().numpy()
    closed = np.isin(labels.cpu().numpy(), [PHONES.index(name) for name in BILABIALS])
    whole = np.zeros((68, 3), np.float32)
    for row, strength in zip(result, closed.astype(np.float32), strict=True):
        full = np.broadcast_to(whole, (len(row), 68, 3)).copy()
        full[:, POINTS] = row
        shut_lips(full, NEUTRAL_FACE, strength)
        level_lips(full, NEUTRAL_FACE)
        row[:] = full[:, POINTS]
    return torch.from_numpy(result).to(lips.device)


class Batches:
    """Labelled clips for a training step; the same step always gives the same batch."""

    def __init__(self, filmed: Filmed, batch: int, seed: int) -> None:
        self.examples, self.batch, self.seed = filmed.examples, batch, seed
        # A clip may be both trained on, in sync, and measured on, as filmed: each is read by itself.
        self.inputs = {
            index: _said(example) for index, example in enumerate(self.examples) if len(example.labels)
        }
        self.known = list(self.inputs)
        self.chances = filmed.weights[self.known] / filmed.weights[self.known].sum()

    def __call__(self, step: int) -> tuple[Tensor, Tensor]:
        """What the teacher reads (B, 41, 150) and displacement (B, 75, 37, 3)."""
        random = np.random.default_rng([self.seed, 9, step])
        chosen = random.choice(self.known, self.batch, p=self.chances)
        truth = np.stack([self.examples[index].displacement[:VIDEO_FRAMES] for index in chosen])
        return torch.stack([self.inputs[int(index)] for index in chosen]), torch.from_numpy(truth)


def train_teacher(
    config: dict[str, Any],
    basis: NDArray[np.float32],
    filmed: Filmed,
    folder: Path,
    device: str = "cpu",
) -> Path:
    """Trains and returns the path of ``teacher.pt``.

    Args:
        config: the parsed TOML file's ``seed``, ``decoder`` and ``teacher`` tables.
        basis: (K, 68, 3) the motion components.
        filmed: the faces; those without labels are left out.
        folder: the run's folder; a run that was stopped goes on.
        device: ``cpu`` or ``cuda``.
    """
    seed, options = int(config["seed"]), config["teacher"]
    torch.manual_seed(seed)
    lips = torch.from_numpy(np.ascontiguousarray(basis[:, POINTS])).to(device)
    teacher = Teacher(len(basis), dropout=float(options["dropout"])).to(device)
    calm = Teacher(len(basis)).to(device)
    calm.load_state_dict(teacher.state_dict())
    descent = Descent(
        [(teacher.parameters(), options["rate"])], options, warm_up=0.1, followed=[(calm, teacher)]
    )
    weights_of_points = loss_weights().to(device)

    def loss_of(step: int, spoken: Tensor, truth: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        guess = torch.einsum("bkt,kpc->btpc", teacher(spoken), lips)[:, ::2][:, :VIDEO_FRAMES]
        everybody = torch.ones(len(truth), dtype=torch.bool, device=device)
        loss = motion_loss(guess, truth, weights_of_points, everybody)
        return loss, {"loss": loss}

    def figures_of(last: bool) -> dict[str, float]:
        calm.cpu().eval()
        s1, s4 = (_scores(calm, lips.cpu(), part) for part in (filmed.validation, filmed.others))
        calm.to(device)
        return named_scores(s1, s4)

    run = descent.run(folder, teacher=teacher, calm=calm)
    batches = Batches(filmed, int(options["batch"]), seed)
    descend(run, descent, [batches], loss_of, figures_of, device)
    path = folder / "teacher.pt"
    torch.save({"state": calm.cpu().state_dict(), "components": len(basis)}, path)
    return path


def load_teacher(path: Path) -> Teacher:
    """A trained teacher, in evaluation mode."""
    saved = torch.load(path, weights_only=True)
    teacher = Teacher(saved["components"])
    teacher.load_state_dict(saved["state"])
    return teacher.eval()


def _said(example: Example) -> Tensor:
    """(41, 150) of a labelled clip."""
    labels = example.labels
    at = np.minimum(np.arange(0, 2 * _FRAMES, 2), len(labels) - 1)
    level = augment.level(augment.mel_of(example.spectrum))
    level = level[np.minimum(np.arange(0, 2 * _FRAMES, 2), len(level) - 1)]
    return said(torch.from_numpy(labels[at].astype(np.int64))[None], torch.from_numpy(level)[None])[0]


def _scores(teacher: Teacher, lips: Tensor, examples: list[Example]) -> tuple[float, float]:
    """Mean correlation of opening and width over the labelled ones of some clips."""
    result = []
    for e in examples:
        if not len(e.labels):
            continue
        with torch.inference_mode():
            weights = teacher(_said(e)[None])[0]
        guess = torch.einsum("kt,kpc->tpc", weights, lips).numpy()[::2][:VIDEO_FRAMES]
        result.append(correlations(guess, e.displacement[:VIDEO_FRAMES]))
    opening, width = np.mean(result, axis=0)
    return float(opening), float(width)
