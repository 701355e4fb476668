"""Figures of speakers who are left out: whom each row leaves out, and what the mean is of."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is needed for training")
pytest.importorskip("av", reason="av is needed to read the corpora")

from made_clips import made_clip

from inference.hearing.backends import CONTENT_WEIGHTS
from inference.hearing.backends.weights import Layer
from inference.training.recipes import kept_decoders, strangers
from inference.training.recipes.configuration import read_config
from inference.training.recipes.voted import Decoders


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("grid")
    for speaker, count in (("s1", 12), ("s2", 6), ("s3", 1), ("s5", 2)):
        for index in range(count):
            made_clip(folder / speaker / f"c{index:02d}.npz")
    return folder


def test_speakers_of_few_clips_are_left_out_together(corpus: Path) -> None:
    assert strangers.groups_of(corpus) == {"s1": ["s1"], "s2": ["s2"], strangers.OTHERS: ["s3", "s5"]}


def test_each_row_is_of_people_who_were_not_trained_on(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taught: list[set[str]] = []
    learn = strangers.learn

    def noting(weights, clips, options, seed):  # type: ignore[no-untyped-def]
        taught.append({clip.speaker for clip in clips})
        return learn(weights, clips, options, seed)

    monkeypatch.setattr(strangers, "learn", noting)
    config = read_config()
    config["voted"] |= {"steps": 2, "batch": 3, "takes": 1}
    told: list[str] = []

    def rows_kept() -> list[strangers.Row]:
        return strangers.evaluate_strangers(
            corpus, CONTENT_WEIGHTS, config, report=told.append, keep=tmp_path / "kept"
        )

    rows = rows_kept()
    assert taught == [{"s2", "s3", "s5"}, {"s1", "s3", "s5"}, {"s1", "s2"}]
    assert [row.speaker for row in rows] == ["s1", "s2", strangers.OTHERS, strangers.EVERYBODY]
    assert [row.clips for row in rows] == [1, 6, 3, 9]
    both = [rows[1].figures["opening"], rows[2].figures["opening"]]
    assert rows[3].figures["opening"] == pytest.approx(sum(both) / 2)
    assert len(told) == 8
    (tmp_path / "kept" / "without_s2.npz").write_bytes(b"cut off")
    again = rows_kept()  # what was learned is not learned again, and is the same
    assert taught[3:] == [{"s1", "s3", "s5"}]
    assert [row.figures for row in again] == [row.figures for row in rows]


def test_each_file_is_read_once_and_the_recipes_count(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of decoders that were taught by what the recipes were before nothing is told."""
    read: list[Path] = []
    taught_by: list[str] = []
    digest_of = strangers.digest_of

    def noting(path: Path) -> bytes:
        read.append(path)
        return digest_of(path)

    def ending(path: Path, by: str, teach: object) -> None:
        taught_by.append(by)
        raise InterruptedError

    def first_digest(recipes: list[Path]) -> str:
        monkeypatch.setattr(strangers, "sources", lambda: recipes)
        with pytest.raises(InterruptedError):
            strangers.evaluate_strangers(corpus, CONTENT_WEIGHTS, config, keep=tmp_path)
        return taught_by[-1]

    config = read_config()
    config["voted"] |= {"takes": 1}
    monkeypatch.setattr(strangers, "digest_of", noting)
    monkeypatch.setattr(strangers, "kept", ending)
    monkeypatch.setattr(strangers, "_clips", lambda corpus, groups, *_: {name: [] for name in groups})
    recipes = kept_decoders.sources()
    assert {"small.py", "tuned.py", "linear.py", "voted.py", "phone_mouths.tsv", "features.py"} <= {
        path.name for path in recipes
    }
    before = first_digest(recipes)
    assert len(read) == len(set(read)) > len(recipes) + 1
    edited = tmp_path / "voted.py"
    edited.write_bytes(next(path for path in recipes if path.name == "voted.py").read_bytes() + b"#")
    assert first_digest(recipes) == before
    assert first_digest([edited if path.name == "voted.py" else path for path in recipes]) != before


def test_what_was_kept_is_learned_again_from_other_clips(tmp_path: Path) -> None:
    layer = Layer(np.full((1, 2, 3), 1 / 3, np.float32), np.ones(3, np.float32), activation="none")
    basis = np.full((3, 37, 3), 0.1, np.float32)
    clip, other = tmp_path / "clip.npz", tmp_path / "other.npz"
    clip.write_bytes(b"one")
    other.write_bytes(b"two")

    def learned(clips: list[Path], seed: int) -> bool:
        decoders, there = kept_decoders.kept(
            tmp_path / "kept.npz",
            kept_decoders.taught_by(map(kept_decoders.digest_of, clips), {"seed": seed}),
            lambda: Decoders(basis, (layer,), layer, (layer, layer), layer),
        )
        np.testing.assert_array_equal(decoders.small[1].weight, layer.weight)  # not in half precision
        np.testing.assert_array_equal(decoders.basis, basis)
        return not there

    assert learned([clip], 1)
    assert not learned([clip], 1)
    assert learned([clip], 2)
    assert learned([clip, other], 2)
    other.write_bytes(b"more")
    assert learned([clip, other], 2)
