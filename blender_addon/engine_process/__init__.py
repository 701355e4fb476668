# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine as a process of its own: started, asked, several of them, its full environment, and the files it made."""
