"""A style taken from a clip and used on other speech comes back; persons are learned and recognised."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from recordings import SAMPLE_VOICE

from inference.cli import main
from inference.errors import EngineError
from inference.hearing.audio import read_recording
from inference.imitation.example import Example, Voice, hear, read_example
from inference.imitation.imitate import imitate
from inference.imitation.personalize import personalize
from inference.motion.manner.style_code import measure, similarity, style_code
from inference.motion.manner.styles import load_style, shipped_styles


@pytest.fixture(scope="module")
def halves() -> tuple[Voice, Voice]:
    """Two different stretches of the sample voice."""
    samples = read_recording(SAMPLE_VOICE).samples
    middle = len(samples) // 2
    return hear(samples[:middle]), hear(samples[middle:])


@pytest.mark.parametrize("name", ["calm", "lively", "cheerful", "forceful", "thoughtful"])
def test_a_style_comes_back_on_other_speech(name: str, halves: tuple[Voice, Voice]) -> None:
    here, there = halves
    copied = imitate([Example("clip", here.take(shipped_styles()[name], 11), here)], "copy")
    result = style_code(measure(*(there.take(copied, seed) for seed in (21, 22))))
    own = similarity(result, np.array(copied.code))
    others = {
        key: similarity(result, np.array(style.code))
        for key, style in shipped_styles().items()
        if key != name
    }
    assert own > max(others.values())


def test_amounts_are_found_again(halves: tuple[Voice, Voice]) -> None:
    style = load_style("natural").changed(
        {"lips_up_down": 1.4, "lips_across": 0.7, "brows": 2.0, "asymmetry": 0.3}
    )
    found = imitate([Example("clip", halves[0].take(style, 3), halves[0])], "copy")
    assert found.lips_up_down == pytest.approx(1.4, rel=0.1)
    assert found.lips_across == pytest.approx(0.7, rel=0.15)
    assert found.asymmetry == pytest.approx(0.3, abs=0.12)
    assert found.brows == pytest.approx(2.0, rel=0.4)


def test_a_silent_clip_still_gives_a_style(halves: tuple[Voice, Voice]) -> None:
    lively = imitate([Example("clip", halves[0].take(load_style("lively"), 3), None)], "copy")
    calm = imitate([Example("clip", halves[0].take(load_style("calm"), 3), None)], "copy")
    assert lively.head_nod > 1.5 * calm.head_nod
    assert lively.brows > 1.5 * calm.brows


def _takes(voice: Voice, folder: Path) -> list[Path]:
    """Three clips of one person."""
    clips = [folder / f"take {number}.npz" for number in (1, 2, 3)]
    for number, clip in enumerate(clips):
        voice.take(load_style("lively"), number).save(clip)
    return clips


def test_the_commands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], halves: tuple[Voice, Voice]
) -> None:
    clip, style, person, out = (
        tmp_path / name for name in ("clip.npz", "style.json", "person.npz", "out.npz")
    )
    halves[0].take(load_style("lively"), 1).save(clip)
    assert main(["style", str(clip), "-o", str(style), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert len(report["code"]) == len(load_style(str(style)).code) == 20
    assert set(report["similarity"]) == set(shipped_styles())
    assert main(["animate", str(SAMPLE_VOICE), "-o", str(out), "--style", str(style)]) == 0
    clips = _takes(halves[0], tmp_path)
    assert main(["personalize", *map(str, clips), "-o", str(person)]) == 0
    for pose in ("generated", "replayed", "still"):
        assert (
            main(["animate", str(SAMPLE_VOICE), "-o", str(out), "--style", str(person), "--pose", pose]) == 0
        )


def test_clips_of_no_use_are_left_out_and_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], halves: tuple[Voice, Voice]
) -> None:
    """One clip without a face made a person of none of them."""
    take = halves[0].take(load_style("lively"), 1)
    clip, short, person = (tmp_path / name for name in ("clip.npz", "short.npz", "person.npz"))
    take.save(clip)
    replace(
        take, **{name: getattr(take, name)[:20] for name in
                 ("landmarks", "head_rotation", "head_translation", "eye_rotation", "blink", "arkit", "visemes")}
    ).save(short)  # fmt: skip
    given = ["personalize", str(short), *map(str, _takes(halves[0], tmp_path)), "-o", str(person)]
    assert main([*given, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["clips"] == 3 and answer["seconds"] == pytest.approx(3 * take.duration)
    assert answer["warnings"][0].startswith("short.npz was left out: ")
    assert main(["personalize", str(short), str(clip), "-o", str(person)]) == 1
    told = capsys.readouterr().err
    assert "a person needs 12 s or more. short.npz was left out: " in told
    assert main(["personalize", str(short), str(short), "-o", str(person)]) == 1
    assert "left out" not in capsys.readouterr().err


def test_what_was_seen_of_a_clip_and_another_persons_voice_are_told(halves: tuple[Voice, Voice]) -> None:
    """Both were swallowed: the file of one person was learned of two, and of a face that was lost."""
    from inference.imitation.doubts import doubts

    take = halves[0].take(load_style("calm"), 1)
    lost = replace(take, source={**take.source, "warnings": ["The face was lost.", "a.mp4 shows 2 faces."]})
    own = [Example("a.mp4", lost, halves[0]), Example("b.mp4", take, halves[1])]
    assert doubts(own) == ("a.mp4: The face was lost.", "a.mp4 shows 2 faces.")
    man = hear(read_recording(SAMPLE_VOICE.parent / "voices" / "man.wav").samples)
    (told,) = doubts([*own[1:], Example("c.mp4", take, halves[0]), Example("d.mp4", take, man)])
    assert told == "The voice in d.mp4 is another than in b.mp4: leave out what is not of this person."


def test_what_keeps_still_in_all_clips_is_told(halves: tuple[Voice, Voice]) -> None:
    from inference.imitation.doubts import doubts

    take = halves[0].take(load_style("calm"), 1)
    frozen = replace(
        take, head_rotation=take.head_rotation * 0, landmarks=take.landmarks[:1].repeat(len(take), axis=0)
    )
    told = [
        f"The {part} keeps still in a.npz, and so it will in what is learned of it."
        for part in ("head", "mouth")
    ]
    assert doubts([Example("a.npz", frozen, None)]) == tuple(told)
    assert doubts([Example("a.npz", frozen, None), Example("b.npz", take, None)]) == ()


def test_a_head_that_keeps_still_can_be_learned(halves: tuple[Voice, Voice]) -> None:
    take = halves[0].take(load_style("calm"), 1)
    for axes in ([0, 1, 2], [1, 2]):
        still = take.head_rotation.copy()
        still[:, axes] = 0
        clip = Example("a.npz", replace(take, head_rotation=still, head_translation=still), halves[0])
        person = personalize([clip, replace(clip, name="b.npz"), replace(clip, name="c.npz")], "Ada")
        assert np.isfinite(person.head.spectrum).all() and person.head.spectrum[:, axes].max() < 1e-12


def test_a_clip_that_is_there_twice_counts_once(tmp_path: Path) -> None:
    from inference.imitation.left_out import read_each

    for name in ("a.npz", "b.npz", "c.npz"):
        (tmp_path / name).write_text("other" if name == "c.npz" else "same")
    clips = [tmp_path / name for name in ("a.npz", "b.npz", "c.npz", "a.npz")]
    read, told = read_each(clips, lambda number, clip: (number, Path(clip).name))
    assert read == [(0, "a.npz"), (2, "c.npz")]
    assert told == tuple(f"{name} was left out: it is the same as a.npz." for name in ("b.npz", "a.npz"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes by name")
def test_a_pipe_and_a_device_as_clips_are_told(tmp_path: Path) -> None:
    """What is in them was read without end, before anybody looked what they are."""
    from inference.capture.decoded import content_hash
    from inference.capture.video import inspect_video
    from inference.imitation.left_out import read_each

    os.mkfifo(tmp_path / "pipe.mp4")
    (tmp_path / "a.mp4").write_bytes(b"film")
    endless = [tmp_path / "pipe.mp4", *(path for path in [Path("/dev/zero")] if path.exists())]

    def read(_: int, clip: str | Path) -> str:
        if clip in endless:
            inspect_video(Path(clip), 25.0)
        return Path(clip).name

    names, told = read_each([*endless, tmp_path / "a.mp4"], read)
    assert names == ["a.mp4"] and len(told) == len(endless)
    assert all(
        sentence.endswith(" is a device or a pipe: save the video as a file first.") for sentence in told
    )
    for path in endless:
        with pytest.raises(OSError):
            content_hash(path)


def test_a_film_has_the_number_of_its_file_and_a_folder_of_all_in_turn(tmp_path: Path) -> None:
    from inference.capture.decoded import content_hash

    for name, content in (("b.png", b"other"), ("a.png", b"one")):
        (tmp_path / name).write_bytes(content)
    (tmp_path / "inner").mkdir()
    assert content_hash(tmp_path / "a.png") == hashlib.sha256(b"one").hexdigest()
    assert content_hash(tmp_path) == hashlib.sha256(b"oneother").hexdigest()


def test_a_person_is_recognised_by_voice(tmp_path: Path) -> None:
    samples = read_recording(SAMPLE_VOICE).samples
    voice = hear(samples)
    clips = [Example("clip", voice.take(load_style("calm"), seed), voice) for seed in (1, 2)]
    person = personalize(clips, "Ada")
    from inference.motion.manner.choice import Choice

    stranger = replace(person, name="Other", embedding=-person.embedding)
    manner = Choice(load_style("natural"), None, adapt=True, enrolled=(stranger, person)).for_voice(
        samples, voice.f0
    )
    assert manner.speaker == "Ada"
    alone = Choice(load_style("natural"), None, adapt=True, enrolled=(stranger,)).for_voice(samples, voice.f0)
    assert alone.person is None
    assert "register" in alone.speaker


def test_too_short_a_clip_is_told(tmp_path: Path, halves: tuple[Voice, Voice]) -> None:
    take = halves[0].take(load_style("calm"), 1)
    short = tmp_path / "short.npz"
    replace(
        take, **{name: getattr(take, name)[:50] for name in
                 ("landmarks", "head_rotation", "head_translation", "eye_rotation", "blink", "arkit", "visemes")}
    ).save(short)  # fmt: skip
    with pytest.raises(EngineError, match="at least 2 s"):
        read_example(short)
    with pytest.raises(EngineError, match="12 s or more"):
        personalize([Example("clip", take, halves[0])], "Ada")
