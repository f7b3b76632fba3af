"""The Python client of the public API and the kechuang command."""

from kechuang.client import ApiError, Client, Credentials

__all__ = ["ApiError", "Client", "Credentials"]
