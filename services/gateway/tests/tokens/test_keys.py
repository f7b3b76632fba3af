"""Signing keys: how they are read, and how they are changed without an outage."""

import json
from pathlib import Path

import pytest
from gateway.tokens.keys import SigningKeys, new_key, read_keys
from joserfc.jwk import ECKey, RSAKey


def pem(key: ECKey | RSAKey, *, private: bool) -> str:
    return key.as_pem(private=private).decode()


def test_a_key_is_named_by_its_thumbprint() -> None:
    text = new_key()
    keys = SigningKeys.load(text)
    assert keys.kid == ECKey.import_key(text).thumbprint()
    assert keys.public()["keys"][0]["kid"] == keys.kid


def test_the_first_private_key_signs_and_every_key_is_published_without_its_secret() -> None:
    new, old = ECKey.generate_key("P-256"), ECKey.generate_key("P-256")
    keys = SigningKeys.load(pem(new, private=True) + pem(old, private=False))
    assert keys.kid == new.thumbprint()
    published = keys.public()["keys"]
    assert [key["kid"] for key in published] == [new.thumbprint(), old.thumbprint()]
    assert all("d" not in key and key["alg"] == "ES256" for key in published)


def test_a_jwk_set_keeps_its_names() -> None:
    key = ECKey.generate_key("P-256", parameters={"kid": "2026-11"})
    text = json.dumps({"keys": [key.as_dict(private=True)]})
    assert SigningKeys.load(text).kid == "2026-11"


def test_keys_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    file.write_text(new_key())
    assert read_keys(file, "").kid == SigningKeys.load(file.read_text()).kid


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no key",
        pem(ECKey.generate_key("P-256"), private=False),
        pem(ECKey.generate_key("P-384"), private=True),
        "{",
    ],
)
def test_what_cannot_sign_is_refused_at_the_start(text: str) -> None:
    with pytest.raises(ValueError, match=r"(?i)key|curve|JSON|object|unexpected|input"):
        read_keys(None, text)
