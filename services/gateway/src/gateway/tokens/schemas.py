"""How the token endpoint looks in the API document."""

from typing import Any

from servicekit.http.examples import example_of
from servicekit.http.openapi_parts import header_refs

from gateway.tokens.domain import LONGEST_FORM

_ERROR: dict[str, Any] = {
    "type": "object",
    "description": "An error of RFC 6749 section 5.2.",
    "required": ["error", "error_description"],
    "properties": {
        "error": {"type": "string", "examples": ["invalid_client"]},
        "error_description": {
            "type": "string",
            "examples": ["The client or its secret is not known"],
        },
    },
}
_TOKEN: dict[str, Any] = {
    "type": "object",
    "description": "An access token (RFC 9068).",
    "required": ["access_token", "token_type", "expires_in"],
    "properties": {
        "access_token": {"type": "string", "examples": ["eyJ…"]},
        "token_type": {"type": "string", "enum": ["Bearer"]},
        "expires_in": {"type": "integer", "description": "Seconds.", "examples": [300]},
        "scope": {"type": "string", "examples": ["enterprises.read"]},
    },
}
_REQUEST: dict[str, Any] = {
    "type": "object",
    "description": f"A form of at most {LONGEST_FORM} bytes.",
    "required": ["grant_type"],
    "properties": {
        "grant_type": {"type": "string", "enum": ["client_credentials"]},
        "client_id": {"type": "string", "examples": ["office"]},
        "client_secret": {"type": "string", "format": "password", "examples": ["…"]},
        "scope": {
            "type": "string",
            "description": "Space-separated; all it has if absent.",
            "examples": ["enterprises.read indicators.read"],
        },
    },
    "example": {"grant_type": "client_credentials", "client_id": "office", "client_secret": "…"},
}


SCHEMAS: dict[str, Any] = {
    "OAuthError": _ERROR,
    "AccessToken": _TOKEN,
    "TokenRequest": _REQUEST,
}


def _body(schema: str, media_type: str = "application/json") -> dict[str, Any]:
    reference = {"$ref": f"#/components/schemas/{schema}"}
    return {media_type: {"schema": reference, "example": example_of(reference, SCHEMAS)}}


def _answer(description: str, schema: str, *headers: str) -> dict[str, Any]:
    named = header_refs("X-Request-Id", *headers)
    return {"description": description, "headers": named, "content": _body(schema)}


def _error(description: str, *headers: str) -> dict[str, Any]:
    return _answer(description, "OAuthError", *headers)


PATHS: dict[str, Any] = {
    "/oauth/token": {
        "post": {
            "operationId": "createAccessToken",
            "tags": ["tokens"],
            "summary": "Get an access token",
            "description": "OAuth 2.0 client credentials (RFC 6749 section 4.4); the client "
            "authenticates in the form or with HTTP Basic.",
            "security": [],
            "requestBody": {
                "required": True,
                "content": _body("TokenRequest", "application/x-www-form-urlencoded"),
            },
            "responses": {
                "200": _answer("The token", "AccessToken"),
                "400": _error("The request cannot be read, or asks for too much"),
                "401": _error("The client or its secret is not known", "WWW-Authenticate"),
                "429": _error("Too many failed attempts", "Retry-After"),
            },
        }
    }
}
