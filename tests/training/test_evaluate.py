"""The measures against known answers, the peers' files, and the table that all systems stand in."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from inference.errors import EngineError
from inference.face.animation import FaceAnimation
from inference.face.export import export
from inference.face.landmarks import LIPS, NEUTRAL_FACE, REFERENCE_FACE, mouth_width
from inference.face.names import ARKIT_NAMES, VISEMES
from inference.pipeline import Result, Settings, animate
from inference.training.evaluation import metrics
from inference.training.evaluation.metrics import SOURCES
from inference.training.evaluation.peers import (
    CUE_MOUTHS,
    VISEME_MOUTHS,
    WIDE_OPEN,
    MouthTrack,
    Peer,
    peer_of,
    read_track,
)

FPS = 25.0


def wandering(frames: int = 150, seed: int = 0) -> np.ndarray:
    """A curve that goes up and down like a mouth, never the same way twice."""
    noise = np.random.default_rng(seed).normal(size=frames + 40)
    return np.convolve(noise, np.hanning(13), mode="same")[20:-20]


def opened(opening: np.ndarray, face: np.ndarray = NEUTRAL_FACE) -> np.ndarray:
    """(T,) gap → (T, 68, 3) faces whose lower lip hangs by so much."""
    faces = np.repeat(face[None].astype(np.float64), len(opening), axis=0)
    faces[:, 55:60, 1] -= opening[:, None]
    faces[:, 65:68, 1] -= opening[:, None]
    return faces


def still_animation(landmarks: np.ndarray, fps: float = FPS) -> FaceAnimation:
    """An animation of nothing but landmarks."""
    count = len(landmarks)
    sizes = {
        "head_rotation": 3,
        "head_translation": 3,
        "eye_rotation": 2,
        "blink": 2,
        "arkit": 52,
        "visemes": 15,
    }
    zeros = {name: np.zeros((count, size), np.float32) for name, size in sizes.items()}
    return FaceAnimation(fps, landmarks.astype(np.float32), NEUTRAL_FACE, **zeros)


def live_link_face(path: Path, weights: np.ndarray, fps: float, start: float = 0.0) -> Path:
    """(T, 52) weights as Live Link Face writes them."""
    rest = [
        "HeadYaw",
        "HeadPitch",
        "HeadRoll",
        *(f"{s}Eye{a}" for s in ("Left", "Right") for a in ("Yaw", "Pitch", "Roll")),
    ]
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Timecode", "BlendShapeCount", *(n[0].upper() + n[1:] for n in ARKIT_NAMES), *rest])
        for index, row in enumerate(weights):
            whole, frame = divmod(index + round(start * fps), round(fps))
            code = f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}:{frame:02d}.000"
            writer.writerow([code, 61, *(f"{value:.6f}" for value in row), *[0] * 9])
    return path


def arkit(**values: float) -> np.ndarray:
    """(52,) weights."""
    return np.array([values.get(name, 0.0) for name in ARKIT_NAMES])


# Measures


def test_sampled_reads_between_uneven_instants_and_holds_outside() -> None:
    values = metrics.sampled(np.array([1.0, 3.0, 7.0]), np.array([0.0, 1.0, 3.0]), np.array([-1, 0.5, 2, 9]))
    assert values.tolist() == [1, 2, 5, 7]


def test_two_frames_late_is_80_ms() -> None:
    curve = wandering()
    r, lag = metrics.best_lag(curve[:-2], curve[2:], FPS)
    assert r > 0.999 and lag == pytest.approx(80)
    assert metrics.best_lag(curve[2:], curve[:-2], FPS)[1] == pytest.approx(-80)


@pytest.mark.parametrize("late", [0, 2, 5])
def test_mtm_of_a_known_delay(late: int) -> None:
    curve = wandering(300)
    mtm = metrics.mean_temporal_misalignment(curve[: 250 - late], curve[late:250], FPS)
    assert mtm == pytest.approx(late * 40, abs=4)


def test_mtm_takes_the_extrema_and_not_their_size() -> None:
    places = np.array([0, 25, 50, 75, 100])
    early = np.interp(np.arange(101), places, [0, 1, 0, 1, 0])
    late = np.interp(np.arange(101), places + [0, 3, 0, 3, 0], [0, 0.5, 0, 0.5, 0])
    # Maxima are three frames apart, the minimum between them is in place.
    assert metrics.mean_temporal_misalignment(late, early, FPS) == pytest.approx((3 + 0 + 3) / 3 * 40, abs=14)
    assert metrics.mean_temporal_misalignment(np.zeros(101), early, FPS) is None


def test_mtm_counts_no_pair_beyond_the_neighbouring_extrema() -> None:
    places, frames = 20 + 10 * np.arange(5), np.arange(121)
    truth = np.interp(frames, [0, *places, 70, 120], [0, 1, 0, 1, 0, 1, 0, 0.3])
    late = np.interp(frames, [0, *(places + 15), 120], [0, 1, 0, 1, 0, 1, 0])
    assert metrics.mean_temporal_misalignment(late, truth, FPS) is None


def test_distances_of_the_lips_are_in_percent_of_their_width() -> None:
    truth = opened(np.full(10, 0.1))
    width = float(mouth_width(NEUTRAL_FACE))
    aside = truth.copy()
    aside[:, LIPS, 0] += 0.01
    assert metrics.lip_distance(aside, truth) == pytest.approx(1 / width)
    assert metrics.lip_velocity_difference(aside, truth) == pytest.approx(0, abs=1e-9)
    shaken = truth.copy()
    shaken[::2, LIPS, 0] += 0.01
    assert metrics.lip_distance(shaken, truth) == pytest.approx(0.5 / width)
    assert metrics.lip_velocity_difference(shaken, truth) == pytest.approx(1 / width)


def test_area_is_in_percent_of_the_largest() -> None:
    truth = opened(np.tile([0.0, 0.1], 10))
    shut = opened(np.zeros(20))
    assert metrics.area_difference(truth, truth) == 0
    assert metrics.area_difference(shut, truth) == pytest.approx(50, abs=0.5)


def test_gain_is_the_ratio_of_spreads() -> None:
    assert metrics.gain(wandering() * 0.4 + 3, wandering()) == pytest.approx(0.4)


def test_slcc_is_one_where_the_mouth_opens_as_loud_as_one_speaks() -> None:
    carrier, sound = wandering(75), np.random.default_rng(1).normal(size=48000)
    loud = [0.1, 0.4, 0.2, 0.8, 0.5, 0.3, 0.9, 0.7, 0.6, 1.0]
    speech = [metrics.speech_intensity(sound * level) for level in loud]
    lips = [metrics.lip_intensity(carrier * level, np.ones(75), FPS) for level in loud]
    assert metrics.intensity_correlation(speech, lips) == pytest.approx(1)
    assert metrics.intensity_correlation(speech, [-value for value in lips]) == pytest.approx(-1)
    assert metrics.intensity_correlation(speech[:9], lips[:9]) is None


def test_lip_intensity_is_a_speed() -> None:
    ramp = np.arange(10) * 0.04
    assert metrics.lip_intensity(ramp, np.ones(10), FPS) == pytest.approx(0.04 * 25 / 4)
    assert metrics.lip_intensity(ramp, -ramp, FPS) == pytest.approx(0.04 * 25 / 2)


def test_silence_begins_away_from_speech() -> None:
    level = np.zeros(300)
    level[100:150] = 1
    silent = metrics.silent_frames(level, 100)
    assert np.flatnonzero(~silent)[[0, -1]].tolist() == [80, 169]


def test_jitter_is_the_spread_in_silence_alone() -> None:
    silent = np.ones(200, bool)
    silent[80:120] = False
    opening = 0.03 * np.sin(np.arange(200) * 2 * np.pi / 10)
    opening[80:120] = wandering(40)  # speech, which must not count
    opening[120:] += 0.2  # another rest, which is no jitter
    assert metrics.silence_jitter(opening, silent, FPS) == pytest.approx(0.03 / np.sqrt(2))
    assert metrics.silence_jitter(opening, np.zeros(200, bool), FPS) is None


PHONES = [
    ("pau", 0.0, 0.4), ("aa", 0.4, 0.6), ("b", 0.6, 0.7), ("aa", 0.7, 1.0), ("m", 1.0, 1.1), ("aa", 1.1, 1.6), ("p", 1.6, 1.7),
    ("aa", 1.7, 2.0), ("pau", 2.0, 2.4),
]  # fmt: skip


def shut_during(*spans: tuple[float, float]) -> Callable[[np.ndarray], np.ndarray]:
    def opening(times: np.ndarray) -> np.ndarray:
        shut = [(times > low - 1e-6) & (times < high - 1e-6) for low, high in spans]
        return np.where(np.any(shut, axis=0), 0.0, 0.1)

    return opening


def test_closures_are_counted_as_the_bench_says() -> None:
    # Rests, meets b 20 ms late, m in time, closes once for nothing, and leaves p open.
    opening = shut_during((0, 0.4), (0.62, 0.72), (1.0, 1.1), (1.3, 1.35), (2.0, 2.4))
    counts = metrics.closure_counts(opening, PHONES, 2.4)
    assert (counts.said, counts.met, counts.closures, counts.right) == (3, 2, 3, 2)
    assert counts.lags == pytest.approx((20, 0))
    other = metrics.closure_counts(shut_during((1.6, 1.7)), PHONES, 2.4)
    assert metrics.closure_figures([counts, other]) == pytest.approx(
        {"closure_recall": 3 / 6, "closure_precision": 3 / 4, "closure_lag": 0, "closures": 6}
    )


# Peers' files

CUES = [(0.0, "X"), (0.5, "A"), (0.7, "D"), (1.2, "F"), (1.5, "X")]


def test_mouth_cues_hold_until_the_next(tmp_path: Path) -> None:
    ends = [start for start, _ in CUES[1:]] + [1.6]
    cues = [{"start": start, "end": end, "value": shape} for (start, shape), end in zip(CUES, ends)]
    written = {"metadata": {"soundFile": "a.wav", "duration": 1.6}, "mouthCues": cues}
    (tmp_path / "a.json").write_text(json.dumps(written))
    (tmp_path / "a.tsv").write_text("".join(f"{start:.2f}\t{shape}\n" for start, shape in CUES))
    rest = float(mouth_width(NEUTRAL_FACE))
    for name in ("a.json", "a.tsv"):
        opening, width = read_track(tmp_path / name).mouth_at(np.array([0.1, 0.6, 0.7, 1.19, 1.3, 9.0]))
        assert opening == pytest.approx([0, 0, WIDE_OPEN, WIDE_OPEN, 0.25 * WIDE_OPEN, 0])
        assert width == pytest.approx([rest, rest, rest, rest, rest - 0.08, rest])


def test_tables_of_mouths_are_whole_and_in_order() -> None:
    assert "".join(sorted(CUE_MOUTHS)) == "ABCDEFGHX" and tuple(VISEME_MOUTHS) == VISEMES
    height = {shape: opening for shape, (opening, _) in CUE_MOUTHS.items()}
    assert height["A"] == height["X"] == 0 < height["B"] < height["C"] < height["D"]
    assert height["E"] <= height["C"] <= height["H"] < height["D"]  # as Rhubarb's README asks
    assert min(CUE_MOUTHS, key=lambda shape: CUE_MOUTHS[shape][1]) == "F"


def test_viseme_tables(tmp_path: Path) -> None:
    header = ["time", *VISEMES]
    rows = [[0.0, 1, *[0] * 14], [0.5, *[0] * 10, 0.5, 0, 0, 0, 0.5], [1.0, 0, 1, *[0] * 13]]
    for suffix, mark in ((".csv", ","), (".tsv", "\t")):
        lines = [mark.join(map(str, row)) for row in (header, *rows)]
        (tmp_path / f"a{suffix}").write_text("\n".join(lines) + "\n")
    frames = [
        {"viseme_" + name if name != "time" else name: v for name, v in zip(header, row)} for row in rows
    ]
    (tmp_path / "a.json").write_text(json.dumps({"fps": 2, "frames": frames}))
    (tmp_path / "b.json").write_text(json.dumps(dict(zip(header, map(list, zip(*rows))))))
    for name in ("a.csv", "a.tsv", "a.json", "b.json"):
        opening, width = read_track(tmp_path / name).mouth_at(np.array([0, 0.25, 0.5, 1]))
        assert opening == pytest.approx([0, 0.325 * WIDE_OPEN, 0.65 * WIDE_OPEN, 0]), name
        assert width[2] - width[0] == pytest.approx(-0.04)


def test_a_table_without_times_needs_its_rate(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("PP,aa\n1,0\n0,1\n")
    assert read_track(path, 10).times.tolist() == [0, 0.1]
    with pytest.raises(EngineError, match=r"a\.csv.*--fps"):
        read_track(path)


@pytest.mark.parametrize("fps", [25, 30, 60])
def test_live_link_face_tells_its_rate(tmp_path: Path, fps: int) -> None:
    weights = np.zeros((2 * fps, 52))
    weights[:, ARKIT_NAMES.index("jawOpen")] = np.linspace(0, 0.4, len(weights))
    track = read_track(live_link_face(tmp_path / "a.csv", weights, fps, start=65834.5))
    assert track.times == pytest.approx(np.arange(2 * fps) / fps)
    opening = track.opening_at(track.times)
    assert opening[0] < 0.02 < 0.1 < opening[-1] and (np.diff(opening) > 0).all()


def test_timecodes_may_count_finer_than_the_rows(tmp_path: Path) -> None:
    lines = [f"00:00:{frame // 60:02d}:{frame % 60:02d}.000,61,0" for frame in range(0, 120, 2)]
    (tmp_path / "a.csv").write_text("\n".join(["Timecode,BlendShapeCount,JawOpen", *lines]))
    assert read_track(tmp_path / "a.csv").times == pytest.approx(np.arange(60) / 30)


def test_short_timecodes_need_the_rate(tmp_path: Path) -> None:
    path = live_link_face(tmp_path / "a.csv", np.zeros((10, 52)), 30)
    assert read_track(path, 30).times[-1] == pytest.approx(0.3)
    with pytest.raises(EngineError, match=r"a\.csv.*--fps"):
        read_track(path)


def test_arkit_by_name_in_any_order_and_without_rows_that_saw_no_face(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "MouthClose,time,Strange,jawOpen,BlendShapeCount\n0,0,9,0.5,52\n,1,,,0\n0.6,2,9,0.5,52\n",
        encoding="utf-8-sig",
    )
    track = read_track(path)
    assert track.times.tolist() == [0, 2]
    opening = track.opening_at(track.times)
    # mouthClose shuts what jawOpen opened; more of it presses the lips together and does not cross them.
    assert opening[0] > 0.15 and opening[1] == pytest.approx(0, abs=0.02)
    gap = (NEUTRAL_FACE + track.displacement)[:, 62, 1] - (NEUTRAL_FACE + track.displacement)[:, 66, 1]
    assert gap[1] >= -1e-9


def test_our_own_files(tmp_path: Path) -> None:
    truth = np.abs(wandering()) / 10
    still_animation(opened(truth)).save(tmp_path / "a.npz")
    track = read_track(tmp_path / "a.npz")
    assert track.opening_at(np.arange(150) / FPS) == pytest.approx(truth, abs=1e-5)


LIVE = "Timecode,BlendShapeCount,JawOpen\n"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.json", "{", "cannot be read"),
        ("a.json", '{"mouthCues": []}', "no mouth cues"),
        ("a.json", '{"mouthCues": [{"start": 0, "value": "Q"}]}', "'Q'"),
        ("a.json", '{"mouthCues": [{"value": "A"}]}', "damaged"),
        ("a.json", '{"mouthCues": [{"start": 1, "value": "A"}, {"start": 0, "value": "B"}]}', "not in order"),
        ("a.json", '{"words": 3}', "is no table"),
        ("a.json", '[{"time": 0, "PP": 1, "aa": 0}, {"time": 1}]', "damaged"),
        ("a.tsv", "0.0\tX\n0.5\tA\textra\n", "damaged"),
        ("a.tsv", "0.0\tX\nsoon\tA\n", "damaged"),
        ("a.csv", "", "neither ARKit names"),
        ("a.csv", "time,height\n0,1\n", "neither ARKit names"),
        ("a.csv", "time,jawOpen\n", "no frames"),
        ("a.csv", "time,jawOpen\n0,0.1\n0.1\n", "row 2"),
        ("a.csv", "time,jawOpen\n0,wide\n", "damaged"),
        ("a.csv", "time,jawOpen\n0,nan\n", "no finite number"),
        ("a.csv", "time,jawOpen\n1,0\n0,0\n", "not in order"),
        ("a.csv", LIVE + "later,61,0\n", "timecode 'later'"),
        ("a.csv", LIVE + "00:00:00:00.000,0,0\n", "no frames"),
        ("a.npz", "no archive", "damaged"),
    ],
)  # fmt: skip
def test_damaged_files_are_named_with_the_problem(tmp_path: Path, name: str, text: str, said: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(EngineError) as caught:
        read_track(path)
    message = caught.value.message
    assert message.startswith(str(path)) and said in message and message.endswith(".") and "\n" not in message


def test_a_binary_file_is_no_table(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(EngineError, match=r"a\.csv cannot be read"):
        read_track(tmp_path / "a.csv")


@pytest.mark.parametrize("layout", ["clip.tsv", "s1/clip.tsv", "s1_clip.tsv"])
def test_files_are_found_by_the_clips_name(tmp_path: Path, layout: str) -> None:
    (tmp_path / layout).parent.mkdir(exist_ok=True)
    (tmp_path / layout).write_text("0\tX\n")
    peer = Peer("rhubarb", tmp_path)
    assert peer.find("s1", "clip") == tmp_path / layout
    assert peer.find("s1", "other") is None and peer.track("s1", "other") is None


def test_a_file_that_could_be_two_clips_is_refused(tmp_path: Path) -> None:
    (tmp_path / "clip.tsv").write_text("0\tX\n")
    peer = Peer("rhubarb", tmp_path)
    with pytest.raises(EngineError, match="several speakers"):
        peer.find("s1", "clip", shared=True)
    (tmp_path / "s1_clip.tsv").write_text("0\tX\n")
    assert peer.find("s1", "clip", shared=True) == tmp_path / "s1_clip.tsv"
    (tmp_path / "clip.json").write_text("{}")
    with pytest.raises(EngineError, match="both there"):
        peer.find("s4", "clip")


def test_peers_are_named_by_hand_or_by_their_folder(tmp_path: Path) -> None:
    folder = tmp_path / "out=put"
    folder.mkdir()
    assert (peer_of(f"rhubarb={folder}").name, peer_of(f"rhubarb={folder}").path) == ("rhubarb", folder)
    assert (peer_of(str(folder), 30).name, peer_of(str(folder), 30).fps) == ("out=put", 30)
    with pytest.raises(EngineError, match="nowhere does not exist"):
        peer_of(f"rhubarb={tmp_path / 'nowhere'}")


# All of it, on clips made on the spot


def save_made_clip(path: Path, seed: int, level: float = 1.0, sound: np.ndarray | None = None) -> np.ndarray:
    """Three seconds of a mouth that opens as loud as its noise is, or beside a sound; returns the opening in face units."""
    from made_clips import save_faces

    opening = np.clip(wandering(75, seed) / 20, 0, None) * level
    opening[:20] = opening[-15:] = 0
    if sound is None:
        sound = np.random.default_rng(seed).normal(0, 1, 75 * 640) * np.repeat(opening, 640)
    faces = opened(opening, REFERENCE_FACE)
    faces[:, [48, 60], 0] += opening[:, None] / 4
    faces[:, [54, 64], 0] -= opening[:, None] / 4
    save_faces(path, faces, sound)
    return opening


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    pytest.importorskip("torch", reason="the training room needs torch")
    for index, level in enumerate((0.5, 1.0, 0.8)):
        save_made_clip(tmp_path / "corpus" / "s9" / f"c{index}.npz", index, level)
    return tmp_path / "corpus"


@pytest.fixture
def fake_flite(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two sentences of one voice, without flite."""
    pytest.importorskip("torch", reason="the training room needs torch")
    pytest.importorskip("av", reason="the training room needs PyAV")
    from inference.training.evaluation import evaluate
    from inference.training.synthetic_speech import synthesis

    sound = np.random.default_rng(0).normal(0, 0.1, int(2.4 * 16000)).astype(np.float32)
    monkeypatch.setattr(synthesis, "speak", lambda text, voice: (sound, PHONES))
    monkeypatch.setattr(synthesis, "TEST_SENTENCES", ("Bob may.", "Pie."))
    monkeypatch.setattr(synthesis, "PLAIN_SENTENCES", ("I may.",))
    monkeypatch.setattr(evaluate, "TEST_VOICES", ("slt",))


