"""What a loan costs and what of it is subsidised, against arithmetic of another kind."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext

import pytest
from funding.interest_subsidies.domain import (
    CapReached,
    DayCount,
    Loan,
    PeriodEmpty,
    check_period,
    compute,
)
from funding.supports.domain import NothingToSupport
from hypothesis import given
from hypothesis import strategies as st

NONE = Decimal(0)
loans = st.builds(
    lambda principal, rate, start, days, count: Loan(
        principal, rate, start, start + timedelta(days), count
    ),
    st.decimals("0.01", "999999999999999999.99", places=2),
    st.decimals("0.000001", "100", places=6),
    st.dates(date(2000, 1, 1), date(2090, 1, 1)),
    st.integers(1, 3660),
    st.sampled_from(DayCount),
)
shares = st.decimals("0.000001", "100", places=6)
caps = st.decimals("0.01", "999999999999999999.99", places=2)


@given(loans, shares, caps, caps)
def test_the_subsidy_is_exact_to_the_fen(
    loan: Loan, share: Decimal, cap: Decimal, taken: Decimal
) -> None:
    with localcontext(prec=120):
        year = Decimal(loan.day_count.value[-3:])
        cost = loan.principal * loan.annual_rate * loan.days / (100 * year)
        wanted = min((cost * share / 100).quantize(Decimal("0.01"), ROUND_HALF_UP), cap - taken)
    try:
        found = compute(loan, share, cap, taken)
    except CapReached:
        assert taken >= cap
    except NothingToSupport:
        assert wanted == 0
    else:
        assert found.amount == wanted > 0


@given(loans, shares, st.data())
def test_a_period_in_two_parts_is_no_way_to_more_than_a_fen(
    loan: Loan, share: Decimal, data: st.DataObject
) -> None:
    plenty = Decimal(10) ** 26
    if loan.days < 2:
        return
    cut = loan.starts_on + timedelta(data.draw(st.integers(1, loan.days - 1)))
    first = Loan(loan.principal, loan.annual_rate, loan.starts_on, cut, loan.day_count)
    second = Loan(loan.principal, loan.annual_rate, cut, loan.ends_on, loan.day_count)

    def paid(each: Loan) -> Decimal:
        try:
            return compute(each, share, plenty, NONE).amount
        except NothingToSupport:
            return NONE

    assert abs(paid(first) + paid(second) - paid(loan)) <= Decimal("0.01")


def test_every_input_is_shown() -> None:
    loan = Loan(
        Decimal("5000000.00"),
        Decimal("4.35"),
        date(2026, 1, 1),
        date(2026, 7, 1),
        DayCount.ACT_360,
    )
    found = compute(loan, Decimal(50), Decimal("200000.00"), Decimal("150000.00"))
    assert found.amount == Decimal("50000.00")
    assert found.inputs == {
        "principal": "5000000.00",
        "annual_rate": "4.35",
        "starts_on": "2026-01-01",
        "ends_on": "2026-07-01",
        "days": "181",
        "basis": "360",
        "interest": "109354.17",
        "share": "50",
        "cap": "200000.00",
        "taken": "150000.00",
    }


def test_half_a_fen_is_rounded_up() -> None:
    loan = Loan(Decimal("36.50"), Decimal(1), date(2026, 1, 1), date(2026, 1, 6), DayCount.ACT_365)
    assert compute(loan, Decimal(100), Decimal(1), NONE).amount == Decimal("0.01")


@pytest.mark.parametrize("days", [0, -1])
def test_a_period_has_days(days: int) -> None:
    start = date(2026, 1, 1)
    loan = Loan(Decimal(1), Decimal(1), start, start + timedelta(days), DayCount.ACT_360)
    with pytest.raises(PeriodEmpty):
        check_period(loan)
