"""The life of a progress report: draft → submitted → verified, or returned and submitted again."""

from collections.abc import Collection
from decimal import Decimal

from servicekit.problems import (
    Conflict,
    FieldError,
    Forbidden,
    InvalidTransition,
    Unprocessable,
)
from targets.observations.domain import rounded

_SUBMITS = {"draft": "submitted", "returned": "resubmitted"}
_WAITS = ("submitted", "resubmitted")
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


class OwnReport(Forbidden):
    code = "separation_of_duties"
    zh = "不能核查本人填报或提交的数据"
    en = "Whoever made or submitted a report cannot verify it"


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


def verify(state: str, verifier: str, reporters: Collection[str | None]) -> str:
    """Whoever reported the number does not verify it.

    Raises:
        InvalidTransition: it does not wait for verification.
        OwnReport: the verifier made or submitted it.
    """
    _step(state if state in _WAITS else None, state, "verify")
    if verifier in reporters:
        raise OwnReport(permission="progress_reports.verify")
    return "verified"


def give_back(state: str) -> str:
    """Raises `InvalidTransition` unless it waits for verification."""
    return _step("returned" if state in _WAITS else None, state, "return")


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
        raise NotReported(indicator=indicator, source=source_kind)
    if period_kind != frequency:
        raise WrongFrequency(indicator=indicator, frequency=frequency, period=period)
    if unit not in responsible:
        raise NotResponsible(unit=unit, indicator=indicator)


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
            raise IncompleteNumber
        return value
    if denominator == 0:
        raise IncompleteNumber
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
