"""What the targets service does without being asked: events it hears, times it keeps."""

from datetime import timedelta

from servicekit.worker import Schedule, Subscription, Worker

from targets import models
from targets.observations.handlers import SUBSCRIPTIONS as OBSERVATIONS
from targets.settings import Settings
from targets.status.handlers import SUBSCRIPTIONS as STATUS
from targets.status.service import judge_what_is_due

# Tables refer to each other across features: all of them must be mapped before the first query.
METADATA = models.metadata
CONSUMES = ("parks", "funding", "supervision")
SUBSCRIPTIONS: list[Subscription] = [*OBSERVATIONS, *STATUS]
SCHEDULES = [
    Schedule("judge-what-is-due", every=timedelta(minutes=10), run=judge_what_is_due),
]


def build_worker(settings: Settings) -> Worker:
    """The worker; run it with `python -m targets worker`."""
    return Worker(settings, subscriptions=SUBSCRIPTIONS, schedules=SCHEDULES)
