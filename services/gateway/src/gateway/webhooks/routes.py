"""`/api/v1/webhooks`."""

from datetime import timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from servicekit.auth.principal import Principal
from servicekit.http import app, idempotency
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, fetch_page, given, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import InvalidTransition, PreconditionRequired
from servicekit.types import AnyOf, Moment

from gateway.deps import MeansDep, VisibilityDep
from gateway.permissions import READ_WEBHOOKS, REPLAY_WEBHOOKS, WRITE_WEBHOOKS
from gateway.webhooks import repository, service
from gateway.webhooks.addresses import TargetRefused
from gateway.webhooks.domain import ClientUnknown, EventGone
from gateway.webhooks.models import Delivery, Webhook
from gateway.webhooks.schemas import (
    DeliveryPage,
    DeliveryRead,
    Replayed,
    ReplaySince,
    RotateSecret,
    WebhookCreate,
    WebhookPage,
    WebhookRead,
    WebhookUpdate,
    WebhookWithSecret,
)
from gateway.webhooks.service import Shelf
from gateway.webhooks.signing import KeyMissing

DELIVERY_SORT = {"ordinal": Delivery.ordinal, "updated_at": Delivery.updated_at}

webhooks = app.router("webhooks")


async def get_shelf(request: Request, session: SessionDep, visibility: VisibilityDep) -> Shelf:
    return Shelf(session, request.state.principal, visibility)


ShelfDep = Annotated[Shelf, Depends(get_shelf)]

_SORTABLE = {"created_at": Webhook.created_at, "updated_at": Webhook.updated_at, "id": Webhook.id}


@webhooks.get("/webhooks", response_model=WebhookPage)
async def list_webhooks(
    session: SessionDep,
    shelf: ShelfDep,
    page: Annotated[PageRequest, sorted_by(_SORTABLE)],
    state: Annotated[AnyOf[Literal["active", "paused", "disabled"]] | None, Query()] = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_WEBHOOKS),
) -> Any:
    """The caller's: a client's own, a person's of the clients that see no more than the person; an
    operator sees everybody's."""
    conditions = given(
        (state or None, Webhook.state.in_),
        (updated_since, Webhook.updated_at.__ge__),
    )
    query = (await shelf.listing()).where(*conditions)
    return await fetch_page(session, query, page, sortable=_SORTABLE, default="created_at")


@webhooks.post(
    "/webhooks",
    status_code=201,
    responses=problems(ClientUnknown, TargetRefused, KeyMissing),
)
async def create_webhook(
    body: WebhookCreate,
    request: Request,
    response: Response,
    shelf: ShelfDep,
    means: MeansDep,
    _: Principal = permitted(WRITE_WEBHOOKS),
) -> WebhookWithSecret:
    """Subscribe the caller's client, or the one that is named. The answer shows the signing secret,
    once.

    What is sent is what the client may see: its roles, its unit and its scopes decide at every
    sending.
    """
    row, secret = await service.create_webhook(shelf, body, means)
    response.headers["Location"] = f"{app.PREFIX}/webhooks/{row.id}"
    tag(response, row)
    return idempotency.with_secret(
        request, WebhookWithSecret, WebhookRead.model_validate(row), secret=secret
    )


@webhooks.get("/webhooks/{webhook_id}", response_model=WebhookRead)
async def get_webhook(
    webhook_id: UUID,
    response: Response,
    shelf: ShelfDep,
    _: Principal = permitted(READ_WEBHOOKS),
) -> Any:
    """One subscription; never its secret."""
    row = await shelf.load(webhook_id, ops=True, lock=False)
    tag(response, row)
    return row


@webhooks.patch(
    "/webhooks/{webhook_id}",
    response_model=WebhookRead,
    responses=problems(TargetRefused, PreconditionRequired),
)
async def update_webhook(
    webhook_id: UUID,
    body: WebhookUpdate,
    response: Response,
    session: SessionDep,
    shelf: ShelfDep,
    means: MeansDep,
    expected: Expected,
    _: Principal = permitted(WRITE_WEBHOOKS),
) -> Any:
    """A merge patch. It counts for events that are published from now on."""
    row = await shelf.load(webhook_id)
    changes = body.model_dump(exclude_unset=True)
    await service.update_webhook(session, row, changes, expected, means)
    tag(response, row)
    return row


@webhooks.delete(
    "/webhooks/{webhook_id}", status_code=204, responses=problems(PreconditionRequired)
)
async def delete_webhook(
    webhook_id: UUID,
    session: SessionDep,
    shelf: ShelfDep,
    expected: Expected,
    _: Principal = permitted(WRITE_WEBHOOKS),
) -> None:
    """With its secrets and its deliveries; what is on its way may still arrive."""
    row = await shelf.load(webhook_id)
    await service.delete_webhook(session, row, expected)


