"""Files of the applications."""
