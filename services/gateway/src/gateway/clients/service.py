"""Registering clients, from a file or one by one, and telling whether one is who it says."""

from collections.abc import Sequence
from typing import Any

from servicekit import audit
from servicekit.auth import directory
from servicekit.clock import now
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.problems import NotFound, UnknownReference

from gateway.clients import repository
from gateway.clients.domain import (
    LIVE_SECRETS,
    Client,
    Secret,
    TwoSecretsLive,
    check_strength,
    digest,
    matching,
    new_secret,
    secret_id,
    slot_for,
    step,
)
from gateway.clients.models import ApiClient, ClientSecret
from gateway.clients.schemas import ClientCreate, ClientSeed


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


async def load(session: Session, client_id: str, *, lock: bool = True) -> ApiClient:
    """The client with its secrets, locked unless it is only read.

    Raises:
        NotFound: there is none.
    """
    row = await repository.find_row(session, client_id, lock=lock)
    if row is None:
        raise NotFound(what=f"client {client_id}")
    return row


async def register(session: Session, body: ClientCreate) -> tuple[ApiClient, str]:
    """The new client and its secret, which nobody sees again.

    Raises:
        AlreadyExists: this id is taken.
        UnknownReference: the programme has no such unit.
    """
    await check_unit(session, body.unit)
    row = ApiClient(**body.model_dump(), secrets=[])
    secret = grow_secret(row)
    session.add(row)
    await session.flush()
    audit.record(session, "clients.register", "api_client", row.client_id, after=row.snapshot())
    return row, secret


async def check_unit(session: Session, unit: str | None) -> None:
    """Raises `UnknownReference` for a unit that nobody can act for."""
    if not await directory.is_active(session, unit):
        raise UnknownReference(what=f"unit {unit}")


def grow_secret(row: ApiClient) -> str:
    """Give the client a new secret in its free slot; only the digest is kept."""
    secret = new_secret()
    live = [Secret(one.slot, one.secret_id, one.digest) for one in row.secrets]
    row.secrets.append(
        ClientSecret(
            slot=slot_for(live),
            secret_id=secret_id(secret),
            digest=digest(secret),
            created_at=now(),
        )
    )
    return secret


async def update(
    session: Session, row: ApiClient, changes: dict[str, Any], expected: int | None
) -> None:
    """Take over what the patch names. Roles, unit and scopes count from the next token on.

    Raises:
        PreconditionFailed: the client has changed since.
        UnknownReference: the programme has no such unit.
    """
    check_version(row, expected, required=False)
    if changes.get("unit") != row.unit:
        await check_unit(session, changes.get("unit"))
    before = row.snapshot()
    if row.change(changes):
        await session.flush()
        after = row.snapshot()
        audit.record(
            session, "clients.update", "api_client", row.client_id, before=before, after=after
        )


async def change_state(session: Session, row: ApiClient, action: str, expected: int | None) -> None:
    """`disable` or `enable`.

    Raises:
        PreconditionRequired, PreconditionFailed, InvalidTransition.
    """
    check_version(row, expected)
    before = row.snapshot()
    row.change({"disabled": step(disabled=row.disabled, action=action)})
    await session.flush()
    audit.record(
        session,
        f"clients.{action}",
        "api_client",
        row.client_id,
        before=before,
        after=row.snapshot(),
    )


async def add_secret(session: Session, row: ApiClient) -> str:
    """A second live secret; the first one stays until it is removed.

    Raises:
        TwoSecretsLive: there are two already.
    """
    if len(row.secrets) >= LIVE_SECRETS:
        raise TwoSecretsLive
    secret = grow_secret(row)
    row.touch()
    await session.flush()
    audit.record(
        session, "clients.add_secret", "api_client", row.client_id, secret_id=secret_id(secret)
    )
    return secret


async def remove_secret(session: Session, row: ApiClient, chosen: str) -> None:
    """The secret is dead at once; tokens it got live until they expire. The last one may go, too.

    Raises:
        NotFound: the client has no such secret.
    """
    kept = [one for one in row.secrets if one.secret_id != chosen]
    if len(kept) == len(row.secrets):
        raise NotFound(what=f"secret {chosen}")
    row.secrets = kept
    row.touch()
    await session.flush()
    audit.record(session, "clients.remove_secret", "api_client", row.client_id, secret_id=chosen)
