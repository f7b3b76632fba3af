"""Double entry, for any amounts in any order."""

from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal

import pytest
from funding.journal.domain import (
    MOVES,
    Execution,
    Kind,
    Line,
    Stage,
    Unbalanced,
    checked,
    execution_of,
    granted,
    lines_of,
    move,
    reversed_lines,
)
from hypothesis import given
from hypothesis import strategies as st

AMOUNT = st.decimals(min_value=Decimal("0.01"), max_value=Decimal("9999999999999999.99"), places=2)
STEPS = st.lists(st.tuples(st.sampled_from(sorted(MOVES)), AMOUNT), max_size=30)


def balances_of(lines: Sequence[Line]) -> dict[Stage, Decimal]:
    found: dict[Stage, Decimal] = {}
    for line in lines:
        found[line.stage] = found.get(line.stage, Decimal(0)) + line.debit - line.credit
    return found


@given(STEPS)
def test_all_balances_together_are_always_zero(steps: list[tuple[Kind, Decimal]]) -> None:
    lines = [line for kind, amount in steps for line in lines_of(kind, amount)]
    balances = balances_of(lines)
    assert sum(balances.values()) == 0
    assert balances.get(Stage.AUTHORITY, 0) <= 0 <= balances.get(Stage.REFUNDED, 0)


@given(st.sampled_from(sorted(MOVES)), AMOUNT)
def test_a_reversal_undoes_and_a_reversal_of_it_restores(kind: Kind, amount: Decimal) -> None:
    lines = lines_of(kind, amount)
    undone = reversed_lines(lines)
    assert set(balances_of([*lines, *undone]).values()) == {Decimal(0)}
    assert reversed_lines(undone) == lines


@pytest.mark.parametrize("amount", ["0", "-0.01", "-100"])
def test_what_is_not_positive_moves_nothing(amount: str) -> None:
    with pytest.raises(Unbalanced):
        lines_of(Kind.APPROVAL, Decimal(amount))


def test_an_entry_has_two_equal_sides() -> None:
    ten, nine = Decimal(10), Decimal(9)
    for lines in (
        [],
        [Line(Stage.APPROVED, debit=ten)],
        [Line(Stage.APPROVED, debit=ten), Line(Stage.AUTHORITY, credit=nine)],
        [Line(Stage.APPROVED, debit=ten, credit=ten), Line(Stage.AUTHORITY, credit=ten)],
        [Line(Stage.APPROVED), Line(Stage.AUTHORITY)],
    ):
        with pytest.raises(Unbalanced):
            checked(lines)


@given(STEPS)
def test_what_was_executed_is_the_sum_of_the_steps(steps: list[tuple[Kind, Decimal]]) -> None:
    """Whatever the steps, in whatever order: each figure is what was moved to its stage, or given
    back from it."""
    reached = {
        Kind.APPROVAL: ("approved", 1),
        Kind.APPROPRIATION: ("appropriated", 1),
        Kind.COMMITMENT: ("committed", 1),
        Kind.DISBURSEMENT: ("disbursed", 1),
        Kind.REFUND: ("refunded", 1),
        Kind.RELEASE: ("committed", -1),
    }
    for kind, amount in steps:
        figure, sign = reached[kind]
        assert asdict(execution_of(kind, lines_of(kind, amount))) == {
            **dict.fromkeys(asdict(Execution()), Decimal(0)),
            figure: sign * amount,
        }
        undone = execution_of(Kind.REVERSAL, reversed_lines(lines_of(kind, amount)))
        assert getattr(undone, figure) == -sign * amount


@given(AMOUNT)
def test_the_end_of_a_year_takes_nothing_away_from_what_was_executed(amount: Decimal) -> None:
    lapsed = execution_of(Kind.CLOSE, move(amount, Stage.APPROPRIATED, Stage.AUTHORITY))
    left = execution_of(Kind.CARRY_OVER, move(amount, Stage.COMMITTED, Stage.AUTHORITY))
    came = execution_of(Kind.CARRY_OVER, move(amount, Stage.AUTHORITY, Stage.COMMITTED))
    assert lapsed == Execution(lapsed=amount)
    assert left == Execution(carried_over=amount)
    assert came == Execution(approved=amount, appropriated=amount, committed=amount)


@given(AMOUNT)
def test_what_comes_back_of_an_earlier_year_was_not_paid_in_this_one(amount: Decimal) -> None:
    late = execution_of(Kind.REFUND, move(amount, Stage.AUTHORITY, Stage.REFUNDED))
    assert late == Execution(refunded=amount)


@given(AMOUNT)
def test_authority_is_given_and_taken(amount: Decimal) -> None:
    assert execution_of(Kind.ADJUSTMENT, granted(amount)) == Execution(approved=amount)
    assert execution_of(Kind.ADJUSTMENT, granted(-amount)) == Execution(approved=-amount)
    with pytest.raises(Unbalanced):
        granted(amount - amount)
