"""When a fiscal year can be closed, and what its last entries are."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from servicekit.problems import Conflict, FieldError

from funding.journal.domain import Line, Stage, checked


class YearNotReady(Conflict):
    """`errors` names what is still open."""

    code = "year_not_ready"
    zh = "该财政年度尚不能结账，未了事项见 errors"
    en = "The year cannot be closed yet; `errors` names what is still open"


@dataclass(frozen=True, slots=True)
class Open:
    """Something that keeps a year open: a resource, and one of it."""

    resource: str
    of: str


WORDS = {
    "years": ("较早的 {} 年度尚未结账", "The earlier year {} is not closed"),
    "calendar": ("{} 年度尚未结束", "The year {} is not over"),
    "disbursements": ("拨付 {} 尚未办结", "Payment {} is on its way"),
    "budgets": ("预算 {} 仍为草稿", "Budget line {} is a draft"),
    "adjustments": ("调整 {} 仍为草稿", "Adjustment {} is a draft"),
    "transfers": ("调剂 {} 仍为草稿", "Transfer {} is a draft"),
    "carry-overs": ("结转 {} 仍为草稿", "Carry-over {} is a draft"),
    "refunds": ("退款 {} 尚未确认", "Refund {} is not confirmed"),
    "funding-calls": (
        "申报通知 {} 尚未立项或取消",
        "Call {} is neither awarded nor cancelled",
    ),
}


def check_ready(found: Sequence[Open]) -> None:
    """Raises `YearNotReady` if anything keeps the year open."""
    if found:
        raise YearNotReady(
            errors=tuple(
                FieldError(
                    f"/{each.resource}/{each.of}",
                    "still_open",
                    *(words.format(each.of) for words in WORDS[each.resource]),
                )
                for each in found
            )
        )


def lapsing(unappropriated: Decimal, free: Decimal) -> list[Line]:
    """The entry that gives back what a line did not use, yuan; one of the two may be zero.

    Raises:
        Unbalanced: both are.
    """
    lines = [Line(Stage.AUTHORITY, debit=unappropriated + free)]
    for stage, amount in ((Stage.APPROVED, unappropriated), (Stage.APPROPRIATED, free)):
        if amount:
            lines.append(Line(stage, credit=amount))
    return checked(lines)
