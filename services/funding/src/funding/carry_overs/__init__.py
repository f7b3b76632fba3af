"""Carry-overs of free money into the next year."""
