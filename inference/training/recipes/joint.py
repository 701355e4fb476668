"""Trains encoder and decoder together: the ear learns what the lips need, while it keeps hearing phones of everybody."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from inference.training.filmed_corpora.faces import POINTS, VIDEO_FRAMES, Filmed
from inference.training.networks.content import Decoder, Encoder
from inference.training.recipes import decoder as motion
from inference.training.recipes import encoder as phones
from inference.training.recipes.descent import Descent, Loss, descend
from inference.training.recipes.run import mixed_precision
from inference.training.recipes.teacher import Teacher, taught_faces


def set_dropout(network: nn.Module, share: float) -> None:
    """Sets the share of values that every dropout of a network drops."""
    for module in network.modules():
        if isinstance(module, nn.Dropout):
            module.p = share


@dataclass(frozen=True)
class Learned:
    """What the training together goes on from.

    Attributes:
        encoder, decoder: trained; they are changed in place.
        teacher: trained on the same motion components.
        basis: (K, 68, 3) the motion components.
    """

    encoder: Encoder
    decoder: Decoder
    teacher: Teacher
    basis: NDArray[np.float32]

    def to(self, device: str) -> None:
        """Moves the networks to a device, those that learn in training mode."""
        self.encoder.to(device).train(), self.decoder.to(device).train(), self.teacher.to(device).eval()

    def lips(self, device: str) -> Tensor:
        """(K, 37, 3) the motion components of the points that move."""
        return torch.from_numpy(np.ascontiguousarray(self.basis[:, POINTS])).to(device)


def train_together(
    config: dict[str, Any],
    learned: Learned,
    speech: Path,
    filmed: Filmed,
    folder: Path,
    device: str = "cpu",
) -> Path:
    """Trains on and returns the path of ``together.pt``.

    Each step sees a batch of talking faces (loss of the motion) and a batch of labelled speech (cross-entropy of the
    phones, and loss of the motion that the teacher makes of the labels): the second keeps both networks from learning one
    speaker's spectrum and one corpus's words by heart.

    Args:
        config: the parsed TOML file's ``seed``, ``encoder``, ``decoder`` and ``together`` tables.
        learned: what is trained on.
        speech: folder of labelled speech.
        filmed: the faces.
        folder: the run's folder; a run that was stopped goes on.
        device: ``cpu`` or ``cuda``.
    """
    seed, options = int(config["seed"]), config["together"]
    torch.manual_seed(seed)
    utterances, strangers = phones.load_folder(speech, {**config["encoder"], **options})
    learned.to(device)
    encoder, decoder = learned.encoder, learned.decoder
    for network in (encoder, decoder):
        set_dropout(network, float(options["dropout"]))
    # What is measured and kept is a moving average of the weights: calmer than any single step.
    calm_encoder, calm_decoder = copy.deepcopy(encoder), copy.deepcopy(decoder)
    descent = Descent(
        [(encoder.parameters(), options["encoder_rate"]), (decoder.parameters(), options["decoder_rate"])],
        options,
        warm_up=0.1,
        clipped=[encoder, decoder],
        followed=[(calm_encoder, encoder), (calm_decoder, decoder)],
    )

    def figures_of(last: bool) -> dict[str, float]:
        seen = motion.filmed_scores(calm_encoder, calm_decoder, learned.lips(device), filmed, last)
        heard = phones.accuracy(calm_encoder.cpu(), strangers[::4])
        calm_encoder.to(device)
        return seen | {name: heard[name] for name in ("frames", "closure_recall", "closure_precision")}

    run = descent.run(
        folder, encoder=encoder, decoder=decoder, calm_encoder=calm_encoder, calm_decoder=calm_decoder
    )
    films = motion.Batches(filmed, int(options["faces"]), seed + 1, options["disturbed"], options["speeds"])
    crop = int(config["encoder"]["crop_frames"])
    voices = phones.Batches(utterances, int(options["sentences"]), crop, seed + 1)
    descend(run, descent, [films, voices], _joint_loss(config, learned, device), figures_of, device)
    path = folder / "together.pt"
    torch.save({"encoder": calm_encoder.cpu().state_dict(), "decoder": calm_decoder.cpu().state_dict()}, path)
    return path


def _joint_loss(config: dict[str, Any], learned: Learned, device: str) -> Loss:
    """The loss of faces, of voices and of phones; arguments as :func:`train_together` has them."""
    options, smoothing = config["together"], config["encoder"]["label_smoothing"]
    encoder, decoder, lips = learned.encoder, learned.decoder, learned.lips(device)
    weights_of_points = motion.loss_weights().to(device)

    def loss_of(
        step: int,
        features: Tensor,
        truth: Tensor,
        spoken: Tensor,
        heard: Tensor,
        labels: Tensor,
        level: Tensor,
    ) -> tuple[Tensor, dict[str, Tensor]]:
        with mixed_precision(device):
            seen = encoder.content(features)
            hidden, scores = encoder(heard)
            content = encoder.assembled(hidden, scores, heard)
            seen_weights, heard_weights = decoder(seen).float(), decoder(content).float()
        guess = torch.einsum("bkt,kpc->btpc", seen_weights, lips)[:, ::2][:, :VIDEO_FRAMES]
        face = motion.motion_loss(guess, truth, weights_of_points, spoken)
        spoken_rows = (labels > 0).any(dim=1)
        # In a pause the labels know nothing and the sound does (a breath opens the mouth); noise alone moves nothing.
        counted = ((labels > 0) | ~spoken_rows[:, None])[:, ::2, None, None]
        taught = taught_faces(learned.teacher, lips, labels, level)[:, ::2]
        taught = taught * spoken_rows[:, None, None, None] * counted
        copied = torch.einsum("bkt,kpc->btpc", heard_weights, lips)[:, ::2] * counted
        voice = motion.motion_loss(copied, taught, weights_of_points, spoken_rows)
        phone = phones.phone_loss(scores, labels, smoothing)
        loss = face + options["phone_share"] * phone + options["voice_share"] * voice
        return loss, {"face_loss": face, "voice_loss": voice, "phone_loss": phone}

    return loss_of


def mean_of(runs: Sequence[dict[str, dict[str, Tensor]]]) -> dict[str, dict[str, Tensor]]:
    """The mean of the weights of several runs that began with the same networks.

    They lie in one valley, so their mean hears and moves better than each of them, at no cost when it runs.

    Args:
        runs: what `train_together` saves.

    Source: Wortsman et al. 2022, *Model soups: averaging weights of multiple fine-tuned models*.
    """
    return {
        network: {
            name: torch.stack([run[network][name].float() for run in runs]).mean(dim=0).to(values.dtype)
            for name, values in state.items()
        }
        for network, state in runs[0].items()
    }
