"""What the gateway does without being asked: nothing yet besides what every worker does."""

from servicekit.worker import Schedule, Subscription, Worker

from gateway.settings import GatewaySettings

CONSUMES = ()
SUBSCRIPTIONS: list[Subscription] = []
SCHEDULES: list[Schedule] = []


def build_worker(settings: GatewaySettings) -> Worker:
    """The worker; run it with `python -m gateway worker`."""
    return Worker(settings, subscriptions=SUBSCRIPTIONS, schedules=SCHEDULES, publishes=False)
