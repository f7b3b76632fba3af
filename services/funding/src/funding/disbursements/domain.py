"""The steps of a payment and the three hands it needs.

requested -> checked -> paying -> succeeded | failed | returned, or rejected by the checker.
A payment that succeeded can still come back from the bank (`returned`). One that failed or came
back is over; it is tried again by another payment, through the same three hands.
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
    "retry": (DisbursementState.FAILED, DisbursementState.RETURNED),
}


class PaymentHeld(Conflict):
    code = "payment_held"
    zh = "收款单位有未销号的整改事项（{items}），暂停拨付"
    en = "Payments to this payee are held while a rectification is open: {items}"


class PaymentInBatch(Conflict):
    code = "payment_in_batch"
    zh = "该笔拨付在支付批次中，只能随批次支付；如需单独支付请先取消批次"
    en = "The payment is in a batch and is paid with it; cancel the batch to pay it alone"


class AlreadyRetried(Conflict):
    code = "already_retried"
    zh = "该笔拨付已重新发起"
    en = "The payment has been tried again already"


class AlreadyRefunded(Conflict):
    code = "already_refunded"
    zh = "该笔拨付已有退款，不能再登记退票"
    en = "The payee gave money of this payment back: it cannot be returned by the bank any more"


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


def check_result(outcome: Outcome, *, has_day: bool, is_refunded: bool = False) -> None:
    """Raises `PaidOnMissing` if a success does not say when, `AlreadyRefunded` if what comes back
    as a whole was given back in part."""
    if is_refunded:
        raise AlreadyRefunded
    if outcome is Outcome.SUCCEEDED and not has_day:
        where = FieldError("/paid_on", PaidOnMissing.code, PaidOnMissing.zh, PaidOnMissing.en)
        raise PaidOnMissing(errors=(where,))