@pytest.fixture(scope="module")
def backend():  # type: ignore[no-untyped-def]
    from inference.hearing.backends import load_backend

    return load_backend("numpy")


def test_a_mouth_two_frames_late(corpus: Path) -> None:
    from inference.training.evaluation.evaluate import track_figures
    from inference.training.filmed_corpora.corpus import load_clip

    clip = load_clip(corpus / "s9" / "c1.npz")
    motion = clip.landmarks - clip.landmarks[0]
    times = np.arange(len(clip)) / FPS
    figures = track_figures(clip, MouthTrack(times, motion))
    assert (
        figures["opening"] > 0.999
        and figures["width"] > 0.99
        and figures["gain"] == pytest.approx(1, abs=0.02)
    )
    assert max(figures["d_ll"], figures["d_vl"], figures["d_a"]) < 0.5
    assert figures["mtm"] == 0 and figures["silence_jitter"] < 1e-3
    late = track_figures(clip, MouthTrack(times + 0.08, motion))
    assert late["opening"] < 0.95 and late["opening_best"] > 0.99 and late["opening_lag"] == pytest.approx(80)
    assert late["mtm"] == pytest.approx(80, abs=8) and late["d_ll"] > 2 * figures["d_ll"]


def test_summary_means_what_is_there(corpus: Path) -> None:
    from inference.training.evaluation.evaluate import summary

    rows = [
        {"opening": r, "opening_lag": lag, "d_ll": d, "speech_intensity": s, "lip_intensity": 2 * s}
        for r, lag, d, s in ((0.2, 0.0, None, 1.0), (0.4, 40.0, 3.0, 2.0), (0.9, 200.0, None, 5.0))
    ]
    assert summary(rows * 4) == pytest.approx({"opening": 0.5, "opening_lag": 40, "d_ll": 3, "slcc": 1})
    assert summary([rows[0]])["d_ll"] is None and summary([rows[0]])["slcc"] is None


