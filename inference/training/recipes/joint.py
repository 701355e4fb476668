"""Trains encoder and decoder together: the ear learns what the lips need, while it keeps hearing phones of everybody."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from inference.training.filmed_corpora.faces import POINTS, VIDEO_FRAMES, Filmed
from inference.training.networks.content import Decoder, Encoder
from inference.training.recipes import decoder as motion
from inference.training.recipes import encoder as phones
from inference.training.recipes.run import Run, follow, kept_share, mixed_precision
from inference.training.recipes.teacher import Teacher, taught_faces


def set_dropout(network: nn.Module, share: float) -> None:
    """Sets the share of values that every dropout of a network drops."""
    for module in network.modules():
        if isinstance(module, nn.Dropout):
            module.p = share


def train_together(
    config: dict[str, Any],
    encoder: Encoder,
    decoder: Decoder,
    teacher: Teacher,
    basis: np.ndarray,
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
        encoder, decoder: trained; changed in place.
        teacher: trained on the same motion components.
        basis: (K, 68, 3) of the decoder.
        speech: folder of labelled speech.
        filmed: the faces.
        folder: the run's folder; a run that was stopped goes on.
        device: ``cpu`` or ``cuda``.
    """
    seed, options = int(config["seed"]), config["together"]
    torch.manual_seed(seed)
    spoken_words, strangers = phones.load_folder(speech, {**config["encoder"], **options})
    encoder, decoder, teacher = (
        encoder.to(device).train(),
        decoder.to(device).train(),
        teacher.to(device).eval(),
    )
    for network in (encoder, decoder):
        set_dropout(network, float(options["dropout"]))
    # What is measured and kept is a moving average of the weights: calmer than any single step.
    calm_encoder, calm_decoder = copy.deepcopy(encoder), copy.deepcopy(decoder)
    lips = torch.from_numpy(np.ascontiguousarray(basis[:, POINTS])).to(device)
    loss_weights = motion.loss_weights().to(device)
    steps, every = int(options["steps"]), int(options["checkpoint_every"])
    optimiser = torch.optim.AdamW(
        [
            {"params": encoder.parameters(), "lr": options["encoder_rate"]},
            {"params": decoder.parameters(), "lr": options["decoder_rate"]},
        ],
        weight_decay=options["weight_decay"],
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, [options["encoder_rate"], options["decoder_rate"]], total_steps=steps + 1, pct_start=0.1
    )
    state = {
        "encoder": encoder,
        "decoder": decoder,
        "calm_encoder": calm_encoder,
        "calm_decoder": calm_decoder,
        "optimiser": optimiser,
        "schedule": schedule,
    }
    run = Run(folder, state, steps)
    films = motion.Batches(filmed, int(options["faces"]), seed + 1, options["disturbed"], options["speeds"])
    voices = phones.Batches(
        spoken_words, int(options["sentences"]), int(config["encoder"]["crop_frames"]), seed + 1
    )
    losses: list[tuple[float, float, float]] = []
    with ThreadPoolExecutor(2) as ahead:
        coming = ahead.submit(films, run.step), ahead.submit(voices, run.step)
        for step in range(run.step, steps):
            (features, truth, spoken), (heard, labels, level) = (
                tuple(item.to(device) for item in batch.result()) for batch in coming
            )
            coming = ahead.submit(films, step + 1), ahead.submit(voices, step + 1)
            with mixed_precision(device):
                seen = encoder.content(features)
                hidden, scores = encoder(heard)
                content = encoder.assembled(hidden, scores, heard)
                seen_weights, heard_weights = decoder(seen).float(), decoder(content).float()
            guess = torch.einsum("bkt,kpc->btpc", seen_weights, lips)
            face_loss = motion.motion_loss(guess[:, ::2][:, :VIDEO_FRAMES], truth, loss_weights, spoken)
            spoken_rows = (labels > 0).any(dim=1)
            # In a pause the labels know nothing and the sound does (a breath opens the mouth); noise alone moves nothing.
            counted = ((labels > 0) | ~spoken_rows[:, None])[:, ::2, None, None]
            told = (
                taught_faces(teacher, lips, labels, level)[:, ::2]
                * spoken_rows[:, None, None, None]
                * counted
            )
            copied = torch.einsum("bkt,kpc->btpc", heard_weights, lips)[:, ::2] * counted
            voice_loss = motion.motion_loss(copied, told, loss_weights, spoken_rows)
            phone_loss = functional.cross_entropy(
                scores.float(),
                labels,
                ignore_index=-1,
                label_smoothing=config["encoder"]["label_smoothing"],
            )
            optimiser.zero_grad()
            (face_loss + options["phone_share"] * phone_loss + options["voice_share"] * voice_loss).backward()
            torch.nn.utils.clip_grad_norm_([*encoder.parameters(), *decoder.parameters()], 5.0)
            optimiser.step()
            schedule.step()
            keep = kept_share(float(options["average"]), step)
            follow(calm_encoder, encoder, keep)
            follow(calm_decoder, decoder, keep)
            losses.append((face_loss.item(), voice_loss.item(), phone_loss.item()))
            if (step + 1) % every == 0 or step + 1 == steps:
                some = slice(None, None, 1 if step + 1 == steps else 4)
                calm_encoder.cpu().eval(), calm_decoder.cpu().eval()
                s1 = motion.scores(calm_encoder, calm_decoder, lips.cpu(), filmed.validation[some])
                s4 = motion.scores(calm_encoder, calm_decoder, lips.cpu(), filmed.others)
                heard_right = phones.accuracy(calm_encoder, strangers[::4])
                calm_encoder.to(device), calm_decoder.to(device)
                face, voice, phone = np.mean(losses, axis=0)
                run.record(
                    step + 1,
                    face_loss=face,
                    voice_loss=voice,
                    phone_loss=phone,
                    s1_opening=s1[0],
                    s1_width=s1[1],
                    s4_opening=s4[0],
                    s4_width=s4[1],
                    frames=heard_right["frames"],
                    closure_recall=heard_right["closure_recall"],
                    closure_precision=heard_right["closure_precision"],
                )
                run.save(step + 1)
                losses.clear()
    run.plot()
    path = folder / "together.pt"
    kept = {"encoder": calm_encoder.cpu().state_dict(), "decoder": calm_decoder.cpu().state_dict()}
    torch.save(kept, path)
    return path


def mean_of(runs: Sequence[dict[str, dict[str, torch.Tensor]]]) -> dict[str, dict[str, torch.Tensor]]:
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
