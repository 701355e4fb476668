"""No option of a published model is passed over in silence by another model."""

from __future__ import annotations

from pathlib import Path

import pytest

from inference import cli
from inference.commands import animate
from inference.face.names import MODEL_OPTIONS


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--published-folder", "f"], "--published-folder is nothing to --model content: leave it out"),
        (["--published-letters", "l.npy"], "or choose --model style_avatar."),
        (["--published-style", "s.npy:3"], "--published-style is nothing"),
        (["--accept-licence"], "--accept-licence is nothing"),
        (["--amp-pos", "0"], "--model makeittalk or animateportrait."),
        (["--closure", "0"], "--closure is nothing"),
        (["--model", "style_avatar", "--published-speaker", "ann"], "is nothing to --model style_avatar"),
        (["--model", "makeittalk", "--published-style", "s.npy"], "is nothing to --model makeittalk"),
    ],
)
def test_what_is_nothing_to_a_model_is_told(
    words: list[str], told: str, tmp_path: Path, word: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "o.npz"
    assert cli.main(["animate", str(word), "-o", str(output), *words]) == 1
    (sentence,) = capsys.readouterr().err.splitlines()
    assert told in sentence and not output.exists()


def test_every_option_of_models_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """One more in its group has to say whose it is."""
    shown: list[str] = []
    monkeypatch.setattr(animate, "_check_model_options", lambda arguments, _: shown.extend(vars(arguments)))
    cli.main(["animate", "none.wav", "-o", "o.npz"])
    of_models = {name for name in shown if name.startswith(("published_", "amp_"))} - {"published_head"}
    assert of_models == {name for name in MODEL_OPTIONS if name.startswith(("published_", "amp_"))}
