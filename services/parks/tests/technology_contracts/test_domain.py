"""Which months' volumes a contract moves."""

from datetime import date
from decimal import Decimal

import pytest
from parks.parks.domain import FutureDate
from parks.technology_contracts.domain import (
    AmountsContradict,
    RegisteredBeforeSigned,
    Volume,
    check_contract,
    moves,
)

MARCH, MAY = date(2026, 3, 18), date(2026, 5, 6)
CITY, PARK = "technology_trade_volume.city", "technology_trade_volume.park.gangqu"


def added(gone: Volume | None, come: Volume | None) -> dict[str, dict[str, Decimal]]:
    return {
        month: {each.metric: each.numerator for each in moved}
        for month, moved in moves(gone, come).items()
    }


def test_a_contract_counts_for_the_city_and_its_park_in_its_month() -> None:
    come = Volume(MARCH, "gangqu", Decimal("120.5"))
    assert added(None, come) == {"2026-03": {CITY: Decimal("120.5"), PARK: Decimal("120.5")}}
    assert added(None, Volume(MARCH, None, Decimal(7))) == {"2026-03": {CITY: Decimal(7)}}


def test_what_is_taken_back_falls_where_it_counted() -> None:
    gone = Volume(MARCH, "gangqu", Decimal(120))
    assert added(gone, None) == {"2026-03": {CITY: Decimal(-120), PARK: Decimal(-120)}}


def test_a_correction_moves_the_difference_or_from_one_month_to_another() -> None:
    was = Volume(MARCH, "gangqu", Decimal(120))
    assert added(was, was) == {}
    lower = Volume(MARCH, "gangqu", Decimal(100))
    assert added(was, lower) == {"2026-03": {CITY: Decimal(-20), PARK: Decimal(-20)}}
    elsewhere = Volume(MARCH, "xuedian", Decimal(120))
    assert set(added(was, elsewhere)["2026-03"]) == {PARK, PARK.replace("gangqu", "xuedian")}
    later = added(was, Volume(MAY, "gangqu", Decimal(120)))
    assert {month: each[CITY] for month, each in later.items()} == {
        "2026-03": Decimal(-120), "2026-05": Decimal(120),
    }  # fmt: skip


def test_a_year_before_the_thousandth_is_a_month_as_well() -> None:
    assert list(moves(None, Volume(date(999, 1, 1), None, Decimal(1)))) == ["0999-01"]


def test_amounts_and_days_fit_each_other() -> None:
    check_contract(Decimal(10), Decimal(10), MARCH, MARCH, MARCH)
    with pytest.raises(AmountsContradict):
        check_contract(Decimal(10), Decimal("10.01"), MARCH, MARCH, MARCH)
    with pytest.raises(RegisteredBeforeSigned):
        check_contract(Decimal(10), None, MAY, MARCH, MAY)
    with pytest.raises(FutureDate):
        check_contract(Decimal(10), None, MARCH, MAY, MARCH)
