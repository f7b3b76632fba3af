"""Settings that would let in the wrong people are refused at the start."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from gateway.logins.domain import find
from gateway.logins.schemas import Provider
from gateway.main import build
from gateway.settings import GatewaySettings
from gateway.tokens.keys import new_key
from pydantic import TypeAdapter
from servicekit.embedded.paths import workspace_file
from servicekit.testing.identity_provider import IdentityProvider

GOOD = IdentityProvider().settings(issuer="https://idp.example/realms/city")

WRONG: dict[str, dict[str, Any]] = {
    "http": {"issuer": "http://idp.example/realms/city"},
    "no host": {"issuer": "https:///realms"},
    "no address": {"issuer": "city"},
    "a password in the address": {"issuer": "https://a:b@idp.example"},
    "a query": {"issuer": "https://idp.example/?realm=city"},
    "no audience": {"audiences": []},
    "an empty audience": {"audiences": [""]},
    "no front end": {"clients": []},
    "a front end as audience": {"audiences": ["portal"]},
    "the role system": {"role_map": {"robot": "system"}},
    "the role ops": {"role_map": {"admin": "ops"}},
    "an unknown role": {"role_map": {"admin": "emperor"}},
    "a shared secret": {"algorithms": ["HS256"]},
    "no signature": {"algorithms": ["none"]},
    "no algorithm": {"algorithms": []},
    "a clock that is off for an hour": {"leeway": 3600},
    "a name with a colon": {"name": "city:a"},
    "a setting nobody knows": {"rolemap": {}},
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_provider_is_refused_with(wrong: str) -> None:
    with pytest.raises(ValueError, match="identity_providers"):
        GatewaySettings.model_validate({"identity_providers": [GOOD | WRONG[wrong]]})


@pytest.mark.parametrize(
    "second",
    [GOOD, GOOD | {"issuer": "https://other.example"}, GOOD | {"name": "other"}],
)
def test_two_providers_cannot_be_taken_for_each_other(second: dict[str, Any]) -> None:
    settings = {"identity_providers": [GOOD, second], "signing_key": new_key()}
    with pytest.raises(ValueError, match="two identity providers"):
        build(GatewaySettings.model_validate(settings))


def test_no_provider_can_be_taken_for_us() -> None:
    ours = {"issuer": "https://kechuang.example", "signing_key": new_key()}
    for change in ({"issuer": ours["issuer"]}, {"name": "bearer"}):
        settings = {**ours, "identity_providers": [GOOD | change]}
        with pytest.raises(ValueError, match="two identity providers"):
            build(GatewaySettings.model_validate(settings))


def test_providers_are_read_from_the_environment_or_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    text = json.dumps([GOOD])
    monkeypatch.setenv("KECHUANG_IDENTITY_PROVIDERS", text)
    [given] = GatewaySettings.load().identity_providers
    monkeypatch.delenv("KECHUANG_IDENTITY_PROVIDERS")
    (tmp_path / "kechuang_identity_providers").write_text(text)
    monkeypatch.setenv("KECHUANG_SECRETS_DIR", str(tmp_path))
    assert GatewaySettings.load().identity_providers == (given,)
    assert given.role_map == {"kc-office": "office", "kc-reporter": "unit_reporter"}


def test_the_example_for_operators_can_be_used() -> None:
    page = workspace_file("docs/for-ops.md").read_text("utf-8")
    [example] = re.findall(r"```jsonc\n(.*?)```", page, re.DOTALL)
    [city] = TypeAdapter(list[Provider]).validate_json(example)
    assert (city.name, city.role_map["kechuang-office"]) == ("city", "office")


@pytest.mark.parametrize(
    ("claim", "expected"),
    [("a", 1), ("b.c", 2), ("b.c.d", None), ("x.y", 3), ("none", None), ("b", {"c": 2})],
)
def test_a_claim_is_found_by_its_name_or_by_its_path(claim: str, expected: Any) -> None:
    assert find({"a": 1, "b": {"c": 2}, "x.y": 3}, claim) == expected
