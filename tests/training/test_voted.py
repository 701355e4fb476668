"""Decoders with one vote for every speaker: what they learn, and how they are added."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is needed for training")

from inference.face.landmarks import MIRROR  # noqa: E402
from inference.hearing.backends.numpy_backend import apply_layers  # noqa: E402
from inference.hearing.backends.weights import Layer, Weights, all_is_voice  # noqa: E402
from inference.motion.lips.content import PHONES  # noqa: E402
from inference.training.filmed_corpora.faces import PLACE, POINTS, opening_of, width_of  # noqa: E402
from inference.training.recipes import linear, small, voted  # noqa: E402
from inference.training.recipes.train import read_config  # noqa: E402
from inference.training.recipes.voted_clips import (  # noqa: E402
    VotedClip,
    components_of,
    made_by,
    mouth_rows,
    projected,
    spread_of,
    votes,
)

HEARD = 113
FRAMES = 60
LAW = np.random.default_rng(5).normal(0, 1, (4, 2))
"""What the lips of everybody here do: opening and width of four of the features that are heard."""


def shapes() -> np.ndarray:
    """(2, 37, 3) the motion of an opening and of a width of 1."""
    opening, width = np.zeros((2, len(POINTS), 3))
    for upper, lower in ((61, 67), (62, 66), (63, 65)):
        opening[PLACE[upper], 1], opening[PLACE[lower], 1] = 0.3, -0.7
    for right, left in ((54, 48), (64, 60)):
        width[PLACE[right], 0], width[PLACE[left], 0] = 0.5, -0.5
    return np.stack([opening, width])


def clip(speaker: str, number: int, size: float = 0.05, own: float = 0.0) -> VotedClip:
    """Somebody who moves by the law, ``own`` of it reversed, and whose mouth goes as far as ``size``."""
    random = np.random.default_rng([len(speaker), *speaker.encode(), number])
    slow = np.repeat(random.normal(0, 1, (FRAMES // 4 + 1, HEARD)), 8, axis=0)[: 2 * FRAMES]
    content = (slow + random.normal(0, 0.05, slow.shape)).astype(np.float32)
    content[:, 64:104] = np.abs(content[:, 64:104]) / np.abs(content[:, 64:104]).sum(axis=1, keepdims=True)
    mouth = content[::2, :4] @ LAW * (1 - 2 * own)
    displacement = (size * np.tensordot(mouth, shapes(), axes=1)).astype(np.float32)
    spread = spread_of(displacement)
    motion = displacement / np.array([spread[1], spread[0], spread[0]], np.float32)
    return VotedClip(speaker, str(number), (content, content), motion, displacement, spread)


@pytest.fixture(scope="module")
def clips() -> list[VotedClip]:
    return [clip(speaker, number) for speaker in ("anna", "ben", "chloe", "dan") for number in range(6)]


def right(made: np.ndarray, one: VotedClip) -> tuple[float, float]:
    opening, width = opening_of(one.motion)[:, 1], width_of(one.motion)[:, 0]
    return np.corrcoef(made[:, 0], opening)[0, 1], np.corrcoef(made[:, 1], width)[0, 1]


def test_every_speaker_has_one_vote() -> None:
    several = [clip("many", number) for number in range(9)] + [clip("one", 0)]
    counts = votes(several)
    assert counts.mean() == pytest.approx(1) and counts[-1] == pytest.approx(counts[:-1].sum())
    assert (votes(several, evenness=0) == 1).all()


def test_one_person_with_many_clips_teaches_no_more_than_another() -> None:
    """Thirty clips of one who moves the other way round, and three of each of three others."""
    crowd = [clip("loud", number, own=1.0) for number in range(30)]
    crowd += [clip(speaker, number) for speaker in ("anna", "ben", "chloe") for number in range(3)]
    basis, stranger = components_of(crowd, 2, 2), clip("stranger", 1)
    for evenness, sign in ((1.0, 1), (0.0, -1)):
        layer = linear.linear_decoder(crowd, basis, 0.02, evenness)
        assert (
            min(sign * r for r in right(made_by((layer,), stranger.content) @ mouth_rows(basis), stranger))
            > 0.1
        )


def test_components_move_in_one_kind_of_direction_and_are_mirrored(clips: list[VotedClip]) -> None:
    basis = components_of(clips, 2, 3)
    assert (basis[:2, :, 1:] == 0).all() and (basis[2:, :, 0] == 0).all()
    np.testing.assert_allclose(np.einsum("kpc,lpc->kl", basis, basis), np.eye(5), atol=1e-5)
    order = [PLACE[int(MIRROR[point])] for point in POINTS]
    mirrored = basis[:, order] * np.array([-1, 1, 1], np.float32)
    both = np.abs(np.einsum("kpc,kpc->k", basis, mirrored))[[0, 2]]  # these people move in two ways
    np.testing.assert_allclose(both, 1, atol=1e-4)
    np.testing.assert_allclose(projected(basis[[3]], basis), np.eye(5)[[3]], atol=1e-5)


def test_both_kinds_of_decoders_hear_what_strangers_say(clips: list[VotedClip]) -> None:
    basis, stranger = components_of(clips, 2, 2), clip("stranger", 3, size=0.2)
    options = {**read_config()["voted"], "steps": 40, "dropout": 0.1}
    chains = [(linear.linear_decoder(clips, basis, 0.02),), small.small_decoder(clips, basis, options, 1)]
    for chain in chains:
        assert min(right(made_by(chain, stranger.content) @ mouth_rows(basis), stranger)) > 0.7
    again = small.small_decoder(clips, basis, options, 1)
    assert all((a.weight == b.weight).all() for a, b in zip(chains[1], again, strict=True))


def test_phones_have_the_mouths_that_phonetics_gives_them(clips: list[VotedClip]) -> None:
    mouths = dict(zip(PHONES, linear.phone_mouths(), strict=True))
    assert mouths["AA"][0] > mouths["EH"][0] > mouths["IY"][0] > mouths["M"][0] == 0
    assert mouths["IY"][1] > mouths["AA"][1] > mouths["UW"][1]
    basis = components_of(clips, 2, 2)
    layer = linear.phone_decoder(clips, basis)
    said = np.zeros((2, 40, HEARD), np.float32)
    said[0, :, 64 + PHONES.index("IY")] = said[1, :, 64 + PHONES.index("UW")] = 1
    wide, narrow = ((apply_layers((layer,), one) @ mouth_rows(basis))[20] for one in said)
    np.testing.assert_allclose(wide - narrow, mouths["IY"] - mouths["UW"], atol=0.02)


def weights_of(clips: list[VotedClip]) -> Weights:
    """A network whose only decoder says nothing."""
    nothing = (Layer(np.zeros((1, HEARD, 1), np.float32), np.zeros(1, np.float32), activation="none"),)
    layer = Layer(np.zeros((1, 41, 64), np.float32), np.zeros(64, np.float32), stride=2)
    return Weights((layer,), layer, (nothing,), all_is_voice(HEARD), np.zeros((1, 68, 3), np.float32), {})


def test_the_sum_goes_as_far_as_people_do(clips: list[VotedClip]) -> None:
    options = {
        **read_config()["voted"],
        "across": 2,
        "upright": 2,
        "networks": 1,
        "steps": 20,
        "groups": 2,
        "joint": [0.0, 0.0],
        "phones": [0.0, 0.0],
    }
    amounts = voted.amounts_of(clips, options, 1)
    finished = voted.added(weights_of(clips), voted.learn(clips, options, 1), amounts, clips)
    assert len(finished.decoders) == 3 and len(finished.basis) == 1 + 4 + 4
    strangers = [clip("stranger", number) for number in range(8)]
    made = [spread_of(_moved(finished, one)) for one in strangers]
    ratio = np.mean(made, axis=0) / np.mean([one.spread for one in strangers], axis=0)
    assert 0.75 < ratio[0] < 1.3 and 0.75 < ratio[1] < 1.3
    true = np.mean([opening_of(one.motion)[:, 1].mean() for one in clips]) * amounts.spread[0]
    got = np.mean([opening_of(_moved(finished, one))[:, 1].mean() for one in clips])
    assert got == pytest.approx(true, abs=0.01)


def _moved(finished: Weights, one: VotedClip) -> np.ndarray:
    motion = np.concatenate([made_by(chain, one.content) for chain in finished.decoders], axis=1)
    return np.tensordot(motion, finished.basis[:, POINTS], axes=1).astype(np.float32)


def test_groups_of_strangers_leave_everybody_out_once(clips: list[VotedClip]) -> None:
    groups = voted.strangers([*clips, *(replace(clip("anna", n), name="x") for n in range(20))], 3)
    assert sorted(name for group in groups for name in group) == ["anna", "ben", "chloe", "dan"]
    assert {"anna"} in groups or len(next(group for group in groups if "anna" in group)) == 2
    assert voted.strangers(clips[:6], 3) == [{"anna"}]
