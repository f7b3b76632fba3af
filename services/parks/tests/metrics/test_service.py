"""The totals follow the accepted returns: in any order, all at once, and never by one too few."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest
from servicekit.testing.bus import RecordingBus

Caller = Any
Make = Callable[..., Awaitable[dict[str, Any]]]
Rows = Callable[..., Awaitable[list[Any]]]

# The totals once more, from the returns themselves.
RECOUNTED = """
WITH moved (metric, period, numerator, denominator) AS (
  SELECT metric, period, sum(n), sum(d) FROM operating_return r, LATERAL (VALUES
    ('high_tech_value_added.city', r.high_tech_value_added, NULL),
    ('own_ip_share.city', r.own_ip_output, r.high_tech_output),
    ('rd_intensity.' || r.enterprise_class, r.rd_spend, r.sales_revenue),
    ('sales_revenue.six_parks', r.sales_revenue, NULL),
    ('sales_revenue.park.' || r.park_code, r.sales_revenue, NULL)) AS c (metric, n, d)
  WHERE r.state = 'accepted' GROUP BY metric, period)
SELECT metric || ':' || period AS series,
  sum(numerator) OVER year AS numerator, sum(denominator) OVER year AS denominator
FROM moved WINDOW year AS (PARTITION BY metric, left(period, 4) ORDER BY period)
ORDER BY series
"""
KEPT = """SELECT series, numerator, denominator, value FROM park_metric
 WHERE metric <> 'count.high_tech' ORDER BY series"""


def measures(rng: random.Random) -> dict[str, str]:
    output = rng.randint(0, 50_000)
    return {
        "sales_revenue": f"{rng.randint(0, 90_000) / 10}",
        "high_tech_output": f"{output}",
        "own_ip_output": f"{rng.randint(0, output)}",
        "high_tech_value_added": f"{rng.randint(0, output)}",
        "rd_spend": f"{rng.randint(0, 900)}.{rng.randint(0, 999_999):06d}",
    }


async def test_returns_accepted_all_at_once_in_any_order_add_up_exactly(
    office: Caller, register: Make, file_return: Make, bus: RecordingBus, rows: Rows
) -> None:
    rng = random.Random(20260701)
    makers = [await register(declared_class=kind) for kind in ("ordinary", "science_type") * 2]
    periods = ["2025-11", "2025-12", "2026-01", "2026-02", "2026-04", "2026-05", "2026-09"]
    filed = [
        await file_return(made["id"], period, **measures(rng))
        for made in makers
        for period in periods
    ]
    rng.shuffle(filed)
    answers = await asyncio.gather(*(office.step(row, "accept") for row in filed))
    assert {answer.status_code for answer in answers} == {200}

    kept = await rows(KEPT)
    recounted = await rows(RECOUNTED)
    assert [(r["series"], r["numerator"], r["denominator"]) for r in kept] == [
        (r["series"], r["numerator"], r["denominator"]) for r in recounted
    ]
    last = {event.data["series"]: event.data for event in await bus.events("park_metric")}
    for row in kept:
        if row["value"] is not None:
            assert Decimal(last[row["series"]]["value"]) == row["value"]


async def test_a_month_accepted_late_moves_the_later_months_and_no_other_year(
    office: Caller, register: Make, file_return: Make, bus: RecordingBus
) -> None:
    made = await register(park_code=None, unit_code="maizier-sugar")

    async def accept(period: str, amount: str) -> dict[str, str]:
        await bus.since_now()
        filed = await file_return(
            made["id"], period, high_tech_value_added=amount, high_tech_output="1000"
        )
        assert (await office.step(filed, "accept")).status_code == 200
        told = [e.data for e in await bus.events("park_metric")]
        return {
            each["period"]: str(Decimal(each["value"]).normalize())
            for each in told
            if each["metric"] == "high_tech_value_added.city"
        }

    assert await accept("2023-02", "10") == {"2023-02": "1E+1"}
    assert await accept("2023-06", "3") == {"2023-06": "13"}
    assert await accept("2024-01", "7") == {"2024-01": "7"}
    assert await accept("2023-04", "100") == {"2023-04": "1.1E+2", "2023-06": "113"}
    assert await accept("2023-01", "0") == {
        "2023-01": "0", "2023-02": "1E+1", "2023-04": "1.1E+2", "2023-06": "113"
    }  # fmt: skip


async def test_a_ratio_over_nothing_has_no_value_and_is_not_told(
    office: Caller, register: Make, file_return: Make, bus: RecordingBus
) -> None:
    made = await register(declared_class="science_type", park_code=None)
    await bus.since_now()
    row = await file_return(
        made["id"], "2021-03", sales_revenue="0", rd_spend="5",
        high_tech_output="0", own_ip_output="0", high_tech_value_added="0",
    )  # fmt: skip
    await office.step(row, "accept")
    told = {event.data["metric"] for event in await bus.events("park_metric")}
    assert told == {"high_tech_value_added.city"}
    query = {"metric": "rd_intensity.science_type", "period": "2021-03"}
    [item] = (await office.get("/park-metrics", **query)).json()["items"]
    assert (item["value"], item["numerator"], item["denominator"]) == (None, "5", "0")


async def test_the_class_of_the_month_decides_where_research_counts(
    office: Caller, register: Make, file_return: Make, bus: RecordingBus
) -> None:
    made = await register()
    body = {
        "enterprise_id": made["id"], "kind": "high_tech", "number": "GR-past",
        "authority": "省科技厅", "valid_from": "2019-06-30", "valid_to": "2022-06-29",
    }  # fmt: skip
    assert (await office.post("/recognitions", body)).status_code == 201
    for period, counted_as in (
        ("2019-05", "ordinary"), ("2019-06", "high_tech"), ("2022-06", "ordinary")
    ):  # fmt: skip
        await bus.since_now()
        row = await office.step(await file_return(made["id"], period), "accept")
        assert row.json()["enterprise_class"] == counted_as
        metrics = {event.data["metric"] for event in await bus.events("park_metric")}
        assert f"rd_intensity.{counted_as}" in metrics


async def test_the_case_keeps_its_correlation_id_from_the_acceptance_on(
    office: Caller, register: Make, file_return: Make, bus: RecordingBus
) -> None:
    made = await register()
    row = await file_return(made["id"], "2025-01")
    answer = await office.client.post(
        f"/api/v1/operating-returns/{row['id']}/accept",
        headers={
            "Idempotency-Key": "one-case",
            "If-Match": f'"{row["version"]}"',
            "X-Correlation-Id": "case-42",
        },
    )
    assert answer.status_code == 200
    events = await bus.events("park_metric", f"park_metric:sales_revenue.six_parks:{row['period']}")
    assert [event.correlation_id for event in events] == ["case-42"]


@pytest.mark.parametrize(
    ("role", "status"), [("enterprise", 200), ("leader", 200), ("ops", 403), (None, 401)]
)
async def test_the_totals_are_open_to_everybody_in_the_programme(
    caller: Callable[..., Awaitable[Caller]], role: str | None, status: int
) -> None:
    client = await caller(role)
    assert (await client.get("/park-metrics")).status_code == status
    assert (await client.get("/park-metrics", sort="value")).status_code in (422, status)