def test_all_systems_stand_in_one_table(corpus: Path, tmp_path: Path, backend, fake_flite: None) -> None:  # type: ignore[no-untyped-def]
    from inference.training.evaluation.evaluate import OURS, TRACKED, content, evaluate, plot_clips
    from inference.training.figures import write_figures
    from inference.training.filmed_corpora.corpus import load_clip

    perfect, cues = tmp_path / "perfect", tmp_path / "cues"
    for folder in (perfect, cues):
        folder.mkdir()
    for index in range(3):
        landmarks = load_clip(corpus / "s9" / f"c{index}.npz").landmarks
        still_animation(landmarks - landmarks[0] + NEUTRAL_FACE).save(perfect / f"s9_c{index}.npz")
    (cues / "c0.tsv").write_text("0\tX\n1.0\tD\n2.0\tX\n")
    shut = "".join(
        f"{time}\t{shape}\n" for time, shape in ((0, "X"), (0.4, "C"), (0.6, "A"), (0.7, "C"), (2, "X"))
    )
    (cues / "flite_slt_00.tsv").write_text(shut)
    (cues / "still_silence.tsv").write_text("0\tX\n0.5\tD\n")
    lines: list[str] = []
    rows = evaluate(corpus, backend, [Peer("perfect", perfect), Peer("cues", cues)], report=lines.append)
    table = {(row.speaker, row.system): row for row in rows}
    assert set(table) == {
        *(("s9", name) for name in (OURS, "perfect", "cues", TRACKED)),
        ("flite", OURS), ("flite", "cues"), ("plain", OURS), ("still", OURS), ("still", "cues"),
    }  # fmt: skip
    best, coarse = table["s9", "perfect"], table["s9", "cues"]
    assert (
        best.clips == 3 and best.missing == 0 and best.figures["opening"] > 0.999 and best.figures["d_ll"] < 1
    )
    assert best.figures["opening"] > table["s9", OURS].figures["opening"]
    assert table["s9", TRACKED].figures["silence_jitter"] < 1e-3
    assert coarse.clips == 1 and coarse.missing == 2
    assert coarse.figures["d_ll"] is None and coarse.figures["opening"] is not None
    assert table["flite", "cues"].figures["closure_recall"] == pytest.approx(1 / 3)
    assert table["flite", "cues"].figures["closure_precision"] == 1 and table["flite", "cues"].missing == 1
    assert table["still", "cues"].figures["silence"] == pytest.approx(WIDE_OPEN / 2, rel=0.01)
    assert table["still", OURS].figures["silence"] < 1e-6

    assert max(len(line) for text in lines for line in text.splitlines()) <= 130
    assert any("cues: no file for 2 of 3 clips of s9" in line for line in lines)
    assert "–" in next(line for line in lines if line.startswith("s9") and "cues" in line)
    write_figures(content(rows), tmp_path / "figures.json")
    written = json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))
    assert written["sources"] == SOURCES
    assert all(set(row) == {"speaker", "system", "clips", "missing", *SOURCES} for row in written["rows"])
    assert next(row for row in written["rows"] if row["system"] == "cues")["d_ll"] is None
    plot_clips([corpus / "s9" / "c0.npz"], backend, tmp_path / "figure.png", [Peer("cues", cues)])
    assert (tmp_path / "figure.png").stat().st_size > 10000


