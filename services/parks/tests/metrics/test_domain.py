"""Which totals a return moves."""

from datetime import date
from decimal import Decimal

import pytest
from parks.metrics.domain import Contribution, contributions, months_to
from parks.metrics.service import first_counted, of_last_year

MONTH = {
    "sales_revenue": Decimal(1000),
    "high_tech_value_added": Decimal(120),
    "high_tech_output": Decimal(400),
    "own_ip_output": Decimal(100),
    "rd_spend": Decimal(40),
}


def names(found: list[Contribution]) -> list[str]:
    return [each.metric for each in found]


def test_an_enterprise_outside_the_parks_counts_for_the_city() -> None:
    found = contributions(MONTH, enterprise_class="ordinary", park_code=None, in_programme=False)
    assert names(found) == [
        "high_tech_value_added.city",
        "own_ip_share.city",
        "rd_intensity.ordinary",
    ]


def test_one_in_a_park_of_the_programme_counts_for_the_park_and_for_the_six() -> None:
    found = contributions(
        MONTH, enterprise_class="high_tech", park_code="longhu", in_programme=True
    )
    assert names(found)[-2:] == ["sales_revenue.park.longhu", "sales_revenue.six_parks"]
    assert {each.numerator for each in found if each.metric.startswith("sales")} == {Decimal(1000)}


def test_a_park_outside_the_programme_is_not_one_of_the_six() -> None:
    found = contributions(
        MONTH, enterprise_class="high_tech", park_code="other", in_programme=False
    )
    assert "sales_revenue.six_parks" not in names(found)
    assert "sales_revenue.park.other" in names(found)


@pytest.mark.parametrize("kind", ["high_tech", "science_type", "ordinary"])
def test_a_ratio_is_kept_as_what_it_is_made_of(kind: str) -> None:
    found = contributions(MONTH, enterprise_class=kind, park_code=None, in_programme=False)
    [intensity] = [each for each in found if each.metric == f"rd_intensity.{kind}"]
    assert (intensity.unit, intensity.numerator, intensity.denominator) == ("%", 40, 1000)


def test_amounts_are_in_ten_thousands_of_yuan() -> None:
    found = contributions(MONTH, enterprise_class="ordinary", park_code="a", in_programme=True)
    assert {each.unit for each in found if each.denominator is None} == {"万元"}


@pytest.mark.parametrize(
    ("today", "since", "first"),
    [
        (date(2026, 7, 9), None, date(2026, 1, 1)),
        (date(2026, 7, 9), date(2026, 5, 2), date(2026, 1, 1)),
        (date(2026, 7, 9), date(2025, 11, 3), date(2025, 11, 3)),
        (date(2026, 7, 9), date(2011, 1, 1), date(2021, 1, 1)),
        (date(2026, 1, 9), None, date(2025, 12, 1)),
        (date(2026, 1, 9), date(2025, 11, 3), date(2025, 11, 3)),
    ],
)
def test_from_which_day_on_is_counted_again(today: date, since: date | None, first: date) -> None:
    assert first_counted(today, since) == first


def test_what_stands_on_a_day_is_put_right_for_last_year_and_no_older_one() -> None:
    today = date(2026, 2, 3)
    assert of_last_year(today, None) is None
    assert of_last_year(today, date(2025, 12, 30)) == date(2025, 12, 30)
    assert of_last_year(today, date(2019, 6, 1)) == date(2025, 1, 1)


def test_the_months_of_the_year_end_with_the_one_that_runs() -> None:
    assert months_to(date(2026, 3, 1)) == ["2026-01", "2026-02", "2026-03"]
