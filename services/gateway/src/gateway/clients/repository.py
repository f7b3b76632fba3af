"""Every SQL statement about clients."""

from datetime import datetime

from servicekit.db import Session
from servicekit.deferred import Deferred
from sqlalchemy.dialects.postgresql import insert

from gateway.clients.domain import Client, Secret
from gateway.clients.models import ApiClient, ClientSecret
from gateway.clients.schemas import ClientSeed

_CLIENT = """SELECT c.client_id, c.roles, c.unit, c.scopes, c.disabled,
 s.slot, s.secret_id, s.digest
 FROM api_client c LEFT JOIN client_secret s USING (client_id)
 WHERE c.client_id = $1 ORDER BY s.created_at"""
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
        head["client_id"], head["roles"], head["unit"], head["scopes"], head["disabled"], secrets
    )


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
        "updated_at": when,
    }
    statement = insert(ApiClient).values(client_id=seed.client_id, created_at=when, **values)
    await session.execute(
        statement.on_conflict_do_update(index_elements=["client_id"], set_=values)
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
