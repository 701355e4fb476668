"""Makes lines on a Ray cluster (https://docs.ray.io): a task for each, tried again on another machine where one is lost."""

from __future__ import annotations

import importlib
import socket
from collections.abc import Iterator, Sequence
from typing import Any, Final

from ..errors import EngineError
from ..paths import ENGINE_ROOT
from .lines import Line
from .processes import Outcome, make_alone, outcome

_RETRIES: Final = 3
_PATIENCE: Final = 5.0
"""Seconds in which the head has to answer: Ray itself would ask for minutes."""
_MOST_LETTERS: Final = 200
"""Of Ray's own words in a sentence."""


class Cluster:
    """A Ray cluster. All its machines find program and files under the same paths.

    Args:
        address: ``auto`` or nothing for the one that this machine belongs to, ``HOST:PORT`` of its head, or ``ray://HOST:PORT``.

    Raises:
        EngineError: ray is not installed, or nobody answers there (code ``cluster_unavailable``).
    """

    def __init__(self, address: str) -> None:
        try:
            self._ray: Any = importlib.import_module("ray")
        except ImportError as error:
            raise EngineError(
                "A cluster needs the package ray, which is missing here: run pip install ray, or leave out --ray.",
                "cluster_unavailable",
            ) from error
        try:
            _knock(address)
            self._ray.init(
                address=address or "auto",
                log_to_driver=False,
                configure_logging=False,
                runtime_env={"env_vars": {"PYTHONPATH": str(ENGINE_ROOT)}},
            )
        except Exception as error:  # Ray has a kind of its own for each way in which this fails
            raise EngineError(
                f"The Ray cluster at {address} cannot be used ({_told(error)}): start it with ray start --head, or leave out "
                "--ray.",
                "cluster_unavailable",
            ) from error

    def outcomes(self, lines: Sequence[Line]) -> Iterator[Outcome]:
        """Make lines; yields what became of each as it ends. Whoever stops listening stops the tasks."""
        ray = self._ray
        make = ray.remote(num_cpus=1, max_retries=_RETRIES)(make_alone)
        running = {make.remote(line.payload()): line for line in lines}
        try:
            while running:
                ended, _ = ray.wait(list(running), num_returns=1)
                line = running.pop(ended[0])
                try:
                    yield outcome(line, ray.get(ended[0]))
                except ray.exceptions.RayError as error:
                    yield Outcome(line, f"The cluster could not make it ({_told(error)}).")
        finally:
            for task in running:
                ray.cancel(task)
            ray.shutdown()


def _knock(address: str) -> None:
    """Raise OSError where nobody answers at ``HOST:PORT``; other addresses are Ray's to understand."""
    host, colon, port = address.removeprefix("ray://").rpartition(":")
    if colon and port.isdecimal():
        socket.create_connection((host, min(int(port), 65535)), _PATIENCE).close()


def _told(error: BaseException) -> str:
    """Ray's first sentence, which says most."""
    text = " ".join(str(getattr(error, "strerror", None) or error).split())
    return text.split(". ")[0][:_MOST_LETTERS] or "no reason given"
