"""What of a platform's cost is granted."""

from decimal import Decimal

import pytest
from funding.platform_grants.domain import NoOwnFunds, compute
from funding.supports.domain import NothingToSupport
from hypothesis import given
from hypothesis import strategies as st

yuan = st.decimals("0.00", "999999999999999999.99", places=2)


@given(yuan.filter(bool), yuan, st.decimals("0.000001", "100", places=6), yuan.filter(bool))
def test_a_grant_and_own_money_never_pay_more_than_it_costs(
    cost: Decimal, own: Decimal, share: Decimal, cap: Decimal
) -> None:
    try:
        amount = compute(cost, own, share, cap).amount
    except NoOwnFunds:
        assert own < cost
    except NothingToSupport:
        assert own >= cost or cost * share < Decimal("0.5")
    else:
        assert 0 < amount <= cap
        assert amount + own <= cost
        assert amount <= cost * share / 100 + Decimal("0.005")


@pytest.mark.parametrize(
    ("cost", "own", "amount"),
    [
        ("1000.00", "600.00", "400.00"),
        ("1000.00", "700.00", "300.00"),
        ("2000.00", "1500.00", "450.00"),
    ],
    ids=["the share", "the gap", "the cap"],
)
def test_the_least_of_share_gap_and_cap_is_granted(cost: str, own: str, amount: str) -> None:
    found = compute(Decimal(cost), Decimal(own), Decimal(40), Decimal(450))
    assert found.amount == Decimal(amount)
    assert set(found.inputs) == {"cost", "own_funds", "share", "cap"}


def test_the_unit_carries_what_the_share_leaves() -> None:
    with pytest.raises(NoOwnFunds) as caught:
        compute(Decimal("1000.00"), Decimal("599.99"), Decimal(40), Decimal(450))
    assert "600.00" in caught.value.text("en")
