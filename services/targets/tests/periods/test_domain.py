"""Period codes and the days they mean."""

from datetime import date
from decimal import Decimal

import pytest
from servicekit.problems import InvalidTransition
from targets.periods.domain import (
    ForeignDueDate,
    UnknownPeriod,
    close,
    due_on,
    parse,
    periods_of,
    reopen,
)


@pytest.mark.parametrize(
    ("code", "kind", "starts_on", "ends_on", "months"),
    [
        ("2026", "year", date(2026, 1, 1), date(2026, 12, 31), "12"),
        ("2026-Q3", "quarter", date(2026, 7, 1), date(2026, 9, 30), "9"),
        ("2028-02", "month", date(2028, 2, 1), date(2028, 2, 29), "2"),
        ("2026-07-H1", "half_month", date(2026, 7, 1), date(2026, 7, 15), "6.5"),
        ("2026-07-H2", "half_month", date(2026, 7, 16), date(2026, 7, 31), "7"),
    ],
)
def test_a_code_means_its_days(
    code: str, kind: str, starts_on: date, ends_on: date, months: str
) -> None:
    span = parse(code)
    assert (span.kind, span.starts_on, span.ends_on) == (kind, starts_on, ends_on)
    assert span.elapsed == Decimal(months) / 12


@pytest.mark.parametrize(
    "code", ["", "0000", "1999-12", "2026-13", "2026-Q5", "2026-7", "2026-Q1-H1"]
)
def test_anything_else_is_no_period(code: str) -> None:
    with pytest.raises(UnknownPeriod):
        parse(code)


def test_a_year_has_forty_one_periods() -> None:
    assert len({span.code for span in periods_of(2026)}) == 41


def test_reports_are_due_ten_days_after_the_end_or_when_the_office_says() -> None:
    assert due_on(parse("2026-07"), None) == date(2026, 8, 10)
    assert due_on(parse("2026-07"), date(2026, 7, 31)) == date(2026, 7, 31)
    with pytest.raises(ForeignDueDate):
        due_on(parse("2026-07"), date(2026, 7, 30))


def test_only_an_open_period_is_closed_and_only_a_closed_one_reopened() -> None:
    assert close("open") == "closed"
    assert reopen("closed") == "open"
    with pytest.raises(InvalidTransition):
        close("closed")
    with pytest.raises(InvalidTransition):
        reopen("open")
