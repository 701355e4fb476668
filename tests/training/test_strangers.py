"""Figures of speakers who are left out: whom each row leaves out, and what the mean is of."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch", reason="torch is needed for training")
pytest.importorskip("av", reason="av is needed to read the corpora")

from made_clips import made_clip

from inference.hearing.backends import CONTENT_WEIGHTS
from inference.training.recipes import strangers
from inference.training.recipes.configuration import read_config


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("grid")
    for speaker, count in (("s1", 12), ("s2", 6), ("s3", 1), ("s5", 2)):
        for index in range(count):
            made_clip(folder / speaker / f"c{index:02d}.npz")
    return folder


def test_speakers_of_few_clips_are_left_out_together(corpus: Path) -> None:
    assert strangers.groups_of(corpus) == {"s1": ["s1"], "s2": ["s2"], strangers.OTHERS: ["s3", "s5"]}


def test_each_row_is_of_people_who_were_not_trained_on(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taught: list[set[str]] = []
    learn = strangers.learn

    def noting(weights, clips, options, seed):  # type: ignore[no-untyped-def]
        taught.append({clip.speaker for clip in clips})
        return learn(weights, clips, options, seed)

    monkeypatch.setattr(strangers, "learn", noting)
    config = read_config()
    config["voted"] |= {"steps": 2, "batch": 3, "takes": 1}
    told: list[str] = []
    rows = strangers.evaluate_strangers(corpus, CONTENT_WEIGHTS, config, report=told.append)
    assert taught == [{"s2", "s3", "s5"}, {"s1", "s3", "s5"}, {"s1", "s2"}]
    assert [row.speaker for row in rows] == ["s1", "s2", strangers.OTHERS, strangers.EVERYBODY]
    assert [row.clips for row in rows] == [1, 6, 3, 9]
    both = [rows[1].figures["opening"], rows[2].figures["opening"]]
    assert rows[3].figures["opening"] == pytest.approx(sum(both) / 2)
    assert len(told) == 5
