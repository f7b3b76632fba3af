"""Who has not reported, and the reminders of it."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import pytest
from parks.deadlines import service
from servicekit import ruled_days
from servicekit.clock import china_date
from servicekit.db import Database
from servicekit.periods import before, of
from servicekit.testing.bus import RecordingBus

Caller = Any
Make = Callable[..., Awaitable[dict[str, Any]]]
Rows = Callable[..., Awaitable[list[Any]]]
MONTH = before(of("month", china_date())).code


@pytest.fixture
def since_long_ago(register: Make, rows: Rows) -> Make:
    """`await since_long_ago()`: an enterprise that was registered years ago."""

    async def make(**fields: Any) -> dict[str, Any]:
        made = await register(**fields)
        await rows(
            "UPDATE enterprise SET created_at = '2020-01-02' WHERE id = $1 RETURNING id",
            made["id"],
        )
        return made

    return make


async def missing(who: Caller, **query: Any) -> dict[str, dict[str, Any]]:
    answer = await who.get("/missing-returns", limit=200, **query)
    assert answer.status_code == 200, answer.text
    return {one["enterprise_id"]: one for one in answer.json()["items"]}


async def test_whoever_was_asked_and_has_not_handed_in_is_listed_with_the_day(
    office: Caller, enterprise: Caller, since_long_ago: Make, draw_up: Make, file_return: Make
) -> None:
    none, draft, filed = [await since_long_ago() for _ in range(3)]
    drawn = await draw_up(draft["id"], "2026-07")
    await file_return(filed["id"], "2026-07")
    found = await missing(office, period="2026-07")
    assert filed["id"] not in found
    assert (found[none["id"]]["progress"], found[none["id"]]["return_id"]) == ("none", None)
    assert found[draft["id"]]["progress"] == "draft"
    assert found[draft["id"]]["return_id"] == drawn["id"]
    assert found[none["id"]]["due_on"] == "2026-08-11"
    assert (found[none["id"]]["form_code"], found[none["id"]]["is_overdue"]) == (
        "enterprise-monthly",
        True,
    )
    assert none["id"] not in await missing(office, period="2026-07", overdue=False)
    assert none["id"] in await missing(office, period="2026-07", park_code="gangqu")
    assert none["id"] not in await missing(office, period="2026-07", enterprise_class="high_tech")


async def test_nothing_was_owed_before_the_enterprise_was_registered(
    office: Caller, register: Make
) -> None:
    made = await register()
    assert made["id"] not in await missing(office, period="2026-07")
    assert made["id"] in await missing(office)


async def test_a_day_that_was_ruled_free_moves_the_due_date(
    office: Caller, since_long_ago: Make, kept: Database
) -> None:
    made = await since_long_ago()
    async with kept.session() as session:
        await ruled_days.store(session, date(2025, 7, 7), workday=False)
    assert (await missing(office, period="2025-05"))[made["id"]]["due_on"] == "2025-06-11"
    assert (await missing(office, period="2025-06"))[made["id"]]["due_on"] == "2025-07-10"


async def test_the_form_of_a_class_asks_that_class_alone(
    office: Caller, since_long_ago: Make
) -> None:
    form = {"code": "science", "frequency": "year", "applies_from": "2024", "name_zh": "年报"}
    form |= {"name_en": "Yearly", "enterprise_classes": ["science_type"], "due_workdays": 5}
    assert (await office.post("/return-forms", form)).status_code == 201
    science = await since_long_ago(declared_class="science_type")
    ordinary = await since_long_ago()
    found = await missing(office, period="2024")
    assert science["id"] in found
    assert ordinary["id"] not in found
    await office.post("/return-forms", form | {"active": False})
    assert await missing(office, period="2024") == {}


async def test_a_park_sees_its_own_and_a_period_to_come_is_refused(
    caller: Callable[..., Awaitable[Caller]], office: Caller, park_admin: Caller,
    since_long_ago: Make,
) -> None:  # fmt: skip
    made = await since_long_ago()
    assert made["id"] in await missing(park_admin, period="2026-07")
    stranger = await caller("park_admin", "xuedian-town")
    assert made["id"] not in await missing(stranger, period="2026-07")
    future = await office.get("/missing-returns", period="2099-01")
    assert (future.status_code, future.json()["code"]) == (422, "future_period")
    export = await office.client.get(
        "/api/v1/missing-returns", params={"period": "2026-07"}, headers={"Accept": "text/csv"}
    )
    assert (export.status_code, made["uscc"] in export.text) == (200, True)


async def test_each_reminder_is_told_once_and_not_to_who_has_reported(
    kept: Database, since_long_ago: Make, file_return: Make, bus: RecordingBus
) -> None:
    late, filed = await since_long_ago(), await since_long_ago()
    await file_return(filed["id"], MONTH)
    await bus.since_now()

    async def told() -> list[dict[str, Any]]:
        async with kept.session() as session:
            await service.remind(session)
        return [event.data for event in await bus.events("operating_return.due")]

    first = [one for one in await told() if one["enterprise_id"] == late["id"]]
    assert {one["period"] for one in first} <= {
        MONTH,
        before(of("month", date.fromisoformat(f"{MONTH}-01"))).code,
    }
    assert all(one["concerned_units"] == ["maizier-sugar", "gangqu-admin"] for one in first)
    assert len(first) >= 1
    of_month = [one for one in await told() if one["period"] == MONTH]
    assert filed["id"] not in {one["enterprise_id"] for one in of_month}
    again = [one for one in await told() if one["enterprise_id"] == late["id"]]
    assert len(again) == len(first)


async def test_many_are_told_in_portions(
    kept: Database, rows: Rows, bus: RecordingBus, monkeypatch: pytest.MonkeyPatch,
    since_long_ago: Make,
) -> None:  # fmt: skip
    monkeypatch.setattr(service.repository, "MOST", 2)
    for _ in range(5):
        await since_long_ago()
    async with kept.session() as session:
        await service.remind(session)
    waiting = await rows(
        "SELECT count(*) AS left FROM enterprise e WHERE active AND created_at < '2021-01-01'"
        " AND NOT EXISTS (SELECT FROM return_reminder r WHERE r.enterprise_id = e.id)"
    )
    assert [row["left"] for row in waiting] == [0]
