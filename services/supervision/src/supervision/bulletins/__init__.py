"""Bulletins: cut from the data at a moment, edited, reviewed by another person, issued."""
