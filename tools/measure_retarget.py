"""Measures what fitting motion to a character's own shapes gains over the general weights, on the ICT head.

    python -m tools.measure_retarget ict_face_model.npz [motion.npz …]

Without motion files the demo voice is animated. Prints one line a motion: root mean square distance of lip and jaw landmarks
from where they should be (in % of the outer eye-corner distance), and the lip gap where the speaker's lips are shut.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def main() -> int:
    """Command line."""
    import numpy as np

    from inference.face.animation import FaceAnimation
    from inference.face.names import ARKIT_INDEX
    from inference.face.retargeting.own_shapes import (
        OwnShapes,
        fitted_motion,
        landmark_error,
        lip_gap,
        own_weights,
    )
    from inference.pipeline import Settings, animate
    from inference.training.arkit_basis import measure

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path, help="ICT FaceKit model as .npz")
    parser.add_argument(
        "motions", type=Path, nargs="*", help="FaceAnimation files; the demo voice by default"
    )
    options = parser.parse_args()
    table = measure(options.model)
    moving = np.abs(table["deltas"]).max(axis=(1, 2)) > 0
    shapes = OwnShapes(
        tuple(str(name) for name in table["names"][moving]), table["deltas"][moving], table["neutral"]
    )
    takes = [(path.name, FaceAnimation.load(path)) for path in options.motions] or [
        ("demo voice", animate(str(ROOT / "demo" / "hello.wav"), Settings()).animation)
    ]
    width = float(shapes.neutral[54, 0] - shapes.neutral[48, 0])
    columns = [ARKIT_INDEX[name] for name in shapes.names]
    for name, animation in takes:
        motion = fitted_motion(animation, shapes.neutral)
        shut = animation.landmarks[:, 62, 1] - animation.landmarks[:, 66, 1] < 1e-3
        measured = []
        for weights in (animation.arkit[:, columns], own_weights(animation, shapes)):
            error = 100 * landmark_error(weights, motion, shapes.deltas)
            gap = 100 * float(lip_gap(weights, shapes)[shut].max(initial=0.0)) / width
            measured.append((error, gap))
        (before, gap_before), (after, gap_after) = measured
        print(
            f"{name}: landmark error {before:.2f} % -> {after:.2f} % ({100 * (after / before - 1):+.0f} %), "
            f"lips shut within {gap_before:.1f} % -> {gap_after:.1f} % of the mouth's width in {int(shut.sum())} frames"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
