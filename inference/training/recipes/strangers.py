"""How good are the lips of strangers? The last stage is trained again without each group of speakers, who are then measured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from inference.errors import EngineError
from inference.hearing.backends.numpy_backend import NumpyBackend
from inference.hearing.backends.weights import Weights, load_weights
from inference.motion.lips.content import content_motion
from inference.training.evaluation.evaluate import (
    CLIP_COLUMNS,
    OURS,
    Row,
    heading,
    line,
    summary,
    track_figures,
)
from inference.training.evaluation.peers import MouthTrack
from inference.training.evaluation.spoken_phones import Said, phones_of, told
from inference.training.filmed_corpora.corpus import load_clip, split
from inference.training.filmed_corpora.faces import example_of, voted_part
from inference.training.recipes.kept_decoders import digest_of, kept, sources, taught_by
from inference.training.recipes.train import first_decoder
from inference.training.recipes.voted import Decoders, added, amounts_of, learn
from inference.training.recipes.voted_clips import VotedClip, voted_clip

ALONE = 5
"""Clips that a speaker needs for a row of their own; the others share one."""
EVERYBODY = "mean"
OTHERS = "others"
_KNOWN = "s1", "s4"


def groups_of(corpus: Path) -> dict[str, list[str]]:
    """Name of a row → speakers who are left out together.

    Raises:
        EngineError: where nobody is left to learn from (code ``no_clips``).
    """
    groups: dict[str, list[str]] = {}
    for folder in sorted(folder for folder in corpus.iterdir() if folder.is_dir()):
        if clips := len(list(folder.glob("*.npz"))):
            groups.setdefault(folder.name if clips >= ALONE else OTHERS, []).append(folder.name)
    if len(groups) < 2:
        raise EngineError(
            f"{corpus} needs clips of two speakers or more, {ALONE} or more of one of them: one is measured, and the others are "
            "learned from.",
            "no_clips",
        )
    return groups


def evaluate_strangers(
    corpus: Path,
    model: Path,
    config: dict[str, Any],
    speakers: Sequence[str] = (),
    report: Callable[[str], None] = print,
    phones: bool = False,
    keep: Path | None = None,
) -> list[Row]:
    """Figures of speakers whom the voted decoders never saw.

    The encoder and the decoder of the joint training stay what they are: of GRID they know s1 and s4, whose rows are therefore
    none of strangers', and the mean is over the others. How far a mouth goes is measured on the others, too, each as decoders
    made it that never saw that one.

    Args:
        corpus: a prepared corpus.
        model: the weights file.
        config: see :func:`inference.training.recipes.configuration.read_config`.
        speakers: only these rows.
        report: called with each line: which decoders there are, then the table with its heading, and the phones' where asked for.
        phones: report how far their mouths open in each phone, too, see `spoken_phones`; s1 and s4 are left out there.
        keep: a folder for what was taught, by which a run that was ended goes on.
    """
    base, voice = first_decoder(model), load_weights(model).voice
    options, seed = config["voted"], int(config["seed"])
    groups = groups_of(corpus)
    clips = _clips(corpus, groups, base, int(options["takes"]), seed)
    known = {name: [clip for other in groups if other != name for clip in clips[other]] for name in groups}
    always = [digest_of(path) for path in (model, *sources())] if keep else []
    digests = {
        name: [digest_of(path) for path in _voted_paths(corpus, groups[name])] if keep else []
        for name in groups
    }
    taught: dict[str, Decoders] = {}
    for name in groups:

        def teach(clips: Sequence[VotedClip] = known[name]) -> Decoders:
            return learn(base, clips, options, seed)

        there = False
        if keep is None:
            taught[name] = teach()
        else:
            heard = (one for other in groups if other != name for one in digests[other])
            by = taught_by((*always, *heard), {"voted": options, "seed": seed})
            taught[name], there = kept(keep / f"without_{name}.npz", by, teach)
        report(f"{len(taught)} of {len(groups)}: decoders without {name} {'kept' if there else 'learned'}")
    made = {name: [taught[name].mouths(clip) for clip in clips[name]] for name in groups}
    report(heading(CLIP_COLUMNS, len(OURS)))
    rows: list[Row] = []
    said: list[Said] = []
    for name, members in groups.items():
        if speakers and name not in speakers:
            continue
        others = [mouths for other in groups if other != name for mouths in made[other]]
        amounts = amounts_of(known[name], others, options)
        weights = replace(added(base, taught[name], amounts, known[name]), voice=voice)
        paths = [path for speaker in members for path in split(corpus, speaker)["test"]]
        clips_here, backend = [load_clip(path) for path in paths], NumpyBackend(weights)
        tracks = [MouthTrack.of_motion(content_motion(clip.audio, backend)) for clip in clips_here]
        figures = [track_figures(clip, track) for clip, track in zip(clips_here, tracks)]
        if phones and name not in _KNOWN:
            said += [one for clip, track in zip(clips_here, tracks) for one in phones_of(clip, track)]
        rows.append(Row(name, OURS, len(figures), 0, summary(figures)))
        report(line(rows[-1], CLIP_COLUMNS, len(OURS)))
    strangers = [row for row in rows if row.speaker not in _KNOWN]
    if strangers:
        rows.append(Row(EVERYBODY, OURS, sum(row.clips for row in strangers), 0, _mean(strangers)))
        report(line(rows[-1], CLIP_COLUMNS, len(OURS)))
    if phones:
        told(said, report)
    return rows


def _clips(
    corpus: Path, groups: dict[str, list[str]], base: Weights, takes: int, seed: int
) -> dict[str, list[VotedClip]]:
    """The clips that each group votes with."""
    backend = NumpyBackend(base)
    return {
        name: [
            voted_clip(example_of(load_clip(path)), backend, takes, seed)
            for path in _voted_paths(corpus, members)
        ]
        for name, members in groups.items()
    }


def _voted_paths(corpus: Path, speakers: Sequence[str]) -> list[Path]:
    return [path for speaker in speakers for path in voted_part(corpus, speaker)]


def _mean(rows: Sequence[Row]) -> dict[str, float | None]:
    """The mean of rows, figure by figure, over those that have it."""
    result: dict[str, float | None] = {}
    for name in rows[0].figures:
        values = [value for row in rows if (value := row.figures.get(name)) is not None]
        result[name] = float(np.mean(values)) if values else None
    return result
