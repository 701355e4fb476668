"""``python -m inference``."""

from .processor import use_all_of_it

use_all_of_it()

from .cli import main  # noqa: E402 - numpy comes with it

raise SystemExit(main())