@webhooks.post(
    "/webhooks/{webhook_id}/pause",
    response_model=WebhookRead,
    responses=problems(InvalidTransition),
)
async def pause_webhook(
    webhook_id: UUID,
    response: Response,
    session: SessionDep,
    shelf: ShelfDep,
    expected: Expected,
    _: Principal = permitted(WRITE_WEBHOOKS),
) -> Any:
    """Nothing is sent until it is resumed; what is published meanwhile waits. Operators may pause
    anybody's."""
    row = await shelf.load(webhook_id, ops=True)
    await service.change_state(session, row, "pause", expected)
    tag(response, row)
    return row


@webhooks.post(
    "/webhooks/{webhook_id}/resume",
    response_model=WebhookRead,
    responses=problems(InvalidTransition),
)
async def resume_webhook(
    webhook_id: UUID,
    response: Response,
    session: SessionDep,
    shelf: ShelfDep,
    expected: Expected,
    _: Principal = permitted(WRITE_WEBHOOKS),
) -> Any:
    """Go on sending. What was published while it was disabled comes only with a replay."""
    row = await shelf.load(webhook_id, ops=True)
    await service.change_state(session, row, "resume", expected)
    tag(response, row)
    return row


@webhooks.post("/webhooks/{webhook_id}/rotate-secret", responses=problems(KeyMissing))
async def rotate_webhook_secret(
    webhook_id: UUID,
    body: RotateSecret,
    request: Request,
    response: Response,
    session: SessionDep,
    shelf: ShelfDep,
    means: MeansDep,
    expected: Expected,
    _: Principal = permitted(WRITE_WEBHOOKS),
) -> WebhookWithSecret:
    """A new secret, shown once. Until the overlap ends the old one signs as well."""
    row = await shelf.load(webhook_id)
    overlap = timedelta(hours=body.overlap_hours)
    secret = await service.rotate_secret(session, row, overlap, expected, means)
    tag(response, row)
    return idempotency.with_secret(
        request, WebhookWithSecret, WebhookRead.model_validate(row), secret=secret
    )


@webhooks.post(
    "/webhooks/{webhook_id}/test", status_code=202, responses=problems(InvalidTransition)
)
async def send_webhook_test(
    webhook_id: UUID,
    request: Request,
    session: SessionDep,
    shelf: ShelfDep,
    _: Principal = permitted(WRITE_WEBHOOKS),
) -> DeliveryRead:
    """Send an event of the type `kechuang.gateway.webhook.tested.v1`."""
    row = await shelf.load(webhook_id)
    issuer = request.app.state.settings.issuer
    return (await service.with_log(session, [await service.send_test(session, row, issuer)]))[0]


@webhooks.get("/webhooks/{webhook_id}/deliveries", response_model=DeliveryPage)
async def list_webhook_deliveries(
    webhook_id: UUID,
    session: SessionDep,
    shelf: ShelfDep,
    page: Annotated[PageRequest, sorted_by(DELIVERY_SORT)],
    state: Annotated[AnyOf[Literal["pending", "delivered", "failed"]] | None, Query()] = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_WEBHOOKS),
) -> Any:
    """What was sent, newest first, with every attempt: status code, duration, error, and when the
    next one is due."""
    row = await shelf.load(webhook_id, ops=True, lock=False)
    conditions = given(
        (state or None, Delivery.state.in_),
        (updated_since, Delivery.updated_at.__ge__),
    )
    query = repository.deliveries(row.id).where(*conditions)
    found = await fetch_page(
        session,
        query,
        page,
        sortable=DELIVERY_SORT,
        default="-ordinal",
        key="ordinal",
    )
    found.items = await service.with_log(session, found.items)
    return found


@webhooks.post(
    "/webhooks/{webhook_id}/deliveries/{delivery_id}/replay",
    status_code=202,
    responses=problems(EventGone),
)
async def replay_webhook_delivery(
    webhook_id: UUID,
    delivery_id: UUID,
    session: SessionDep,
    shelf: ShelfDep,
    _: Principal = permitted(REPLAY_WEBHOOKS),
) -> DeliveryRead:
    """Send one delivery again, with the same `webhook-id`."""
    row = await shelf.load(webhook_id)
    delivery = await service.replay_delivery(session, row, delivery_id)
    return (await service.with_log(session, [delivery]))[0]


@webhooks.post("/webhooks/{webhook_id}/replay", status_code=202)
async def replay_webhook(
    webhook_id: UUID,
    body: ReplaySince,
    session: SessionDep,
    shelf: ShelfDep,
    _: Principal = permitted(REPLAY_WEBHOOKS),
) -> Replayed:
    """Send everything again from a moment on, at most 10,000 events a call."""
    row = await shelf.load(webhook_id)
    return await service.replay_since(session, row, body)
