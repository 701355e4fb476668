"""Every renderer has a name that can be asked for, and draws in batches of its own size."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from portrait_motion import talking

from inference.errors import EngineError
from inference.face.face_picture import FacePicture
from inference.face.names import PORTRAIT_RENDERERS
from inference.pictures.filling import Pixels
from inference.portrait import renderers
from inference.portrait.boxes import Box
from inference.portrait.make import PortraitSettings, make_portrait
from inference.portrait.renderers import RENDERERS, Stage, renderer_called
from inference.portrait.sampling import Sampler
from inference.portrait.warp import Pose, WarpRenderer


def test_every_name_has_a_renderer() -> None:
    assert tuple(RENDERERS) == PORTRAIT_RENDERERS


def test_an_unknown_renderer_is_a_sentence(small: FacePicture) -> None:
    stage = Stage(small, False, Box(0, 0, *small.size), Sampler())
    with pytest.raises(EngineError, match=r"no renderer 'oils': choose warp") as caught:
        renderer_called("oils", stage)
    assert caught.value.code == "bad_request"


class InThrees(WarpRenderer):
    """Wants three frames at a time, and keeps how many it was asked for."""

    asked: list[int]

    @property
    def at_once(self) -> int:
        return 3

    @property
    def told(self) -> tuple[str, ...]:
        return (f"Drawn in {len(self.asked)} parts.",)

    def draw_all(self, poses: Sequence[Pose]) -> list[Pixels]:
        self.asked.append(len(poses))
        return super().draw_all(poses)


def test_batches_come_in_order_and_what_it_tells_is_told(
    small: FacePicture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("PIL")
    made: list[InThrees] = []

    def in_threes(stage: Stage) -> InThrees:
        renderer = InThrees(stage.face, stage.clear, stage.view, stage.sampler)
        renderer.asked = []
        made.append(renderer)
        return renderer

    monkeypatch.setattr(renderers, "RENDERERS", {"warp": RENDERERS["warp"], "threes": in_threes})
    seen: dict[str, list[bytes]] = {}
    shares: list[float] = []
    for name in ("warp", "threes"):
        folder = tmp_path / name
        settings = PortraitSettings(renderer=name)
        report = make_portrait(
            small, talking(10), None, folder, settings, 0.4, {}, lambda part, _: shares.append(part)
        )
        seen[name] = [path.read_bytes() for path in sorted(folder.glob("*.png"))]
    assert len(seen["warp"]) == 10 and seen["warp"] == seen["threes"]
    assert len({*seen["warp"]}) > 5
    assert sorted(made[0].asked) == [1, 3, 3, 3] and report.warnings[-1] == "Drawn in 4 parts."
    assert np.all(np.array(shares) <= 1)


class FewerLater(WarpRenderer):
    """Wants five frames at a time, and two once it has drawn."""

    wants = 5

    @property
    def at_once(self) -> int:
        return self.wants

    def draw_all(self, poses: Sequence[Pose]) -> list[Pixels]:
        self.wants = 2
        return super().draw_all(poses)


@pytest.mark.parametrize("frames", [1, 5, 23, 61])
def test_no_frame_is_lost_where_a_renderer_comes_to_want_fewer(
    frames: int, small: FacePicture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("PIL")

    def fewer_later(stage: Stage) -> FewerLater:
        return FewerLater(stage.face, stage.clear, stage.view, stage.sampler)

    monkeypatch.setattr(renderers, "RENDERERS", {**RENDERERS, "fewer": fewer_later})
    settings = PortraitSettings(renderer="fewer", size=24)
    make_portrait(small, talking(frames), None, tmp_path, settings, frames / 25, {}, lambda *_: None)
    assert len(list(tmp_path.glob("*.png"))) == frames
