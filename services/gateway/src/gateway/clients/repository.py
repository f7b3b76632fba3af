"""Every SQL statement about clients."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from servicekit.db import Session
from servicekit.deferred import Deferred
from sqlalchemy import Select, or_, select
from sqlalchemy.dialects.postgresql import insert

from gateway.clients.domain import Client, Secret, read_network
from gateway.clients.models import ApiClient, ClientSecret
from gateway.clients.schemas import ClientSeed

_CLIENT = """SELECT c.client_id, c.roles, c.unit, c.scopes, c.disabled,
 c.allowed_networks, s.slot, s.secret_id, s.digest
 FROM api_client c LEFT JOIN client_secret s USING (client_id)
 WHERE c.client_id = $1 ORDER BY s.created_at"""
_POLICIES = """SELECT client_id, disabled, rate_limit, allowed_networks FROM api_client
 WHERE disabled OR rate_limit IS NOT NULL OR allowed_networks <> '{}'"""
_NOTE_CLIENT = """UPDATE api_client SET last_used_at = $2 WHERE client_id = $1
 AND (last_used_at IS NULL OR last_used_at < $2)"""
_NOTE_SLOT = "UPDATE client_secret SET last_used_at = $3 WHERE client_id = $1 AND slot = $2"


async def find(session: Session, client_id: str) -> Client | None:
    """The client and its live secrets, the older one first."""
    rows = await session.fetch(_CLIENT, client_id)
    if not rows:
        return None
    head = rows[0]
    secrets = [Secret(r["slot"], r["secret_id"], r["digest"]) for r in rows if r["slot"]]
    return Client(
        client_id=head["client_id"],
        roles=head["roles"],
        unit=head["unit"],
        scopes=head["scopes"],
        disabled=head["disabled"],
        networks=[read_network(text) for text in head["allowed_networks"]],
        secrets=secrets,
    )


async def policies(session: Session) -> Sequence[Any]:
    """What the door must know of the clients that are not like any other: `client_id`, `disabled`,
    `rate_limit`, `allowed_networks`."""
    return await session.fetch(_POLICIES)


async def find_row(session: Session, client_id: str, *, lock: bool) -> ApiClient | None:
    query = listing().filter_by(client_id=client_id)
    return await session.scalar(query.with_for_update() if lock else query)


def listing() -> Select[Any]:
    return select(ApiClient)


def note_use(session: Session, client_id: str, slot: int, when: datetime) -> None:
    session.defer(Deferred(_NOTE_CLIENT, (client_id, when)))
    session.defer(Deferred(_NOTE_SLOT, (client_id, slot, when)))


async def put_client(session: Session, seed: ClientSeed, when: datetime) -> None:
    """Make the client, or bring its name, roles, unit and scopes up to date."""
    values = {
        "name": seed.name or seed.client_id,
        "roles": sorted(seed.roles),
        "unit": seed.unit,
        "scopes": sorted(seed.scopes),
    }
    statement = insert(ApiClient).values(
        client_id=seed.client_id, created_at=when, updated_at=when, **values
    )
    differs = [getattr(ApiClient, name).is_distinct_from(value) for name, value in values.items()]
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["client_id"],
            set_={**values, "version": ApiClient.version + 1, "updated_at": when},
            where=or_(*differs),
        )
    )


async def put_secret(session: Session, client_id: str, secret: Secret, when: datetime) -> None:
    """Fill the secret's slot; what was live there is dead from now on."""
    values = {
        "secret_id": secret.secret_id,
        "digest": secret.digest,
        "created_at": when,
        "last_used_at": None,
    }
    statement = insert(ClientSecret).values(client_id=client_id, slot=secret.slot, **values)
    await session.execute(
        statement.on_conflict_do_update(index_elements=["client_id", "slot"], set_=values)
    )
