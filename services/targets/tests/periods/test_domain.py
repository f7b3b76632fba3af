"""Period codes and the days they mean."""

from datetime import date
from decimal import Decimal

import pytest
from servicekit.problems import InvalidTransition
from servicekit.workdays import Workdays, announced_days
from targets.periods.domain import (
    Due,
    ExceptionExpired,
    ForeignDueDate,
    UnknownPeriod,
    check_expiry,
    close,
    counted,
    fixed,
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


def of(*years: int) -> Workdays:
    return Workdays({d.day: d.workday for year in years for d in announced_days(year)})


@pytest.mark.parametrize(
    ("code", "workdays", "day"),
    [
        ("2026-07", 7, date(2026, 8, 11)),
        ("2026-07-H1", 3, date(2026, 7, 20)),
        # 1 to 7 October are off, the 10th is a working Saturday.
        ("2026-Q3", 10, date(2026, 10, 20)),
        ("2026-09-H2", 3, date(2026, 10, 10)),
    ],
)
def test_reports_are_due_workdays_after_the_end(code: str, workdays: int, day: date) -> None:
    assert counted(parse(code), None, of(2026, 2027), ()) == Due(day, workdays)
    assert counted(parse(code), 0, of(2026, 2027), ()).on >= parse(code).ends_on


def test_a_due_date_over_days_that_are_not_announced_is_provisional() -> None:
    known = of(2026, 2027)
    assert counted(parse("2026-12"), 7, known, {2027}).provisional
    assert not counted(parse("2026-11"), 7, known, {2027}).provisional


def test_the_office_sets_a_day_but_not_before_the_end() -> None:
    assert fixed(parse("2026-07"), date(2026, 7, 31)) == Due(date(2026, 7, 31))
    with pytest.raises(ForeignDueDate):
        fixed(parse("2026-07"), date(2026, 7, 30))


def test_an_exception_cannot_be_over_before_it_begins() -> None:
    check_expiry(date(2026, 8, 1), date(2026, 8, 1))
    with pytest.raises(ExceptionExpired):
        check_expiry(date(2026, 7, 31), date(2026, 8, 1))


def test_only_an_open_period_is_closed_and_only_a_closed_one_reopened() -> None:
    assert close("open") == "closed"
    assert reopen("closed") == "open"
    with pytest.raises(InvalidTransition):
        close("closed")
    with pytest.raises(InvalidTransition):
        reopen("open")
