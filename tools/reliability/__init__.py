# SPDX-License-Identifier: MIT
"""What happens to a scene where the engine is killed, a disk is full, a folder is locked: measured, see docs/reliability.md."""
