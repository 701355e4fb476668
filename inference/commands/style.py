"""``style``: the talking style of a person, from a short clip."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ..errors import EngineError
from ..face.messages import StyleRequest, StyleResult
from ..face.outputs import keep_apart, refuse_nameless
from ..progress import Progress, share_of
from .terminal import add_json, show_result, show_terms

if TYPE_CHECKING:
    from ..motion.manner.styles import Style

_ENDING: Final = ".json"


@dataclass(frozen=True)
class _Published:
    """What is asked of style_avatar's codes.

    Attributes:
        code: write the clip's code there.
        folder: where its files are instead.
        accepting: whether its licence is accepted now.
    """

    code: Path | None = None
    folder: str | None = None
    accepting: bool = False


@dataclass(frozen=True)
class _Learnt:
    """A style as the command line shows it.

    Attributes:
        style: what was learned.
        output: the file; "" where it was not written.
        similarity: how near it is to each shipped style, by its name.
        warnings: sentences that the user should read.
    """

    style: Style
    output: str
    similarity: dict[str, float]
    warnings: tuple[str, ...]

    def as_message(self) -> dict[str, Any]:
        """The JSON object for programs."""
        return {
            "type": "result",
            "output": self.output,
            "code": self.style.code,
            "statistics": self.style.statistics,
            "similarity": self.similarity,
            "warnings": list(self.warnings),
        }

    def told(self) -> list[str]:
        """What people read."""
        nearest = _nearest(self.similarity)[:3]
        closest = ", ".join(f"{other} ({self.similarity[other]:.2f})" for other in nearest)
        return [
            *([f"{self.output}: use it with --style {self.output}"] if self.output else []),
            f"nearest shipped styles: {closest}",
            *(f"  {name:28} {value:8.3f}" for name, value in self.style.statistics.items()),
        ]


def answer(request: StyleRequest, progress: Progress) -> StyleResult:
    """Learn a style. Raises EngineError as `imitation.example.read_example` and `style_avatar_codes.open_codes` do."""
    from ..motion.manner.styles import save_style

    clip, output = Path(request.clip), Path(request.output)
    keep_apart([output], [_file_of(clip), request.audio])
    style, told = _learnt(clip, request.audio, request.name or output.stem, _Published(), progress)
    save_style(style, output)
    return StyleResult(request.output, style.name, tuple(_nearest(_similarities(style))), told)


def add_parser(commands: Any) -> None:
    """Add the command to the ``add_subparsers`` object."""
    parser = commands.add_parser("style", help="take the talking style of a person from a short clip")
    parser.add_argument(
        "clip",
        type=Path,
        help="5 to 20 s of video of a talking face, an animation (.npz), or a style code of style_avatar's (.npy, with :NUMBER "
        "where it holds several)",
    )
    parser.add_argument("-o", "--output", type=Path, help="the style file (.json) to write")
    parser.add_argument("--audio", type=Path, help="the clip's sound (default: the video's own)")
    parser.add_argument("--name", help="of the style (default: the output's or clip's file name)")
    group = parser.add_argument_group(
        "style_avatar", "docs/published-checkpoints.md says where its files come from"
    )
    group.add_argument(
        "--published-code", type=Path, metavar="NPY", help="write the clip's style code in its numbers, too"
    )
    group.add_argument("--published-folder", metavar="FOLDER", help="where its files are instead")
    group.add_argument("--accept-licence", action="store_true", help="accept its licence, once")
    add_json(parser, "code, statistics and nearness, or the error, as one JSON object")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from ..motion.manner.styles import save_style

    outputs = [path for path in (arguments.output, arguments.published_code) if path is not None]
    keep_apart(outputs, [_file_of(arguments.clip), arguments.audio])
    if arguments.output is not None:
        refuse_nameless(arguments.output, [_ENDING], "style")
        if arguments.output.suffix.lower() != _ENDING:
            raise EngineError(f"A style is a .json file: end {arguments.output} so.", "bad_request")
    asked = _Published(arguments.published_code, arguments.published_folder, arguments.accept_licence)
    _show_terms(arguments.clip, asked)
    name = arguments.name or (arguments.output or arguments.clip).stem

    def learn(progress: Progress) -> _Learnt:
        style, told = _learnt(arguments.clip, arguments.audio, name, asked, progress)
        if arguments.output is not None:
            save_style(style, arguments.output)
        similarity = {other: round(value, 3) for other, value in _similarities(style).items()}
        return _Learnt(style, str(arguments.output or ""), similarity, told)

    return show_result(learn, arguments.json, _Learnt.told)


def _file_of(clip: Path) -> Path:
    """The file that is read: of a style code without its number."""
    from ..published.style_avatar_codes import is_code
    from ..published.style_avatar_files import code_file

    return Path(code_file(str(clip))[0]) if is_code(clip) else clip


def _learnt(
    clip: Path, audio: str | Path | None, name: str, asked: _Published, progress: Progress
) -> tuple[Style, tuple[str, ...]]:
    """The style of a clip, whose published code is written where it is asked for, or of such a code; and what to know of it."""
    from ..imitation.doubts import doubts
    from ..imitation.example import read_example
    from ..imitation.imitate import from_measures, imitate
    from ..published.style_avatar_codes import is_code, open_codes

    if is_code(clip):
        if asked.code is not None:
            raise EngineError(
                f"{clip} is a style code already: leave out --published-code, or name a clip.", "bad_request"
            )
        measures = open_codes(asked.folder, asked.accepting).measures(str(clip))
        return from_measures(measures, name, f"As {clip.name}"), ()
    codes = open_codes(asked.folder, asked.accepting) if asked.code else None
    example = read_example(clip, audio, share_of(progress, 0.0, 0.8))
    if codes is not None and asked.code is not None:
        codes.save(example.animation, asked.code)
    progress(0.8, "Learning the style")
    return imitate([example], name, f"As in {clip.name}"), doubts([example])


def _show_terms(clip: Path, asked: _Published) -> None:
    from ..face.names import STYLE_AVATAR
    from ..published.style_avatar_codes import is_code
    from ..published.systems import SYSTEMS

    if asked.accepting and (asked.code is not None or is_code(clip)):
        system = SYSTEMS[STYLE_AVATAR]
        show_terms(system.terms, system.folder(asked.folder))


def _similarities(style: Style) -> dict[str, float]:
    """How near the style's code is to each shipped style's, by its name."""
    import numpy as np

    from ..motion.manner.style_code import similarity
    from ..motion.manner.styles import shipped_styles

    code = np.array(style.code)
    return {
        shipped.name: similarity(code, np.array(shipped.code))
        for shipped in shipped_styles().values()
        if shipped.code
    }


def _nearest(similarity: dict[str, float]) -> list[str]:
    """The names, nearest first."""
    return sorted(similarity, key=lambda name: -similarity[name])
