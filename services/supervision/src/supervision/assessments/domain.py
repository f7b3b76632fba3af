"""How records become points, without a database.

Everything is exact: the points of the lines of a criterion add up to its score, and the same
records give the same scores in whatever order they come.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from itertools import groupby, pairwise

from servicekit.problems import Conflict, InvalidTransition

FINE, CENT = Decimal("0.0001"), Decimal("0.01")


class Measure(StrEnum):
    SHARE = "share"
    DEDUCTION = "deduction"


class Lapse(StrEnum):
    """Records that cost points."""

    REPORT_OVERDUE = "report_overdue"
    REPORT_LATE = "report_late"
    REPORT_RETURNED = "report_returned"
    WORK_REPORT_LATE = "work_report_late"
    ITEM_OVERDUE = "item_overdue"
    ITEM_RETURNED = "item_returned"


class AssessmentState(StrEnum):
    DRAFT = "draft"
    PREVIEWED = "previewed"
    PUBLISHED = "published"


INDICATOR = "indicator"
STEPS: dict[str, tuple[frozenset[AssessmentState], AssessmentState]] = {
    "compute": (
        frozenset({AssessmentState.DRAFT, AssessmentState.PREVIEWED}),
        AssessmentState.PREVIEWED,
    ),
    "publish": (frozenset({AssessmentState.PREVIEWED}), AssessmentState.PUBLISHED),
}


class PublisherIsMaker(Conflict):
    code = "publisher_is_maker"
    zh = "考核的编制人不得自行公布结果"
    en = "Whoever drew up the assessment may not publish it"


@dataclass(frozen=True, slots=True, order=True)
class Record:
    """Something that happened: of a kind, known by `ref`, about a unit. `light` is of an
    indicator alone."""

    kind: str
    ref: str
    unit: str
    label: str
    light: str = ""


@dataclass(frozen=True, slots=True)
class Criterion:
    code: str
    measure: str
    full_marks: Decimal
    weight: Decimal
    shares: Mapping[str, Decimal] = field(default_factory=dict[str, Decimal])
    deductions: Mapping[str, Decimal] = field(default_factory=dict[str, Decimal])


@dataclass(frozen=True, slots=True)
class Ruling:
    """What an upheld appeal gives or takes; known by `ref`."""

    ref: str
    unit: str
    criterion: str
    points: Decimal


@dataclass(frozen=True, slots=True)
class Line:
    """One reason for points: `kind` is a record's, or `full_marks`, `ruling`, `limit`."""

    kind: str
    ref: str
    label: str
    points: Decimal


@dataclass(frozen=True, slots=True)
class Marks:
    """A criterion of a unit; `score` is the sum of its lines, from nothing to the full marks."""

    code: str
    full_marks: Decimal
    weight: Decimal
    score: Decimal
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """`total` of 100; a criterion that does not apply to the unit counts in nothing."""

    unit: str
    total: Decimal
    marks: tuple[Marks, ...]


def next_state(action: str, state: str) -> AssessmentState:
    """Raises `InvalidTransition`."""
    sources, target = STEPS[action]
    if state not in sources:
        raise InvalidTransition(state=state, action=action)
    return target


def score(
    unit: str,
    criteria: Sequence[Criterion],
    records: Iterable[Record],
    rulings: Iterable[Ruling] = (),
) -> Score:
    """The score of a unit; of the records and rulings only its own count."""
    own = sorted({record for record in records if record.unit == unit})
    ruled = sorted((each for each in rulings if each.unit == unit), key=lambda each: each.ref)
    marks: list[Marks] = []
    for criterion in criteria:
        lines = _lines(criterion, own)
        if lines:
            lines += [
                Line("ruling", each.ref, "", each.points)
                for each in ruled
                if each.criterion == criterion.code
            ]
            marks.append(_marks(criterion, lines))
    whole = sum((each.weight for each in marks), Decimal(0))
    reached = sum((each.weight * each.score / each.full_marks for each in marks), Decimal(0))
    total = (100 * reached / whole).quantize(CENT, ROUND_HALF_UP) if whole else Decimal("0.00")
    return Score(unit, total, tuple(marks))


def _lines(criterion: Criterion, own: Sequence[Record]) -> list[Line]:
    """None where the criterion does not apply: the unit leads no indicator that was judged."""
    if criterion.measure == Measure.DEDUCTION:
        costs = [
            Line(record.kind, record.ref, record.label, -criterion.deductions[record.kind])
            for record in own
            if record.kind in criterion.deductions
        ]
        return [Line("full_marks", "", "", criterion.full_marks), *costs]
    judged = [each for each in own if each.kind == INDICATOR and each.light in criterion.shares]
    parts = divide(criterion.full_marks, len(judged))
    return [
        Line(each.kind, each.ref, each.label, _fine(part * criterion.shares[each.light]))
        for each, part in zip(judged, parts, strict=True)
    ]


def _marks(criterion: Criterion, lines: list[Line]) -> Marks:
    found = sum((line.points for line in lines), Decimal(0))
    kept = min(max(found, Decimal(0)), criterion.full_marks)
    if kept != found:
        lines = [*lines, Line("limit", "", "", kept - found)]
    return Marks(criterion.code, criterion.full_marks, criterion.weight, kept, tuple(lines))


def divide(whole: Decimal, parts: int) -> list[Decimal]:
    """Parts as equal as four places allow, that add up to the whole."""
    edges = [_fine(whole * n / parts) for n in range(parts)] + [whole] if parts else []
    return [after - before for before, after in pairwise(edges)]


def group_total(members: Sequence[Score]) -> Decimal:
    """The mean of its members."""
    total = sum((each.total for each in members), Decimal(0))
    return (total / len(members)).quantize(CENT, ROUND_HALF_UP)


def ranked(totals: Mapping[str, Decimal]) -> dict[str, int]:
    """The place of each: equal totals share a place, and the next one is as many places behind
    (1, 1, 3)."""
    order = sorted(totals.items(), key=lambda each: (-each[1], each[0]))
    places: dict[str, int] = {}
    for _, tied in groupby(order, key=lambda each: each[1]):
        place = len(places) + 1
        places |= {name: place for name, _ in list(tied)}
    return places


def _fine(points: Decimal) -> Decimal:
    return points.quantize(FINE, ROUND_HALF_UP)
