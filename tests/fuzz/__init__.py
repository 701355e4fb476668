"""Damaged files for every reader: each must end in a sentence or in something that can be used, and cost little."""
