"""Drawing secrets, for installations of every kind."""

import secrets
import string

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat


def password() -> str:
    """A password for Postgres and NATS, fit for addresses and configuration files. It begins with
    a letter: the NATS server reads a value such as `12e4` as a number."""
    return secrets.choice(string.ascii_letters) + secrets.token_hex(24)


def client_secret() -> str:
    """`id.secret`: the id may be shown, the secret has 256 random bits."""
    return f"{secrets.token_hex(4)}.{secrets.token_urlsafe(32)}"


def signing_key() -> str:
    """A key that signs access tokens: PEM, ES256."""
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def audit_key() -> str:
    """A key that signs the checkpoints of an audit trail: PEM, Ed25519."""
    key = Ed25519PrivateKey.generate()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def webhook_key() -> str:
    """A key that encrypts webhook secrets: 32 bytes in URL-safe base64."""
    return Fernet.generate_key().decode()
