"""A small OpenID Connect provider on a socket of its own, that can be made to misbehave."""

import json
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import RSAKey

AUDIENCE = "kechuang"
FRONT_END = "portal"


def new_key(**fields: Any) -> RSAKey:
    parameters: Any = {"kid": uuid4().hex[:12], "use": "sig", "alg": "RS256", **fields}
    return RSAKey.generate_key(2048, parameters=parameters)


def for_anything(key: RSAKey, *, private: bool = True) -> RSAKey:
    """The key without the purpose it is made for: some tokens are meant to be wrong."""
    fields = key.as_dict(private=private)
    return RSAKey.import_key({k: v for k, v in fields.items() if k not in ("use", "alg")})


class IdentityProvider:
    """Answers discovery and key set, mints tokens. `keys` are published as they are at the moment
    of the question, the first one signs; `faults` are answers that replace the right ones:
    a document, bytes, a status, or seconds to wait."""

    def __init__(self, realm: str = "city") -> None:
        self.realm = realm
        self.keys = [new_key()]
        self.faults: dict[str, Any] = {}
        self.asked: Counter[str] = Counter()
        self.port = 0
        self._server: ThreadingHTTPServer | None = None

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}/realms/{self.realm}"

    def settings(self, **changes: Any) -> dict[str, Any]:
        """How the gateway is told of it."""
        usual = {
            "name": self.realm,
            "issuer": self.issuer,
            "audiences": [AUDIENCE],
            "clients": [FRONT_END],
            "algorithms": ["RS256"],
            "roles_claim": "realm_access.roles",
            "role_map": {"kc-office": "office", "kc-reporter": "unit_reporter"},
        }
        return {**usual, **changes}

    def mint(
        self,
        *roles: str,
        key: RSAKey | None = None,
        header: dict[str, Any] | None = None,
        **claims: Any,
    ) -> str:
        """An access token as Keycloak makes them; a claim of None is left out."""
        signing = key or self.keys[0]
        top = {"alg": "RS256", "typ": "JWT", "kid": signing.kid, **(header or {})}
        content = {k: v for k, v in {**self.claims(*roles), **claims}.items() if v is not None}
        return jwt.encode(top, content, for_anything(signing), algorithms=[top["alg"]])

    def claims(self, *roles: str) -> dict[str, Any]:
        now = int(time.time())
        return {
            "iss": self.issuer,
            "aud": [AUDIENCE, "account"],
            "sub": "0f6c-li",
            "azp": FRONT_END,
            "typ": "Bearer",
            "iat": now,
            "exp": now + 300,
            "jti": str(uuid4()),
            "realm_access": {"roles": list(roles or ("kc-office",))},
        }

    def start(self) -> None:
        """Listen; again at the same port after a stop."""
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), self._handler())
        self.port = self._server.server_port
        serve = self._server.serve_forever
        threading.Thread(target=serve, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def answer(self, what: str) -> Any:
        self.asked[what] += 1
        if what in self.faults:
            return self.faults[what]
        if what == "discovery":
            return {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/keys"}
        return {"keys": [key.as_dict(private=False) for key in self.keys]}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                root = f"/realms/{provider.realm}"
                paths = {
                    f"{root}/.well-known/openid-configuration": "discovery",
                    f"{root}/keys": "keys",
                }
                found = provider.answer(paths.get(self.path, self.path))
                if isinstance(found, float):
                    time.sleep(found)
                    found = {}
                status = found if isinstance(found, int) else 200
                body = found if isinstance(found, bytes) else json.dumps(found).encode()
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("Location", f"{provider.issuer}/elsewhere")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                try:
                    self.wfile.write(body)
                except ConnectionError:
                    provider.asked["hung up"] += 1

            def log_message(self, format: str, *args: Any) -> None:
                pass

        return Handler
