"""Learns a look from a folder of pictures that are drawn in it; nobody needs photos of the same people.

What is drawn shall be taken for the look's own pictures by a network that judges patches, keep the photo's edges and its light,
and be steady: Yi et al., *AnimatePortrait*, 2022, ask that a photo which is bent and then drawn is what is drawn and then bent
(warping), and let a second network judge two neighbouring frames at once (coherence).
"""

from __future__ import annotations

import hashlib
import json
import pickle
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from inference.errors import EngineError
from inference.face.cores import threads_wanted
from inference.looks.canvas import resized
from inference.pictures.image_files import read_picture
from inference.training.networks.look import LookNetwork, judge
from inference.training.recipes.run import Run, tell_written

Picture = NDArray[np.float32]

FEWEST = 4
"""Pictures of a look, at least."""
_LONGEST = 384
"""Pixels of a picture's longer side as it is learned from."""
_ENDINGS = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff", ".gif")
_BENT, _MOVED = 0.06, 0.02
"""How far a patch is bent, and moved from one frame to the next; shares of its side."""
_EDGES, _LIGHT, _COLOURS = 6.0, 2.0, 4.0
_WARPING, _COHERENCE = 5.0, 0.5
"""How much the paper's two losses count beside the judge of patches: as they do there."""
_TOLD_EVERY = 50
"""Steps after which the losses are told, and after which what is learned so far is kept."""
_FEW_PHOTOS = 6


@dataclass(frozen=True)
class Course:
    """How it is learned.

    Attributes:
        steps: of the descent.
        side: pixels of the patches, a multiple of 8.
        batch: patches a step.
        rate: of Adam.
        seed: of weights and patches.
    """

    steps: int = 800
    side: int = 96
    batch: int = 4
    rate: float = 4e-4
    seed: int = 0


def train_look(
    folder: Path,
    photos: Sequence[Path],
    output: Path,
    course: Course | None = None,
    device: str = "cpu",
    threads: int | None = None,
    runs: Path | None = None,
) -> None:
    """Learn a look and write its file; what was begun before and stopped goes on where it was.

    Args:
        folder: pictures in the look; what is no picture is passed over, and what cannot be read is told.
        photos: of faces, to be drawn while it is learned.
        output: the file (.npz).
        course: None for the usual one.
        device: ``cpu`` or ``cuda``.
        threads: of the CPU; two where the environment does not ask for fewer.
        runs: the folder that keeps what is learned meanwhile, and the losses; None for one beside the file, which goes once
            that is written.

    Raises:
        EngineError: there are too few pictures or no photo (code ``no_pictures``), or what was kept is damaged (``bad_look``).
    """
    course = course or Course()
    torch.set_num_threads(threads or threads_wanted(2))
    torch.manual_seed(course.seed)
    drawn = pictures_in(folder, course.side)
    shown = [_fitting(read_picture(path, path.name), course.side) for path in photos]
    if not shown:
        raise EngineError(
            "There is no photo to draw while the look is learned: give --photos.", "no_pictures"
        )
    few = " (few: --photos gives more)" if len(shown) < _FEW_PHOTOS else ""
    print(f"{len(drawn)} pictures in the look, {len(shown)} of faces to draw{few}", flush=True)
    lesson = Lesson(drawn, shown, course, device)
    kept = runs or output.with_suffix(".learning")
    _forget_another(kept, {**asdict(course), "pictures": _digest([*drawn, *shown])})
    run = _begun(kept, lesson, course.steps)
    done = run.step
    try:
        for step in range(run.step, course.steps):
            losses = lesson.step(1 - step / course.steps)
            done = step + 1
            if step % _TOLD_EVERY == 0 or done == course.steps:
                run.record(done, **losses)
                run.save(done)
    except KeyboardInterrupt:
        run.save(done)
        print(f"Stopped at step {done}: the same command goes on there.", file=sys.stderr)
        raise
    metadata = {"name": output.stem, "pictures": len(drawn), "steps": course.steps, "seed": course.seed}
    output.parent.mkdir(parents=True, exist_ok=True)
    lesson.network.exported(metadata).save(output)
    tell_written(output)
    if runs is None:
        shutil.rmtree(kept, ignore_errors=True)


