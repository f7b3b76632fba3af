"""The life of an agreement and of its tranches.

An agreement is drafted by the office, offered with its document number, and signed or declined by
the payee; declined, it is a draft again. A tranche is open until the payee reports its milestone;
the office, which is never the reporter, accepts it or gives it back. Only what is accepted is paid.
"""

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum

from servicekit.problems import Conflict, FieldError, InvalidTransition, Unprocessable

from funding.budgets.domain import SeparationOfDuties


class AgreementState(StrEnum):
    DRAFT = "draft"
    OFFERED = "offered"
    SIGNED = "signed"


class TrancheState(StrEnum):
    OPEN = "open"
    REPORTED = "reported"
    ACCEPTED = "accepted"


STEPS = {
    "edit": (AgreementState.DRAFT,),
    "offer": (AgreementState.DRAFT,),
    "sign": (AgreementState.OFFERED,),
    "decline": (AgreementState.OFFERED,),
    "report": (TrancheState.OPEN,),
    "accept": (TrancheState.REPORTED,),
    "return": (TrancheState.REPORTED,),
}


class AwardInUse(Conflict):
    code = "award_in_use"
    zh = "该立项已撤销或已有拨付，不能再签订协议"
    en = "The award is cancelled, or money of it has moved; no agreement can be made on it now"


class AgreementNotSigned(Conflict):
    code = "agreement_not_signed"
    zh = "协议尚未由双方签订"
    en = "The agreement is not signed by both sides yet"


class TrancheRequired(Unprocessable):
    code = "tranche_required"
    zh = "该立项签有协议，须注明拨付所属的期次"
    en = "There is an agreement on this award: name the tranche that is paid"


class TrancheNotAccepted(Conflict):
    code = "tranche_not_accepted"
    zh = "该期任务尚未通过验收"
    en = "The milestone of this tranche is not accepted yet"


def check_step(state: str, step: str) -> None:
    """Raises `InvalidTransition` if there is no such step from this state."""
    if state not in STEPS[step]:
        raise InvalidTransition(state=state, action=step)


def check_sum(award: Decimal, tranches: Sequence[Decimal]) -> None:
    """The tranches are the award, to the fen.

    Raises:
        Unprocessable: with both sums.
    """
    total = sum(tranches, Decimal(0))
    if total != award:
        zh = f"各期合计 {total:.2f} 元，须等于立项金额 {award:.2f} 元"
        en = f"The tranches add up to {total:.2f} yuan, the award is {award:.2f} yuan"
        raise Unprocessable(errors=(FieldError("/tranches", "sum_differs", zh, en),))


def check_signer(offered_by: str | None, signer: str) -> None:
    """Raises `SeparationOfDuties` if one person would sign for both sides."""
    if offered_by == signer:
        raise SeparationOfDuties(
            done_zh="代表甲方签署",
            step_zh="代表乙方签署",
            done_en="the offer",
            step_en="the signing",
        )


def check_acceptor(reported_by: str | None, acceptor: str) -> None:
    """Raises `SeparationOfDuties` if the reporter accepts."""
    if reported_by == acceptor:
        raise SeparationOfDuties(
            done_zh="报告完成", step_zh="验收", done_en="the report", step_en="the acceptance"
        )
