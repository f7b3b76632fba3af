"""What the gateway does without being asked: it logs every event of the four services and sends
the webhooks that are due."""

from datetime import timedelta
from functools import partial

from servicekit.db import Database
from servicekit.worker import Everything, Schedule, Subscription, Worker

from gateway.directory import handlers as directory
from gateway.document.service import Documents
from gateway.events import handlers as events
from gateway.events import repository as log
from gateway.proxy.domain import RouteTable
from gateway.proxy.service import Upstreams
from gateway.settings import GatewaySettings
from gateway.visibility.service import Visibility
from gateway.webhooks import handlers as webhooks
from gateway.webhooks import repository as deliveries
from gateway.webhooks.sender import Sender
from gateway.webhooks.service import Means

CONSUMES = events.PUBLISHERS
# The log comes first: a delivery is made of what it holds.
SUBSCRIPTIONS: list[Subscription | Everything] = [
    *directory.SUBSCRIPTIONS,
    *events.SUBSCRIPTIONS,
    *webhooks.SUBSCRIPTIONS,
]


def schedules(settings: GatewaySettings) -> list[Schedule]:
    keep, often = timedelta(days=settings.event_log_days), timedelta(minutes=5)
    return [
        Schedule("gateway.prune_events", often, partial(log.prune, keep=keep)),
        Schedule("gateway.prune_deliveries", often, partial(deliveries.prune, keep=keep)),
    ]


async def send_webhooks(settings: GatewaySettings, database: Database) -> None:
    """Send until cancelled. The permissions are read from the services' documents, as the API
    does: the two may run in different processes."""
    upstreams = Upstreams(settings.upstreams)
    documents = Documents(
        own=dict,
        version=settings.version,
        upstreams=upstreams,
        table=RouteTable(upstreams.addresses),
        snapshots=settings.openapi_snapshots,
    )
    sender = Sender(
        visibility=Visibility(documents),
        means=Means.of(settings),
        schemas=f"{settings.issuer.rstrip('/')}/schemas",
        give_up=timedelta(days=settings.webhook_give_up_days),
    )
    try:
        await sender.run(database)
    finally:
        upstreams.close()


def build_worker(settings: GatewaySettings) -> Worker:
    """The worker; run it with `python -m gateway worker`."""
    return Worker(
        settings,
        subscriptions=SUBSCRIPTIONS,
        schedules=schedules(settings),
        publishes=False,
        beside={"webhooks": partial(send_webhooks, settings)},
    )
