"""Progress reports brought as a file: many at once, by the rules of each alone."""

from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from hypothesis import given, settings
from hypothesis import strategies as st
from servicekit.audit import digest
from servicekit.auth.principal import Principal, Role
from servicekit.imports.writing import single, together
from servicekit.jobs.runner import JobRunner
from servicekit.testing.twins import outcome
from servicekit.types import plain
from targets.reports import service
from targets.reports.routes import create_progress_report
from targets.reports.schemas import ProgressReportCreate, ProgressReportRead
from targets.worker import JOBS

PATH = "/api/v1/progress-reports"
ONE_BY_ONE = single(create_progress_report, ProgressReportRead)
MANY = together(service.create_reports, ONE_BY_ONE)
OFFICE = Principal("office", "office", frozenset({Role.OFFICE}), "programme-office")
REPORTER = Principal("reporter", "reporter", frozenset({Role.UNIT_REPORTER}), "st-bureau")
STORED = (
    """SELECT indicator_code, unit_code, period, value, numerator, denominator, explanation,
     evidence, usual_low, usual_high, outlier_explanation, state, late, created_by, reporters,
     submitted_by, submitted_at, verified_by, verified_at, adjusted_value, return_reason, version
     FROM progress_report ORDER BY indicator_code, unit_code, period""",
    """SELECT a.action, a.actor, a.actor_unit, a.reason, a.changes, a.version, r.indicator_code,
     r.unit_code, r.period FROM report_action AS a JOIN progress_report AS r ON r.id = a.report_id
     ORDER BY r.indicator_code, r.unit_code, r.period""",
    """SELECT a.actor, a.unit, a.roles, a.action, a.object_type, a.outcome, a.before_digest,
     a.detail, a.request_id, r.indicator_code, r.unit_code, r.period
     FROM audit_entry AS a JOIN progress_report AS r ON r.id::text = a.object_id
     WHERE a.request_id = 'twins' ORDER BY r.indicator_code, r.unit_code, r.period""",
)
NUMBERS = st.none() | st.sampled_from(["0", "1.5", "-2", "99999999999999999999", "0.000001"])
ROW = st.fixed_dictionaries(
    {
        "indicator_code": st.sampled_from(["plain", "share", "fed", "group", "no-such"]),
        "unit_code": st.sampled_from(["st-bureau", "st-bureau", "xuedian-town", "no-unit"]),
        "period": st.sampled_from(["2026-Q1", "2026-Q2", "2026-Q3", "2026", "2050-Q1"]),
        "value": NUMBERS,
        "numerator": NUMBERS,
        "denominator": NUMBERS,
        "explanation": st.none() | st.sampled_from(["说明", 'a\t\\N\n"b"']),
    }
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def reported(world: Any) -> Any:
    """Indicators of all kinds; 2026-Q2 is closed but for the town, one report is on its way."""
    await world.indicator("plain")
    of_sums = dict.fromkeys(("time_aggregation", "unit_aggregation"), "ratio_of_sums")
    await world.indicator("share", unit="%", kind="ratio", **of_sums)
    await world.indicator("fed", source_kind="parks", source_metric="patents")
    await world.indicator("group", lead_unit="headquarters", working_group="group-4")
    await world.draft("plain", "2026-Q1", value="1")
    office = await world.office()
    period = await world.get("reporting-periods/2026-Q2")
    path = "/api/v1/reporting-periods/2026-Q2"
    granted = {"unit_code": "xuedian-town", "expires_on": "2099-12-31", "reason": "迟报"}
    for step, body in (("close", None), ("exceptions", granted)):
        answer = await office.post(f"{path}/{step}", json=body, headers=world.etag(period))
        assert answer.status_code in (200, 201), answer.text
    return world


@pytest.mark.parametrize("who", [OFFICE, REPORTER], ids=["office", "reporter"])
@settings(max_examples=15, deadline=None)
@given(rows=st.lists(ROW, max_size=24))
async def test_many_reports_come_to_what_each_alone_comes_to(
    reported: Any, who: Principal, rows: list[dict[str, Any]]
) -> None:
    bodies = [ProgressReportCreate.model_validate(row) for row in rows]
    expected = await outcome(reported.database, who, ONE_BY_ONE, bodies, STORED)
    assert await outcome(reported.database, who, MANY, bodies, STORED) == expected


async def imported(world: Any, content: str, **query: str) -> Any:
    reporter = await world.as_("unit_reporter", "st-bureau")
    headers = {"Idempotency-Key": str(uuid4()), "Content-Type": "text/csv"}
    taken = await reporter.post(
        f"{PATH}/import", content=content.encode(), headers=headers, params=query
    )
    assert taken.status_code == 202, taken.text
    await JobRunner(world.database, JOBS).drain()
    job = (await reporter.get(taken.headers["location"])).json()
    errors = (await reporter.get(f"{taken.headers['location']}/errors")).json()["items"]
    return job, [(one["cell"], one["code"]) for one in errors]


async def test_every_wrong_cell_is_named_and_what_is_right_is_begun(reported: Any) -> None:
    rows = ["indicator_code,unit_code,period,value", "plain,st-bureau,2026-Q3,7.5",
            "no-such,st-bureau,2026-Q3,1", "plain,st-bureau,2026-Q2,1", "plain,st-bureau,2026,1",
            "group,st-bureau,2026-Q3,1", "plain,st-bureau,2050-Q1,1", "share,st-bureau,2026-Q3,1",
            "plain,st-bureau,2026-Q1,1", "plain,xuedian-town,2026-Q3,1"]  # fmt: skip
    job, errors = await imported(reported, "\n".join(rows), mode="partial")
    assert (job["state"], job["done"], job["refused"]) == ("succeeded", 9, 8)
    assert errors == [
        ("A3", "unknown_reference"), ("C4", "period_closed"), ("C5", "wrong_frequency"),
        ("B6", "unit_not_responsible"), ("C7", "unknown_period"), ("D8", "incomplete_number"),
        (None, "report_in_progress"), (None, "forbidden"),
    ]  # fmt: skip
    page = await reported.get("progress-reports", period="2026-Q3")
    [row] = page["items"]
    assert (row["value"], row["state"], row["version"]) == ("7.5", "draft", 1)
    history = await reported.get(f"progress-reports/{row['id']}/history")
    assert [(one["action"], one["version"]) for one in history["items"]] == [("create", 1)]
    async with reported.database.session() as session:
        told = await session.fetch_row(
            "SELECT after_digest FROM audit_entry WHERE object_id = $1", row["id"]
        )
        kept = await session.fetch_row(
            "SELECT * FROM progress_report WHERE id::text = $1", row["id"]
        )
    whole = dict(kept) | {"value": plain(kept["value"])}
    assert told["after_digest"] == digest(whole)
