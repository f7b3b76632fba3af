"""The Python client of the public API and the kechuang command."""
