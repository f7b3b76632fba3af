"""What a bulletin says over its figures, and how it is set."""
