"""Who a person is inside, and what reaches a service: a token of our own, never the provider's."""

import asyncio
import time
from typing import Any

import pytest
from gateway.logins import service
from gateway.tokens.keys import SigningKeys
from joserfc import jwt
from joserfc.jwk import KeySet
from servicekit.testing.identity_provider import IdentityProvider


def inside(entrance: Any) -> tuple[str, dict[str, Any]]:
    """The token the service behind has got last, and its claims, by our key."""
    seen = entrance.gateway.upstream.seen[-1]
    [line] = [value for name, value in seen["headers"] if name == "authorization"]
    token = line.removeprefix("Bearer ")
    keys: SigningKeys = entrance.gateway.app.state.keys
    decoded = jwt.decode(token, KeySet([*keys.published]), algorithms=["ES256"])
    assert decoded.header["typ"] == "at+jwt"
    return token, decoded.claims


async def test_a_service_gets_a_token_of_our_own(entrance: Any, city: IdentityProvider) -> None:
    token = city.mint("kc-office", "kc-reporter", unit=["st-bureau"], scope="*", name="李雷")
    assert (await entrance.call(token)).status_code == 200
    passed, claims = inside(entrance)
    assert passed != token
    assert claims["iss"] == "http://kechuang.local"
    assert (claims["sub"], claims["client_id"]) == ("city:0f6c-li", "city:portal")
    assert (claims["roles"], claims["unit"]) == (["office", "unit_reporter"], "st-bureau")
    assert claims["exp"] <= time.time() + 331
    assert not {"scope", "name"} & claims.keys()


async def test_it_does_not_outlive_the_one_it_was_given_for(
    entrance: Any, city: IdentityProvider
) -> None:
    ends = int(time.time()) + 20
    await entrance.call(city.mint(exp=ends))
    _, claims = inside(entrance)
    assert claims["exp"] == ends + 30, "the provider's clock may be off by so much"


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        (["office"], []),
        (["ops", "system", "finance_payer"], []),
        (["KC-OFFICE", "kc-office "], []),
        (["kc-reporter", "offline_access"], ["unit_reporter"]),
    ],
)
async def test_only_the_role_map_gives_roles(
    roles: list[str], expected: list[str], entrance: Any, city: IdentityProvider
) -> None:
    await entrance.call(city.mint(*roles, sub=f"roles-{len(roles)}"))
    assert inside(entrance)[1]["roles"] == expected


@pytest.mark.parametrize(
    "roles", [None, "kc-office", {"kc-office": True}, [["kc-office"], 7, None]]
)
async def test_roles_in_a_strange_form_give_no_more(
    roles: Any, entrance: Any, city: IdentityProvider
) -> None:
    await entrance.call(city.mint(realm_access={"roles": roles}))
    assert inside(entrance)[1]["roles"] == (["office"] if roles == "kc-office" else [])


async def test_people_of_two_providers_are_never_one(
    entrance: Any, city: IdentityProvider, port: IdentityProvider
) -> None:
    names = set[str]()
    for provider in (city, port):
        await entrance.call(provider.mint(sub="office"))
        claims = inside(entrance)[1]
        names |= {claims["sub"], claims["client_id"]}
    assert names == {"city:office", "port:office", "city:portal", "port:portal"}


@pytest.mark.parametrize("unit", ["nowhere", "closed-bureau"])
async def test_a_unit_the_programme_does_not_know_is_told(
    unit: str, entrance: Any, city: IdentityProvider
) -> None:
    before = len(entrance.gateway.upstream.seen)
    answer = await entrance.call(city.mint(unit=unit))
    assert (answer.status_code, answer.json()["code"]) == (403, "unit_unknown")
    assert unit in answer.json()["detail"]
    assert len(entrance.gateway.upstream.seen) == before
    denied = await entrance.rows(
        "SELECT 1 FROM audit_entry WHERE request_id = $1 AND action = 'unit_unknown'",
        answer.headers["x-request-id"],
    )
    assert len(denied) == 1


async def test_without_a_unit_one_acts_for_none(entrance: Any, city: IdentityProvider) -> None:
    for unit in (None, "", []):
        assert (await entrance.call(city.mint(unit=unit))).status_code == 200
        assert "unit" not in inside(entrance)[1]


async def test_a_login_is_audited_once_a_token(
    entrance: Any, city: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "REMEMBERED_FOR", 0)
    token = city.mint(sub="audited", unit="gangqu-admin", jti="session-7")
    answers = await asyncio.gather(*(entrance.call(token) for _ in range(5)))
    assert [one.status_code for one in answers] == [200] * 5
    [row] = await entrance.rows("SELECT * FROM audit_entry WHERE actor = 'city:audited'")
    assert (row["action"], row["client_id"], row["unit"]) == (
        "logins.enter",
        "city:portal",
        "gangqu-admin",
    )
    assert '"token_id": "session-7"' in row["detail"]


async def test_the_gateway_itself_sees_the_person(entrance: Any, city: IdentityProvider) -> None:
    clients = await entrance.call(city.mint("kc-office"), "/api/v1/clients")
    assert clients.status_code == 200
    webhooks = await entrance.call(city.mint("kc-reporter"), "/api/v1/webhooks")
    assert (webhooks.status_code, webhooks.json()["code"]) == (403, "forbidden")


async def test_our_own_tokens_go_on_as_they_are(entrance: Any) -> None:
    token = entrance.gateway.tokens.mint("office")
    assert (await entrance.call(token)).status_code == 200
    assert inside(entrance)[0] == token


async def test_a_token_ends(entrance: Any, city: IdentityProvider) -> None:
    token = city.mint(exp=int(time.time()) - 28)
    assert (await entrance.call(token)).status_code == 200
    await asyncio.sleep(2.2)
    assert (await entrance.call(token)).status_code == 401


async def test_the_api_tells_where_people_log_in(entrance: Any, city: IdentityProvider) -> None:
    found = (await entrance.call("x", "/.well-known/oauth-protected-resource")).json()
    assert found["resource"] == entrance.gateway.url
    assert found["authorization_servers"][:2] == ["http://kechuang.local", city.issuer]
    assert found["identity_providers"][0] == {
        "name": "city",
        "issuer": city.issuer,
        "client_ids": ["portal"],
    }
    document = (await entrance.call("x", "/api/v1/openapi.json")).json()
    assert document["components"]["securitySchemes"]["city"] == {
        "type": "openIdConnect",
        "openIdConnectUrl": f"{city.issuer}/.well-known/openid-configuration",
        "description": "People's access tokens of the identity provider `city`.",
    }
    assert {"city": []} in document["security"]
