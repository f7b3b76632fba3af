"""What is unusual after a history: properties of the robust range."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from targets.outliers.domain import MIN_HISTORY, THRESHOLD, usual

numbers = st.decimals(-10_000, 10_000, places=2)
histories = st.lists(numbers, min_size=MIN_HISTORY, max_size=36)


def of(history: list[Decimal]) -> tuple[Decimal, Decimal] | None:
    found = usual(history, THRESHOLD, MIN_HISTORY)
    return found and (found.low, found.high)


@given(history=st.lists(numbers, max_size=MIN_HISTORY - 1))
def test_too_little_history_judges_nothing(history: list[Decimal]) -> None:
    assert of(history) is None


@given(history=histories, value=numbers)
def test_the_order_of_the_history_does_not_matter(history: list[Decimal], value: Decimal) -> None:
    assert of(history) == of(history[::-1]) == of(sorted(history))


@given(history=histories)
def test_the_middle_of_the_history_is_never_unusual(history: list[Decimal]) -> None:
    found = usual(history, THRESHOLD, MIN_HISTORY)
    ordered = sorted(history)
    middle = ordered[len(ordered) // 2]
    assert found is None or found.holds(middle)


@given(history=histories, wild=st.decimals(10**6, 10**9, places=0))
def test_one_wild_number_in_the_history_does_not_make_another_usual(
    history: list[Decimal], wild: Decimal
) -> None:
    found = usual([*history, wild], THRESHOLD, MIN_HISTORY)
    assert found is None or not found.holds(wild)


def test_a_steady_history_leaves_room_and_an_empty_one_tells_nothing() -> None:
    assert of([Decimal(100)] * 12) == (Decimal("82.5"), Decimal("117.5"))
    assert of([Decimal(0)] * 12) is None


def test_a_number_ten_times_too_large_is_told() -> None:
    history = [Decimal(n) for n in (310, 325, 298, 340, 333, 315, 360, 352)]
    found = usual(history, THRESHOLD, MIN_HISTORY)
    assert found is not None
    assert found.holds(Decimal(370))
    assert not found.holds(Decimal(3250))
