"""Corrections of accepted returns: what they told before is kept as it was known."""
