"""The supervision API: its whole composition."""

from pathlib import Path

from fastapi import FastAPI
from servicekit.http.app import create_app
from servicekit.migrations import Migrations

from supervision.agendas.routes import router as agendas
from supervision.assessment_appeals.routes import router as assessment_appeals
from supervision.assessment_schemes.routes import router as assessment_schemes
from supervision.assessments.routes import router as assessments
from supervision.assessments.routes import scores as assessment_scores
from supervision.board.routes import router as board
from supervision.bulletin_deliveries.routes import router as bulletin_deliveries
from supervision.bulletins.routes import router as bulletins
from supervision.calendar.routes import router as calendar
from supervision.calendar_years.routes import router as calendar_years
from supervision.checklist_templates.routes import router as checklist_templates
from supervision.closures.routes import router as closures
from supervision.deadlines.routes import router as deadlines
from supervision.inspection_findings.routes import router as inspection_findings
from supervision.inspection_signatures.routes import router as inspection_signatures
from supervision.inspections.routes import router as inspections
from supervision.items.routes import router as items
from supervision.labels import LABELS, RESOURCES
from supervision.meetings.routes import router as meetings
from supervision.minutes.routes import router as minutes
from supervision.plan_requests.routes import router as plan_requests
from supervision.recipient_groups.routes import router as recipient_groups
from supervision.reminders.routes import router as reminders
from supervision.settings import Settings
from supervision.unit_plan_files.routes import (
    annual_work_plan_files,
    implementation_plan_files,
)
from supervision.unit_plans.routes import annual_work_plans, implementation_plans
from supervision.work_reports.routes import router as work_reports

MIGRATIONS = Migrations(Path(__file__).parents[2] / "migrations")


def build(settings: Settings) -> FastAPI:
    """The app; run it with `python -m supervision api`."""
    return create_app(
        settings,
        title="supervision",
        description=__doc__ or "",
        routers=[
            items,
            board,
            closures,
            deadlines,
            reminders,
            inspections,
            inspection_findings,
            inspection_signatures,
            checklist_templates,
            meetings,
            agendas,
            minutes,
            work_reports,
            recipient_groups,
            calendar_years,
            bulletins,
            bulletin_deliveries,
            assessment_schemes,
            assessments,
            assessment_scores,
            assessment_appeals,
            calendar,
            plan_requests,
            implementation_plans,
            implementation_plan_files,
            annual_work_plans,
            annual_work_plan_files,
        ],
        migrations=MIGRATIONS,
        labels=LABELS,
        resources=RESOURCES,
    )
