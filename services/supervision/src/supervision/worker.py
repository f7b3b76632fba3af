"""What the supervision service does without being asked: events it hears, times it keeps."""

from servicekit.worker import Schedule, Subscription, Worker
from supervision.settings import Settings

CONSUMES = ()
SUBSCRIPTIONS: list[Subscription] = []
SCHEDULES: list[Schedule] = []


def build_worker(settings: Settings) -> Worker:
    """The worker; run it with `python -m supervision worker`."""
    return Worker(settings, subscriptions=SUBSCRIPTIONS, schedules=SCHEDULES)