def test_disturbed_clips_have_a_row_for_each_disturbance(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], sample_voice: Path
) -> None:
    pytest.importorskip("torch", reason="the training room needs torch")
    pytest.importorskip("parselmouth", reason="other throats need praat-parselmouth")
    from inference.cli import main
    from inference.hearing.audio import read_recording
    from inference.training.disturbances.sounds import DISTURBANCES

    voice = read_recording(sample_voice).samples
    for index in range(2):
        save_made_clip(
            tmp_path / "spoken" / "s9" / f"c{index}.npz", index, sound=voice[index * 16000 :][:48000]
        )
    written = tmp_path / "figures.json"
    assert main(["evaluate", str(tmp_path / "spoken"), "--disturbed", "--json", str(written)]) == 0
    printed = capsys.readouterr().out
    rows = json.loads(written.read_text(encoding="utf-8"))["rows"]
    assert [(row["speaker"], row["system"], row["clips"]) for row in rows] == [
        ("s9", name, 2) for name in DISTURBANCES
    ]
    assert all(f" {name} " in printed for name in DISTURBANCES)
    openings = {row["system"]: row["opening"] for row in rows}
    assert len(set(openings.values())) > 0.8 * len(
        openings
    )  # each heard another sound; a softer one is no other


def test_one_file_for_one_clip(corpus: Path, tmp_path: Path, backend) -> None:  # type: ignore[no-untyped-def]
    from inference.training.evaluation.evaluate import evaluate

    path = tmp_path / "line.tsv"
    path.write_text("0\tX\n1.0\tD\n2.0\tX\n")
    rows = evaluate(corpus, backend, [peer_of(str(path))], speech=False, clips=1, report=lambda line: None)
    assert [row.system for row in rows if row.speaker == "s9"] == ["ours", "line", "tracked"]
    with pytest.raises(EngineError, match="one file for 3 clips"):
        evaluate(corpus, backend, [peer_of(str(path))], speech=False, report=lambda line: None)


