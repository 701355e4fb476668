"""The engine's training commands, one module a subject. Heavy imports happen inside the handlers."""

from __future__ import annotations

from . import evaluate, manner, pictures, portrait, prepare, speaker, train
from .told import Subparsers


def add_subcommands(subparsers: Subparsers) -> None:
    """Adds the training room's commands; each parsed namespace has ``run``, which takes it and returns the exit code."""
    for subject in (prepare, train, evaluate, manner, speaker, pictures, portrait):
        subject.add_parsers(subparsers)
