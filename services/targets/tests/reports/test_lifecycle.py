"""Withdrawal, lateness and the history of a progress report; submission while the period closes."""

import asyncio
from typing import Any

import pytest_asyncio

PATH = "/api/v1/progress-reports"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def reported(world: Any) -> Any:
    await world.indicator("patents", unit="件")
    return world


async def history(world: Any, row: Any) -> list[Any]:
    return (await world.get(f"progress-reports/{row['id']}/history"))["items"]


async def test_a_withdrawn_report_is_over_and_a_new_one_may_be_begun(reported: Any) -> None:
    reporter = await reported.as_("unit_reporter", "st-bureau")
    row = await reported.draft("patents", "2026-Q1", value="1")
    row = (await reported.step(reporter, row, "submit")).json()
    await reported.bus.since_now()
    bare = await reported.step(reporter, row, "withdraw")
    assert bare.status_code == 422
    gone = (await reported.step(reporter, row, "withdraw", reason="误报")).json()
    assert (gone["state"], gone["withdrawal_reason"]) == ("withdrawn", "误报")
    (event,) = await reported.bus.events("report.withdrawn")
    assert event.data["reason"] == "误报"
    for verb, client in [("submit", reporter), ("verify", await reported.office())]:
        refused = await reported.step(client, gone, verb)
        assert (refused.status_code, refused.json()["code"]) == (409, "invalid_transition")
    assert (await reported.verified("patents", "2026-Q1", value="2"))["state"] == "verified"


async def test_the_history_says_who_did_what_and_what_it_changed(reported: Any) -> None:
    reporter, office = await reported.as_("unit_reporter", "st-bureau"), await reported.office()
    row = await reported.draft("patents", "2026-Q2", value="5")
    path = f"{PATH}/{row['id']}"
    row = (await reporter.patch(path, json={"value": "6"}, headers=reported.etag(row))).json()
    row = (await reported.step(reporter, row, "submit")).json()
    row = (await reported.step(office, row, "return", reason="缺附件")).json()
    row = (await reported.step(reporter, row, "submit")).json()
    row = (await reported.step(office, row, "verify", value="4", reason="剔除两件")).json()
    done = await history(reported, row)
    assert [(a["action"], a["actor"], a["reason"]) for a in done] == [
        ("create", "unit_reporter-st-bureau", None),
        ("update", "unit_reporter-st-bureau", None),
        ("submit", "unit_reporter-st-bureau", None),
        ("return", "office-programme-office", "缺附件"),
        ("submit", "unit_reporter-st-bureau", None),
        ("verify", "office-programme-office", "剔除两件"),
    ]
    assert [a["version"] for a in done] == [1, 2, 3, 4, 5, 6]
    assert {"field": "value", "old": "5", "new": "6"} in done[1]["changes"]
    assert {"field": "state", "old": "resubmitted", "new": "verified"} in done[5]["changes"]
    assert {"field": "adjusted_value", "old": None, "new": "4"} in done[5]["changes"]
    stranger = await reported.as_("unit_reporter", "finance-bureau")
    assert (await stranger.get(f"{path}/history")).status_code == 403


async def test_late_is_what_was_first_handed_in_after_the_due_date(reported: Any) -> None:
    await reported.put("reporting-periods/2026-Q3", {"due_on": "2026-09-30"})
    await reported.put("reporting-periods/2026-Q4", {"due_on": "2099-12-31"})
    reporter = await reported.as_("unit_reporter", "st-bureau")
    late = await reported.draft("patents", "2026-Q3", value="1")
    late = (await reported.step(reporter, late, "submit")).json()
    assert late["late"] is True
    good = await reported.draft("patents", "2026-Q4", value="1")
    good = (await reported.step(reporter, good, "submit")).json()
    assert good["late"] is False
    good = (await reported.step(await reported.office(), good, "return", reason="补充")).json()
    await reported.put("reporting-periods/2026-Q4", {"due_on": "2026-12-31"})
    again = (await reported.step(reporter, good, "submit")).json()
    assert (again["state"], again["late"]) == ("resubmitted", False)


async def test_a_submission_and_the_close_of_its_period_at_once(reported: Any) -> None:
    """Either the report is in and the period closes after it, or the period is closed."""
    reporter, office = await reported.as_("unit_reporter", "st-bureau"), await reported.office()
    for quarter in (1, 2, 3, 4):
        code = f"2027-Q{quarter}"
        row = await reported.draft("patents", code, value="1")
        period = await reported.get(f"reporting-periods/{code}")
        closing = f"/api/v1/reporting-periods/{code}/close"
        submitted, closed = await asyncio.gather(
            reported.step(reporter, row, "submit"),
            office.post(closing, headers=reported.etag(period)),
        )
        assert closed.status_code == 200
        state = (await reported.get(f"progress-reports/{row['id']}"))["state"]
        if submitted.status_code == 200:
            assert state == "submitted"
        else:
            assert (submitted.json()["code"], state) == ("period_closed", "draft")
