"""The order of the applications and the cut."""

import random
from decimal import Decimal
from uuid import UUID

from funding.applications.domain import RankingOutcome
from funding.selections.domain import Contender, leading_criterion, ranked
from hypothesis import given
from hypothesis import strategies as st

CENTS = st.integers(1, 10_000_00).map(lambda fen: Decimal(fen) / 100)
CONTENDERS = st.lists(
    st.tuples(
        st.sampled_from(["59.9999", "60", "80", "90.5"]), st.sampled_from(["50", "70"]), CENTS
    ),
    max_size=25,
).map(
    lambda rows: [
        Contender(UUID(int=n), n, Decimal(score), Decimal(leading), amount)
        for n, (score, leading, amount) in enumerate(rows, start=1)
    ]
)


def contender(number: int, score: str, amount: str, leading: str = "0") -> Contender:
    return Contender(UUID(int=number), number, Decimal(score), Decimal(leading), Decimal(amount))


@given(CONTENDERS, CENTS, st.randoms())
def test_nobody_gets_more_than_there_is_and_nobody_is_passed_over(
    contenders: list[Contender], available: Decimal, dice: random.Random
) -> None:
    places = ranked(contenders, available, Decimal(60))
    by_id = {each.id: each for each in contenders}
    assert [place.rank for place in places] == list(range(1, len(contenders) + 1))
    assert {place.id for place in places} == by_id.keys()
    selected = [by_id[place.id] for place in places if place.outcome is RankingOutcome.SELECTED]
    assert sum((each.amount for each in selected), Decimal(0)) <= available
    outcomes = [place.outcome for place in places]
    order = [RankingOutcome.SELECTED, RankingOutcome.RESERVE, RankingOutcome.BELOW]
    assert outcomes == sorted(outcomes, key=order.index), "no reserve stands above a selected one"
    for place in places:
        assert (place.outcome is RankingOutcome.BELOW) == (by_id[place.id].score < 60)
    shuffled = list(contenders)
    dice.shuffle(shuffled)
    assert ranked(shuffled, available, Decimal(60)) == places, "whatever order they come in"


def test_ties_go_to_the_leading_criterion_and_then_to_the_earlier_one() -> None:
    rows = [
        contender(1, "80", "1", "70"),
        contender(2, "80", "1", "90"),
        contender(3, "80", "1", "90"),
        contender(4, "80.0001", "1", "10"),
    ]
    places = ranked(rows, Decimal(100), Decimal(0))
    assert [place.id.int for place in places] == [4, 2, 3, 1]


def test_a_small_one_does_not_overtake_the_first_that_does_not_fit() -> None:
    rows = [contender(1, "90", "60"), contender(2, "80", "50"), contender(3, "70", "10")]
    outcomes = [place.outcome for place in ranked(rows, Decimal(100), Decimal(60))]
    assert outcomes == [RankingOutcome.SELECTED, RankingOutcome.RESERVE, RankingOutcome.RESERVE]


def test_the_line_may_be_used_to_the_last_fen() -> None:
    rows = [contender(1, "90", "60.00"), contender(2, "80", "40.00")]
    exact = [place.outcome for place in ranked(rows, Decimal("100.00"), Decimal(60))]
    short = [place.outcome for place in ranked(rows, Decimal("99.99"), Decimal(60))]
    assert exact == [RankingOutcome.SELECTED, RankingOutcome.SELECTED]
    assert short == [RankingOutcome.SELECTED, RankingOutcome.RESERVE]


def test_of_equal_weights_the_first_leads() -> None:
    rows = [("a", "20"), ("b", "40.0"), ("c", "40")]
    assert leading_criterion([{"code": c, "weight": w} for c, w in rows]) == "b"
