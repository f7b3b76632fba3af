"""The steps of a payment and the three hands it needs.

requested -> checked -> paying -> succeeded | failed | returned, or rejected by the checker.
A payment that succeeded can still come back from the bank (`returned`).
"""

from collections.abc import Sequence
from enum import StrEnum

from servicekit.problems import Conflict, FieldError, InvalidTransition, Unprocessable

from funding.budgets.domain import SeparationOfDuties


class DisbursementState(StrEnum):
    REQUESTED = "requested"
    CHECKED = "checked"
    PAYING = "paying"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    RETURNED = "returned"
    REJECTED = "rejected"


class Outcome(StrEnum):
    """What the treasury says became of a payment."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    RETURNED = "returned"


STOPPABLE = (DisbursementState.REQUESTED, DisbursementState.CHECKED)
"""Before it has left: a hold can stop it."""

STEPS = {
    "check": (DisbursementState.REQUESTED,),
    "reject": (DisbursementState.REQUESTED,),
    "pay": (DisbursementState.CHECKED,),
    Outcome.SUCCEEDED: (DisbursementState.PAYING,),
    Outcome.FAILED: (DisbursementState.PAYING,),
    Outcome.RETURNED: (DisbursementState.PAYING, DisbursementState.SUCCEEDED),
}


class PaymentHeld(Conflict):
    code = "payment_held"
    zh = "收款单位有未销号的整改事项（{items}），暂停拨付"
    en = "Payments to this payee are held while a rectification is open: {items}"


class PaidOnMissing(Unprocessable):
    code = "paid_on_missing"
    zh = "拨付成功须填写到账日期"
    en = "A payment that succeeded needs the day it was paid"


def check_step(state: str, step: str) -> None:
    """Raises `InvalidTransition` if there is no such step from this state."""
    if state not in STEPS[step]:
        raise InvalidTransition(state=state, action=step)


def check_not_held(item_numbers: Sequence[str]) -> None:
    """Raises `PaymentHeld` while a rectification is open against the payee."""
    if item_numbers:
        raise PaymentHeld(items=", ".join(item_numbers))


def check_checker(maker: str, checker: str) -> None:
    """Raises `SeparationOfDuties` if the maker checks."""
    if checker == maker:
        raise SeparationOfDuties(
            done_zh="经办", step_zh="复核", done_en="the making", step_en="the checking"
        )


def check_payer(maker: str, checker: str | None, payer: str) -> None:
    """Raises `SeparationOfDuties` if the maker or the checker pays."""
    if payer == maker:
        raise SeparationOfDuties(
            done_zh="经办", step_zh="支付", done_en="the making", step_en="the payment"
        )
    if payer == checker:
        raise SeparationOfDuties(
            done_zh="复核", step_zh="支付", done_en="the checking", step_en="the payment"
        )


def check_result(outcome: Outcome, *, has_day: bool) -> None:
    """Raises `PaidOnMissing` if a success does not say when."""
    if outcome is Outcome.SUCCEEDED and not has_day:
        where = FieldError("/paid_on", PaidOnMissing.code, PaidOnMissing.zh, PaidOnMissing.en)
        raise PaidOnMissing(errors=(where,))
