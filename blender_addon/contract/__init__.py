# SPDX-License-Identifier: GPL-3.0-or-later
"""The contract with the engine: the engine's own `inference/face`, the very same files, as a package of this add-on.

The engine runs in a process of its own and its packages are not on Blender's path; under a name inside this add-on the
contract meets no other `inference`. `from ..contract import dials` reads `inference/face/dials.py`; the names below can be
imported as they are. What needs numpy is not loaded before it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from inference.face import (
        arrays,
        cores,
        curves,
        dial_curves,
        dialled,
        dials,
        easing,
        errors,
        face_picture,
        fault_reports,
        file_digests,
        finer_texture,
        gif,
        head_limits,
        landmarks,
        lids_and_lips,
        line_texts,
        listening,
        live_frames,
        messages,
        names,
        outputs,
        png,
        portable_names,
        puppet_files,
        resampling,
        retargeting,
        runs,
        shape_effects,
        shape_table,
        shipped_pictures,
        spreadsheet,
        srgb,
        turns,
        wav_files,
        wav_layout,
    )
    from inference.face.animation import Cue, FaceAnimation
    from inference.face.dials import Dials
    from inference.face.errors import EngineError
    from inference.face.names import (
        ARKIT_INDEX,
        ARKIT_NAMES,
        LANDMARK_COUNT,
        LANDMARK_GROUPS,
        MOUTH_SHAPES,
        POSES,
        VISEMES,
    )
else:
    from ..host.engine_folder import find_root

    __path__ = [str(find_root() / "inference" / "face")]

    from .dials import Dials
    from .errors import EngineError
    from .names import (
        ARKIT_INDEX,
        ARKIT_NAMES,
        LANDMARK_COUNT,
        LANDMARK_GROUPS,
        MOUTH_SHAPES,
        POSES,
        VISEMES,
    )

    def __getattr__(name: str) -> Any:
        if name in {"Cue", "FaceAnimation"}:  # they need numpy
            from . import animation

            return getattr(animation, name)
        raise AttributeError(name)


__all__ = [
    "ARKIT_INDEX",
    "ARKIT_NAMES",
    "LANDMARK_COUNT",
    "LANDMARK_GROUPS",
    "MOUTH_SHAPES",
    "POSES",
    "VISEMES",
    "Cue",
    "Dials",
    "EngineError",
    "FaceAnimation",
    "arrays",
    "cores",
    "curves",
    "dial_curves",
    "dialled",
    "dials",
    "easing",
    "errors",
    "face_picture",
    "fault_reports",
    "file_digests",
    "finer_texture",
    "gif",
    "head_limits",
    "landmarks",
    "lids_and_lips",
    "line_texts",
    "listening",
    "live_frames",
    "messages",
    "names",
    "outputs",
    "png",
    "portable_names",
    "puppet_files",
    "resampling",
    "retargeting",
    "runs",
    "shape_effects",
    "shape_table",
    "shipped_pictures",
    "spreadsheet",
    "srgb",
    "turns",
    "wav_files",
    "wav_layout",
]
