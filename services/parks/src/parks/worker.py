"""What the parks service does without being asked: events it hears, times it keeps."""

from datetime import timedelta

from servicekit.worker import Schedule, Subscription, Worker

from parks.directory import handlers as directory
from parks.recognitions.service import settle_due
from parks.settings import Settings

CONSUMES = ("targets",)
SUBSCRIPTIONS: list[Subscription] = [*directory.SUBSCRIPTIONS]
SCHEDULES: list[Schedule] = [
    Schedule("parks.settle_recognitions", timedelta(minutes=10), settle_due),
]


def build_worker(settings: Settings) -> Worker:
    """The worker; run it with `python -m parks worker`."""
    return Worker(settings, subscriptions=SUBSCRIPTIONS, schedules=SCHEDULES)
