"""What the funding service does without being asked: events it hears, times it keeps."""

from datetime import timedelta

from servicekit.worker import Schedule, Subscription, Worker

from funding.acceptances.service import follow_rectifications
from funding.calls.service import follow_days
from funding.counterpart_reports.routes import counterpart_import
from funding.directory.handlers import SUBSCRIPTIONS as DIRECTORY
from funding.funding_rules.service import evaluate_all
from funding.holds.handlers import SUBSCRIPTIONS as HOLDS
from funding.interest_subsidies.routes import interest_subsidy_import
from funding.journal.service import watch_balance
from funding.notices.handlers import SUBSCRIPTIONS as NOTICES
from funding.notices.service import follow_calendar
from funding.patent_subsidies.routes import patent_subsidy_import
from funding.payment_results.routes import result_import
from funding.platform_grants.routes import platform_grant_import
from funding.registry.handlers import SUBSCRIPTIONS as REGISTRY
from funding.settings import Settings

CONSUMES = ("targets", "parks", "supervision")
SUBSCRIPTIONS: list[Subscription] = [*DIRECTORY, *HOLDS, *REGISTRY, *NOTICES]
SCHEDULES: list[Schedule] = [
    # A yearly floor that was not reached is breached when the year ends, and nobody calls then.
    Schedule("evaluate_funding_rules", timedelta(hours=1), evaluate_all),
    Schedule("follow_the_days_of_calls", timedelta(minutes=1), follow_days),
    Schedule("watch_the_balance_of_the_journal", timedelta(minutes=5), watch_balance),
    Schedule("follow_rectifications", timedelta(hours=1), follow_rectifications),
    # A newly announced year arrives with the release that knows it.
    Schedule("follow_the_calendar", timedelta(hours=6), follow_calendar),
]
JOBS = [
    counterpart_import,
    result_import,
    patent_subsidy_import,
    interest_subsidy_import,
    platform_grant_import,
]


def build_worker(settings: Settings) -> Worker:
    """The worker; run it with `python -m funding worker`."""
    return Worker(settings, subscriptions=SUBSCRIPTIONS, schedules=SCHEDULES, jobs=JOBS)
