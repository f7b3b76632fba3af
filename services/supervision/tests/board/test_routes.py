"""The board counts what the list lists."""

import uuid
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest_asyncio
from servicekit.clock import china_date
from servicekit.testing.databases import ServiceDatabase

TODAY = china_date()
BODY = {"title": "整改", "description": "请整改。", "holds_payments": False}
OLDEST = TODAY - timedelta(days=30)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def behind(database: ServiceDatabase) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database.superuser_url)
    yield connection
    await connection.close()


async def issued(office: Any, behind: asyncpg.Connection, unit: str, **fields: Any) -> Any:
    """An item; `due_on` and `issued_on` as if it were an old one."""
    days = {name: fields.pop(name) for name in ("due_on", "issued_on") if name in fields}
    body = BODY | {"responsible_unit": unit} | fields
    item = (await office.post("/supervision-items", body)).json()
    for name, day in days.items():
        await behind.execute(
            f"UPDATE supervision_item SET {name} = $1 WHERE id = $2", day, uuid.UUID(item["id"])
        )
    return item


async def row_of(caller: Any, unit: str) -> dict[str, Any]:
    (row,) = (await caller.get("/supervision-board", responsible_unit=unit)).json()["items"]
    return row


async def closed(office: Any, item: Any, as_role: Any) -> None:
    other = await as_role("office", "programme-office", sub="closer")
    for who, action, body in (
        (office, "acknowledge", None),
        (office, "start", None),
        (office, "submit", {"rectification": "已整改"}),
        (other, "verify", {}),
        (other, "close", {}),
    ):
        assert (await who.step(item, action, body)).status_code == 200


async def test_every_count_is_the_length_of_the_list_it_counts(
    office: Any, behind: asyncpg.Connection, as_role: Any
) -> None:
    days: list[tuple[date, date, str]] = [
        (TODAY - timedelta(days=1), OLDEST - timedelta(days=1), "critical"),
        (TODAY - timedelta(days=40), OLDEST, "serious"),
        (TODAY, TODAY - timedelta(days=11), "ordinary"),
        (TODAY + timedelta(days=60), TODAY - timedelta(days=10), "ordinary"),
        (TODAY + timedelta(days=60), TODAY, "serious"),
    ]
    for due_on, issued_on, severity in days:
        await issued(
            office, behind, "unit-a", due_on=due_on, issued_on=issued_on, severity=severity
        )
    done = await issued(office, behind, "unit-a", issued_on=TODAY - timedelta(days=7))
    await closed(office, done, as_role)
    gone = await issued(office, behind, "unit-a")
    await office.step(gone, "cancel", {"reason": "重复"})
    await issued(office, behind, "unit-b")

    row = await row_of(office, "unit-a")
    young, middle = TODAY - timedelta(days=10), TODAY - timedelta(days=30)
    lists: dict[str, dict[str, Any]] = {
        "open": {"open": True},
        "overdue": {"overdue": True},
        "red": {"light": "red"},
        "amber": {"light": "amber"},
        "green": {"light": "green"},
        "ordinary": {"open": True, "severity": "ordinary"},
        "serious": {"open": True, "severity": "serious"},
        "critical": {"open": True, "severity": "critical"},
        "young": {"open": True, "issued_gte": young.isoformat()},
        "middle": {
            "open": True,
            "issued_gte": middle.isoformat(),
            "issued_lte": (young - timedelta(days=1)).isoformat(),
        },
        "old": {"open": True, "issued_lte": (middle - timedelta(days=1)).isoformat()},
        "closed": {"status": "closed"},
    }
    for name, filters in lists.items():
        listed = await office.get(
            "/supervision-items", responsible_unit="unit-a", include_total=True, **filters
        )
        assert row[name] == listed.json()["total"], name
    assert [row[light] for light in ("red", "amber", "green")] == [2, 1, 2]
    assert [row[age] for age in ("young", "middle", "old")] == [2, 2, 1]
    assert (row["open"], row["closed"], row["mean_days_to_close"]) == (5, 1, "7")


async def test_the_sums_are_over_the_whole_list_and_the_units_the_caller_may_see(
    office: Any, as_role: Any
) -> None:
    board = (await office.get("/supervision-board", limit=1)).json()
    assert (len(board["items"]), board["open"]) == (1, 6)
    assert board["next_cursor"]
    unit = (await (await as_role("unit_reporter", "unit-b")).get("/supervision-board")).json()
    assert [each["unit_code"] for each in unit["items"]] == ["unit-b"]
    assert (unit["open"], unit["red"], unit["closed"]) == (1, 0, 0)


async def test_old_closures_may_be_left_out(office: Any) -> None:
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    answer = await office.get("/supervision-board", closed_since=tomorrow)
    row = answer.json()["items"][0]
    assert (row["closed"], row["mean_days_to_close"]) == (0, None)


async def test_the_board_is_exported_as_it_is_listed(office: Any) -> None:
    answer = await office.client.get("/api/v1/supervision-board", headers={"Accept": "text/csv"})
    assert answer.status_code == 200
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert "unit-a" in lines[1]


async def test_an_item_that_is_submitted_is_not_late_on_the_board(
    office: Any, behind: asyncpg.Connection
) -> None:
    item = await issued(office, behind, "unit-c", due_on=TODAY - timedelta(days=3))
    assert (await row_of(office, "unit-c"))["red"] == 1
    for action, body in (
        ("acknowledge", None),
        ("start", None),
        ("submit", {"rectification": "已整改"}),
    ):
        await office.step(item, action, body)
    row = await row_of(office, "unit-c")
    assert (row["red"], row["green"], row["open"]) == (0, 1, 1)
