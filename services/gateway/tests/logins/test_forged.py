"""Forged tokens that name a provider: none is accepted, none reaches a service."""

from typing import Any

import pytest
from servicekit.testing.identity_provider import IdentityProvider
from servicekit.testing.provider_forgeries import PROVIDER_FORGERIES, Forger


@pytest.fixture
def forger(entrance: Any, city: IdentityProvider, port: IdentityProvider) -> Forger:
    return Forger(city, port, entrance.gateway.tokens)


async def test_the_token_all_forgeries_start_from_is_accepted(
    entrance: Any, forger: Forger
) -> None:
    assert (await entrance.call(forger.mint())).status_code == 200


@pytest.mark.parametrize("name", PROVIDER_FORGERIES)
async def test_a_forged_token_is_refused(entrance: Any, forger: Forger, name: str) -> None:
    before = len(entrance.gateway.upstream.seen)
    token = PROVIDER_FORGERIES[name](forger)
    for path in ("/api/v1/indicators", "/api/v1/overview"):
        answer = await entrance.call(token, path)
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated"), name
        assert answer.headers["www-authenticate"] == "Bearer"
    assert len(entrance.gateway.upstream.seen) == before
    asked = set(forger.provider.asked) | set(forger.other.asked)
    assert asked <= {"discovery", "keys"}, "an address from a token was followed"
