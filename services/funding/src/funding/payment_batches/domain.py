"""The rules of a batch, what can stand in a payment's way into it, and the treasury's columns.

draft -> issued -> settled when every payment has its result, or cancelled before it is issued.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from servicekit.problems import Conflict, FieldError, InvalidTransition

MOST_LINES = 500
"""Payments of one batch: about a second's work of a result."""
HEADS = (
    "batch_number",
    "line_number",
    "disbursement_id",
    "payee_unit",
    "payee_name",
    "account_name",
    "account_number",
    "bank_name",
    "bank_code",
    "amount",
    "purpose",
    "batch_count",
    "batch_total",
)
"""The columns of the file. Every line has the totals of its batch, so that a line lost or changed
on the way is seen, and the file comes back with results written beside the lines."""


class BatchState(StrEnum):
    DRAFT = "draft"
    ISSUED = "issued"
    SETTLED = "settled"
    CANCELLED = "cancelled"


class LineState(StrEnum):
    """What became of a payment in its batch."""

    WAITING = "waiting"
    SENT = "sent"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    RETURNED = "returned"
    TAKEN_OUT = "taken_out"


class NotPayable(Conflict):
    code = "not_payable"
    zh = "批次中有不能支付的拨付，原因见 errors"
    en = "The batch has payments that cannot be paid; `errors` names each"


class NothingToPay(Conflict):
    code = "nothing_to_pay"
    zh = "没有符合条件、可以支付的拨付"
    en = "No payment that could be paid matches"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A payment that is to be paid with others. `held_by` are the numbers of the rectifications
    that hold its payee, `in_batch` is whether another batch has it."""

    id: str
    payee: str
    state: str
    made_by: str
    checked_by: str | None
    in_batch: bool
    has_account: bool
    held_by: Sequence[str] = ()


def obstacles(one: Candidate, payer: str, place: str) -> list[FieldError]:
    """Everything that stands against paying it, each naming the payment and its payee."""
    found: list[tuple[str, str, str]] = []
    if one.state != "checked":
        found.append(("not_checked", f"状态为“{one.state}”，不是已复核", f"is {one.state}"))
    if one.in_batch:
        found.append(("in_another_batch", "已在其他批次中", "is in another batch"))
    if one.held_by:
        items = ", ".join(one.held_by)
        found.append(
            ("payment_held", f"收款单位有未销号的整改事项（{items}）", f"is held by {items}")
        )
    if not one.has_account:
        found.append(
            ("no_payee_account", "收款单位没有经确认的银行账户", "has no approved bank account")
        )
    if payer in (one.made_by, one.checked_by):
        found.append(
            ("separation_of_duties", "支付人经办或复核过该笔拨付", "was made or checked by you")
        )
    return [
        FieldError(
            place, code, f"拨付 {one.id}（{one.payee}）{zh}", f"Payment {one.id} ({one.payee}) {en}"
        )
        for code, zh, en in found
    ]


def check_payable(candidates: Mapping[str, Candidate], payer: str) -> None:
    """Raises `NotPayable` with every obstacle; the keys are the places of the candidates."""
    errors = [e for place, one in candidates.items() for e in obstacles(one, payer, place)]
    if errors:
        raise NotPayable(errors=tuple(errors))


def check_step(state: str, step: str) -> None:
    """A draft is issued or cancelled, once.

    Raises:
        InvalidTransition.
    """
    if state != BatchState.DRAFT:
        raise InvalidTransition(state=state, action=step)
