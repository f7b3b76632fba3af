"""The status board: what moves it, who sees it, what is open on it."""

import asyncio
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any
from uuid import uuid4

from contracts.parks import ParkMetricChanged
from contracts.supervision import ItemClosed, ItemOpened
from servicekit.clock import china_date, now
from targets.status.service import judge_what_is_due

D = Decimal


async def feed(world: Any, period: str, value: str, name: str = "loop") -> None:
    await world.hear(
        ParkMetricChanged(
            series=f"{name}/{period}", metric=name, period=period, value=D(value), unit="亿元"
        )
    )


async def test_an_indicator_falls_behind_and_is_brought_back(world: Any) -> None:
    await world.indicator("loop", source_kind="parks", source_metric="loop", frequency="month")
    await world.bus.since_now()
    for period, value in [("2026-03", "8.25"), ("2026-04", "8.3"), ("2026-05", "8.4")]:
        await feed(world, period, value)
    await feed(world, "2026-06", "17")
    measured = await world.bus.events("indicator.measured", "indicator:loop")
    assert [e.data["status"] for e in measured] == ["green", "red", "red", "green"]
    moved = await world.bus.events("status_changed", "indicator:loop")
    assert [(e.data["previous_status"], e.data["status"]) for e in moved] == [
        ("unknown", "green"),
        ("green", "red"),
        ("red", "green"),
    ]


async def test_a_revised_target_judges_again_without_a_new_measurement(world: Any) -> None:
    await world.indicator("moved", source_kind="parks", source_metric="moved", frequency="month")
    await feed(world, "2026-06", "16.5", "moved")
    await world.bus.since_now()
    await world.indicator(
        "moved", source_kind="parks", source_metric="moved", frequency="month",
        milestones=[{"year": 2026, "value": "66"}],
    )  # fmt: skip
    assert (await world.board("moved"))["status"] == "red"
    kinds = {kind.split(".", 2)[2] for kind in await world.bus.types()}
    assert kinds == {
        "indicator.changed.v1",
        "indicator.status_changed.v1",
        "indicator.target_revised.v1",
    }


async def test_an_open_item_is_shown_until_it_is_closed(world: Any) -> None:
    await world.indicator("watched")
    item = uuid4()
    before = await world.board("watched")
    shared = {"item_id": item, "number": "2026-0001", "origin": "indicator"}
    await world.hear(
        ItemOpened(
            **shared,
            title="整改",
            origin_ref="watched",
            responsible_unit="st-bureau",
            due_on=date(2026, 7, 31),
        )
    )
    row = await world.board("watched")
    assert [i["number"] for i in row["open_items"]] == ["2026-0001"]
    assert row["updated_at"] > before["updated_at"]
    assert (await world.get("status-board"))["summary"]["open_items"] == 1
    await world.hear(
        ItemClosed(
            **shared,
            origin_ref="watched",
            responsible_unit="st-bureau",
            outcome="closed",
            closed_at=now(),
        )
    )
    assert (await world.board("watched"))["open_items"] == []


async def test_the_board_shows_each_caller_what_it_answers_for(world: Any) -> None:
    await world.indicator("of-finance", lead_unit="finance-bureau")
    await world.indicator("of-group", lead_unit="group-4", supporting_units=["finance-bureau"])

    async def seen(role: str, unit: str | None) -> set[str]:
        answer = await (await world.as_(role, unit)).get("/api/v1/status-board?limit=200")
        assert answer.status_code == 200
        page = answer.json()
        counted = page["summary"]
        assert len(page["items"]) == sum(
            counted[each] for each in ("green", "amber", "red", "unknown")
        )
        return {row["indicator_code"] for row in page["items"]}

    assert await seen("unit_reporter", "finance-bureau") == {"of-finance", "of-group"}
    assert await seen("unit_reporter", "xuedian-town") == set()
    assert await seen("unit_reporter", None) == set()
    assert await seen("group_lead", "group-4") == {"of-group"}
    assert {"of-finance", "of-group", "loop"} <= await seen("leader", "headquarters")
    reporter = await world.as_("unit_reporter", "finance-bureau")
    other = await reporter.get("/api/v1/indicators/loop/observations")
    assert other.status_code == 403
    assert (await (await world.as_("ops", None)).get("/api/v1/status-board")).status_code == 403


async def test_the_board_filters_by_light(world: Any) -> None:
    page = await world.get("status-board", status="red")
    assert {row["status"] for row in page["items"]} == {"red"}
    assert page["summary"]["green"] >= 1


async def test_numbers_of_one_indicator_are_taken_one_after_the_other(world: Any) -> None:
    await world.indicator("busy", source_kind="parks", source_metric="busy", frequency="month")
    await world.bus.since_now()
    await asyncio.gather(*[feed(world, f"2026-{m:02}", str(m * 3), "busy") for m in range(1, 13)])
    assert (await world.board("busy"))["actual"] == "36"
    measured = await world.bus.events("indicator.measured", "indicator:busy")
    assert len(measured) == 12
    moved = [e.data for e in await world.bus.events("status_changed", "indicator:busy")]
    assert all(a["status"] == b["previous_status"] for a, b in pairwise(moved))


async def test_a_fed_month_is_not_a_failure_before_its_numbers_are_due(world: Any) -> None:
    today = china_date()
    month = today.replace(day=1) - timedelta(days=1)
    period = f"{month:%Y-%m}"
    due = {"due_on": (today + timedelta(days=5)).isoformat()}
    await world.put(f"reporting-periods/{period}", due)
    await world.indicator(
        "early", source_kind="parks", source_metric="early", frequency="month",
        baseline={"year": month.year - 1, "value": "27"},
        milestones=[{"year": month.year, "value": "33"}],
    )  # fmt: skip
    await world.bus.since_now()
    await feed(world, period, "0.5", "early")
    row = await world.board("early")
    assert (row["status"], row["provisional_until"]) == ("unknown", due["due_on"])
    assert "暂不下调" in row["reason_zh"]
    assert await world.bus.events("status_changed", "indicator:early") == []

    await feed(world, period, "40", "early")
    row = await world.board("early")
    assert (row["status"], row["provisional_until"]) == ("green", None)
    await feed(world, period, "0.5", "early")
    assert (await world.board("early"))["status"] == "green"

    await world.put(f"reporting-periods/{period}", {"due_on": month.isoformat()})
    async with world.database.session() as session:
        await judge_what_is_due(session)
    row = await world.board("early")
    assert (row["status"], row["provisional_until"]) == ("red", None)
    moved = await world.bus.events("status_changed", "indicator:early")
    assert [e.data["status"] for e in moved] == ["green", "red"]
