"""The proof an item waits for, without a database.

An item about an indicator waits until it is measured off red again, one about a fiscal rule until
the rule is kept again, one of an inspection until somebody has looked again, one about an overdue
report or plan until it is handed in. The office may
approve an exception from any of them.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from servicekit.problems import Conflict


class Proof(StrEnum):
    MEASUREMENT = "measurement"
    RESTORATION = "restoration"
    REINSPECTION = "reinspection"
    HANDING_IN = "handing_in"


class IndicatorNotRemeasured(Conflict):
    code = "indicator_not_remeasured"
    zh = "指标“{indicator}”在立项后尚未重新测得非红灯结果，不能销号；可由办公室批准例外"
    en = (
        "Indicator {indicator} has not been measured off red since the item was opened; "
        "the office may approve an exception"
    )


class RuleNotRestored(Conflict):
    code = "rule_not_restored"
    zh = "经费规则“{rule}”尚未恢复达标，不能销号；可由办公室批准例外"
    en = "Rule {rule} is not kept again; the office may approve an exception"


class NotReinspected(Conflict):
    code = "not_reinspected"
    zh = "检查发现的问题尚未复查合格，不能销号；可由办公室批准例外"
    en = (
        "What the inspection found has not been looked at again; "
        "the office may approve an exception"
    )


class NotHandedIn(Conflict):
    code = "not_handed_in"
    zh = "逾期的材料尚未报送，不能销号；可由办公室批准例外"
    en = "What is overdue has not been handed in; the office may approve an exception"


class ExceptionNotNeeded(Conflict):
    code = "exception_not_needed"
    zh = "该事项无需等待指标复测、规则恢复、现场复查或补报，或已批准例外"
    en = "The item waits for no proof, or its exception is approved already"


PROOFS = {
    "rule": Proof.RESTORATION,
    "finding": Proof.REINSPECTION,
    "overdue_report": Proof.HANDING_IN,
}


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of an item that is to be closed."""

    origin: str
    origin_ref: str | None
    indicator: str | None
    remeasured_status: str | None
    restored: bool
    reinspected: bool
    handed_in: bool
    excepted: bool


@dataclass(frozen=True, slots=True)
class Measurement:
    """A new actual of an indicator; `period_end` is the last day of the period it is for."""

    at: datetime
    period: str
    period_end: date
    status: str


def proof_needed(origin: str, indicator: str | None) -> Proof | None:
    """What an item of this origin waits for, if anything."""
    if indicator is not None:
        return Proof.MEASUREMENT
    return PROOFS.get(origin)


def refuse_unproved(case: Case) -> None:
    """Let an item be closed that has its proof, needs none or is excepted.

    Raises:
        IndicatorNotRemeasured: `unknown` is not off red either: nothing has been shown.
        RuleNotRestored, NotReinspected, NotHandedIn: the other proofs.
    """
    if case.excepted:
        return
    match proof_needed(case.origin, case.indicator):
        case Proof.MEASUREMENT if case.remeasured_status not in ("green", "amber"):
            raise IndicatorNotRemeasured(indicator=case.indicator)
        case Proof.RESTORATION if not case.restored:
            raise RuleNotRestored(rule=case.origin_ref)
        case Proof.REINSPECTION if not case.reinspected:
            raise NotReinspected
        case Proof.HANDING_IN if not case.handed_in:
            raise NotHandedIn
        case _:
            return


def counts_as_remeasured(found: Measurement, *, after: datetime, not_before: date | None) -> bool:
    """Whether a measurement is a new one for a case opened over an earlier one.

    It must be taken later and must not be for an older period: correcting last quarter's number
    says nothing about this one's.
    """
    return found.at > after and (not_before is None or found.period_end >= not_before)
