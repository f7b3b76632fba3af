"""Where the address and the client's secret come from."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

DEFAULT_URL = "http://127.0.0.1:8000"


class CredentialsError(Exception):
    """No usable client id and secret were given."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """An OAuth 2.0 client of the gateway. The secret is kept out of `repr`."""

    client_id: str
    client_secret: str = field(repr=False)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Credentials":
        """KECHUANG_CLIENT_ID and KECHUANG_CLIENT_SECRET. Raises CredentialsError."""
        client_id = environ.get("KECHUANG_CLIENT_ID")
        secret = environ.get("KECHUANG_CLIENT_SECRET")
        if not client_id or not secret:
            raise CredentialsError(
                "set KECHUANG_CLIENT_ID and KECHUANG_CLIENT_SECRET, or give --clients and --role"
            )
        return cls(client_id, secret)

    @classmethod
    def from_file(cls, file: Path, role: str) -> "Credentials":
        """One role of a clients file: `{role: {client_id, client_secret}}`.

        Raises CredentialsError.
        """
        try:
            clients = json.loads(file.read_text("utf-8"))
            entry = clients[role]
            return cls(str(entry["client_id"]), str(entry["client_secret"]))
        except OSError as error:
            raise CredentialsError(f"{file}: {error.strerror}") from error
        except (KeyError, TypeError) as error:
            raise CredentialsError(f"{file}: no client for role '{role}'") from error
        except ValueError as error:
            raise CredentialsError(f"{file}: not a clients file: {error}") from error
