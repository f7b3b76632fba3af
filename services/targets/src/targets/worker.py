"""What the targets service does without being asked: events it hears, times it keeps."""

from datetime import timedelta

from servicekit.worker import Schedule, Subscription, Worker

from targets import models
from targets.calendar.handlers import SUBSCRIPTIONS as CALENDAR
from targets.forecasts.service import make_what_is_wanted
from targets.milestones.service import tell_overdue as tell_overdue_milestones
from targets.observations.handlers import SUBSCRIPTIONS as OBSERVATIONS
from targets.overdue.service import tell_overdue
from targets.periods.service import follow_calendar
from targets.reports.routes import report_import
from targets.revisions.service import take_effect
from targets.rollups.service import roll_up_what_is_not
from targets.settings import Settings
from targets.status.handlers import SUBSCRIPTIONS as STATUS
from targets.status.service import judge_what_is_due

# Tables refer to each other across features: all of them must be mapped before the first query.
METADATA = models.metadata
CONSUMES = ("parks", "funding", "supervision")
SUBSCRIPTIONS: list[Subscription] = [*OBSERVATIONS, *STATUS, *CALENDAR]
SCHEDULES = [
    Schedule("roll-up-what-is-not", every=timedelta(minutes=10), run=roll_up_what_is_not),
    Schedule("judge-what-is-due", every=timedelta(minutes=10), run=judge_what_is_due),
    Schedule("follow-the-calendar", every=timedelta(hours=6), run=follow_calendar),
    Schedule("tell-overdue-reports", every=timedelta(minutes=10), run=tell_overdue),
    Schedule("tell-overdue-milestones", every=timedelta(minutes=10), run=tell_overdue_milestones),
    Schedule("let-revisions-take-effect", every=timedelta(minutes=10), run=take_effect),
    Schedule("forecast-what-changed", every=timedelta(seconds=10), run=make_what_is_wanted),
]
JOBS = [report_import]


def build_worker(settings: Settings) -> Worker:
    """The worker; run it with `python -m targets worker`."""
    return Worker(settings, subscriptions=SUBSCRIPTIONS, schedules=SCHEDULES, jobs=JOBS)