def test_two_speakers_with_a_clip_of_one_name(corpus: Path, tmp_path: Path, backend) -> None:  # type: ignore[no-untyped-def]
    from inference.training.evaluation.evaluate import evaluate

    save_made_clip(corpus / "s8" / "c0.npz", 7)
    peer = Peer("cues", tmp_path / "cues")
    peer.path.mkdir()
    (peer.path / "c0.tsv").write_text("0\tX\n")
    with pytest.raises(EngineError, match="several speakers"):
        evaluate(corpus, backend, [peer], speech=False, report=lambda line: None)
    (peer.path / "s8_c0.tsv").write_text("0\tX\n")
    with pytest.raises(EngineError, match="several speakers"):
        evaluate(corpus, backend, [peer], speech=False, report=lambda line: None)
    rows = evaluate(corpus, backend, [peer], speech=False, speakers=["s9"], report=lambda line: None)
    assert {row.clips for row in rows if row.system == "cues"} == {1}


def test_the_command(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], fake_flite: None
) -> None:
    from inference.cli import main

    sounds = tmp_path / "sounds"
    assert main(["evaluate", str(corpus), "--clips", "2", "--speech-folder", str(sounds)]) == 0
    names = {path.name for path in sounds.iterdir()}
    assert {"s9_c0.wav", "s9_c1.wav", "still_silence.wav", "still_pink.wav", "flite_slt_01.wav"} <= names
    assert "s9_c2.wav" not in names and (sounds / "flite_slt_01.txt").read_text() == "Pie.\n"
    assert (sounds / "flite_slt_00.phones.tsv").read_text().splitlines()[3] == "0.6000\t0.7000\tb"

    peer = tmp_path / "peer"
    peer.mkdir()
    arguments = ["evaluate", str(corpus), "--no-speech", "--against", f"rhubarb={peer}"]
    assert main(arguments) == 1
    assert "has a file for none of the clips" in capsys.readouterr().err
    (peer / "s9_c0.tsv").write_text("0\tX\n1.0\tD\n2.0\tX\n")
    assert main([*arguments, "--json", str(tmp_path / "figures.json")]) == 0
    assert "rhubarb" in capsys.readouterr().out and (tmp_path / "figures.json").is_file()
    (peer / "s9_c1.json").write_text("{")
    assert main(arguments) == 1
    assert "s9_c1.json cannot be read" in capsys.readouterr().err
    assert main(["evaluate", str(corpus), "--speakers", "s7"]) == 1
    assert "no held-out clips of s7" in capsys.readouterr().err


