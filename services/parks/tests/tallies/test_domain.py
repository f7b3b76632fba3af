"""What a return adds to the sums."""

import random
from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

from parks.tallies.domain import Accepted, cells, changes


def told(
    period: str, sales: int, employees: int = 0, counted: dict[str, int] | None = None
) -> Accepted:
    numbers = {"sales_revenue": Decimal(sales), "employees": Decimal(employees)}
    had = {name: Decimal(value) for name, value in (counted or {}).items()}
    return Accepted(uuid4(), period, "gangqu", "ordinary", True, numbers, had)


def test_a_quarter_adds_what_its_months_have_not_told() -> None:
    found = changes([told("2026-Q1", 100, 9), told("2026-01", 30, 7), told("2026-03", 20, 8)])
    assert {c.of.period: c.total["sales_revenue"] for c in found} == {
        "2026-01": 30,
        "2026-03": 20,
        "2026-Q1": 50,
    }
    assert {c.of.period: c.total["employees"] for c in found} == {
        "2026-01": 7,
        "2026-03": 8,
        "2026-Q1": 1,
    }


def test_a_year_adds_what_neither_quarters_nor_months_have_told() -> None:
    found = changes(
        [told("2026", 500), told("2026-Q1", 100), told("2026-02", 60), told("2026-05", 7)]
    )
    assert {c.of.period: c.total["sales_revenue"] for c in found}["2026"] == 393


def test_what_is_in_the_sums_already_changes_nothing() -> None:
    assert changes([told("2026-01", 30, 7, {"sales_revenue": 30, "employees": 7})]) == []
    [change] = changes([told("2026-01", 31, 7, {"sales_revenue": 30, "employees": 7})])
    assert change.more == {"sales_revenue": 1, "employees": 0}


def test_in_whatever_order_they_come_the_sums_are_the_same() -> None:
    rng = random.Random(7)
    every = [
        told(p, rng.randint(0, 99)) for p in ("2026-01", "2026-02", "2026-Q1", "2026-Q2", "2026")
    ]
    known: dict[str, dict[str, Decimal]] = {}
    for count in range(1, len(every) + 1):
        rng.shuffle(every)
        seen = [replace(e, counted=known.get(e.period, {})) for e in every[:count]]
        for change in changes(seen):
            known[change.of.period] = dict(change.total)
    year = next(e for e in every if e.period == "2026")
    assert sum(one["sales_revenue"] for one in known.values()) == year.numbers["sales_revenue"]


def test_a_figure_is_made_of_the_period_and_its_parts() -> None:
    assert cells("2026-03", "sales_revenue", year_to_date=False) == ["2026-03"]
    quarter = ["2026-04", "2026-05", "2026-06", "2026-Q2"]
    assert cells("2026-Q2", "sales_revenue", year_to_date=False) == quarter
    assert cells("2026-Q2", "employees", year_to_date=False) == ["2026-06", "2026-Q2"]
    assert len(cells("2026", "sales_revenue", year_to_date=False)) == 17
    assert cells("2026", "employees", year_to_date=False) == ["2026", "2026-12", "2026-Q4"]
    to_april = ["2026-01", "2026-02", "2026-03", "2026-04", "2026-Q1"]
    assert cells("2026-04", "sales_revenue", year_to_date=True) == to_april
    assert cells("2026-04", "employees", year_to_date=True) == ["2026-04"]
