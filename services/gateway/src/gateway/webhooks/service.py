"""What a client does with its webhooks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self
from uuid import UUID

import orjson
from servicekit import audit
from servicekit.auth.principal import Principal, Role
from servicekit.clock import now
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.ids import new_id
from servicekit.problems import InvalidTransition, NotFound
from sqlalchemy import Select, func

from gateway.settings import GatewaySettings
from gateway.visibility.service import Visibility
from gateway.webhooks import domain, repository
from gateway.webhooks.addresses import Allowlist, check_target
from gateway.webhooks.keepers import kept_clients, owner_of_new
from gateway.webhooks.models import Delivery, Webhook, WebhookSecret
from gateway.webhooks.schemas import DeliveryRead, Replayed, ReplaySince, WebhookCreate
from gateway.webhooks.signing import SecretBox, new_secret, read_box

TESTED = "kechuang.gateway.webhook.tested.v1"
"""The type of a test: no service publishes it."""


@dataclass(frozen=True, slots=True)
class Means:
    """Where webhooks may lead and what keeps their secrets."""

    allowlist: Allowlist
    box: SecretBox

    @classmethod
    def of(cls, settings: GatewaySettings) -> Self:
        """Raises `ValueError` for a list or a key that is none, `OSError` without the file."""
        box = read_box(settings.webhook_key_file, settings.webhook_key)
        return cls(Allowlist(settings.webhook_allowlist), box)


@dataclass(frozen=True, slots=True)
class Shelf:
    """The webhooks of one caller in one request: those of the clients it keeps them for."""

    session: Session
    principal: Principal
    visibility: Visibility

    @property
    def is_operator(self) -> bool:
        return Role.OPS in self.principal.roles

    async def listing(self) -> Select[Any]:
        """The caller's; an operator sees everybody's."""
        if self.is_operator:
            return repository.listing(None)
        return repository.listing(await kept_clients(self.session, self.principal, self.visibility))

    async def load(self, webhook_id: UUID, *, ops: bool = False, lock: bool = True) -> Webhook:
        """One of the caller's, locked unless it is only read; with `ops` anybody's for an operator.

        Raises:
            NotFound: there is none, or it is kept by others.
        """
        row = await repository.find(self.session, webhook_id, lock=lock)
        if row is not None and ops and self.is_operator:
            return row
        kept = await kept_clients(self.session, self.principal, self.visibility)
        if row is None or row.client_id not in kept:
            raise NotFound(what=f"webhook {webhook_id}")
        return row


async def create_webhook(shelf: Shelf, body: WebhookCreate, means: Means) -> tuple[Webhook, str]:
    """The subscription and its secret, which nobody sees again.

    Raises:
        ClientUnknown: the client it is for is not registered here.
        Forbidden: the caller does not keep that client's webhooks.
        TargetRefused: the address is not allowed.
        KeyMissing: there is nothing to keep the secret with.
    """
    session = shelf.session
    owner = await owner_of_new(session, shelf.principal, body.client_id, shelf.visibility)
    await check_target(means.allowlist, body.url)
    row = Webhook(id=new_id(), **{**body.model_dump(), "client_id": owner})
    session.add(row)
    await session.flush()
    secret = add_secret(session, row, means.box)
    await session.flush()
    audit.record(session, "webhooks.create", "webhook", row.id, after=row.snapshot())
    return row, secret


def add_secret(session: Session, row: Webhook, box: SecretBox) -> str:
    secret = new_secret()
    session.add(WebhookSecret(webhook_id=row.id, sealed=box.seal(secret), created_at=now()))
    return secret


async def update_webhook(
    session: Session, row: Webhook, changes: dict[str, Any], expected: int | None, means: Means
) -> None:
    """Take over what the patch names.

    Raises:
        PreconditionRequired, PreconditionFailed, TargetRefused.
    """
    check_version(row, expected)
    if "url" in changes:
        await check_target(means.allowlist, changes["url"])
    before = row.snapshot()
    if row.change(changes):
        await session.flush()
        audit.record(
            session, "webhooks.update", "webhook", row.id, before=before, after=row.snapshot()
        )


async def delete_webhook(session: Session, row: Webhook, expected: int | None) -> None:
    """Raises `PreconditionRequired`, `PreconditionFailed`."""
    check_version(row, expected)
    audit.record(session, "webhooks.delete", "webhook", row.id, before=row.snapshot())
    await session.delete(row)
    await session.flush()


async def change_state(session: Session, row: Webhook, action: str, expected: int | None) -> None:
    """`pause` or `resume`; resuming forgets the failures.

    Raises:
        PreconditionRequired, PreconditionFailed, InvalidTransition.
    """
    check_version(row, expected)
    before = row.snapshot()
    row.change({"state": domain.step(row.state, action)})
    row.disabled_reason = row.failing_since = None
    await session.flush()
    audit.record(
        session, f"webhooks.{action}", "webhook", row.id, before=before, after=row.snapshot()
    )


async def rotate_secret(
    session: Session, row: Webhook, overlap: timedelta, expected: int | None, means: Means
) -> str:
    """A new secret; the one before it signs as well until the overlap ends.

    Raises:
        PreconditionRequired, PreconditionFailed, KeyMissing.
    """
    check_version(row, expected)
    await repository.expire_secrets(session, row.id, overlap)
    secret = add_secret(session, row, means.box)
    row.touch()
    await session.flush()
    audit.record(session, "webhooks.rotate_secret", "webhook", row.id, overlap=str(overlap))
    return secret


async def send_test(session: Session, row: Webhook, issuer: str) -> Delivery:
    """A delivery that no service caused.

    Raises:
        InvalidTransition: nothing is sent to a webhook that is not active.
    """
    if row.state != domain.State.ACTIVE:
        raise InvalidTransition(state=row.state, action="test")
    event_id, subject = new_id(), f"webhook:{row.id}"
    envelope = {
        "specversion": "1.0",
        "id": str(event_id),
        "source": "/services/gateway",
        "type": TESTED,
        "subject": subject,
        "time": now(),
        "datacontenttype": "application/json",
        "dataschema": f"{issuer.rstrip('/')}/schemas/{TESTED}.json",
        "aggregateversion": row.version,
        "correlationid": str(event_id),
        "data": {"webhook_id": str(row.id), "name": row.name},
    }
    delivery = Delivery(
        id=new_id(),
        webhook_id=row.id,
        event_id=event_id,
        type=TESTED,
        subject=subject,
        body=orjson.dumps(envelope, option=orjson.OPT_UTC_Z).decode(),
        state="pending",
        attempts=0,
        next_attempt_at=func.now(),  # the clock by which it is taken
        created_at=func.now(),
        updated_at=func.now(),
    )
    session.add(delivery)
    await session.flush()
    await session.refresh(delivery)
    audit.record(session, "webhooks.test", "webhook", row.id, delivery=str(delivery.id))
    return delivery


async def replay_delivery(session: Session, row: Webhook, delivery_id: UUID) -> Delivery:
    """Send it again from the first attempt on, with the same `webhook-id`.

    Raises:
        NotFound: the webhook has no such delivery. EventGone: the event is no longer kept.
    """
    delivery = await repository.find_delivery(session, row.id, delivery_id)
    if delivery is None:
        raise NotFound(what=f"delivery {delivery_id}")
    if delivery.body is None and not await repository.is_kept(session, delivery.event_id):
        raise domain.EventGone
    delivery.state, delivery.attempts, delivery.delivered_at = "pending", 0, None
    delivery.next_attempt_at = delivery.updated_at = func.now()
    await session.flush()
    await session.refresh(delivery)
    audit.record(session, "webhooks.replay", "webhook", row.id, delivery=str(delivery.id))
    return delivery


async def replay_since(session: Session, row: Webhook, body: ReplaySince) -> Replayed:
    """Send everything again that was logged since, also what was never due before."""
    made, until = await repository.replay_since(session, row.id, body.since)
    audit.record(session, "webhooks.replay", "webhook", row.id, since=body.since, deliveries=made)
    return Replayed(deliveries=made, complete=made < repository.REPLAYED_AT_ONCE, until=until)


async def with_log(session: Session, found: Sequence[Delivery]) -> list[DeliveryRead]:
    """Deliveries with their newest attempts."""
    logs = await repository.attempts_of(session, [one.id for one in found])
    return [
        DeliveryRead.model_validate(
            {name: getattr(one, name) for name in DeliveryRead.model_fields if name != "log"}
            | {"log": logs[one.id]}
        )
        for one in found
    ]
