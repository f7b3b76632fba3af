"""Targets in two times: when a value holds (valid time) and when it was known (known time).

For one indicator and year the spans known at a moment lie end to end without a gap: a value holds
from its first day until the first day of the next one. Without a first day it holds as the plan
has it, from the beginning; without a value the target was withdrawn.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from servicekit.problems import Conflict, FieldError, Unprocessable

TICK = timedelta(microseconds=1)


class YearClosed(Conflict):
    code = "year_closed"
    zh = "{year} 年已关账，不能再调整其目标或以该年日期生效"
    en = "{year} is closed: its targets are not revised any more, and nothing takes effect in it"


class SecondBaseline(Conflict):
    code = "second_baseline"
    zh = "指标已有 {year} 年基期值，不能再设另一个；如需更改，请以文件调整 {year} 年的值"
    en = (
        "There is a baseline of {year} already; change its value by a revision, not by a second one"
    )


class DocumentRequired(Conflict):
    code = "revision_document_required"
    zh = "{year} 年目标已依文件调整，再次更改须注明文号和原因"
    en = "The target of {year} was revised by a document; to change it again takes another"


class NoTargetLeft(Unprocessable):
    code = "no_target_left"
    zh = "指标至少须保留一个年度目标"
    en = "An indicator keeps at least one target"


@dataclass(frozen=True, slots=True)
class Span:
    """A value and the days it holds: `since` is none from the beginning, `until` (excluded) none
    without end; the value is none where the target was withdrawn."""

    value: Decimal | None
    since: date | None
    until: date | None

    def holds(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (
            self.until is None or day < self.until
        )


@dataclass(frozen=True, slots=True)
class Change:
    """One target that is to be another: `effective_on` is none where the plan is corrected."""

    year: int
    baseline: bool
    old_value: Decimal | None
    new_value: Decimal | None
    effective_on: date | None


def value_on(spans: Iterable[Span], day: date) -> Decimal | None:
    return next((span.value for span in spans if span.holds(day)), None)


def planned(spans: Iterable[Span]) -> Decimal | None:
    """What the plan itself said, before any revision."""
    return next((span.value for span in spans if span.since is None), None)


def revise(
    spans: Sequence[Span], value: Decimal | None, since: date | None
) -> tuple[Span | None, list[Span]]:
    """The span known so far that is no longer true, and the spans that are known in its place.

    The new value holds until the next one that is known: a decision about a later day stands.
    """
    held = next((s for s in spans if s.since == since or (since and s.holds(since))), None)
    if held is None:
        until = min(
            (s.since for s in spans if s.since and (not since or s.since > since)), default=None
        )
        return None, [Span(value, since, until)]
    new = Span(value, since, held.until)
    return held, [new] if held.since == since else [Span(held.value, held.since, since), new]


def changes(
    known: dict[int, list[Span]],
    wanted: dict[int, Decimal],
    baseline_year: int | None,
    *,
    by_document: bool,
    today: date,
) -> list[Change]:
    """What a whole definition asks to change in the targets that are known.

    The plan may be applied again after a revision: what it said stays said, and the revision holds.

    Raises:
        DocumentRequired: a revised target is to be a third value, and no document says so.
    """
    found: list[Change] = []
    for year in sorted({*known, *wanted}):
        spans, value = known.get(year, []), wanted.get(year)
        live = value_on(spans, today)
        is_revised = any(span.since is not None for span in spans)
        if value == live or (is_revised and value == planned(spans)):
            continue
        if is_revised and not by_document:
            raise DocumentRequired(year=year)
        since = today if by_document and spans else None
        found.append(Change(year, year == baseline_year, live, value, since))
    return found


def check_targets_left(known: dict[int, list[Span]], change: Change) -> None:
    """Whenever the change holds, some target must.

    Raises:
        NoTargetLeft: there would be a day without any.
    """
    if change.new_value is not None or change.baseline:
        return
    first = change.effective_on or date.min
    others = [span for year, spans in known.items() if year != change.year for span in spans]
    days = {first, *(span.since for span in others if span.since and span.since > first)}
    own = [span for span in known.get(change.year, []) if span.since and span.since > first]
    for day in days:
        if not any(span.value is not None and span.holds(day) for span in [*others, *own]):
            raise NoTargetLeft


def check_value(kind: str, ladder: Sequence[str], value: Decimal | None) -> None:
    """Raises `Unprocessable` where a grade's target is not on its ladder."""
    if kind != "grade" or value is None:
        return
    if value != value.to_integral_value() or not 1 <= value <= len(ladder):
        wrong = FieldError("/value", "not_on_ladder", "目标须在等级序列内", "targets must be on it")
        raise Unprocessable(errors=(wrong,))


def known_from(now: datetime, last: datetime | None) -> datetime:
    """When a change becomes known: after the one before it, whatever the clock says."""
    return now if last is None or now > last else last + TICK
