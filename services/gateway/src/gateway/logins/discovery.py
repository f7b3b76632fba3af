"""Where a provider keeps its keys (OpenID Connect Discovery 1.0)."""

from collections.abc import Iterable
from typing import Any

from servicekit.auth.key_sets import Keys, fetch_json, fetch_keys

from gateway.logins.schemas import Provider, check_url

WELL_KNOWN = "/.well-known/openid-configuration"


def configuration_url(issuer: str) -> str:
    return issuer.rstrip("/") + WELL_KNOWN


def security_schemes(providers: Iterable[Provider]) -> dict[str, Any]:
    """How the API document tells that people's tokens come from these."""
    return {
        one.name: {
            "type": "openIdConnect",
            "openIdConnectUrl": configuration_url(one.issuer),
            "description": f"People's access tokens of the identity provider `{one.name}`.",
        }
        for one in providers
    }


async def discover(provider: Provider) -> Keys:
    """The provider's keys, from where its discovery document says.

    Raises:
        ValueError: the document is another issuer's, or names no proper address of keys; and as
            `fetch_json` does.
    """
    document = await fetch_json(configuration_url(provider.issuer))
    if not isinstance(document, dict) or document.get("issuer") != provider.issuer:
        raise ValueError("the discovery document is not this issuer's")
    return await fetch_keys(check_url(str(document.get("jwks_uri"))))
