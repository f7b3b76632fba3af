"""Signing secrets: made, kept encrypted, and used (Standard Webhooks)."""

import base64
import secrets
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from cryptography.fernet import Fernet, MultiFernet
from servicekit.problems import Unavailable
from standardwebhooks import Webhook

BYTES = 32
"""Of a secret; Standard Webhooks wants 24 to 64."""


class KeyMissing(Unavailable):
    """No key to keep secrets with: the operator has to set KECHUANG_WEBHOOK_KEY_FILE."""

    code = "webhook_key_missing"
    zh = "未配置 webhook 密钥加密密钥，无法创建订阅"
    en = "There is no key to keep webhook secrets with, so none can be made"
    retry_after = None


class SecretBox:
    """Encrypts secrets at rest. The first of several keys encrypts, every one decrypts, so a key
    is changed by putting the new one first.

    Raises:
        ValueError: a key is not 32 bytes in URL-safe base64.
    """

    def __init__(self, keys: str) -> None:
        made = [Fernet(key) for key in keys.replace(",", " ").split()]
        self._box = MultiFernet(made) if made else None

    def seal(self, secret: str) -> bytes:
        """Raises `KeyMissing`."""
        if self._box is None:
            raise KeyMissing
        return self._box.encrypt(secret.encode())

    def open(self, sealed: bytes) -> str:
        """Raises `KeyMissing`, and `cryptography.fernet.InvalidToken` for another key's work."""
        if self._box is None:
            raise KeyMissing
        return self._box.decrypt(sealed).decode()


def read_box(file: Path | None, text: str) -> SecretBox:
    """The box of the key in a file or a text; without any it neither seals nor opens."""
    return SecretBox(file.read_text("ascii") if file else text)


def new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(BYTES)).decode()


def signed(
    live: Iterable[str], message_id: str, moment: datetime, body: str
) -> list[tuple[str, str]]:
    """The three headers. `moment` is in UTC; every live secret signs, so that a receiver may hold
    the old or the new one."""
    signatures = [Webhook(secret).sign(message_id, moment, body) for secret in live]
    return [
        ("webhook-id", message_id),
        ("webhook-timestamp", str(int(moment.timestamp()))),
        ("webhook-signature", " ".join(signatures)),
    ]
