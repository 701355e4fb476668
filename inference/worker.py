"""The door for the add-on: JSON lines in, JSON lines out (the protocol is in ``docs/architecture.md``).

Run as ``python -m inference.worker``, or by path inside Blender's own binary
(``blender -b --factory-startup --python inference/worker.py``).
"""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

if not __package__:  # run by path, inside Blender's binary: make the engine importable
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from inference import __version__
from inference.errors import EngineError

PROTOCOL = 1


def main() -> int:
    """Answer requests until the input closes; returns the exit code."""
    # The protocol owns standard output: whatever else is printed (by a library, by Blender) must not mix in.
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(2, 1)
    requests = os.fdopen(os.dup(0), "r", encoding="utf-8", errors="replace")
    try:
        Worker(replies).serve(requests)
    except BrokenPipeError:  # the add-on has gone
        return 0
    return 0


class Worker:
    """Serves requests one after the other; keeps the loaded backend between them.

    Args:
        replies: text stream that the JSON lines are written to.
    """

    def __init__(self, replies: IO[str]) -> None:
        self._replies = replies
        self._backends: dict[tuple[str, str], Any] = {}

    def serve(self, requests: IO[str]) -> None:
        """Announce the capabilities, then answer each line of ``requests`` until it ends."""
        try:
            self._send(self.capabilities())
        except EngineError as error:
            self._send({"type": "error", "code": error.code, "message": error.message})
            return
        for line in requests:
            if line.strip():
                self.answer(line)

    def answer(self, line: str) -> None:
        """Answer one request with progress lines and one result or error line."""
        identity: Any = None
        try:
            try:
                request = json.loads(line)
                identity = request.get("id") if isinstance(request, dict) else None
            except ValueError:
                request = None
            if not isinstance(request, dict):
                raise EngineError("The request is not a JSON object: update the add-on.", "bad_request")
            commands = {
                "animate": self._animate,
                "capabilities": lambda request: self.capabilities(),
                "landmarks": _landmarks,
                "retarget": _retarget,
                "published": _published,
                **dict.fromkeys(("style", "personalize", "capture", "mix"), self._filmed),
            }
            if request.get("command") not in commands:
                raise EngineError(
                    f"The engine has no command {request.get('command')!r}: update it.", "bad_request"
                )
            self._send({**commands[request["command"]](request), "id": identity})
        except EngineError as error:
            self._send({"type": "error", "id": identity, "code": error.code, "message": error.message})
        except MemoryError:
            message = "There is not enough memory for a recording this long: split it into shorter parts."
            self._send({"type": "error", "id": identity, "code": "out_of_memory", "message": message})
        except BrokenPipeError:
            raise
        except (
            Exception
        ) as error:  # the one place where a fault of ours becomes a sentence; the trace goes to the log
            import traceback

            traceback.print_exc()
            message = (
                f"The engine failed ({type(error).__name__}: {error}): copy the diagnostics and report it."
            )
            self._send({"type": "error", "id": identity, "code": "internal", "message": message})

    def capabilities(self) -> dict[str, Any]:
        """What this engine can do."""
        try:
            import numpy
        except ImportError:
            raise EngineError(
                f"{sys.executable} has no numpy, which the engine needs: install Blender's numpy package "
                "(Debian and Ubuntu: sudo apt-get install python3-numpy) or choose another Python in the preferences.",
                "no_numpy",
            ) from None
        from inference.commands.filmed import capture_state
        from inference.hearing.backends import available_backends, available_devices
        from inference.motion.manner.styles import shipped_styles
        from inference.published.commands import state

        published = state()
        return {
            "type": "capabilities",
            "protocol": PROTOCOL,
            "engine": __version__,
            "backends": available_backends(),
            "devices": available_devices(),
            "models": ["content", *([published["name"]] if published["available"] else [])],
            "published": published,
            "capture": capture_state(),
            "styles": [
                {"name": style.name, "label": style.label, "description": style.description}
                for style in shipped_styles().values()
            ],
            "python": platform.python_version(),
            "numpy": numpy.__version__,
        }

    def _animate(self, request: dict[str, Any]) -> dict[str, Any]:
        from inference.hearing.backends import load_backend
        from inference.pipeline import Settings, animate

        audio, output = request.get("audio"), request.get("output")
        if not isinstance(audio, str) or not isinstance(output, str):
            raise EngineError(
                "The request names no audio or no output file: update the add-on.", "bad_request"
            )
        names = ("fps", "style", "speaker", "pose", "seed", "backend", "device", "source_name")
        try:
            settings = Settings(**{name: request[name] for name in names if name in request})
        except TypeError as error:
            raise EngineError(
                f"The request has a value of the wrong kind ({error}).", "bad_request"
            ) from error

        progress = self._progress(request)
        if request.get("model", "content") == "content":
            chosen = (settings.backend, settings.device)
            if chosen not in self._backends:
                self._backends[chosen] = load_backend(*chosen)
            result = animate(audio, settings, progress, self._backends[chosen])
        else:
            from inference.published.commands import animate_request

            result = animate_request(request, audio, settings, progress)
        result.animation.save(output)
        return {
            "type": "result",
            "output": output,
            "frames": len(result.animation),
            "fps": result.animation.fps,
            "duration": result.duration,
            "warnings": list(result.warnings),
        }

    def _filmed(self, request: dict[str, Any]) -> dict[str, Any]:
        from inference.commands.filmed import COMMANDS

        return COMMANDS[request["command"]](request, self._progress(request))

    def _progress(self, request: dict[str, Any]) -> Callable[[float, str], None]:
        """What tells the add-on how far a request is."""

        def progress(fraction: float, stage: str) -> None:
            self._send(
                {"type": "progress", "id": request.get("id"), "fraction": round(fraction, 4), "stage": stage}
            )

        return progress

    def _send(self, message: dict[str, Any]) -> None:
        self._replies.write(json.dumps(message, ensure_ascii=False) + "\n")
        self._replies.flush()


def _retarget(request: dict[str, Any]) -> dict[str, Any]:
    from inference.face.retargeting.own_shapes import command

    return command(request)


def _published(request: dict[str, Any]) -> dict[str, Any]:
    """The state of MakeItTalk's files in ``folder``; with ``accept`` their licence is accepted first."""
    from inference.published import licence
    from inference.published.commands import state
    from inference.published.files import published_folder

    folder = request.get("folder") or None
    if request.get("accept") and not licence.accept(published_folder(folder)):
        raise EngineError(
            f"{published_folder(folder)} cannot be written to, so that accepting the licence cannot be remembered: "
            "make the folder, or choose another one.",
            "output_unwritable",
        )
    return {"type": "result", "warnings": [], **state(folder)}


def _landmarks(request: dict[str, Any]) -> dict[str, Any]:
    from inference.capture.still import command

    return command(request)


if __name__ == "__main__":
    code = main()
    if "bpy" in sys.modules:
        # Inside Blender a plain exit would run its whole shutdown; nothing here needs that.
        os._exit(code)
    raise SystemExit(code)
