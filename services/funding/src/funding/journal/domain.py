"""Double entry: what an entry is, and which movement each step of the money is.

A budget line's money passes the stages authority -> approved -> appropriated -> committed ->
disbursed. Every step debits the stage the money reaches and credits the one it leaves, so an
account's balance (debit minus credit) is what stands at its stage and has not moved on; the
balance of `authority` is minus everything ever approved.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Stage(StrEnum):
    """Where a budget line's money stands."""

    AUTHORITY = "authority"
    APPROVED = "approved"
    APPROPRIATED = "appropriated"
    COMMITTED = "committed"
    DISBURSED = "disbursed"


class Kind(StrEnum):
    """What an entry records."""

    APPROVAL = "approval"
    APPROPRIATION = "appropriation"
    COMMITMENT = "commitment"
    DISBURSEMENT = "disbursement"
    REVERSAL = "reversal"


MOVES = {
    Kind.APPROVAL: (Stage.AUTHORITY, Stage.APPROVED),
    Kind.APPROPRIATION: (Stage.APPROVED, Stage.APPROPRIATED),
    Kind.COMMITMENT: (Stage.APPROPRIATED, Stage.COMMITTED),
    Kind.DISBURSEMENT: (Stage.COMMITTED, Stage.DISBURSED),
}


class Unbalanced(ValueError):
    """Debits and credits differ, or a line is not a positive amount on one side."""


@dataclass(frozen=True, slots=True)
class Line:
    """One side of an entry, yuan: exactly one of debit and credit is positive."""

    stage: Stage
    debit: Decimal = Decimal(0)
    credit: Decimal = Decimal(0)


def lines_of(kind: Kind, amount: Decimal) -> list[Line]:
    """The two lines of a step that moves `amount` yuan to the next stage.

    Raises:
        Unbalanced: the amount is not positive.
        KeyError: reversals take their lines from the entry they undo.
    """
    source, target = MOVES[kind]
    return checked([Line(target, debit=amount), Line(source, credit=amount)])


def reversed_lines(lines: Sequence[Line]) -> list[Line]:
    """The entry that undoes `lines`: the same amounts on the other side."""
    return checked([Line(line.stage, debit=line.credit, credit=line.debit) for line in lines])


def checked(lines: Sequence[Line]) -> list[Line]:
    """The lines, if together they are an entry.

    Raises:
        Unbalanced: see there. The database refuses the same (trigger `journal_balanced`).
    """
    for line in lines:
        if min(line.debit, line.credit) != 0 or max(line.debit, line.credit) <= 0:
            raise Unbalanced(f"one side of a line is positive, the other zero: {line}")
    if len(lines) < 2 or sum(x.debit for x in lines) != sum(x.credit for x in lines):
        raise Unbalanced("debits and credits differ")
    return list(lines)
