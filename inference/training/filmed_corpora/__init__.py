"""Filmed speakers: prepared from their published downloads, aligned with their words, sound in sync with picture."""
