"""Promised targets, reported numbers, and how far they are apart."""
