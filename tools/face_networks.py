# SPDX-License-Identifier: MIT
"""Makes ``checkpoints/face.npz`` of MediaPipe's face networks, as they lie in its wheel.

    python -m tools.face_networks [-o checkpoints/face.npz] [--modules FOLDER]

Needs numpy, and the package mediapipe 0.10.21 for its files alone: nothing of it runs. The same files give the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tools import tflite
from tools.environments import ROOT
from tools.terminal import BuildError, say

FORMAT_VERSION = 1
MADE = ROOT / "checkpoints" / "face.npz"
NETWORKS = {
    "short_range": "face_detection/face_detection_short_range.tflite",
    "full_range": "face_detection/face_detection_full_range_sparse.tflite",
    "mesh": "face_landmark/face_landmark_with_attention.tflite",
    "matte": "selfie_segmentation/selfie_segmentation.tflite",
}
"""Name in the engine → file below MediaPipe's modules."""

OUTPUTS = {
    "regressors": "boxes", "classificators": "scores", "Identity": "boxes", "Identity_1": "scores",
    "output_mesh_identity": "mesh", "output_lips": "lips", "output_left_eye": "left_eye",
    "output_right_eye": "right_eye", "output_left_iris": "left_iris", "output_right_iris": "right_iris",
    "conv_faceflag": "face", "activation_10": "matte",
}  # fmt: skip
"""MediaPipe's name of a result → the engine's."""

REGIONS = ("lips", "left_eye", "right_eye")
"""What the mesh network looks at again, in the order of its file: lips, the eye on the picture's left, that on its right."""

_ACTIVATIONS = {0: "", 1: "relu"}
_WEIGHTS = {"conv": (1, 2, 3, 0), "depthwise": (1, 2, 3, 0), "Convolution2DTransposeBias": (1, 2, 3, 0)}
_CUSTOM = {
    "Landmarks2TransformMatrix": "region", "TransformTensorBilinear": "sample",
    "TransformLandmarks": "transform_points", "Convolution2DTransposeBias": "transposed_conv",
}  # fmt: skip


def modules_folder() -> Path:
    """Where the installed MediaPipe keeps its model files; MediaPipe isn't run."""
    specification = importlib.util.find_spec("mediapipe")
    if specification is None or specification.origin is None:
        raise BuildError(
            "The package mediapipe is missing here: pip install mediapipe==0.10.21, or give --modules."
        )
    return Path(specification.origin).parent / "modules"


