#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The one command line for people who install this product or work on it.

    python build.py demo       a talking character, from a bare machine to out/demo.mp4
    python build.py test       everything installed, all tests
    python build.py quick      the tests that need numpy and pytest alone
    python build.py inside     the add-on's tests in one Blender
    python build.py lint       rules and format of the code; types, docs: the same for those
    python build.py package    the add-on's zip, its SHA-256 and what it is made of
    python build.py bench      the speed figures
    python build.py setup      only install (--full, --training: see its --help)

Only Python's standard library is needed; whatever else is missing is installed into .env/ beside this file.
"""

import sys

if sys.version_info < (3, 10):  # noqa: UP036 - checked before anything that an older Python could not even read
    sys.exit("build.py needs Python 3.10 or newer; this is Python " + sys.version.split()[0] + ".")

from tools.commands import main

if __name__ == "__main__":
    raise SystemExit(main())
