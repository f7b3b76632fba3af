"""An identity provider as it is set."""

from collections.abc import Sequence
from ipaddress import ip_address
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from servicekit.auth.principal import Role

Algorithm = Literal[
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519"
]
"""Signatures with a public key; a secret that two parties know proves nothing about either."""

ONLY_OURS = frozenset({Role.SYSTEM, Role.OPS})
"""Roles that no provider can give: machines have scopes, which only a registered client has, and
whoever registers clients could make itself everything."""


def is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def check_url(url: str) -> str:
    """An address to fetch keys from.

    Raises:
        ValueError: not https (http does on this machine), or with credentials, query or fragment.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
    if not (safe and host) or parts.username or parts.query or parts.fragment:
        raise ValueError("must be an https address (http only on this machine)")
    return url


Url = Annotated[str, AfterValidator(check_url)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")]
Claim = Annotated[str, Field(min_length=1, max_length=200)]
Names = Annotated[
    tuple[Annotated[str, Field(min_length=1, max_length=200)], ...], Field(min_length=1)
]


class Provider(BaseModel):
    """One OpenID Connect provider and what its tokens mean here.

    `name` stands before every subject and client of it, so that nobody is taken for somebody of
    another provider or for a client registered here. A claim inside another one is written with
    dots, as in `realm_access.roles`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name
    issuer: Url
    """As its tokens and its discovery document have it, to the letter."""
    audiences: Names
    """A token must be meant for one of these; never the name of a front end, which is who ID
    tokens are meant for."""
    clients: Names
    """The front ends whose people may come in (`azp`)."""
    role_map: dict[str, Role]
    """A role or group of the provider → a role here. What is not named gives nothing."""
    algorithms: Annotated[tuple[Algorithm, ...], Field(min_length=1)] = ("RS256", "ES256")
    subject_claim: Claim = "sub"
    client_claim: Claim = "azp"
    unit_claim: Claim = "unit"
    roles_claim: Claim = "roles"
    leeway: Annotated[int, Field(ge=0, le=120)] = 30
    """Seconds the provider's clock may be off."""

    @model_validator(mode="after")
    def check(self) -> Self:
        if ours := sorted(ONLY_OURS.intersection(self.role_map.values())):
            raise ValueError(f"no provider can give the role {', '.join(ours)}")
        if shared := sorted(set(self.audiences).intersection(self.clients)):
            raise ValueError(f"{', '.join(shared)} is an audience and a front end")
        return self


def check_providers(providers: Sequence[Provider], own_issuer: str) -> None:
    """Raises `ValueError` if two providers, or one and we, could be taken for each other."""
    for what, values in (
        # The document calls our own tokens so.
        ("name", ["bearer", *(one.name for one in providers)]),
        ("issuer", [own_issuer, *(one.issuer for one in providers)]),
    ):
        if len(set(values)) != len(values):
            raise ValueError(f"two identity providers have one {what}")
