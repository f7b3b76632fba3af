"""HTTP of the report templates."""

from typing import Any

from fastapi import Response
from servicekit.auth.principal import Principal
from servicekit.files.download import gives
from servicekit.files.kinds import XLSX
from servicekit.http import app
from servicekit.http.exports.form import form_answer
from servicekit.http.openapi import problems
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import UnknownReference
from servicekit.types import Code, Period
from targets.periods.domain import PeriodClosed, UnknownPeriod
from targets.permissions import CREATE_REPORT
from targets.report_templates import service

templates = app.router("templates")


@templates.get(
    "/templates/progress-reports/{unit_code}/{period}",
    response_class=Response,
    responses={**gives(XLSX), **problems(UnknownReference, UnknownPeriod, PeriodClosed)},
    summary="The workbook to report with",
)
async def get_report_template(
    unit_code: Code,
    period: Period,
    session: SessionDep,
    principal: Principal = permitted(CREATE_REPORT),
) -> Any:
    """A row for each indicator the unit reports for the period, with what is known locked and what
    is asked open. Filled in, it is the body of a POST to `/progress-reports/import`; rows left
    empty are no reports."""
    form = await service.make_template(session, principal, unit_code, period)
    return await form_answer(form, f"{unit_code}-{period}.xlsx")
