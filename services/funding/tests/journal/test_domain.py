"""Double entry, for any amounts in any order."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from funding.journal.domain import (
    MOVES,
    Kind,
    Line,
    Stage,
    Unbalanced,
    checked,
    lines_of,
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
    assert balances.get(Stage.AUTHORITY, 0) <= 0 <= balances.get(Stage.DISBURSED, 0)


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