# Our own output in the peers' formats


@lru_cache
def animated(voice: Path, fps: float) -> Result:
    return animate(voice, Settings(fps=fps))


@pytest.mark.parametrize(
    ("name", "content", "opening_bar", "width_bar"),
    [
        ("a.npz", None, 0.999, 0.999), ("a.csv", "arkit", 0.99, 0.9), ("a.json", "arkit", 0.99, 0.9),
        ("a.json", "cues", 0.6, 0.3), ("a.tsv", "cues", 0.6, 0.3), ("a.csv", "visemes", 0.6, 0.3),
        ("a.json", "visemes", 0.6, 0.3),
    ],
)  # fmt: skip
@pytest.mark.parametrize("fps", [24000 / 1001, 25.0, 60.0])
def test_what_we_export_reads_as_what_we_made(
    tmp_path: Path,
    sample_voice: Path,
    name: str,
    content: str | None,
    opening_bar: float,
    width_bar: float,
    fps: float,
) -> None:
    made = animated(sample_voice, fps)
    chosen = name.rpartition(".")[2]
    animation = export(made.animation, tmp_path / name, sample_voice, made.duration, chosen, content)
    track = read_track(tmp_path / name)
    own = MouthTrack(np.arange(len(animation)) / fps, animation.landmarks - animation.neutral)
    times = np.arange(0, animation.duration, 1 / FPS)
    for found, wanted, bar in zip(track.mouth_at(times), own.mouth_at(times), (opening_bar, width_bar)):
        assert metrics.correlation(found, wanted) > bar
    assert abs(metrics.best_lag(track.opening_at(times), own.opening_at(times), FPS)[1]) <= 40
    displacement = track.displacement_at(times)
    assert (displacement is None) == (content in ("cues", "visemes"))
    if displacement is not None:
        assert track.times == pytest.approx(own.times, abs=2e-3 / fps)
        assert (
            metrics.lip_distance(NEUTRAL_FACE + displacement, NEUTRAL_FACE + own.displacement_at(times)) < 3
        )
        share = 0.1 * np.percentile(own.opening_at(times), 95)
        assert np.mean((track.opening_at(times) < share) == (own.opening_at(times) < share)) > 0.95