def convert(modules: Path) -> tuple[dict[str, Any], NDArray[np.float16]]:
    """The header of ``face.npz``, and all weights one after the other.

    Raises:
        BuildError: a model file is missing.
    """
    networks, sources = {}, {}
    weights: list[NDArray[np.float16]] = []
    for name, file in NETWORKS.items():
        path = modules / file
        if not path.is_file():
            raise BuildError(f"{path} is missing: give the folder modules of mediapipe 0.10.21.")
        sources[name] = {"file": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
        networks[name] = _network(tflite.read(path), weights)
    metadata = {
        "name": "face",
        "version": 1,
        "from": "mediapipe 0.10.21",
        "licence": "Apache-2.0",
        "sources": sources,
    }
    return {"format": FORMAT_VERSION, "networks": networks, "metadata": metadata}, np.concatenate(weights)


def save(path: Path, header: dict[str, Any], weights: NDArray[np.float16]) -> None:
    """Write the file: no pickle, not compressed, so that its bytes depend on no zlib."""
    text = np.frombuffer(json.dumps(header, sort_keys=True, separators=(",", ":")).encode(), np.uint8)
    np.savez(path, header=text, weights=weights)


def _network(model: tflite.Model, weights: list[NDArray[np.float16]]) -> dict[str, Any]:
    """A network's description as JSON can hold it; its weights are put behind those that are there already."""
    steps: list[dict[str, Any]] = []
    same: dict[int, int] = {}  # tensors that are another one under a further number
    for operation in model.operations:
        if operation.kind == "strided_slice":  # MediaPipe's takes the whole
            assert model.shapes[operation.inputs[0]] == model.shapes[operation.outputs[0]]
            same[operation.outputs[0]] = operation.inputs[0]
            continue
        changing = [same.get(number, number) for number in operation.inputs if number not in model.constants]
        kind = _CUSTOM.get(operation.kind, operation.kind)
        step = {
            "kind": kind,
            "inputs": changing,
            "output": operation.outputs[0],
            **_options(operation, model),
        }
        for role, values in _constants(operation, model).items():
            assert values.dtype == np.float16, operation
            begin = sum(part.size for part in weights)
            step.setdefault("weights", {})[role] = [begin, list(values.shape)]
            weights.append(values.reshape(-1))
        steps.append(step)
    outputs = {OUTPUTS[model.names[number]]: same.get(number, number) for number in model.outputs}
    regions = [step["points"] for step in steps if step["kind"] == "region"]
    height, width = model.shapes[model.inputs[0]][1:3]
    return {
        "input": model.inputs[0],
        "size": [height, width],
        "steps": steps,
        "outputs": outputs,
        "points": dict(zip(REGIONS, regions, strict=True)) if regions else {},
    }


def _options(operation: tflite.Operation, model: tflite.Model) -> dict[str, Any]:
    """What a step has to know besides its arrays."""
    kind, given = operation.kind, operation.options
    out: dict[str, Any] = {}
    if "stride_x" in given:
        assert given["stride_x"] == given["stride_y"] and not given.get("dilation_x", 1) > 1, operation
        out = {"stride": given["stride_x"], "same": given["padding"] == 0}
    if "width" in given:
        out["window"] = [given["height"], given["width"]]
    if _ACTIVATIONS[given.get("activation", 0)]:
        out["activation"] = _ACTIVATIONS[given["activation"]]
    if kind == "concat":
        out["axis"] = given["axis"] - 1  # the engine knows no batches
    elif kind == "depth_to_space":
        out["block"] = given["block"]
    elif kind == "pad":
        out["pads"] = model.constants[operation.inputs[1]][1:].tolist()
    elif kind == "reshape":
        out["shape"] = list(model.shapes[operation.outputs[0]][1:])
    elif kind == "resize_bilinear":
        out["size"] = list(model.shapes[operation.outputs[0]][1:3])
        out["half_pixels"] = bool(given["half_pixels"])
        assert not given["align_corners"]
    elif kind in ("Landmarks2TransformMatrix", "TransformTensorBilinear"):
        out.update(_region(tflite.custom_options(operation)))
    return out


def _region(options: dict[str, Any]) -> dict[str, Any]:
    """Where in the face a region lies, and how many pixels its crop has."""
    out: dict[str, Any] = {"size": [options["output_height"], options["output_width"]]}
    if "subset_idxs" in options:
        assert options["target_rotation_radians"] == 0
        out["level"] = [options["left_rotation_idx"], options["right_rotation_idx"]]
        out["scale"] = [options["scale_x"], options["scale_y"]]
        out["points"] = options["subset_idxs"]
    return out


def _constants(operation: tflite.Operation, model: tflite.Model) -> dict[str, NDArray[Any]]:
    """A step's arrays by role, laid out as the engine multiplies them: height, width, inputs, outputs."""
    kind = operation.kind
    fixed = [model.constants[number] for number in operation.inputs if number in model.constants]
    if not fixed or kind in ("pad", "reshape", "resize_bilinear"):
        return {}
    if kind in _WEIGHTS:
        weight, bias = fixed
        weight = weight.transpose(_WEIGHTS[kind])
        return {
            "weight": np.ascontiguousarray(weight[..., 0] if kind == "depthwise" else weight),
            "bias": bias,
        }
    (values,) = fixed
    role = "slope" if kind == "prelu" else "factor"
    return {role: values.reshape(values.shape[1:] if values.ndim > 1 else values.shape)}


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("-o", "--output", type=Path, default=MADE)
    parser.add_argument(
        "--modules", type=Path, help="MediaPipe's folder modules (default: the installed one)"
    )
    options = parser.parse_args()
    header, weights = convert(options.modules or modules_folder())
    save(options.output, header, weights)
    say(f"{options.output}: {options.output.stat().st_size / 1e6:.2f} MB, {len(weights)} weights")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
