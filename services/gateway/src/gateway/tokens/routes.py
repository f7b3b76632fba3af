"""`/oauth/token` and the two documents that tell how to use it."""

from collections.abc import Sequence

import orjson
from servicekit import context
from servicekit.auth.principal import Principal
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gateway.logins.schemas import Provider
from gateway.settings import GatewaySettings
from gateway.tokens.domain import LONGEST_FORM, OAuthError, read_request
from gateway.tokens.keys import SigningKeys
from gateway.tokens.service import TokenIssuer

NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


def token_routes(keys: SigningKeys, settings: GatewaySettings) -> list[Route]:
    """The routes; `app.state.issuer` is the issuer that start-up has made."""

    def base(request: Request) -> str:
        return settings.public_url.rstrip("/") or str(request.base_url).rstrip("/")

    async def token(request: Request) -> Response:
        try:
            return await issue(request, request.app.state.issuer)
        except OAuthError as error:
            return refusal(error)

    async def key_set(_: Request) -> Response:
        return Response(
            orjson.dumps(keys.public()),
            media_type="application/jwk-set+json",
            headers={"Cache-Control": "public, max-age=300"},
        )

    async def metadata(request: Request) -> Response:
        return JSONResponse(describe(settings.issuer, base(request)))

    async def resource(request: Request) -> Response:
        return JSONResponse(
            describe_resource(settings.issuer, base(request), settings.identity_providers)
        )

    return [
        Route("/oauth/token", token, methods=["POST"]),
        Route("/.well-known/jwks.json", key_set),
        Route("/.well-known/oauth-authorization-server", metadata),
        Route("/.well-known/oauth-protected-resource", resource),
    ]


async def issue(request: Request, issuer: TokenIssuer) -> Response:
    """Answer a token request.

    Raises:
        OAuthError: see `domain.read_request` and `TokenIssuer.issue`.
    """
    wanted = read_request(
        request.headers.get("content-type", ""),
        request.headers.get("authorization", ""),
        await read_limited(request),
    )
    address = request.client.host if request.client else "unknown"
    who = Principal(subject=wanted.client_id, client_id=wanted.client_id)
    with context.using(context.Context(who, request.scope["request_id"])):
        issued = await issuer.issue(wanted, address)
    body = {
        "access_token": issued.access_token,
        "token_type": "Bearer",
        "expires_in": issued.expires_in,
    }
    if issued.scope:
        body["scope"] = issued.scope
    return JSONResponse(body, headers=NO_STORE)


async def read_limited(request: Request) -> bytes:
    """The body, read no further than it may be long."""
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > LONGEST_FORM:
                break
    except ClientDisconnect:
        raise OAuthError("invalid_request", "The request is not complete") from None
    return bytes(body)


def refusal(error: OAuthError) -> Response:
    headers = dict(NO_STORE)
    if error.status == 401:
        headers["WWW-Authenticate"] = 'Basic realm="kechuang", charset="UTF-8"'
    if error.retry:
        headers["Retry-After"] = str(error.retry)
    body = {"error": error.error, "error_description": error.description}
    return JSONResponse(body, status_code=error.status, headers=headers)


def describe(issuer: str, base: str) -> dict[str, object]:
    """Authorization server metadata (RFC 8414)."""
    return {
        "issuer": issuer,
        "token_endpoint": f"{base}/oauth/token",
        "jwks_uri": f"{base}/.well-known/jwks.json",
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": [],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "service_documentation": f"{base}/docs",
    }


def describe_resource(issuer: str, base: str, providers: Sequence[Provider]) -> dict[str, object]:
    """Protected resource metadata (RFC 9728): whose tokens this API takes, and through which
    front ends people get them."""
    return {
        "resource": base,
        "authorization_servers": [issuer, *(one.issuer for one in providers)],
        "bearer_methods_supported": ["header"],
        "resource_documentation": f"{base}/docs",
        "identity_providers": [
            {"name": one.name, "issuer": one.issuer, "client_ids": list(one.clients)}
            for one in providers
        ],
    }
