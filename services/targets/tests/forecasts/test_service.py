"""Forecasts on the board: made by the worker when numbers or targets change, and not at a read."""

import asyncio
import threading
from decimal import Decimal
from typing import Any

import pytest
from contracts.parks import ParkMetricChanged
from targets.forecasts import domain
from targets.forecasts.service import make_what_is_wanted

D = Decimal
YEARS = [(2024, "0.9"), (2025, "1"), (2026, "1.1")]


async def feed(world: Any, period: str, value: str, name: str = "fc") -> None:
    await world.hear(
        ParkMetricChanged(
            series=f"{name}/{period}", metric=name, period=period, value=D(value), unit="亿元"
        )
    )


async def make(world: Any) -> None:
    async with world.database.session() as session:
        await make_what_is_wanted(session)


async def test_a_forecast_follows_the_numbers_and_warns_when_the_year_will_miss(
    world: Any,
) -> None:
    await world.indicator("fc", source_kind="parks", source_metric="fc", frequency="month")
    for year, factor in YEARS[:2]:
        for month in range(1, 13):
            await feed(world, f"{year}-{month:02}", str(D(factor) * 3 * month))
    for month in range(1, 6):
        await feed(world, f"2026-{month:02}", str(D("1.1") * 3 * month))
    assert (await world.board("fc"))["forecast"] is None
    await world.bus.since_now()
    await make(world)
    row = await world.board("fc")
    seen = row["forecast"]
    assert (seen["year"], seen["as_of"], seen["points"]) == (2026, "2026-05", 29)
    assert (seen["method"], seen["confidence"], seen["code"]) == ("structural", "0.8", None)
    assert D(seen["low"]) < D("39.6") < D(seen["high"])
    assert seen["outlook"] == "on_course"

    await make(world)
    assert (await world.board("fc"))["forecast"] == seen
    before = {"year": 2026, "value": "60"}
    await world.indicator(
        "fc", source_kind="parks", source_metric="fc", frequency="month", milestones=[before]
    )
    await make(world)
    assert (await world.board("fc"))["forecast"]["outlook"] == "off_course"
    told = await world.bus.events("outlook_changed", "indicator:fc")
    assert [(e.data["previous_outlook"], e.data["outlook"]) for e in told] == [
        (None, "on_course"),
        ("on_course", "off_course"),
    ]
    assert told[-1].data["target"] == "60"

    await feed(world, "2026-06", "3")
    assert (await world.board("fc"))["forecast"]["as_of"] == "2026-05"
    await make(world)
    fallen = (await world.board("fc"))["forecast"]
    assert fallen["as_of"] == "2026-06"
    assert D(fallen["value"]) < D(seen["value"])


async def test_too_few_numbers_make_no_forecast_and_say_so(world: Any) -> None:
    await world.indicator("fc-few", source_kind="parks", source_metric="few", frequency="month")
    await feed(world, "2026-01", "3", "few")
    await make(world)
    seen = (await world.board("fc-few"))["forecast"]
    assert (seen["value"], seen["outlook"], seen["code"]) == (None, None, "insufficient_data")
    assert seen["reason_zh"] == "仅有 1 期数据，至少需要 15 期"
    assert seen["reason_en"] == "1 of at least 15 periods are there"


async def test_no_number_waits_for_a_forecast_that_is_being_made(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("fc-a", "fc-b")
    for name in names:
        await world.indicator(name, source_kind="parks", source_metric=name, frequency="month")
        await feed(world, "2026-01", "3", name)
    begun, go_on = threading.Event(), threading.Event()
    made: list[int] = []

    def slow(*args: Any, **options: Any) -> Any:
        made.append(1)
        if len(made) == len(names):
            begun.set()
            assert go_on.wait(30)
        return forecast(*args, **options)

    forecast = domain.forecast
    monkeypatch.setattr(domain, "forecast", slow)
    making = asyncio.create_task(make(world))
    assert await asyncio.to_thread(begun.wait, 30)
    async with asyncio.timeout(10):
        for name in names:
            await feed(world, "2026-02", "3", name)
    go_on.set()
    await making
    await make(world)
    for name in names:
        assert (await world.board(name))["forecast"]["as_of"] == "2026-02"
