"""Decoders with one vote for every speaker: what they learn, and how they are added."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is needed for training")

from inference.face.landmarks import MIRROR
from inference.hearing.backends.numpy_backend import apply_layers
from inference.hearing.backends.weights import Layer, Weights, all_is_voice
from inference.motion.lips.content import PHONES
from inference.training.filmed_corpora.faces import PLACE, POINTS, opening_of, width_of
from inference.training.recipes import linear, small, tuned, voted, voted_descent
from inference.training.recipes.configuration import read_config
from inference.training.recipes.voted_clips import (
    Take,
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


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> Iterator[None]:
    """Networks this small are slower on several."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


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
    return VotedClip(speaker, str(number), (Take(content, motion),) * 2, spread)


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
        made = made_by((layer,), stranger.content) @ mouth_rows(basis)
        assert min(sign * r for r in right(made, stranger)) > 0.1


def test_components_move_in_one_kind_of_direction_and_are_mirrored(clips: list[VotedClip]) -> None:
    basis = components_of(clips, 2, 3)
    assert (basis[:2, :, 1:] == 0).all() and (basis[2:, :, 0] == 0).all()
    np.testing.assert_allclose(np.einsum("kpc,lpc->kl", basis, basis), np.eye(5), atol=1e-5)
    order = [PLACE[int(MIRROR[point])] for point in POINTS]
    mirrored = basis[:, order] * np.array([-1, 1, 1], np.float32)
    both = np.abs(np.einsum("kpc,kpc->k", basis, mirrored))[[0, 2]]  # these people move in two ways
    np.testing.assert_allclose(both, 1, atol=1e-4)
    np.testing.assert_allclose(projected(basis[[3]], basis), np.eye(5)[[3]], atol=1e-5)


def weights_of(decoder: tuple[Layer, ...] | None = None, basis: np.ndarray | None = None) -> Weights:
    """A network whose only decoder is this one; or says nothing."""
    nothing = (Layer(np.zeros((1, HEARD, 1), np.float32), np.zeros(1, np.float32), activation="none"),)
    layer = Layer(np.zeros((1, 41, 64), np.float32), np.zeros(64, np.float32), stride=2)
    components = np.zeros((1, 68, 3), np.float32)
    if basis is not None:
        components = np.zeros((len(basis), 68, 3), np.float32)
        components[:, POINTS] = basis
    return Weights((layer,), layer, (decoder or nothing,), all_is_voice(HEARD), components, {})


def two_layers(clips: list[VotedClip], seed: int = 3) -> Weights:
    """A network that knows nothing yet: chance through a hidden layer, with one that is added to what goes in."""
    random = np.random.default_rng(seed)

    def layer(taps: int, inputs: int, outputs: int, **options: Any) -> Layer:
        weight = random.normal(0, (taps * inputs) ** -0.5, (taps, inputs, outputs))
        return Layer(weight.astype(np.float32), np.zeros(outputs, np.float32), **options)

    chain = (
        layer(1, HEARD, 16),
        layer(3, 16, 16, dilation=2, residual=True),
        layer(1, 16, 4, activation="none"),
    )
    return weights_of(chain, components_of(clips, 2, 2) * np.float32(0.05))


def test_all_kinds_of_decoders_hear_what_strangers_say(clips: list[VotedClip]) -> None:
    basis, stranger, weights = components_of(clips, 2, 2), clip("stranger", 3, size=0.2), two_layers(clips)
    options = {**read_config()["voted"], "steps": 60, "rate": 1e-2, "dropout": 0.1, "share": 1.0}
    options |= {"small_rate": 2e-2, "small_dropout": 0.1}
    chains = [
        (linear.linear_decoder(clips, basis, 0.02),),
        tuned.tuned_decoder(weights, clips, basis, options, 1),
        small.small_decoder(clips, basis, options, 1),
    ]
    for chain in chains:
        assert min(right(made_by(chain, stranger.content) @ mouth_rows(basis), stranger)) > 0.7
    again = tuned.tuned_decoder(weights, clips, basis, options, 1)
    assert all((a.weight == b.weight).all() for a, b in zip(chains[1], again, strict=True))


