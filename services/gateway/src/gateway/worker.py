"""What the gateway does without being asked: it logs every event of the four services."""

from datetime import timedelta
from functools import partial

from servicekit.worker import Everything, Schedule, Subscription, Worker

from gateway.directory import handlers as directory
from gateway.events import handlers as events
from gateway.events import repository as log
from gateway.settings import GatewaySettings

CONSUMES = events.PUBLISHERS
SUBSCRIPTIONS: list[Subscription | Everything] = [
    *directory.SUBSCRIPTIONS,
    *events.SUBSCRIPTIONS,
]


def schedules(settings: GatewaySettings) -> list[Schedule]:
    keep = timedelta(days=settings.event_log_days)
    return [Schedule("gateway.prune_events", timedelta(minutes=5), partial(log.prune, keep=keep))]


def build_worker(settings: GatewaySettings) -> Worker:
    """The worker; run it with `python -m gateway worker`."""
    return Worker(
        settings, subscriptions=SUBSCRIPTIONS, schedules=schedules(settings), publishes=False
    )
