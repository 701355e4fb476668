"""Known voices: whose are told, how much is whose, and what is taught for people whom nobody knew."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is needed for training")

from test_voted import HEARD, clip, shapes, weights_of

from inference.hearing.audio import read_recording
from inference.hearing.backends.weights import KNOWN, Layer, load_weights, save_weights
from inference.hearing.speaker_encoder import load_speaker_encoder
from inference.paths import CHECKPOINTS, ENGINE_ROOT
from inference.training.disturbances.augment import magnitudes
from inference.training.filmed_corpora.faces import POINTS, Example
from inference.training.recipes import known
from inference.training.recipes.configuration import read_config
from inference.training.recipes.train import first_decoder

OPTIONS = read_config()["known"]
CONTENT = CHECKPOINTS / "content.npz"


def heard(speaker: str, count: int, spread: float = 0.05, turned: float = 0.0) -> list[known._Heard]:
    """Clips of a voice, which lies ``turned`` of the way from a common one to its own."""
    own = np.random.default_rng([len(speaker), *speaker.encode()])
    common = np.random.default_rng(3).normal(0, 1, 64)
    middle = common * (1 - turned) + own.normal(0, 1, 64) * turned
    clips = middle / np.linalg.norm(middle) + own.normal(0, spread, (count, 64))
    clips /= np.linalg.norm(clips, axis=1, keepdims=True)
    return [known._Heard(speaker, one.astype(np.float32)) for one in clips]


def test_a_known_voice_lies_above_all_strangers() -> None:
    everybody = heard("anna", 40, turned=1) + heard("ben", 12, turned=1) + heard("chloe", 3, turned=1)
    told = known._told(["anna", "ben"], everybody, load_speaker_encoder(), OPTIONS)
    assert told is not None and told.names == ("anna", "ben")
    for person, name in enumerate(told.names):
        others = np.stack([one.embedding for one in everybody if one.speaker != name])
        assert not any(told.certainties(other[None])[person] for other in others)
        new = np.stack([one.embedding for one in heard(name, 80, turned=1)[40:]])
        assert np.mean([told.certainties(one[None])[person] for one in new]) > 0.6
    assert (told.bounds[:, 0] >= load_speaker_encoder().threshold).all()


def test_a_voice_like_anothers_is_not_known(capsys: pytest.CaptureFixture[str]) -> None:
    everybody = heard("anna", 40, turned=0.001) + heard("ben", 40, turned=0.001)
    assert known._told(["anna"], everybody, load_speaker_encoder(), OPTIONS) is None
    assert "anna is too much like another" in capsys.readouterr().out


def test_few_clips_and_nobody_are_no_known_voices(capsys: pytest.CaptureFixture[str]) -> None:
    encoder = load_speaker_encoder()
    assert known._told(["anna"], heard("anna", 9), encoder, OPTIONS) is None
    assert "known: not anna, heard in 9 different clips: 10 are needed" in capsys.readouterr().out
    assert known._told([], heard("anna", 40), encoder, OPTIONS) is None
    assert known._told(["anna"], [], encoder, OPTIONS) is None


def test_shares_are_of_the_decoder_that_follows_better() -> None:
    """One who moves the other way round than everybody: whose decoder knows that has all of the motion."""
    clips = [clip("contrary", number, own=1.0) for number in range(4)]
    clips += [clip("usual", number) for number in range(4)]
    from test_voted import LAW

    law = np.zeros((1, HEARD, 2), np.float32)
    law[0, :4] = LAW
    bias = np.zeros(2, np.float32)
    voted = weights_of((Layer(law, bias, activation="none"),), shapes())
    contrary = (Layer(-law, bias, activation="none"),)
    basis = np.zeros((2, 68, 3), np.float32)
    basis[:, POINTS] = shapes()
    shares = known._shares(voted, contrary, basis, clips, ("contrary", "usual"))
    assert (shares[0] > 0.5).all() and (shares[1] < 0.5).all()


def spoken(speaker: str, name: str, count: int, begun: str = "bba") -> list[Example]:
    """Clips of a sample voice, named as GRID's or with another beginning; the mouth is as open as it is loud."""
    samples = read_recording(ENGINE_ROOT / "demo" / "voices" / f"{name}.wav").samples
    result = []
    for number in range(count):
        sound = samples[1200 * number :][:40000]
        loud = np.sqrt(np.convolve(sound**2, np.ones(2000) / 2000, "same")[::640][:60])
        mouth = np.stack([loud, loud[::-1]], axis=1) / loud.max() * 0.05
        motion = np.tensordot(mouth, shapes(), axes=1).astype(np.float32)
        result.append(Example(f"{begun}{chr(ord('a') + number)}zn", speaker, magnitudes(sound), motion))
    return result


