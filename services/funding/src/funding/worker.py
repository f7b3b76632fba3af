"""What the funding service does without being asked: events it hears, times it keeps."""

from datetime import timedelta

from servicekit.worker import Schedule, Subscription, Worker

from funding.directory.handlers import SUBSCRIPTIONS as DIRECTORY
from funding.funding_rules.service import evaluate_all
from funding.holds.handlers import SUBSCRIPTIONS as HOLDS
from funding.settings import Settings

CONSUMES = ("targets", "supervision")
SUBSCRIPTIONS: list[Subscription] = [*DIRECTORY, *HOLDS]
SCHEDULES: list[Schedule] = [
    # A yearly floor that was not reached is breached when the year ends, and nobody calls then.
    Schedule("evaluate_funding_rules", timedelta(hours=1), evaluate_all),
]


def build_worker(settings: Settings) -> Worker:
    """The worker; run it with `python -m funding worker`."""
    return Worker(settings, subscriptions=SUBSCRIPTIONS, schedules=SCHEDULES)
