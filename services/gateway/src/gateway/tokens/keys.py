"""The keys that sign tokens.

The file holds PEM blocks or a JWK set. The first private key signs; every key in it is published,
so a new key is put first, the old one stays behind it until its last token has expired, and may
by then be there as a public key alone.
"""

import re
from pathlib import Path
from typing import Any

import orjson
from joserfc.jwk import ECKey

ALGORITHM = "ES256"
_PEM = re.compile(r"-----BEGIN ([A-Z ]+)-----.+?-----END \1-----", re.DOTALL)


class SigningKeys:
    """One key that signs and all that are published.

    Raises:
        ValueError: no private key, or one that is not on the curve P-256.
    """

    def __init__(self, keys: list[ECKey]) -> None:
        signing = next((key for key in keys if key.is_private), None)
        if signing is None:
            raise ValueError("the signing key file holds no private key")
        if any(key.curve_name != "P-256" for key in keys):
            raise ValueError("signing keys must be on the curve P-256")
        self.signing = signing
        self.published = keys

    @classmethod
    def load(cls, text: str) -> "SigningKeys":
        """Keys from PEM blocks or from a JWK or JWK set."""
        if text.lstrip().startswith("{"):
            parsed = orjson.loads(text)
            return cls([_named(ECKey.import_key(one)) for one in parsed.get("keys", [parsed])])
        return cls([_named(ECKey.import_key(block.group(0))) for block in _PEM.finditer(text)])

    @property
    def kid(self) -> str:
        return str(self.signing.kid)

    def public(self) -> dict[str, Any]:
        """The JWK set that is published: public parts only."""
        return {"keys": [_public(key) for key in self.published]}

    def public_json(self) -> str:
        return orjson.dumps(self.public()).decode()


def read_keys(file: Path | None, text: str) -> SigningKeys:
    """Keys from the file, or from the text where no file is named.

    Raises:
        ValueError: neither is given, or what is there cannot be used.
    """
    if file is not None:
        text = file.read_text()
    if not text.strip():
        raise ValueError("the gateway needs KECHUANG_SIGNING_KEY_FILE")
    return SigningKeys.load(text)


def _named(key: ECKey) -> ECKey:
    """The key with its RFC 7638 thumbprint as `kid`, unless it has one."""
    if key.kid:
        return key
    return ECKey.import_key({**key.as_dict(private=key.is_private), "kid": key.thumbprint()})


def _public(key: ECKey) -> dict[str, Any]:
    fields = key.as_dict(private=False)
    return {**fields, "use": "sig", "alg": ALGORITHM}


def new_key() -> str:
    """A fresh private key as PEM."""
    return ECKey.generate_key("P-256").as_pem(private=True).decode()
