"""Preparing a meeting, correcting its minutes, and confirming them."""
