"""Signed words on where a service's chain stood: one JSON line, Ed25519.

The line is all there is to a checkpoint; it is stored and exported as it was signed, and whoever
holds it and the public key can tell whether the database still is what it was.
"""

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

Keys = Mapping[str, Sequence[Ed25519PublicKey]]
"""The public keys of each service, the one in use and those before it."""

_TEXTS = ("service", "chain", "through", "time", "key", "signature")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """`seq` rows are sealed and their chain is `chain` (hex); everything that was committed up to
    `through` is among them."""

    service: str
    seq: int
    chain: str
    through: str
    time: str
    key: str
    signature: str = ""

    @classmethod
    def of(cls, line: str | bytes) -> Self | None:
        """The checkpoint in a line, which may be one of a log with a name before it; none when
        there is none."""
        text = line.encode() if isinstance(line, str) else line
        try:
            found = orjson.loads(text[max(text.find(b"{"), 0) :])
        except orjson.JSONDecodeError:
            return None
        inner = found.get("checkpoint", found) if isinstance(found, dict) else None
        return cls._read(inner) if isinstance(inner, dict) else None

    @classmethod
    def _read(cls, found: Mapping[str, Any]) -> Self | None:
        seq, texts = found.get("seq"), [found.get(name) for name in _TEXTS]
        # A row's number is a bigint of the database.
        if type(seq) is not int or not 0 <= seq < 2**63:
            return None
        told = {name: text for name, text in zip(_TEXTS, texts, strict=True) if type(text) is str}
        return cls(seq=seq, **told) if len(told) == len(_TEXTS) else None

    @property
    def signed(self) -> bytes:
        """What the signature is of."""
        told = {name: value for name, value in asdict(self).items() if name != "signature"}
        return orjson.dumps(told, option=orjson.OPT_SORT_KEYS)

    @property
    def line(self) -> str:
        return orjson.dumps(asdict(self), option=orjson.OPT_SORT_KEYS).decode()

    @property
    def through_ms(self) -> int:
        """Raises ValueError when it is no moment, which a checkpoint of ours never is."""
        return _milliseconds(self.through)

    @property
    def time_ms(self) -> int:
        """As `through_ms`, of the signature."""
        return _milliseconds(self.time)

    def is_signed_by(self, keys: Sequence[Ed25519PublicKey]) -> bool:
        """Whether the signature is of the one of these keys that it names."""
        for key in keys:
            if key_id(key) == self.key:
                try:
                    key.verify(base64.b64decode(self.signature, validate=True), self.signed)
                except (InvalidSignature, ValueError):
                    return False
                return True
        return False


def _milliseconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp() * 1000)


class Signer:
    """Signs with one service's private key."""

    def __init__(self, pem: str) -> None:
        """Raises ValueError when the text is no private key of Ed25519."""
        key = load_pem_private_key(pem.encode(), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise ValueError("the audit key is not of Ed25519")
        self._key = key
        self.public = key.public_key()

    def sign(self, service: str, seq: int, chain: str, through: str, time: str) -> Checkpoint:
        bare = Checkpoint(service, seq, chain, through, time, key_id(self.public))
        signature = base64.b64encode(self._key.sign(bare.signed)).decode()
        return Checkpoint(**{**asdict(bare), "signature": signature})


def key_id(key: Ed25519PublicKey) -> str:
    """A short name of a public key."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]


def public_line(service: str, pem: str) -> str:
    """The line of a service in the file of public keys, from its private key."""
    raw = Signer(pem).public.public_bytes_raw()
    return f"{service} {base64.b64encode(raw).decode()}\n"


def read_keys(file: Path) -> Keys:
    """The public keys of a file of lines `service key`; a service whose key changed has several.

    Raises:
        OSError: the file cannot be read. ValueError: a line is no key.
    """
    found: dict[str, list[Ed25519PublicKey]] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        service, _, text = line.partition(" ")
        raw = base64.b64decode(text, validate=True)
        found.setdefault(service, []).append(Ed25519PublicKey.from_public_bytes(raw))
    return found


def read_exported(places: Sequence[Path]) -> Iterator[Checkpoint]:
    """Every checkpoint in these files, and in the files of these directories.

    Raises:
        OSError: one of them cannot be read.
    """
    for place in places:
        for file in sorted(place.iterdir()) if place.is_dir() else [place]:
            with file.open("rb") as lines:
                for line in lines:
                    found = Checkpoint.of(line)
                    if found is not None:
                        yield found
