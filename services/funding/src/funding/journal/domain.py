"""Double entry: what an entry is, and which movement each step of the money is.

A budget line's money passes the stages authority -> approved -> appropriated -> committed ->
disbursed, and what a payee gives back goes on to refunded. Every step debits the stage the money
reaches and credits the one it leaves, so an account's balance (debit minus credit) is what stands
at its stage and has not moved on; the balance of `authority` is minus everything the line was
given. An entry stands on one line: what touches two lines, or two years, is an entry on each.
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
    REFUNDED = "refunded"


class Kind(StrEnum):
    """What an entry records."""

    APPROVAL = "approval"
    APPROPRIATION = "appropriation"
    COMMITMENT = "commitment"
    DISBURSEMENT = "disbursement"
    REFUND = "refund"
    ADJUSTMENT = "adjustment"
    TRANSFER = "transfer"
    CARRY_OVER = "carry_over"
    CLOSE = "close"
    REVERSAL = "reversal"
    RELEASE = "release"


MOVES = {
    Kind.APPROVAL: (Stage.AUTHORITY, Stage.APPROVED),
    Kind.APPROPRIATION: (Stage.APPROVED, Stage.APPROPRIATED),
    Kind.COMMITMENT: (Stage.APPROPRIATED, Stage.COMMITTED),
    Kind.DISBURSEMENT: (Stage.COMMITTED, Stage.DISBURSED),
    Kind.REFUND: (Stage.DISBURSED, Stage.REFUNDED),
    Kind.RELEASE: (Stage.COMMITTED, Stage.APPROPRIATED),
}
"""The kinds that always move money in one way; the others say from where to where."""


class Unbalanced(ValueError):
    """Debits and credits differ, or a line is not a positive amount on one side."""


@dataclass(frozen=True, slots=True)
class Line:
    """One side of an entry, yuan: exactly one of debit and credit is positive."""

    stage: Stage
    debit: Decimal = Decimal(0)
    credit: Decimal = Decimal(0)


def move(amount: Decimal, source: Stage, target: Stage) -> list[Line]:
    """The two lines that move `amount` yuan from one stage to another.

    Raises:
        Unbalanced: the amount is not positive.
    """
    return checked([Line(target, debit=amount), Line(source, credit=amount)])


def lines_of(kind: Kind, amount: Decimal) -> list[Line]:
    """The two lines of a step that moves `amount` yuan to the next stage.

    Raises:
        Unbalanced: the amount is not positive.
        KeyError: this kind does not always move money in one way.
    """
    return move(amount, *MOVES[kind])


def granted(amount: Decimal) -> list[Line]:
    """Authority given to a line, or with a negative amount taken from it, yuan.

    Raises:
        Unbalanced: the amount is zero.
    """
    if amount < 0:
        return move(-amount, Stage.APPROVED, Stage.AUTHORITY)
    return move(amount, Stage.AUTHORITY, Stage.APPROVED)


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


@dataclass(frozen=True, slots=True)
class Execution:
    """What an entry adds to its fund's month, yuan; negative where it takes away.

    Each figure counts all that reached the stage, wherever it stands now; `refunded` is not taken
    out of `disbursed`.
    """

    approved: Decimal = Decimal(0)
    appropriated: Decimal = Decimal(0)
    committed: Decimal = Decimal(0)
    disbursed: Decimal = Decimal(0)
    refunded: Decimal = Decimal(0)
    carried_over: Decimal = Decimal(0)
    lapsed: Decimal = Decimal(0)


def execution_of(kind: Kind, lines: Sequence[Line]) -> Execution:
    """What the entry means for the execution of the budget.

    The year's last entries give authority back and take nothing away from what was executed; money
    that comes back of an earlier year's payment is refunded in this year, and was not paid in it.
    """
    net = dict.fromkeys(Stage, Decimal(0))
    for line in lines:
        net[line.stage] += line.debit - line.credit
    if kind is Kind.CLOSE:
        return Execution(lapsed=net[Stage.AUTHORITY])
    if kind is Kind.CARRY_OVER and net[Stage.AUTHORITY] > 0:
        return Execution(carried_over=net[Stage.AUTHORITY])
    if kind is Kind.REFUND:
        return Execution(refunded=net[Stage.REFUNDED])
    disbursed = net[Stage.DISBURSED] + net[Stage.REFUNDED]
    committed = net[Stage.COMMITTED] + disbursed
    appropriated = net[Stage.APPROPRIATED] + committed
    return Execution(
        net[Stage.APPROVED] + appropriated, appropriated, committed, disbursed, net[Stage.REFUNDED]
    )
