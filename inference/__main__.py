"""``python -m inference``."""

import os
import signal
import sys


def _stopped(*_: object) -> None:
    """Ctrl-C while numpy and the rooms are imported, which takes a moment: there is nothing to clean up yet."""
    sys.stderr.write("inference: stopped.\n")
    sys.stderr.flush()
    os._exit(130)


_interrupted = signal.getsignal(signal.SIGINT)
if _interrupted is signal.default_int_handler:  # else whoever started this wants it otherwise
    signal.signal(signal.SIGINT, _stopped)

from .processor import use_all_of_it  # noqa: E402

use_all_of_it()

from .cli import main  # noqa: E402 - numpy comes with it

signal.signal(signal.SIGINT, _interrupted or signal.SIG_DFL)
raise SystemExit(main())
