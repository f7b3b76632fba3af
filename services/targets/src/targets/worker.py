"""What the targets service does without being asked: events it hears, times it keeps."""

from servicekit.worker import Schedule, Subscription, Worker

from targets import models
from targets.observations.handlers import SUBSCRIPTIONS as OBSERVATIONS
from targets.settings import Settings
from targets.status.handlers import SUBSCRIPTIONS as STATUS

# Tables refer to each other across features: all of them must be mapped before the first query.
METADATA = models.metadata
CONSUMES = ("parks", "funding", "supervision")
SUBSCRIPTIONS: list[Subscription] = [*OBSERVATIONS, *STATUS]
SCHEDULES: list[Schedule] = []


def build_worker(settings: Settings) -> Worker:
    """The worker; run it with `python -m targets worker`."""
    return Worker(settings, subscriptions=SUBSCRIPTIONS, schedules=SCHEDULES)
