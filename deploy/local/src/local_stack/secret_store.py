"""The secrets of one data directory: drawn at the first start, kept in files of mode 0600."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from servicekit import new_secrets
from servicekit.embedded.provision import Passwords

from local_stack.files import read_json, write_json, write_private


class SecretStore:
    """Reads what is there and draws what is missing, such as for a service that came later."""

    def __init__(self, data_dir: Path) -> None:
        self._directory = data_dir / "secrets"
        self._file = self._directory / "secrets.json"
        self._values: dict[str, Any] = read_json(self._file)

    def get(self, name: str) -> str:
        return self._drawn(name, new_secrets.password)

    def database(self, service: str) -> Passwords:
        names = (f"database_{service}_{role}" for role in ("migrator", "app", "readonly"))
        return Passwords(*map(self.get, names))

    def signing_key(self) -> Path:
        """The file with the key that signs access tokens: PEM, ES256."""
        path = self._directory / "signing-key.pem"
        if not path.exists():
            write_private(path, new_secrets.signing_key())
        return path

    def webhook_key(self) -> str:
        """The key that encrypts webhook secrets: 32 bytes in URL-safe base64."""
        return self._drawn("webhook_key", new_secrets.webhook_key)

    def audit_key(self, service: str) -> str:
        """The key that signs the checkpoints of a service's audit trail: PEM, Ed25519."""
        return self._drawn(f"audit_key_{service}", new_secrets.audit_key)

    def write_for_auditors(self, found: Mapping[str, str]) -> None:
        """Files of a directory of their own, such as a secrets directory of the containers has
        them."""
        for name, text in found.items():
            write_private(self._directory / "audit" / name, text)

    def _drawn(self, name: str, draw: Callable[[], str]) -> str:
        if name not in self._values:
            self._values[name] = draw()
            write_json(self._file, self._values)
        return self._values[name]
