"""Reporting periods over HTTP."""

from typing import Any

PATH = "/api/v1/reporting-periods"


async def test_a_programmes_periods_are_made_with_it(world: Any) -> None:
    found = await world.get("reporting-periods", kind="quarter", limit=200)
    assert [row["period"] for row in found["items"]] == [
        f"{year}-Q{quarter}" for year in (2026, 2027, 2028) for quarter in (1, 2, 3, 4)
    ]
    # Ten workdays; 4 to 6 April 2026 are the Qingming holiday.
    assert found["items"][0]["due_on"] == "2026-04-15"


async def test_the_office_moves_a_due_date_but_not_before_the_end(world: Any) -> None:
    moved = await world.put("reporting-periods/2026-07", {"due_on": "2026-08-05"})
    assert (moved["due_on"], moved["version"]) == ("2026-08-05", 2)
    refused = await world.put("reporting-periods/2026-07", {"due_on": "2026-07-01"}, status=422)
    assert refused["code"] == "due_before_end"
    assert (await world.put("reporting-periods/2031-07", {}, status=201))["state"] == "open"


async def test_close_and_reopen_leave_a_trace_and_only_the_office_does_it(world: Any) -> None:
    office = await world.office()
    await world.bus.since_now()
    row = await world.get("reporting-periods/2026-01")
    reporter = await world.as_("unit_reporter", "st-bureau")
    refused = await reporter.post(f"{PATH}/2026-01/close", headers=world.etag(row))
    assert refused.status_code == 403
    unsure = await office.post(f"{PATH}/2026-01/close", headers=world.key())
    assert unsure.status_code == 428
    closed = await office.post(f"{PATH}/2026-01/close", headers=world.etag(row))
    assert closed.json()["state"] == "closed"
    assert await world.bus.types() == ["kechuang.targets.period.closed.v1"]
    stale = await office.post(f"{PATH}/2026-01/close", headers=world.etag(row))
    assert stale.status_code == 412
    again = await office.post(f"{PATH}/2026-01/close", headers=world.etag(closed.json()))
    assert (again.status_code, again.json()["code"]) == (409, "invalid_transition")
    bare = await office.post(f"{PATH}/2026-01/reopen", headers=world.etag(closed.json()))
    assert bare.status_code == 422
    opened = await office.post(
        f"{PATH}/2026-01/reopen", json={"reason": "更正"}, headers=world.etag(closed.json())
    )
    assert (opened.json()["state"], opened.json()["closed_by"]) == ("open", None)


async def test_no_such_period(world: Any) -> None:
    office = await world.office()
    assert (await office.get(f"{PATH}/2099-01")).status_code == 404
    assert (await office.get(f"{PATH}/2026-13")).status_code == 422
    assert (await office.put(f"{PATH}/0001", json={})).status_code == 422
