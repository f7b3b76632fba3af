"""Interest subsidies over HTTP: no day of a loan twice, and a unit's cap."""

import asyncio
from collections import Counter
from functools import partial
from typing import Any

import pytest

PATH = "/interest-subsidies"


async def test_the_answer_shows_how_the_amount_came_about(kinds: Any) -> None:
    row = await kinds.filed("interest_subsidy", principal="100000.00", day_count="act_365")
    assert row["inputs"]["interest"] == "2157.12"
    assert (row["amount"], row["inputs"]["days"], row["inputs"]["basis"]) == (
        "1078.56",
        "181",
        "365",
    )
    assert row["formula"].startswith("min(principal * annual_rate")


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "status"),
    [
        ("2026-06-30", "2026-08-01", 409),
        ("2025-01-01", "2027-01-01", 409),
        ("2026-03-01", "2026-03-02", 409),
        ("2026-07-01", "2026-08-01", 201),
        ("2025-12-01", "2026-01-01", 201),
    ],
    ids=["the end", "all around", "inside", "right after", "right before"],
)
async def test_no_day_of_a_contract_is_subsidised_twice(
    house: Any, kinds: Any, starts_on: str, ends_on: str, status: int
) -> None:
    first = await kinds.filed("interest_subsidy")
    contract = first["loan_contract"].replace("号", " 号 ")
    body = kinds.body(
        "interest_subsidy", loan_contract=contract, starts_on=starts_on, ends_on=ends_on
    )
    answer = await house.post("enterprise", PATH, body)
    assert answer.status_code == status, answer.text
    if status == 409:
        assert answer.json()["code"] == "period_overlaps"


async def test_a_period_ends_after_it_starts(house: Any, kinds: Any) -> None:
    body = kinds.body("interest_subsidy", ends_on="2026-01-01")
    refused = await house.post("enterprise", PATH, body)
    assert (refused.status_code, refused.json()["code"]) == (422, "period_empty")


async def test_loans_at_once_stop_at_the_cap_of_the_unit(house: Any, kinds: Any) -> None:
    unit = "st-bureau"
    half = {"principal": "3315000.00", "annual_rate": "9"}
    bodies = [kinds.body("interest_subsidy", unit, **half) for _ in range(16)]
    calls = [partial(house.post, "unit_reporter", PATH, body, unit=unit) for body in bodies]
    answers = await asyncio.gather(*map(house.insist, calls))
    codes = Counter("ok" if each.is_success else each.json()["code"] for each in answers)
    assert codes == {"ok": 3, "cap_reached": 13}
    amounts = sorted(each.json()["amount"] for each in answers if each.is_success)
    assert amounts == ["49996.24", "75001.88", "75001.88"]
    (sums,) = await house.rows(
        "SELECT sum(amount) AS total FROM interest_subsidy WHERE payee_unit = $1", unit
    )
    assert str(sums["total"]) == "200000.00"
