"""What the targets service does without being asked: events it hears, times it keeps."""

from contracts.funding import FiscalYearExecuted, RuleBreached, RuleRestored
from contracts.parks import ParkGradeObtained, ParkMetricChanged
from contracts.supervision import ItemClosed, ItemOpened
from servicekit.worker import Schedule, Subscription, Worker

from targets import models
from targets.observations import handlers as observations
from targets.settings import Settings
from targets.status import handlers as status

# Tables refer to each other across features: all of them must be mapped before the first query.
METADATA = models.metadata
CONSUMES = ("parks", "funding", "supervision")
SUBSCRIPTIONS: list[Subscription] = [
    Subscription(ParkMetricChanged, observations.on_park_metric_changed),
    Subscription(ParkGradeObtained, observations.on_park_grade_obtained),
    Subscription(FiscalYearExecuted, observations.on_fiscal_year_executed),
    Subscription(RuleBreached, observations.on_rule_judged),
    Subscription(RuleRestored, observations.on_rule_judged),
    Subscription(ItemOpened, status.on_item_opened),
    Subscription(ItemClosed, status.on_item_closed),
]
SCHEDULES: list[Schedule] = []


def build_worker(settings: Settings) -> Worker:
    """The worker; run it with `python -m targets worker`."""
    return Worker(settings, subscriptions=SUBSCRIPTIONS, schedules=SCHEDULES)
