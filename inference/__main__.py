"""``python -m inference``."""

from .cli import main

raise SystemExit(main())
