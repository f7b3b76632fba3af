"""The life of a progress report: draft → submitted → verified, or returned and submitted again.

Until it is verified the unit can withdraw it and begin a new one.
"""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from servicekit.decimals import plain
from servicekit.problems import (
    Conflict,
    FieldError,
    Forbidden,
    InvalidTransition,
    Unprocessable,
)
from targets.observations.domain import rounded

_SUBMITS = {"draft": "submitted", "returned": "resubmitted"}
WAITS = ("submitted", "resubmitted")
ENDS = ("verified", "withdrawn")
_ROUNDING = Decimal("0.01")


class NotReported(Conflict):
    code = "indicator_not_reported"
    zh = "指标 {indicator} 的数据来自“{source}”，不接受填报"
    en = "The numbers of indicator {indicator} come from {source}; reports are not taken"


class NotResponsible(Unprocessable):
    code = "unit_not_responsible"
    zh = "单位“{unit}”不是指标 {indicator} 的责任单位"
    en = "Unit {unit} does not answer for indicator {indicator}"


class WrongFrequency(Unprocessable):
    code = "wrong_frequency"
    zh = "指标 {indicator} 按“{frequency}”填报，{period} 不符"
    en = "Indicator {indicator} is reported by {frequency}; {period} is none"


class ReportInProgress(Conflict):
    code = "report_in_progress"
    zh = "该指标、单位和报告期已有尚未核查的填报"
    en = "A report of this indicator, unit and period is not verified yet"


class NumberRuled(Conflict):
    code = "number_ruled"
    zh = "该指标、单位和报告期的数值已经裁定，不再接受填报"
    en = "The number of this indicator, unit and period was ruled; reports are not taken any more"


class OwnReport(Forbidden):
    code = "separation_of_duties"
    zh = "不能核查本人填报或提交的数据"
    en = "Whoever made or submitted a report cannot verify it"


class AdjustmentUnexplained(Unprocessable):
    code = "adjustment_unexplained"
    zh = "核查调整数值时须说明理由；理由须与调整后的数值一并提供"
    en = "An adjusted number needs its reason, and a reason the number it is for"


class IncompleteNumber(Unprocessable):
    code = "incomplete_number"
    zh = "须提供数值，或同时提供分子与不为零的分母"
    en = "Give a value, or a numerator with a denominator that is not zero"


def submit(state: str) -> str:
    """Raises `InvalidTransition` unless it is a draft or was returned."""
    return _step(_SUBMITS.get(state), state, "submit")


def edit(state: str) -> str:
    """Raises `InvalidTransition` unless it is a draft or was returned."""
    return _step(state if state in _SUBMITS else None, state, "edit")


def withdraw(state: str) -> str:
    """Raises `InvalidTransition` once it is verified or withdrawn."""
    return _step(None if state in ENDS else "withdrawn", state, "withdraw")


def verify(state: str, verifier: str, reporters: Collection[str]) -> str:
    """Whoever reported the number does not verify it.

    Raises:
        InvalidTransition: it does not wait for verification.
        OwnReport: the verifier made, changed or submitted it.
    """
    _step(state if state in WAITS else None, state, "verify")
    if verifier in reporters:
        raise OwnReport(permission="progress_reports.verify")
    return "verified"


def give_back(state: str) -> str:
    """Raises `InvalidTransition` unless it waits for verification."""
    return _step("returned" if state in WAITS else None, state, "return")


def _step(target: str | None, state: str, action: str) -> str:
    if target is None:
        raise InvalidTransition(state=state, action=action)
    return target


def check_subject(
    *,
    indicator: str,
    source_kind: str,
    frequency: str,
    unit: str,
    period: str,
    period_kind: str,
    responsible: Collection[str],
) -> None:
    """An indicator takes reports from those who answer for it, at its own frequency.

    Raises:
        NotReported, WrongFrequency, NotResponsible.
    """
    if source_kind != "reported":
        raise NotReported(indicator=indicator, source=source_kind).at("/indicator_code")
    if period_kind != frequency:
        wrong = WrongFrequency(indicator=indicator, frequency=frequency, period=period)
        raise wrong.at("/period")
    if unit not in responsible:
        raise NotResponsible(unit=unit, indicator=indicator).at("/unit_code")


def complete(
    value: Decimal | None,
    numerator: Decimal | None,
    denominator: Decimal | None,
    *,
    unit: str,
    needs_parts: bool,
) -> Decimal:
    """The reported value; a ratio is worked out from its parts, to six places.

    Raises:
        IncompleteNumber: there is neither a value nor both parts, or the parts are needed.
        OutOfRange: the ratio is too large to be kept.
        Unprocessable: the value given does not agree with its parts.
    """
    if numerator is None or denominator is None:
        if value is None or needs_parts or numerator is not None or denominator is not None:
            raise IncompleteNumber().at("/value")
        return value
    if denominator == 0:
        raise IncompleteNumber().at("/value")
    ratio = numerator / denominator * (100 if unit == "%" else 1)
    if value is not None and abs(value - ratio) > _ROUNDING:
        raise Unprocessable(
            errors=(
                FieldError(
                    "/value", "ratio_mismatch", "与分子分母不符", "Differs from its two parts"
                ),
            )
        )
    return rounded(ratio)


def check_adjustment(parts: Collection[Decimal | None], reason: str | None) -> bool:
    """Whether the verifier adjusts the number.

    Raises:
        AdjustmentUnexplained: a number without a reason, or a reason without a number.
    """
    adjusts = any(part is not None for part in parts)
    if adjusts != (reason is not None):
        raise AdjustmentUnexplained
    return adjusts


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What an action changed, as texts."""
    return [
        {"field": name, "old": _text(before.get(name)), "new": _text(value)}
        for name, value in after.items()
        if before.get(name) != value
    ]


def _text(value: Any) -> str | None:
    if value is None:
        return None
    return plain(value) if isinstance(value, Decimal) else str(value)