def test_sentences_of_a_file(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="the training room needs torch")
    from inference.training.evaluation.evaluate import lines_of
    from inference.training.synthetic_speech import espeak, synthesis

    path = tmp_path / "own.txt"
    path.write_text("Mama met Bob.\n\n  A plum.  \n", encoding="utf-8")
    assert lines_of(path) == ("Mama met Bob.", "A plum.")
    path.write_text("\n")
    for bad in (path, tmp_path / "none.txt"):
        with pytest.raises(EngineError, match=bad.name):
            lines_of(bad)
    # What settings are chosen by is not what is measured in the end.
    chosen_by = [
        line for name in ("harvard", "rich") for line in lines_of(espeak.DATA / f"sentences_{name}.txt")
    ]
    assert len(chosen_by) == 56
    assert not {*chosen_by} & {*synthesis.TEST_SENTENCES, *synthesis.PLAIN_SENTENCES}


def test_closures_in_sentences_of_ones_own(corpus: Path, backend, fake_flite: None) -> None:  # type: ignore[no-untyped-def]
    from inference.training.evaluation.evaluate import OURS, TEST_VOICES, evaluate

    rows = evaluate(
        corpus, backend, speech=False, clips=1, report=lambda line: None, sentences=("Mama.", "Mum.")
    )
    own = [row for row in rows if row.speaker == "own"]
    assert [(row.system, row.clips, row.missing) for row in own] == [(OURS, 2 * len(TEST_VOICES), 0)]
    assert own[0].figures["closures"]
