"""Sentences spoken by synthesisers, with exact times of their phones."""