def _forget_another(folder: Path, what: dict[str, Any]) -> None:
    """Empty a look's run that was begun with other pictures or settings, which is told, and note what it is of now.

    Raises:
        EngineError: the folder holds a training of something else (code ``bad_look``).
    """
    note, text = folder / "of.json", json.dumps(what, sort_keys=True)
    begun = [path for name in ("checkpoint.pt", "curves.csv") if (path := folder / name).exists()]
    if begun and not note.is_file():
        raise EngineError(
            f"{folder} holds a training that is not a look's: choose another folder with --runs.", "bad_look"
        )
    if begun and note.read_bytes() != text.encode():
        print(f"{folder} was begun with other pictures or settings: the look begins anew.", flush=True)
        for path in begun:
            path.unlink()
    folder.mkdir(parents=True, exist_ok=True)
    note.write_text(text, encoding="utf-8")


def _begun(folder: Path, lesson: Lesson, steps: int) -> Run:
    """The run in a folder, gone on with where it was begun.

    Raises:
        EngineError: what was kept there is damaged (code ``bad_look``).
    """
    try:
        return Run(folder, lesson.parts(), steps)
    except (RuntimeError, ValueError, LookupError, EOFError, pickle.UnpicklingError) as error:
        raise EngineError(
            f"{folder / 'checkpoint.pt'} is damaged, and the look cannot go on there: delete it to begin anew.",
            "bad_look",
        ) from error


def _digest(pictures: Sequence[Picture]) -> str:
    digest = hashlib.sha256()
    for picture in pictures:
        digest.update(str(picture.shape).encode())
        digest.update(np.ascontiguousarray(picture).data)
    return digest.hexdigest()


