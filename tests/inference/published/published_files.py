"""Random files with exactly the names, keys, shapes and containers of MakeItTalk's published ones."""

from __future__ import annotations

import json
import math
import pickle
from collections import OrderedDict
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch

from inference.face.landmarks import REFERENCE_FACE

SHAPES: dict[str, dict[str, list[int]]] = json.loads(
    Path(__file__).with_name("published_shapes.json").read_text(encoding="utf-8")
)
"""Network → key → shape, as the published state dictionaries have them."""

ENTRIES = {
    "content": ("ckpt_content_branch.pth", "model_g_face_id"),
    "speaker": ("ckpt_speaker_branch.pth", "G"),
    "autovc": ("ckpt_autovc.pth", "model"),
}


class Schedule:
    """A class of its own in a checkpoint, as optimizers and schedulers are."""

    def __init__(self) -> None:
        self.lr, self.steps = 1e-4, [1, 2, 3]


def random_state(network: str, seed: int = 0) -> OrderedDict[str, torch.Tensor]:
    """Weights as an untrained network of these shapes would have; running statistics near a unit normal's."""
    return OrderedDict(_random_state(network, seed))


@lru_cache(maxsize=2)
def _random_state(network: str, seed: int) -> OrderedDict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    state: OrderedDict[str, torch.Tensor] = OrderedDict()
    for key, shape in SHAPES[network].items():
        leaf = key.rsplit(".", 1)[-1]
        if leaf == "num_batches_tracked":
            state[key] = torch.tensor(7)
        elif leaf == "running_var":
            state[key] = 0.5 + torch.rand(shape, generator=generator)
        elif leaf == "alpha" or (leaf == "weight" and len(shape) == 1):
            state[key] = 1 + 0.1 * torch.randn(shape, generator=generator)
        elif leaf == "pe":
            state[key] = _positions(*shape)
        else:
            fan_in = int(np.prod(shape[1:])) if len(shape) > 1 else shape[0]
            state[key] = (2 * torch.rand(shape, generator=generator) - 1) * (3 / fan_in) ** 0.5
    if network == "content":
        # A mouth that opens and shuts, whatever else this face does: both lips follow one number up and down.
        down = 3 * torch.randn(256, generator=generator) / 16
        for points, way in (
            (range(49, 54), -0.2),
            (range(61, 64), -0.2),
            (range(55, 60), 1.0),
            (range(65, 68), 1.0),
        ):
            for point in points:
                state["fc.6.weight"][3 * point + 1] = way * down
                state["fc.6.bias"][3 * point + 1] = 0
    return state


@lru_cache(maxsize=1)
def _positions(_: int, length: int, width: int) -> torch.Tensor:
    """The published table, number by number."""
    rows = [
        [(math.cos if slot % 2 else math.sin)(place / 10000 ** (2 * slot / width)) for slot in range(width)]
        for place in range(length)
    ]
    return torch.tensor([rows])


def checkpoint(network: str, state: OrderedDict[str, torch.Tensor], parallel: bool) -> dict[str, object]:
    """A checkpoint with all that surrounds the weights in the published ones."""
    if network == "speaker":
        state["comb_mlp.0.weight"] = torch.zeros(512, 384)  # layers that the authors dropped
    parameter = torch.nn.Parameter(torch.ones(3))
    optimizer = torch.optim.Adam([parameter])
    parameter.sum().backward()
    optimizer.step()
    named = OrderedDict((f"module.{key}" if parallel else key, value) for key, value in state.items())
    return {
        ENTRIES[network][1]: named,
        "epoch": 116,
        "opt": optimizer,
        "schedule": Schedule(),
        "moments": optimizer.state_dict(),
    }


def write_checkpoint(folder: Path, network: str, *, legacy: bool, parallel: bool, seed: int = 0) -> Path:
    """Write one network's file in one of the two containers of `torch.save`."""
    path = folder / ENTRIES[network][0]
    torch.save(
        checkpoint(network, random_state(network, seed), parallel),
        path,
        _use_new_zipfile_serialization=not legacy,
    )
    return path


def speaker_embeddings() -> dict[str, torch.Tensor]:
    """67 embeddings of unit length, each a view of a much larger storage, as the published file's size suggests."""
    generator = torch.Generator().manual_seed(5)
    partial = torch.randn(67, 40, 256, generator=generator)
    partial /= partial.norm(dim=-1, keepdim=True)
    return {f"speaker-{index:02d}": partial[index].clone()[-1] for index in range(67)}


def write_all(folder: Path) -> Path:
    """Every file that MakeItTalk needs, random, in a mixture of containers."""
    folder.mkdir(parents=True, exist_ok=True)
    write_checkpoint(folder, "content", legacy=True, parallel=False)
    write_checkpoint(folder, "speaker", legacy=False, parallel=True)
    write_checkpoint(folder, "autovc", legacy=True, parallel=False)
    random = np.random.RandomState(3)
    # Roughly what these random networks put out, so that the branches hear numbers of ordinary size.
    np.savetxt(folder / "MEAN_STD_AUTOVC_RETRAIN_MEL_AU.txt", np.r_[np.zeros(80), np.ones(80)])
    target = random.standard_normal(256)
    np.savetxt(folder / "obama_emb.txt", target / np.linalg.norm(target))
    with (folder / "emb.pickle").open("wb") as stream:
        pickle.dump(speaker_embeddings(), stream)
    face = REFERENCE_FACE * (1, -1, 1)
    np.savetxt(folder / "STD_FACE_LANDMARKS.txt", (face - (0, 0.1099, 0)) * (1.6 / 1.5538))
    return folder
