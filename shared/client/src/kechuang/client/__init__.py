"""A client of the public API: tokens, idempotency keys, retries, pages and problems."""

from kechuang.client.api import Client
from kechuang.client.credentials import Credentials, CredentialsError
from kechuang.client.errors import ApiError, FieldError, Unreachable

__all__ = ["ApiError", "Client", "Credentials", "CredentialsError", "FieldError", "Unreachable"]
