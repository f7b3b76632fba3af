"""Money made available on a budget line."""
