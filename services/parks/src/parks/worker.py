"""What the parks service does without being asked: events it hears, times it keeps."""

from datetime import timedelta

from servicekit.worker import Schedule, Subscription, Worker

from parks.achievements.routes import achievement_import
from parks.achievements.service import recount_due as recount_achievements
from parks.deadlines import handlers as deadlines
from parks.deadlines.service import remind
from parks.directory import handlers as directory
from parks.dossiers import handlers as dossiers
from parks.enterprises.routes import enterprise_import
from parks.parks.service import expire_grades
from parks.platforms.routes import platform_import
from parks.platforms.service import recount_due
from parks.rd_projects.routes import project_import
from parks.rd_projects.service import recount_due as recount_projects
from parks.recognitions.routes import recognition_import
from parks.recognitions.service import settle_due, warn_due
from parks.returns.routes import return_import
from parks.settings import Settings
from parks.technology_contracts.routes import contract_import

CONSUMES = ("targets", "funding", "supervision")
SUBSCRIPTIONS: list[Subscription] = [
    *directory.SUBSCRIPTIONS,
    *dossiers.SUBSCRIPTIONS,
    *deadlines.SUBSCRIPTIONS,
]
SCHEDULES: list[Schedule] = [
    Schedule("parks.settle_recognitions", timedelta(minutes=10), settle_due),
    Schedule("parks.warn_of_recognitions", timedelta(hours=1), warn_due),
    Schedule("parks.expire_grades", timedelta(minutes=10), expire_grades),
    Schedule("parks.remind_of_returns", timedelta(hours=1), remind),
    Schedule("parks.recount_platforms", timedelta(minutes=10), recount_due),
    Schedule("parks.recount_projects", timedelta(minutes=10), recount_projects),
    Schedule("parks.recount_achievements", timedelta(minutes=10), recount_achievements),
]
JOBS = [
    enterprise_import,
    return_import,
    recognition_import,
    platform_import,
    project_import,
    contract_import,
    achievement_import,
]


def build_worker(settings: Settings) -> Worker:
    """The worker; run it with `python -m parks worker`."""
    return Worker(settings, subscriptions=SUBSCRIPTIONS, schedules=SCHEDULES, jobs=JOBS)
