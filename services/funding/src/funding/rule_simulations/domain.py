"""Facts as they would be."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from funding.funding_rules.domain import Facts


@dataclass(frozen=True, slots=True)
class Report:
    """What a counterpart report says, yuan, whether that counts, and whether it would."""

    amount: Decimal
    counts: bool
    would_count: bool


def changed(facts: Facts, added: Mapping[str, Decimal], reports: Iterable[Report]) -> Facts:
    """The facts with so much added to the lines of these funds, yuan, and these reports counted or
    not. No report at all that counts is still nothing known, and not nothing spent."""
    funds = dict(facts.funds)
    for code, amount in added.items():
        was = funds[code]
        funds[code] = replace(
            was, approved=was.approved + amount, appropriated=was.appropriated + amount
        )
    more = sum(
        (each.amount * (each.would_count - each.counts) for each in reports), start=Decimal(0)
    )
    verified = (facts.verified or Decimal(0)) + more
    return replace(facts, funds=funds, verified=verified if verified else None)
