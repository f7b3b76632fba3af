"""Targets in two times, against a model that only keeps what was decided."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from targets.revisions.domain import (
    Change,
    DocumentRequired,
    NoTargetLeft,
    Span,
    changes,
    check_targets_left,
    known_from,
    revise,
    value_on,
)

D = Decimal
FIRST = date(2026, 1, 1)
DAY = st.integers(0, 30).map(lambda days: FIRST + timedelta(days))
VALUE = st.none() | st.integers(1, 9).map(D)
DECISIONS = st.lists(st.tuples(st.none() | DAY, VALUE), min_size=1, max_size=10)


@dataclass
class Kept:
    """The rows of `target_value` for one year: a span, and since and until which decision."""

    rows: list[list] = field(default_factory=list)

    def decide(self, number: int, since: date | None, value: Decimal | None) -> None:
        known = [row[0] for row in self.rows if row[2] is None]
        held, spans = revise(known, value, since)
        for row in self.rows:
            if row[2] is None and row[0] is held:
                row[2] = number
        self.rows += [[span, number, None] for span in spans]

    def known(self, number: int) -> list[Span]:
        return [s for s, begun, ended in self.rows if begun <= number and (ended or 99) > number]


def naive(decisions: list, number: int, day: date) -> Decimal | None:
    """Of what was decided so far and holds by this day, the one of the latest day; the last word on
    that day."""
    holding = [
        (since or date.min, place, value)
        for place, (since, value) in enumerate(decisions[: number + 1])
        if since is None or since <= day
    ]
    return max(holding, key=lambda each: each[:2])[2] if holding else None


@given(decisions=DECISIONS, day=DAY)
def test_every_day_is_answered_as_it_was_known_after_every_decision(
    decisions: list, day: date
) -> None:
    kept = Kept()
    for number, (since, value) in enumerate(decisions):
        kept.decide(number, since, value)
    for number in range(len(decisions)):
        assert value_on(kept.known(number), day) == naive(decisions, number, day)


@given(decisions=DECISIONS)
def test_what_is_known_lies_end_to_end(decisions: list) -> None:
    kept = Kept()
    for number, (since, value) in enumerate(decisions):
        kept.decide(number, since, value)
        spans = sorted(kept.known(number), key=lambda span: span.since or date.min)
        assert spans[-1].until is None
        assert [span.until for span in spans[:-1]] == [span.since for span in spans[1:]]


PLAN = [Span(D(40), None, None)]
REVISED = [Span(D(40), None, FIRST), Span(D(45), FIRST, None)]
TODAY = FIRST + timedelta(10)


@pytest.mark.parametrize(
    ("known", "wanted", "by_document", "expected"),
    [
        (PLAN, D(40), False, []),
        (PLAN, D(41), False, [Change(2027, False, D(40), D(41), None)]),
        (PLAN, D(41), True, [Change(2027, False, D(40), D(41), TODAY)]),
        (PLAN, None, True, [Change(2027, False, D(40), None, TODAY)]),
        (REVISED, D(40), False, []),
        (REVISED, D(45), False, []),
        (REVISED, D(50), True, [Change(2027, False, D(45), D(50), TODAY)]),
        ([], D(40), True, [Change(2027, False, None, D(40), None)]),
    ],
)
def test_a_definition_put_again_changes_what_it_means_to(
    known: list, wanted: Decimal | None, by_document: bool, expected: list
) -> None:
    asked = {} if wanted is None else {2027: wanted}
    assert changes({2027: known}, asked, None, by_document=by_document, today=TODAY) == expected


def test_what_a_document_revised_takes_a_document_to_change() -> None:
    with pytest.raises(DocumentRequired):
        changes({2027: REVISED}, {2027: D(50)}, None, by_document=False, today=TODAY)


def test_the_last_target_is_not_withdrawn_on_any_day() -> None:
    later = [Span(D(54), FIRST + timedelta(5), None)]
    gone = Change(2027, False, D(40), None, FIRST)
    with pytest.raises(NoTargetLeft):
        check_targets_left({2027: PLAN}, gone)
    with pytest.raises(NoTargetLeft):
        check_targets_left({2027: PLAN, 2028: later}, gone)
    check_targets_left({2027: PLAN, 2028: PLAN}, gone)


def test_a_clock_that_stands_still_does_not_make_two_things_known_at_once() -> None:
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    assert known_from(noon, None) == noon
    assert noon < known_from(noon, noon) < noon + timedelta(milliseconds=1)
    assert known_from(noon - timedelta(hours=1), noon) > noon
