"""Budget lines: a fund in a fiscal year."""