def test_the_small_network_is_the_same_in_a_weights_file() -> None:
    """Scaling and zeros beyond the ends, too."""
    random, one = np.random.default_rng(2), clip("anna", 1)
    means, deviations = random.normal(0, 1, HEARD), random.uniform(0.5, 2, HEARD)
    network = small._Small(means, deviations, 8, 4, 0.5).eval()
    with torch.no_grad():
        known = network(torch.from_numpy(one.content.T[None]))[0].T.numpy()
    np.testing.assert_allclose(apply_layers(network.exported(), one.content), known, atol=1e-4)


def test_a_tuned_decoder_keeps_its_share_of_what_it_was(clips: list[VotedClip]) -> None:
    basis, weights = components_of(clips, 2, 2), two_layers(clips)
    start = tuned.in_components(weights, clips, basis)
    options = {**read_config()["voted"], "steps": 5}
    half, whole, nothing = (
        tuned.tuned_decoder(weights, clips, basis, {**options, "share": share}, 7) for share in (0.5, 1, 0)
    )
    for before, middle, after, same in zip(start, half, whole, nothing, strict=True):
        np.testing.assert_allclose(middle.weight, (before.weight + after.weight) / 2, atol=1e-6)
        np.testing.assert_allclose(same.weight, before.weight, atol=1e-6)
        assert np.abs(after.weight - before.weight).max() > 1e-4 and before.dilation == after.dilation


def test_a_decoder_is_the_same_in_other_components(clips: list[VotedClip]) -> None:
    """Motion in outer eye-corner distances, and in spreads of what people do."""
    weights, one = two_layers(clips), clip("stranger", 5)
    basis = components_of(clips, 2, 2)
    made = np.tensordot(made_by(tuned.in_components(weights, clips, basis), one.content), basis, axes=1)
    known = np.tensordot(made_by(weights.decoders[0], one.content), weights.basis[:, POINTS], axes=1)
    opening, width = np.mean([clip.spread for clip in clips], axis=0)
    np.testing.assert_allclose(made * [width, opening, opening], known, atol=1e-4)


def test_shorter_takes_are_not_compared_beyond_their_end(clips: list[VotedClip]) -> None:
    long, short = clips[0].takes[0], Take(clips[1].content[:40], clips[1].motion[:20])
    content, truth, there = voted_descent.batch_of([short, long], components_of(clips, 2, 2))
    assert content.shape == (2, HEARD, 2 * FRAMES) and there[:, :, 0].sum(dim=1).tolist() == [20, FRAMES]
    assert not content[0, :, 40:].any() and not truth[0, 20:].any()
    guess = torch.zeros_like(truth)
    guess[0, 20:] = 99.0
    mouth = torch.from_numpy(mouth_rows(components_of(clips, 2, 2)))
    assert voted_descent.error(guess, truth, there, mouth) == voted_descent.error(
        0 * guess, truth, there, mouth
    )


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


def test_the_sum_goes_as_far_as_people_do(clips: list[VotedClip]) -> None:
    options = {
        **read_config()["voted"],
        "across": 2,
        "upright": 2,
        "steps": 20,
        "groups": 2,
        "phones": [0.0, 0.0],
    }
    weights = two_layers(clips)
    amounts = voted.amounts_of(clips, voted.mouths_of_strangers(weights, clips, options, 1), options)
    finished = voted.added(weights, voted.learn(weights, clips, options, 1), amounts, clips)
    assert len(finished.decoders) == 3 and len(finished.basis) == 4 + 4 + 4
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


def test_how_far_parts_go_is_measured_on_those_who_were_left_out(
    clips: list[VotedClip], monkeypatch: pytest.MonkeyPatch
) -> None:
    known: list[set[str]] = []

    class Fixed:
        def mouths(self, clip: VotedClip) -> voted.Mouths:
            assert clip.speaker not in known[-1]
            return {"tuned": np.full((3, 2), len(known))}

    def learn(weights: Weights, clips: list[VotedClip], options: Any, seed: int) -> Fixed:
        known.append({clip.speaker for clip in clips})
        return Fixed()

    monkeypatch.setattr(voted, "learn", learn)
    made = voted.mouths_of_strangers(weights_of(), clips, {"groups": 2}, 1)
    assert len(known) == 2 and len(made) == len(clips) and all(mouths for mouths in made)
