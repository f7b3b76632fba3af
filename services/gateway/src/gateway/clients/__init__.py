"""The systems and demo users that may ask for a token."""