class _RandomState:
    """A random state as a checkpoint keeps it."""

    def __init__(self, random: np.random.RandomState) -> None:
        self._random = random

    def state_dict(self) -> dict[str, Any]:
        """What `load_state_dict` takes."""
        _name, keys, *rest = self._random.get_state()
        return {"keys": torch.from_numpy(np.asarray(keys).astype(np.int64)), "rest": list(rest)}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where it was."""
        self._random.set_state(("MT19937", state["keys"].numpy().astype(np.uint32), *state["rest"]))


def pictures_in(folder: Path, side: int) -> list[Picture]:
    """(h, w, 3), -1 to 1, of the pictures in a folder, none smaller than a patch's side; those that cannot be read are told.

    Raises:
        EngineError: there is no such folder, or it holds too few pictures that can be read (code ``no_pictures``).
    """
    if not folder.is_dir():
        raise EngineError(
            f"{folder} is no folder: give one with at least {FEWEST} pictures in the look.", "no_pictures"
        )
    pictures: list[Picture] = []
    damaged = []
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in _ENDINGS:
            try:
                pictures.append(_fitting(read_picture(path, path.name), side))
            except EngineError as error:
                damaged.append(path.name)
                print(f"Left out: {error.message}", file=sys.stderr)
    if len(pictures) < FEWEST:
        many = (
            "no picture"
            if not pictures
            else "one picture"
            if len(pictures) == 1
            else f"{len(pictures)} pictures"
        )
        broken = f" besides {len(damaged)} that cannot be read" if damaged else ""
        raise EngineError(
            f"{folder} holds {many}{broken}: give at least {FEWEST} pictures in the look, better thirty.",
            "no_pictures",
        )
    return pictures


def _fitting(picture: NDArray[np.uint8], side: int) -> Picture:
    """(h, w, 3), -1 to 1, on white, with sides that a patch fits into."""
    share = picture[..., 3:].astype(np.float32) / 255
    colours = picture[..., :3] * share + 255 * (1 - share)
    height, width = colours.shape[:2]
    scale = max(min(1.0, _LONGEST / max(height, width)), (side + 8) / min(height, width))
    small = resized(colours, (round(width * scale), round(height * scale)))
    return np.asarray(small.clip(0, 255) / 127.5 - 1, np.float32)


class Lesson:
    """The networks, and what they learn from.

    Args:
        drawn, shown: (h, w, 3), -1 to 1, of the look and of photos.
        course: see `Course`.
        device: where they run.

    Attributes:
        network: what draws.
    """

    def __init__(
        self, drawn: Sequence[Picture], shown: Sequence[Picture], course: Course, device: str
    ) -> None:
        self.network = LookNetwork(course.seed).to(device)
        self._patches, self._pairs = judge(3).to(device), judge(6).to(device)
        self._course, self._device = course, device
        self._random = np.random.RandomState(course.seed)
        self._drawn, self._shown = self._batches(drawn), self._batches(shown)
        judges = [*self._patches.parameters(), *self._pairs.parameters()]
        self._draws = torch.optim.Adam(self.network.parameters(), course.rate, (0.5, 0.99))
        self._judges = torch.optim.Adam(judges, course.rate, (0.5, 0.99))

    def step(self, slower: float = 1.0) -> dict[str, float]:
        """Learn from one batch; returns the losses.

        Args:
            slower: how much of the rate is taken, 0 to 1.
        """
        for optimiser in (self._draws, self._judges):
            for group in optimiser.param_groups:
                group["lr"] = self._course.rate * max(slower, 0.05)
        own, shown = next(self._drawn), next(self._shown)
        moved = bending(self._random, shown.shape[0], self._course.side, _MOVED, self._device)
        made = self.network(shown)
        frames = torch.cat([made, self.network(bent(shown, moved))], dim=1)
        own_frames = torch.cat([own, bent(own, moved)], dim=1)
        losses = {
            "look": _as_wanted(self._patches(made), 1.0),
            "coherence": _COHERENCE * _as_wanted(self._pairs(frames), 1.0),
            "warping": _WARPING * warping(self.network, shown, made, self._random),
            "edges": _EDGES * functional.l1_loss(_edges(made), _edges(shown)),
            "light": _LIGHT * functional.l1_loss(_light(made), _light(shown)),
            "colours": _COLOURS * _colours_apart(made, own),
        }
        self._descend(self._draws, torch.stack(list(losses.values())).sum())
        judged = _as_wanted(self._patches(own), 1.0) + _as_wanted(self._patches(made.detach()), 0.0)
        judged = judged + _COHERENCE * (
            _as_wanted(self._pairs(own_frames), 1.0) + _as_wanted(self._pairs(frames.detach()), 0.0)
        )
        self._descend(self._judges, judged)
        return {name: float(value.detach()) for name, value in losses.items()}

    def parts(self) -> dict[str, Any]:
        """What a checkpoint keeps, by name; each has ``state_dict`` and ``load_state_dict``."""
        return {
            "network": self.network,
            "patches": self._patches,
            "pairs": self._pairs,
            "draws": self._draws,
            "judges": self._judges,
            "numbers": _RandomState(self._random),
        }

    def _descend(self, optimiser: torch.optim.Optimizer, loss: Tensor) -> None:
        self._draws.zero_grad()
        self._judges.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()

    def _batches(self, pictures: Sequence[Picture]) -> Iterator[Tensor]:
        """(B, 3, side, side) patches, each mirrored every other time, some of a smaller picture."""
        side = self._course.side
        while True:
            rows = []
            for _ in range(self._course.batch):
                picture = pictures[self._random.randint(len(pictures))]
                most = min(picture.shape[:2]) // side
                every = self._random.randint(1, max(1, most) + 1)
                top = self._random.randint(picture.shape[0] - every * side + 1)
                left = self._random.randint(picture.shape[1] - every * side + 1)
                patch = picture[top : top + every * side, left : left + every * side]
                if every > 1:
                    patch = resized(patch, (side, side))
                rows.append(patch[:, ::-1] if self._random.rand() < 0.5 else patch)
            batch = np.ascontiguousarray(np.stack(rows).transpose(0, 3, 1, 2))
            yield torch.from_numpy(batch).to(self._device)


def warping(network: nn.Module, shown: Tensor, made: Tensor, random: np.random.RandomState) -> Tensor:
    """How far what is bent and then drawn is from what is drawn and then bent; the mean of absolute differences.

    Args:
        network: draws.
        shown: (B, 3, h, w) photos.
        made: what the network makes of them.
        random: of how they are bent.
    """
    field = bending(random, shown.shape[0], shown.shape[-1], _BENT, str(shown.device))
    apart = network(bent(shown, field)) - bent(made, field)
    rim = max(2, round(_BENT * shown.shape[-1]))
    return apart[..., rim:-rim, rim:-rim].abs().mean()


def bending(random: np.random.RandomState, count: int, side: int, reach: float, device: str) -> Tensor:
    """(B, h, w, 2) where each place of a smoothly bent picture comes from, -1 to 1.

    Args:
        random: of how it is bent.
        count: how many.
        side: pixels.
        reach: how far at most, share of the side.
        device: where.
    """
    coarse = torch.from_numpy(random.uniform(-2 * reach, 2 * reach, (count, 2, 4, 4)).astype(np.float32))
    smooth = functional.interpolate(coarse, size=(side, side), mode="bicubic", align_corners=True)
    straight = functional.affine_grid(
        torch.eye(2, 3).repeat(count, 1, 1), [count, 3, side, side], align_corners=False
    )
    return (straight + smooth.permute(0, 2, 3, 1)).to(device)


def bent(pictures: Tensor, field: Tensor) -> Tensor:
    """Pictures (B, 3, h, w) bent by a `bending`."""
    return functional.grid_sample(
        pictures, field, mode="bilinear", padding_mode="border", align_corners=False
    )


def _as_wanted(judged: Tensor, wanted: float) -> Tensor:
    """Least squares: Mao et al. 2017."""
    return ((judged - wanted) ** 2).mean()


def _grey(pictures: Tensor) -> Tensor:
    weights = torch.tensor([0.299, 0.587, 0.114], device=pictures.device).view(1, 3, 1, 1)
    return (pictures * weights).sum(dim=1, keepdim=True)


def _edges(pictures: Tensor) -> Tensor:
    """Where the light changes, by how much it changes around there: lines count, contrast does not."""
    grey = functional.avg_pool2d(_grey(pictures), 2)
    across = functional.pad(grey[..., 1:] - grey[..., :-1], (0, 1, 0, 0))
    down = functional.pad(grey[..., 1:, :] - grey[..., :-1, :], (0, 0, 0, 1))
    both = torch.cat([across, down], dim=1)
    around = functional.avg_pool2d(both.abs().sum(dim=1, keepdim=True), 9, 1, 4)
    return both / (around + 0.08)


def _light(pictures: Tensor) -> Tensor:
    """What is bright and what is dark, on the whole; contrast and level do not count."""
    grey = functional.avg_pool2d(_grey(pictures), 8)
    middle = grey - grey.mean(dim=(2, 3), keepdim=True)
    return middle / (middle.std(dim=(2, 3), keepdim=True) + 0.1)


def _colours_apart(made: Tensor, own: Tensor) -> Tensor:
    """How unlike the colours of two batches are: mean and spread of each channel."""
    first, second = (one.transpose(0, 1).reshape(3, -1) for one in (made, own))
    means = (first.mean(dim=1) - second.mean(dim=1)).abs().mean()
    return means + (first.std(dim=1) - second.std(dim=1)).abs().mean()
