"""Access tokens for tests: the right form, signed with a key of the run's own."""

import json
import time
import uuid
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

ISSUER = "http://kechuang.local"
AUDIENCE = "kechuang"
LIFETIME = 900
"""Seconds."""


class Tokens:
    """Mints tokens; `jwks` is the key set, as JSON, for the setting of that name."""

    issuer = ISSUER
    audience = AUDIENCE

    def __init__(self) -> None:
        self.key = ECKey.generate_key("P-256", parameters={"kid": "test", "use": "sig"})
        self.jwks = json.dumps(KeySet([self.key]).as_dict(private=False))

    def mint(
        self,
        *roles: str,
        unit: str | None = None,
        scope: str = "",
        header: dict[str, Any] | None = None,
        **claims: Any,
    ) -> str:
        """A signed token for `roles` and `unit`; `claims` and `header` replace what is usual,
        and a claim of None is left out."""
        now = int(time.time())
        client = f"test-{'-'.join(roles) or 'nobody'}"
        usual: dict[str, Any] = {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": client,
            "client_id": client,
            "iat": now,
            "exp": now + LIFETIME,
            "jti": str(uuid.uuid4()),
            "roles": list(roles),
            "unit": unit,
            "scope": scope,
        }
        content = {name: value for name, value in {**usual, **claims}.items() if value is not None}
        top = {"alg": "ES256", "typ": "at+jwt", "kid": self.key.kid, **(header or {})}
        return jwt.encode(top, content, self.key, algorithms=["ES256"])

    def bearer(self, *roles: str, unit: str | None = None, **claims: Any) -> dict[str, str]:
        """The request header of such a token."""
        return {"Authorization": f"Bearer {self.mint(*roles, unit=unit, **claims)}"}
