"""``style``: the talking style of a person, from a short clip."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..face.messages import StyleRequest, StyleResult
from ..face.outputs import keep_apart
from ..progress import Progress, share_of
from .terminal import ProgressLine, print_json

if TYPE_CHECKING:
    from ..motion.manner.styles import Style


def answer(request: StyleRequest, progress: Progress) -> StyleResult:
    """Learn a style. Raises EngineError as `imitation.example.read_example` and `style_avatar_codes.open_codes` do."""
    from ..imitation.example import read_example
    from ..imitation.imitate import imitate
    from ..motion.manner.styles import save_style
    from ..published.style_avatar_codes import is_code

    clip, output = Path(request.clip), Path(request.output)
    keep_apart([output], [clip, request.audio])
    if is_code(clip):
        style = _of_code(clip, request.name or output.stem, None, False)
        save_style(style, output)
        return StyleResult(request.output, style.name, tuple(_nearest(_similarities(style))))
    example = read_example(clip, request.audio, share_of(progress, 0.0, 0.8))
    progress(0.8, "Learning the style")
    style = imitate([example], request.name or output.stem, f"As in {clip.name}")
    save_style(style, output)
    return StyleResult(request.output, style.name, tuple(_nearest(_similarities(style))))


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
    parser.add_argument(
        "--json", action="store_true", help="print code, statistics and nearness as one JSON object"
    )
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from ..motion.manner.styles import save_style

    outputs = [path for path in (arguments.output, arguments.published_code) if path is not None]
    keep_apart(outputs, [arguments.clip, arguments.audio])
    line = ProgressLine(quiet=arguments.json)
    style = _learnt(arguments, line)
    line.end()
    if arguments.output is not None:
        save_style(style, arguments.output)
    similarity = {other: round(value, 3) for other, value in _similarities(style).items()}
    if arguments.json:
        print_json(
            {
                "type": "result",
                "output": str(arguments.output or ""),
                "code": style.code,
                "statistics": style.statistics,
                "similarity": similarity,
            }
        )
        return 0
    if arguments.output is not None:
        print(f"{arguments.output}: use it with --style {arguments.output}")
    closest = ", ".join(f"{other} ({similarity[other]:.2f})" for other in _nearest(similarity)[:3])
    print(f"nearest shipped styles: {closest}")
    for key, value in style.statistics.items():
        print(f"  {key:28} {value:8.3f}")
    return 0


def _learnt(arguments: argparse.Namespace, progress: Progress) -> Style:
    """The style of a clip, whose published code is written where it is asked for, or of such a code."""
    from ..imitation.example import read_example
    from ..imitation.imitate import imitate
    from ..published.style_avatar_codes import is_code, open_codes

    name = arguments.name or (arguments.output or arguments.clip).stem
    chosen, accepting = arguments.published_folder, arguments.accept_licence
    if is_code(arguments.clip):
        return _of_code(arguments.clip, name, chosen, accepting)
    codes = open_codes(chosen, accepting) if arguments.published_code else None
    example = read_example(arguments.clip, arguments.audio, progress)
    if codes is not None:
        codes.save(example.animation, arguments.published_code)
    return imitate([example], name, f"As in {arguments.clip.name}")


def _of_code(clip: Path, name: str, chosen: str | None, accepting: bool) -> Style:
    """A style of ours from a style code of style_avatar's."""
    from ..imitation.imitate import from_measures
    from ..published.style_avatar_codes import open_codes

    return from_measures(open_codes(chosen, accepting).measures(str(clip)), name, f"As {clip.name}")


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
