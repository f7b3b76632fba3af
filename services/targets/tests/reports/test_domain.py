"""The life of a report and the number in it."""

from decimal import Decimal
from typing import Any

import pytest
from servicekit.problems import InvalidTransition, Unprocessable
from targets.observations.domain import OutOfRange
from targets.reports.domain import (
    IncompleteNumber,
    NotReported,
    NotResponsible,
    OwnReport,
    WrongFrequency,
    check_subject,
    complete,
    edit,
    give_back,
    submit,
    verify,
)

D = Decimal
STATES = ["draft", "submitted", "verified", "returned", "resubmitted"]


@pytest.mark.parametrize("state", STATES)
def test_every_step_is_possible_only_from_where_it_belongs(state: str) -> None:
    def outcome(step: Any, *more: Any) -> str | None:
        try:
            return step(state, *more)
        except InvalidTransition:
            return None

    waits = state in ("submitted", "resubmitted")
    assert outcome(submit) == {"draft": "submitted", "returned": "resubmitted"}.get(state)
    assert outcome(edit) == (state if state in ("draft", "returned") else None)
    assert outcome(give_back) == ("returned" if waits else None)
    assert outcome(verify, "b", ("a", None)) == ("verified" if waits else None)


def test_whoever_made_or_submitted_it_does_not_verify_it() -> None:
    for reporters in (("a", "b"), ("b", "a")):
        with pytest.raises(OwnReport):
            verify("submitted", "a", reporters)


SUBJECT: dict[str, Any] = {
    "indicator": "i",
    "source_kind": "reported",
    "frequency": "quarter",
    "unit": "u",
    "period": "2026-Q1",
    "period_kind": "quarter",
    "responsible": {"u", "v"},
}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"source_kind": "parks"}, NotReported),
        ({"period_kind": "month"}, WrongFrequency),
        ({"unit": "w"}, NotResponsible),
    ],
)
def test_reports_are_taken_only_from_those_who_answer(
    change: dict[str, Any], problem: type[Exception]
) -> None:
    check_subject(**SUBJECT)
    with pytest.raises(problem):
        check_subject(**SUBJECT | change)


def test_a_ratio_is_worked_out_from_its_parts() -> None:
    assert complete(None, D(1), D(3), unit="%", needs_parts=True) == D("33.333333")
    assert complete(D("33.33"), D(1), D(3), unit="%", needs_parts=True) == D("33.333333")
    assert complete(None, D(21), D(2), unit="倍", needs_parts=True) == D("10.5")
    with pytest.raises(Unprocessable):
        complete(D(34), D(1), D(3), unit="%", needs_parts=True)


def test_a_ratio_beyond_what_can_be_kept_is_refused() -> None:
    with pytest.raises(OutOfRange):
        complete(None, D("99999999999999"), D("0.000001"), unit="%", needs_parts=True)


@pytest.mark.parametrize(
    ("value", "top", "bottom", "needs_parts"),
    [
        (None, None, None, False),
        (D(1), None, None, True),
        (None, D(1), None, False),
        (D(1), None, D(1), False),
        (None, D(1), D(0), True),
    ],
)
def test_half_a_number_is_none(
    value: Decimal | None, top: Decimal | None, bottom: Decimal | None, needs_parts: bool
) -> None:
    with pytest.raises(IncompleteNumber):
        complete(value, top, bottom, unit="%", needs_parts=needs_parts)
