"""A return looked at before it is handed in: its form, and the rules."""
