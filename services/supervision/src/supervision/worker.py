"""What the supervision service does without being asked: events it hears, times it keeps."""

from datetime import timedelta

from servicekit.worker import Schedule, Subscription, Worker

from supervision.bulletins import service as bulletins
from supervision.calendar import service as calendar
from supervision.calendar_years.routes import calendar_import
from supervision.closures import handlers as closures
from supervision.deadlines import service as deadlines
from supervision.directory import handlers as directory
from supervision.figures import handlers as figures
from supervision.inspections import service as inspections
from supervision.items import handlers as items
from supervision.items import service as item_service
from supervision.items.routes import item_import
from supervision.meetings import service as meetings
from supervision.overdue_reports import handlers as overdue_reports
from supervision.plan_requests import service as plan_requests
from supervision.references import handlers as references
from supervision.reminders import service as reminders
from supervision.settings import Settings
from supervision.unit_facts import handlers as unit_facts
from supervision.unit_plans import service as unit_plans

CONSUMES = ("targets", "funding", "parks")
SUBSCRIPTIONS: list[Subscription] = [
    *directory.SUBSCRIPTIONS,
    *items.SUBSCRIPTIONS,
    *closures.SUBSCRIPTIONS,
    *figures.SUBSCRIPTIONS,
    *overdue_reports.SUBSCRIPTIONS,
    *references.SUBSCRIPTIONS,
    *unit_facts.SUBSCRIPTIONS,
]
SCHEDULES: list[Schedule] = [
    Schedule("refresh-calendar", timedelta(hours=12), calendar.refresh_calendar),
    Schedule("recount-deadlines", timedelta(hours=12), deadlines.recount_deadlines),
    Schedule("announce-late-items", timedelta(minutes=5), item_service.announce_late_items),
    Schedule("send-reminders", timedelta(minutes=1), reminders.send_reminders),
    Schedule("recount-plans", timedelta(hours=12), plan_requests.recount_plans),
    Schedule("announce-late-plans", timedelta(minutes=5), unit_plans.announce_late_plans),
    Schedule("remind-of-plans", timedelta(minutes=1), unit_plans.remind_of_plans),
    Schedule("freeze-bulletins", timedelta(minutes=1), bulletins.freeze_what_is_due),
    Schedule("plan-inspections", timedelta(hours=1), inspections.plan_inspections),
    Schedule(
        "announce-missed-inspections",
        timedelta(minutes=5),
        inspections.announce_missed_inspections,
    ),
    Schedule("announce-missed-meetings", timedelta(minutes=5), meetings.announce_missed_meetings),
    Schedule("chase-work-reports", timedelta(minutes=5), meetings.chase_reports),
    Schedule("plan-meetings", timedelta(hours=1), meetings.plan_meetings),
]
JOBS = [item_import, calendar_import]


def build_worker(settings: Settings) -> Worker:
    """The worker; run it with `python -m supervision worker`."""
    return Worker(settings, subscriptions=SUBSCRIPTIONS, schedules=SCHEDULES, jobs=JOBS)
