"""The close of a fiscal year."""