def test_people_whom_the_first_decoder_never_saw_get_one_that_knows_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    config = read_config()
    config["voted"] |= {"steps": 2, "takes": 1, "batch": 4}
    config["known"] |= {"clips": 12, "others": 1}
    examples = spoken("mary", "woman", 14) + spoken("peter", "man", 3)
    start = replace(load_weights(CONTENT), known=None)
    made = known.with_known(config, start, first_decoder(CONTENT), examples)
    assert made.known is not None and made.known.names == ("mary",)
    assert "known: mary, 14 clips" in capsys.readouterr().out
    assert made.knowing_basis.shape == (len(made.knowing[-1].bias), 68, 3)
    assert made.decoders is start.decoders
    options = {**config, "known": {**config["known"], "clips": 15}}
    nobody = known.with_known(options, made, first_decoder(CONTENT), examples)
    assert nobody.known is None and nobody.knowing == ()
    assert "known: nobody, for no speaker has 15 clips" in capsys.readouterr().out
    options["known"] |= {"clips": 12, "others": 2}
    assert known.with_known(options, made, first_decoder(CONTENT), examples).known is None
    assert "known: nobody, for 1 other speakers are too few" in capsys.readouterr().out


def test_people_of_the_first_decoder_need_no_other() -> None:
    config = read_config()
    config["known"] |= {"clips": 12, "others": 0}
    first = first_decoder(CONTENT)
    made = known.with_known(config, load_weights(CONTENT), first, spoken("s1", "woman", 14))
    assert made.knowing is first.decoders[0] and made.knowing_basis is first.basis


@pytest.mark.parametrize("loud", [1, 0])
def test_copies_and_silence_are_no_voice(capsys: pytest.CaptureFixture[str], loud: int) -> None:
    config = read_config()
    config["known"] |= {"clips": 12, "others": 1}
    examples = [replace(one, spectrum=one.spectrum * loud) for one in spoken("mary", "woman", 1) * 12]
    everybody = examples + spoken("peter", "man", 2)
    start = replace(load_weights(CONTENT), known=None)
    assert known.with_known(config, start, first_decoder(CONTENT), everybody).known is None
    assert "known: not mary, heard in 1 different clips: 10 are needed" in capsys.readouterr().out


def test_somebody_elses_s1_is_not_grids() -> None:
    """Folders are often numbered; GRID's clips are named by what they say, too."""
    config = read_config()
    config["voted"] |= {"steps": 1, "takes": 1, "batch": 4}
    config["known"] |= {"clips": 12, "others": 0}
    first = first_decoder(CONTENT)
    made = known.with_known(config, load_weights(CONTENT), first, spoken("s1", "woman", 12, begun="take "))
    assert made.known is not None and made.known.names == ("s1",)
    assert made.knowing is not first.decoders[0]


def test_a_first_decoder_that_is_saved_is_loaded_again(tmp_path: Path) -> None:
    """Also with the metadata of the file that it comes from, which knows people."""
    first = first_decoder(CONTENT)
    assert load_weights(CONTENT).known is not None and KNOWN not in first.metadata
    for metadata in (first.metadata, {**first.metadata, KNOWN: {"names": ["anna"]}}):
        save_weights(tmp_path / "first.npz", replace(first, metadata=metadata))
        again = load_weights(tmp_path / "first.npz")
        assert again.known is None and again.metadata == first.metadata
