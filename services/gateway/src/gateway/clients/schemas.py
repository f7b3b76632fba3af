"""Clients as they are written and read, and a list of clients to be seeded."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints
from servicekit.auth.principal import Role
from servicekit.http.paging import Page
from servicekit.types import ApiModel, Code, Text, absent

from gateway.clients.domain import read_network

_WORD = "[a-z][a-z0-9_-]*"
Scope = Annotated[
    str,
    StringConstraints(max_length=100, pattern=rf"^({_WORD}\.({_WORD}|\*)|\*\.{_WORD}|\*)$"),
    Field(description="`resource.verb`, `resource.*`, `*.verb` or `*`."),
]
Limit = Annotated[
    str,
    StringConstraints(pattern=r"^[1-9][0-9]{0,6}/(second|minute|hour|day)$"),
    Field(description="Requests in a window, instead of the limit that every client has."),
]
NetworkText = Annotated[
    str, StringConstraints(max_length=50), AfterValidator(lambda text: str(read_network(text)))
]
Roles = Annotated[list[Role], Field(min_length=1, max_length=len(Role)), AfterValidator(sorted)]
Scopes = Annotated[
    list[Scope],
    Field(max_length=100, description="What the role `system` may do; other roles need none."),
    AfterValidator(sorted),
]
Networks = Annotated[
    list[NetworkText],
    Field(max_length=50, description="Where it may call from, in CIDR notation; empty: anywhere."),
]

_NAME, _ROLES, _UNIT = ["市财政局账务系统"], [["system"]], ["finance-bureau"]
_SCOPES, _LIMIT = [["disbursements.read", "funds.*"]], ["50/second"]
_NETWORKS = [["10.20.0.0/16", "2001:db8::/32"]]


class ClientSeed(ApiModel):
    """A client with the secret it is to have."""

    client_id: Code
    client_secret: str = Field(min_length=1, max_length=512)
    name: Text | None = None
    roles: list[Role]
    unit: Code | None = None
    scopes: list[Text] = Field(default_factory=list)


class ClientCreate(ApiModel):
    client_id: Code = Field(examples=["finance-ledger"])
    name: Text = Field(examples=_NAME)
    roles: Roles = Field(examples=_ROLES)
    unit: Code | None = Field(default=None, examples=_UNIT)
    scopes: Scopes = Field(default_factory=list, examples=_SCOPES)
    rate_limit: Limit | None = Field(default=None, examples=_LIMIT)
    allowed_networks: Networks = Field(default_factory=list, examples=_NETWORKS)


class ClientUpdate(ApiModel):
    """A merge patch: what is absent stays, null clears where a value may be missing."""

    name: Text = Field(default_factory=absent, examples=_NAME)
    roles: Roles = Field(default_factory=absent, examples=_ROLES)
    unit: Code | None = Field(default_factory=absent, examples=_UNIT)
    scopes: Scopes = Field(default_factory=absent, examples=_SCOPES)
    rate_limit: Limit | None = Field(default_factory=absent, examples=_LIMIT)
    allowed_networks: Networks = Field(default_factory=absent, examples=_NETWORKS)


class SecretRead(ApiModel):
    """A live secret by the part of it that may be shown."""

    secret_id: str = Field(examples=["5f0c9a1e"])
    created_at: datetime
    last_used_at: datetime | None


class ClientRead(ApiModel):
    client_id: str = Field(examples=["finance-ledger"])
    name: str = Field(examples=_NAME)
    roles: list[Role] = Field(examples=_ROLES)
    unit: str | None = Field(examples=_UNIT)
    scopes: list[str] = Field(examples=_SCOPES)
    rate_limit: str | None = Field(examples=_LIMIT)
    allowed_networks: list[str] = Field(examples=_NETWORKS)
    disabled: bool
    secrets: list[SecretRead] = Field(description="The live ones, the older one first.")
    last_used_at: datetime | None = Field(description="When it last asked for a token.")
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class ClientWithSecret(ClientRead):
    """With the secret, which is shown this once: a repeat with the same `Idempotency-Key` answers
    without it."""

    client_secret: str | None = Field(default=None, examples=["5f0c9a1e.…"])


class ClientPage(Page[ClientRead]):
    """One page of clients."""
