"""Measures how the 52 ARKit shapes move the 68 landmarks of a head, the table that `retarget.arkit` solves with.

Run as ``python -m inference.training.arkit_basis ict_face_model.npz -o checkpoints/arkit_basis.npz``.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from ..face.names import ARKIT_NAMES


def measure(model: Path) -> dict[str, np.ndarray]:
    """The table of an ICT FaceKit model file (vertices, expression_deltas, expression_names, landmark68).

    Returns:
        names (52,), deltas (52, 68, 3) and neutral (68, 3) float32, unit outer eye-corner distance, origin at the
        midpoint of the outer eye corners. A shape the model lacks stays zero (tongueOut moves no landmark).
    """
    with np.load(model, allow_pickle=False) as data:
        points = data["landmark68"]
        neutral = data["vertices"][points].astype(np.float64)
        shapes = dict(
            zip((str(name) for name in data["expression_names"]), data["expression_deltas"][:, points])
        )
    origin = (neutral[36] + neutral[45]) / 2
    unit = np.linalg.norm(neutral[45] - neutral[36])
    deltas = np.zeros((len(ARKIT_NAMES), 68, 3))
    for row, name in enumerate(ARKIT_NAMES):
        spelled = name.replace("Left", "_L") if name.endswith("Left") else name
        spelled = spelled.replace("Right", "_R") if spelled.endswith("Right") else spelled
        # ICT splits what ARKit has as one shape (browInnerUp, cheekPuff) and names the sides _L and _R;
        # jawLeft, mouthRight and the like keep their names.
        for candidate in [name] if name in shapes else [spelled, name + "_L", name + "_R"]:
            if candidate in shapes:
                deltas[row] += shapes[candidate].astype(np.float64) / unit
    return {
        "names": np.array(ARKIT_NAMES),
        "deltas": deltas.astype(np.float32),
        "neutral": ((neutral - origin) / unit).astype(np.float32),
    }


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path, help="ICT FaceKit model as .npz")
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args()
    np.savez_compressed(options.output, **measure(options.model))
    print(f"{options.output}: {len(ARKIT_NAMES)} shapes at 68 landmarks")


if __name__ == "__main__":
    main()
