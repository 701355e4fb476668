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
from inference.training.recipes.decoder import correlations, loss_weights, motion_loss
from inference.training.recipes.run import Run, follow, kept_share

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


def faces(teacher: Teacher, lips: Tensor, labels: Tensor, level: Tensor) -> Tensor:
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
    examples, weights = filmed.examples, filmed.weights
    # A clip may be both trained on, in sync, and measured on, as filmed: each is read by itself.
    inputs = {index: _said(example) for index, example in enumerate(examples) if len(example.labels)}
    known = list(inputs)
    chances = weights[known] / weights[known].sum()
    lips = torch.from_numpy(np.ascontiguousarray(basis[:, POINTS])).to(device)
    teacher = Teacher(len(basis), dropout=float(options["dropout"])).to(device)
    calm = Teacher(len(basis)).to(device)
    calm.load_state_dict(teacher.state_dict())
    steps, every = int(options["steps"]), int(options["checkpoint_every"])
    optimiser = torch.optim.AdamW(
        teacher.parameters(), lr=options["rate"], weight_decay=options["weight_decay"]
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, options["rate"], total_steps=steps + 1, pct_start=0.1
    )
    run = Run(folder, {"teacher": teacher, "calm": calm, "optimiser": optimiser, "schedule": schedule}, steps)
    weights_of_points = loss_weights().to(device)
    losses: list[float] = []
    for step in range(run.step, steps):
        chosen = np.random.default_rng([seed, 9, step]).choice(known, int(options["batch"]), p=chances)
        batch = torch.stack([inputs[int(i)] for i in chosen]).to(device)
        truth = torch.from_numpy(np.stack([examples[i].displacement[:VIDEO_FRAMES] for i in chosen])).to(
            device
        )
        guess = torch.einsum("bkt,kpc->btpc", teacher(batch), lips)[:, ::2][:, :VIDEO_FRAMES]
        loss = motion_loss(
            guess, truth, weights_of_points, torch.ones(len(chosen), dtype=torch.bool, device=device)
        )
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        follow(calm, teacher, kept_share(float(options["average"]), step))
        losses.append(loss.item())
        if (step + 1) % every == 0 or step + 1 == steps:
            calm.cpu().eval()
            s1, s4 = (_scores(calm, lips.cpu(), part) for part in (filmed.validation, filmed.others))
            calm.to(device)
            run.record(step + 1, loss=float(np.mean(losses)), s1_opening=s1[0], s1_width=s1[1],
                       s4_opening=s4[0], s4_width=s4[1])  # fmt: skip
            run.save(step + 1)
            losses.clear()
    run.plot()
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
