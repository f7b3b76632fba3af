"""1 : n, exactly, and never more than there is."""

from decimal import Decimal
from fractions import Fraction

from funding.leverage.domain import ratio, written
from hypothesis import given
from hypothesis import strategies as st

YUAN = st.decimals(min_value=0, max_value=Decimal("9999999999999999.99"), places=2)


def test_a_ratio_is_written_as_people_say_it() -> None:
    assert written(ratio(Decimal(10), Decimal(124))) == "1:12.4"
    assert written(ratio(Decimal("100.00"), Decimal("1000.00"))) == "1:10"
    assert written(ratio(Decimal(3), Decimal(2))) == "1:0.666666"
    assert written(ratio(Decimal(0), Decimal(2))) is None


@given(YUAN.filter(bool), YUAN)
def test_it_is_cut_off_and_never_rounded_up(government: Decimal, enterprise: Decimal) -> None:
    shown = ratio(government, enterprise)
    assert shown is not None
    exact = Fraction(enterprise) / Fraction(government)
    assert 0 <= exact - Fraction(shown) < Fraction(1, 10**6)
