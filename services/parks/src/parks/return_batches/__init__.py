"""A step of many returns at once: a park hands in and accepts some hundred in a morning."""
