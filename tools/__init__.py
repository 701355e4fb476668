# SPDX-License-Identifier: MIT
"""What build.py is made of: environments, Blenders, the zip, the demo, the bench. Standard library only."""
