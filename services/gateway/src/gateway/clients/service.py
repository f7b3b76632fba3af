"""Registering clients from a file, and telling whether a client is who it says."""

from collections.abc import Sequence

from servicekit import audit
from servicekit.clock import now
from servicekit.db import Session

from gateway.clients import repository
from gateway.clients.domain import (
    Client,
    Secret,
    check_strength,
    digest,
    matching,
    secret_id,
    slot_for,
)
from gateway.clients.schemas import ClientSeed


async def seed(session: Session, seeds: Sequence[ClientSeed]) -> int:
    """Make or update these clients; how many got a new secret. Seeding again changes nothing.

    Raises:
        WeakSecret: a secret has less than 256 bits; nothing is stored then.
    """
    fresh = 0
    for one in seeds:
        check_strength(one.client_id, one.client_secret)
        before = await repository.find(session, one.client_id)
        live = before.secrets if before else ()
        await repository.put_client(session, one, now())
        if matching(live, one.client_secret) is None:
            made = Secret(slot_for(live), secret_id(one.client_secret), digest(one.client_secret))
            await repository.put_secret(session, one.client_id, made, now())
            fresh += 1
            audit.record(session, "clients.seed", "api_client", one.client_id, slot=made.slot)
    return fresh


async def authenticate(session: Session, client_id: str, secret: str) -> Client | None:
    """The client, if the secret is one of its live ones and it is not disabled; notes the use."""
    client = await repository.find(session, client_id)
    found = matching(client.secrets if client else (), secret)
    if client is None or found is None or client.disabled:
        return None
    repository.note_use(session, client_id, found.slot, now())
    return client
