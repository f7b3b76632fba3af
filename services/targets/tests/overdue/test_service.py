"""Reports that were not handed in by their due date are told of, each of them once."""

import asyncio
from datetime import timedelta
from typing import Any

import asyncpg
import pytest_asyncio
from servicekit.clock import china_date
from targets.overdue.service import tell_overdue


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def owing(world: Any, service_database: Any) -> Any:
    """An indicator that has been there since the programme began, reported by quarter."""
    await world.indicator("owed")
    await execute(
        service_database("targets").superuser_url,
        "UPDATE indicator SET created_at = '2026-01-01'; UPDATE reporting_period SET due_on ="
        " greatest(ends_on, '2099-01-01') WHERE period NOT IN ('2026-Q1', '2026-Q2')",
    )
    return world


async def assign(world: Any, unit: str, indicator: str = "divided") -> Any:
    """A part of the year's target, given before anything was due."""
    body = {
        "indicator_code": indicator,
        "unit_code": unit,
        "year": 2026,
        "value": "10",
        "document_no": "科指办〔2026〕8号",
    }
    answer = await (await world.office()).post(
        "/api/v1/assignments", json=body, headers=world.key()
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def divided(owing: Any, service_database: Any) -> Any:
    """An indicator whose target is divided over a supporting unit, a member of its group and one
    that has no say in it; the lead has no part."""
    url = service_database("targets").superuser_url
    await owing.indicator("divided", supporting_units=["finance-bureau"], working_group="group-4")
    for unit in ("finance-bureau", "xuedian-town", "headquarters"):
        await assign(owing, unit)
    old = "SET created_at = '2026-01-01' WHERE"
    await execute(url, f"UPDATE indicator {old} code = 'divided'")
    await execute(url, f"UPDATE assignment {old} indicator_code = 'divided'")
    return owing


async def execute(url: str, sql: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


async def tell(world: Any) -> None:
    async with world.database.session() as session:
        await tell_overdue(session)


async def told(world: Any) -> list[tuple[str, str]]:
    events = await world.bus.events("report.overdue")
    return [(e.data["unit_code"], e.data["period"]) for e in events]


async def test_a_missing_report_is_told_once_also_by_several_workers(owing: Any) -> None:
    await owing.bus.since_now()
    await owing.verified("owed", "2026-Q1", value="1")
    await asyncio.gather(*(tell(owing) for _ in range(4)))
    await tell(owing)
    assert await told(owing) == [("st-bureau", "2026-Q2")]
    page = await owing.get("progress-reports/overdue", missing=True)
    assert [(r["period"], r["handed_in_at"]) for r in page["items"]] == [("2026-Q2", None)]


async def test_a_report_that_comes_after_all_is_not_missing_any_more(owing: Any) -> None:
    await owing.bus.since_now()
    reporter = await owing.as_("unit_reporter", "st-bureau")
    row = await owing.draft("owed", "2026-Q2", value="2")
    row = (await owing.step(reporter, row, "submit")).json()
    (found,) = (await owing.get("progress-reports/overdue"))["items"]
    assert found["handed_in_at"] is not None
    await owing.step(reporter, row, "withdraw", reason="误报")
    (found,) = (await owing.get("progress-reports/overdue"))["items"]
    assert found["handed_in_at"] is None
    await tell(owing)
    assert await told(owing) == []


async def test_who_has_leave_to_report_later_is_not_overdue(owing: Any) -> None:
    await owing.bus.since_now()
    office, today = await owing.office(), china_date()
    await owing.put("reporting-periods/2026-Q3", {"due_on": "2026-10-10"})
    leave = {"unit_code": "st-bureau", "expires_on": str(today + timedelta(5)), "reason": "停电"}
    path = "/api/v1/reporting-periods/2026-Q3/exceptions"
    granted = await office.post(path, json=leave, headers=owing.key())
    await tell(owing)
    assert await told(owing) == []
    await office.delete(f"{path}/{granted.json()['id']}")
    await tell(owing)
    assert await told(owing) == [("st-bureau", "2026-Q3")]


async def test_nothing_was_owed_before_the_indicator_was_there(owing: Any) -> None:
    await owing.bus.since_now()
    await owing.indicator("new")
    await tell(owing)
    assert await told(owing) == []


async def test_a_unit_sees_what_it_owes_itself(owing: Any) -> None:
    mine = await owing.as_("unit_reporter", "st-bureau")
    other = await owing.as_("unit_reporter", "finance-bureau")
    path = "/api/v1/progress-reports/overdue"
    assert len((await mine.get(path)).json()["items"]) == 2
    assert (await other.get(path)).json()["items"] == []


async def test_who_has_a_part_of_the_target_owes_its_own_number(divided: Any) -> None:
    await divided.bus.since_now()
    today = china_date()
    leave = {"unit_code": "xuedian-town", "expires_on": str(today + timedelta(5)), "reason": "停电"}
    path = "/api/v1/reporting-periods/2026-Q1/exceptions"
    office = await divided.office()
    granted = await office.post(path, json=leave, headers=divided.key())
    body = {"indicator_code": "divided", "unit_code": "xuedian-town", "period": "2026-Q3"}
    made = await office.post(
        "/api/v1/progress-reports", json=body | {"value": "1"}, headers=divided.key()
    )
    await divided.step(office, made.json(), "submit")
    await tell(divided)
    assert sorted(await told(divided)) == [
        ("finance-bureau", "2026-Q1"),
        ("finance-bureau", "2026-Q2"),
        ("finance-bureau", "2026-Q3"),
        ("xuedian-town", "2026-Q2"),
    ]
    await divided.bus.since_now()
    await office.delete(f"{path}/{granted.json()['id']}")
    await asyncio.gather(tell(divided), tell(divided))
    assert await told(divided) == [("xuedian-town", "2026-Q1")]


async def test_a_part_given_later_or_taken_back_owes_nothing(
    divided: Any, service_database: Any
) -> None:
    old = "SET created_at = '2026-01-01' WHERE"
    url = service_database("targets").superuser_url
    for code in ("given-later", "taken-back"):
        await divided.indicator(code, supporting_units=["finance-bureau"])
        await execute(url, f"UPDATE indicator {old} code = '{code}'")
    await assign(divided, "finance-bureau", "given-later")
    row = await assign(divided, "finance-bureau", "taken-back")
    office, document = await divided.office(), {"document_no": "科指办〔2026〕9号"}
    path = f"/api/v1/assignments/{row['id']}/withdraw"
    withdrawn = await office.post(path, json=document, headers=divided.etag(row))
    assert withdrawn.status_code == 200
    await execute(url, f"UPDATE assignment {old} id = '{row['id']}'")
    await divided.bus.since_now()
    await tell(divided)
    assert {unit for unit, _ in await told(divided)} == {"st-bureau"}
    assert len(await told(divided)) == 6
