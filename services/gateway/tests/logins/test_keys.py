"""A provider's keys are changed while it runs; it goes away, hangs, lies and floods."""

import asyncio
import json
import time
from typing import Any

import pytest
from gateway.logins.discovery import discover
from gateway.logins.schemas import Provider
from servicekit.auth import key_sets
from servicekit.testing.identity_provider import IdentityProvider, new_key

HUGE = json.dumps({"keys": [{"kid": "x" * 1000}] * 300}).encode()


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_sets, "PATIENCE", 0.5)
    monkeypatch.setattr(key_sets, "RETRY_AFTER", 0)


def of(provider: IdentityProvider) -> Provider:
    return Provider.model_validate(provider.settings())


FAULTS: dict[str, tuple[str, Any]] = {
    "lies about its issuer": ("discovery", {"issuer": "https://elsewhere", "jwks_uri": "…"}),
    "names no issuer": ("discovery", {"jwks_uri": "http://127.0.0.1:1/keys"}),
    "answers a list": ("discovery", ["issuer"]),
    "is no JSON": ("discovery", b"<html>"),
    "redirects the discovery": ("discovery", 302),
    "redirects the keys": ("keys", 307),
    "answers 500": ("discovery", 500),
    "answers 500 for the keys": ("keys", 500),
    "hangs": ("discovery", 1.5),
    "hangs at the keys": ("keys", 1.5),
    "floods": ("discovery", b"{" + b" " * 1_000_000),
    "has huge keys": ("keys", HUGE),
    "has no keys": ("keys", {"keys": []}),
    "has nothing to sign with": ("keys", {"keys": [{"kid": "a", "kty": "oct", "k": "c2VjcmV0"}]}),
    "has a thousand keys": ("keys", {"keys": [{}] * 1000}),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_keys_are_not_taken_from_a_provider_that(fault: str, alone: IdentityProvider) -> None:
    what, answer = FAULTS[fault]
    alone.faults[what] = answer
    begun = time.monotonic()
    with pytest.raises((*key_sets.NOT_FETCHED,)):
        await discover(of(alone))
    assert time.monotonic() - begun < 1.2
    assert set(alone.asked) <= {"discovery", "keys"}, "no redirect is followed"


@pytest.mark.parametrize(
    "address",
    [
        "http://idp.example/keys",
        "file:///etc/passwd",
        "https://user:word@idp.example/keys",
        "https:///keys",
        "//idp.example/keys",
        None,
    ],
)
async def test_keys_are_not_fetched_from(address: str | None, alone: IdentityProvider) -> None:
    alone.faults["discovery"] = {"issuer": alone.issuer, "jwks_uri": address}
    with pytest.raises(ValueError, match="https"):
        await discover(of(alone))


def test_what_cannot_verify_a_signature_is_left_out() -> None:
    good, private = new_key(kid="good"), new_key(kid="private")
    public = good.as_dict(private=False)
    keys = key_sets.read_keys(
        {
            "keys": [
                "text",
                {"kty": "FUTURE", "kid": "future"},
                {"kty": "RSA", "kid": "broken", "n": "A" * 342},
                {**public, "kid": "short", "n": "A" * 171},
                {**public, "kid": 7},
                {**public, "kid": "sealing", "use": "enc"},
                private.as_dict(private=True),
                {**new_key().as_dict(private=False), "kid": "good"} | public,
                public,
            ]
        }
    )
    assert list(keys) == ["good"]
    assert keys["good"].as_dict(private=False)["n"] == public["n"]


async def test_new_keys_are_fetched_when_they_are_met(
    entrance: Any, city: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_sets, "REFETCH_AFTER", 0)
    assert (await entrance.call(city.mint())).status_code == 200
    old, fresh = city.keys[0], new_key()
    city.keys.insert(0, fresh)
    assert (await entrance.call(city.mint(sub="wang"))).status_code == 200
    assert (await entrance.call(city.mint(key=old, sub="wang"))).status_code == 200
    city.keys.remove(old)
    monkeypatch.setattr(key_sets, "FRESH_FOR", 0)
    async with asyncio.timeout(10):  # a withdrawn key ends without a message to us
        while (await entrance.call(city.mint(key=old))).status_code != 401:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    assert (await entrance.call(city.mint(sub="zhang"))).status_code == 200


async def test_unknown_kids_cause_no_storm(entrance: Any, port: IdentityProvider) -> None:
    assert (await entrance.call(port.mint())).status_code == 200
    before = port.asked["keys"]
    tokens = [port.mint(header={"kid": f"made-up-{n}"}) for n in range(60)]
    answers = await asyncio.gather(*map(entrance.call, tokens))
    assert {one.status_code for one in answers} == {401}
    assert port.asked["keys"] - before <= 1


async def test_a_provider_that_is_down(
    entrance_with: Any, alone: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone.stop()
    token = alone.mint()
    async with entrance_with(alone) as entrance:
        refused = await entrance.call(token)
        assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
        ours = entrance.gateway.tokens.mint("office")
        assert (await entrance.call(ours)).status_code == 200
        alone.start()
        assert (await entrance.call(token)).status_code == 200
        alone.stop()
        monkeypatch.setattr(key_sets, "FRESH_FOR", 0)
        monkeypatch.setattr(key_sets, "REFETCH_AFTER", 0)
        for number in range(5):
            kept = await entrance.call(alone.mint(sub=f"kept-{number}"))
            assert kept.status_code == 200, "its last good keys hold"
        monkeypatch.setattr(key_sets, "GOOD_FOR", 0)
        ended = await entrance.call(alone.mint(sub="ended"))
        assert ended.status_code == 503, "but not for ever"


async def test_many_who_wait_for_one_that_hangs_ask_it_once(
    entrance_with: Any, alone: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_sets, "RETRY_AFTER", 30)
    alone.faults["discovery"] = 1.5
    async with entrance_with(alone) as entrance:
        tokens = [alone.mint(sub=str(number)) for number in range(20)]
        answers = await asyncio.gather(*map(entrance.call, tokens))
    assert {one.status_code for one in answers} == {503}
    assert alone.asked["discovery"] == 1


async def test_a_provider_that_hangs_keeps_nobody_else_waiting(
    entrance_with: Any,
    alone: IdentityProvider,
    port: IdentityProvider,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(key_sets, "PATIENCE", 4)
    alone.faults["discovery"] = 4.5
    async with entrance_with(alone, port) as entrance:
        hanging = asyncio.create_task(entrance.call(alone.mint()))
        assert (await entrance.call(port.mint())).status_code == 200
        assert not hanging.done()
        assert (await hanging).status_code == 503
