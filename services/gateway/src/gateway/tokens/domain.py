"""The token request of RFC 6749 section 4.4: read, checked, refused in its own words."""

import base64
import binascii
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote_plus

LONGEST_FORM = 8192
"""Bytes of a token request."""


class OAuthError(Exception):
    """An answer of RFC 6749 section 5.2."""

    def __init__(self, error: str, description: str, *, status: int = 400, retry: int = 0) -> None:
        super().__init__(error)
        self.error = error
        self.description = description
        self.status = status
        self.retry = retry


def invalid_client() -> OAuthError:
    """One answer for unknown, disabled and wrong, so that nobody learns which clients exist."""
    return OAuthError("invalid_client", "The client or its secret is not known", status=401)


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """`scopes` is empty when the client asked for everything it may have."""

    client_id: str
    client_secret: str
    scopes: frozenset[str]


def read_form(content_type: str, body: bytes) -> dict[str, str]:
    """The form's fields; a field given twice is an error (RFC 6749 section 3.2).

    Raises:
        OAuthError: another content type, too long, or not a form.
    """
    if content_type.partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise OAuthError("invalid_request", "Send application/x-www-form-urlencoded")
    if len(body) > LONGEST_FORM:
        raise OAuthError("invalid_request", "The request is too long")
    try:
        pairs = parse_qsl(body.decode("ascii"), True, True, "utf-8", "strict", 20)
    except ValueError:
        raise OAuthError("invalid_request", "The form cannot be read") from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise OAuthError("invalid_request", "A parameter is given more than once")
    return fields


def read_basic(authorization: str) -> tuple[str, str] | None:
    """Client id and secret of a Basic header, both form-encoded (RFC 6749 section 2.3.1).

    Raises:
        OAuthError: another scheme, or not readable.
    """
    if not authorization:
        return None
    scheme, _, encoded = authorization.partition(" ")
    try:
        if scheme.lower() != "basic":
            raise ValueError
        text = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        raise invalid_client() from None
    client_id, colon, secret = text.partition(":")
    if not colon:
        raise invalid_client()
    return unquote_plus(client_id), unquote_plus(secret)


def read_request(content_type: str, authorization: str, body: bytes) -> TokenRequest:
    """The token request in a body and, perhaps, a Basic header.

    Raises:
        OAuthError: what is wrong with it.
    """
    fields = read_form(content_type, body)
    basic = read_basic(authorization)
    if basic is not None and "client_secret" in fields:
        raise OAuthError("invalid_request", "Authenticate in the header or in the form, not both")
    client_id, secret = basic or (fields.get("client_id", ""), fields.get("client_secret", ""))
    if basic is not None and fields.get("client_id", client_id) != client_id:
        raise OAuthError("invalid_request", "The header and the form name different clients")
    grant = fields.get("grant_type")
    if not grant:
        raise OAuthError("invalid_request", "grant_type is missing")
    if grant != "client_credentials":
        raise OAuthError("unsupported_grant_type", "Only client_credentials is supported")
    if not client_id or not secret or "\x00" in client_id:
        raise invalid_client()
    return TokenRequest(client_id[:256], secret, frozenset(fields.get("scope", "").split()))
