"""How many requests a caller may make."""
