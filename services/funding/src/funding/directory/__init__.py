"""The copy of the unit tree."""
