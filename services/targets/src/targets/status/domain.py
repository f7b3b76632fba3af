"""How far an indicator is from its trajectory, and the reason in words.

The trajectory runs baseline → Y1 → Y2 → final, all at year ends. Within a year a flow (a number
that adds up over the year) is expected in proportion to the months gone, or to the indicator's own
shares at the month ends; a level is interpolated between the year ends in the same way. A stepwise
flow or level is due at the year's end; a stepwise ratio holds all year. What is obtained or built
starts from nothing and is due at the year's end.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from targets.indicators.domain import MONEY, UNITS
from targets.periods.domain import Span, parse

_PLACES = Decimal("0.000001")
OBTAINED = ("grade", "built")
"""Kinds that are there or are not: their numbers stand for words."""


@dataclass(frozen=True, slots=True)
class Trajectory:
    """What an indicator promises. Down to `green_share` of the expected value a shortfall is green,
    down to `amber_share` amber, below it red. `shares` are those of custom phasing, at the ends of
    the twelve months; `ladder` names the grades of a grade indicator, the lowest first."""

    comparator: str
    direction: str
    tolerance: Decimal
    amber_share: Decimal
    unit: str
    accumulates: bool
    stepwise: bool
    ratio: bool
    baseline: tuple[int, Decimal] | None
    milestones: tuple[tuple[int, Decimal], ...]
    green_share: Decimal = Decimal(1)
    shares: tuple[Decimal, ...] = ()
    kind: str = "amount"
    ladder: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """`expected` is none where the plan gives nothing to compare with."""

    status: str
    expected: Decimal | None
    reason_zh: str
    reason_en: str


SEVERITY = {"green": 0, "unknown": 0, "amber": 1, "red": 2}


def while_collecting(verdict: Verdict, previous: str, until: date) -> Verdict | None:
    """The judgement of a period whose numbers still come in: it may rise and not fall.

    A month begins with the first return that is accepted, and half a month is not a failure. None
    when the verdict is no worse than `previous` and stands as it is.
    """
    if SEVERITY[verdict.status] <= SEVERITY[previous]:
        return None
    return Verdict(
        previous,
        verdict.expected,
        f"{verdict.reason_zh}；数据在 {until} 前仍在汇总，暂不下调",
        f"{verdict.reason_en}; numbers come in until {until}, so the status does not fall yet",
    )


def lacking(verdict: Verdict, lack: tuple[str, str] | None) -> Verdict:
    """The judgement of the latest number, where a later period has none and says why."""
    if lack is None:
        return verdict
    return replace(
        verdict,
        reason_zh=f"{verdict.reason_zh}；{lack[0]}",
        reason_en=f"{verdict.reason_en}; {lack[1]}",
    )


NOTHING_YET = Verdict("unknown", None, "尚无数据", "no actual yet")


def of_one_kind(past: Sequence[tuple[str, Decimal]]) -> list[tuple[Span, Decimal]]:
    """The actuals at the ends of periods, oldest first: those of the kind of the last one."""
    spans = [(parse(period), actual) for period, actual in past]
    return [each for each in spans if each[0].kind == spans[-1][0].kind]


def once_reached(
    plan: Trajectory, past: Sequence[tuple[Span, Decimal]]
) -> tuple[str, Decimal] | None:
    """The first number of the latest year that met the year's target, where the last one does not
    and once is enough."""
    year, last = past[-1][0].year, past[-1][1]
    due = dict(plan.milestones).get(year)
    if plan.comparator != "reach" or plan.accumulates or due is None:
        return None
    met = [(s.code, v) for s, v in past if s.year == year and shortfall_of(plan, v, due) <= 0]
    return met[0] if met and shortfall_of(plan, last, due) > 0 else None


def expected_at(plan: Trajectory, year: int, elapsed: Decimal) -> Decimal | None:
    """What is expected when `elapsed` (0 to 1) of `year` is gone, in the indicator's unit.

    None where a baseline or a milestone that it would take is missing.
    """
    due = dict(plan.milestones).get(year)
    value = _flow(plan, due, elapsed) if plan.accumulates else _level(plan, due, year, elapsed)
    return None if value is None else value.quantize(_PLACES)


def _flow(plan: Trajectory, due: Decimal | None, elapsed: Decimal) -> Decimal | None:
    if due is None:
        return None
    if plan.stepwise:
        return due if elapsed == 1 else Decimal(0)
    return due * _phased(plan, elapsed)


def _level(plan: Trajectory, due: Decimal | None, year: int, elapsed: Decimal) -> Decimal | None:
    if due is not None and (elapsed == 1 or (plan.stepwise and plan.ratio)):
        return due
    points = [plan.baseline, *plan.milestones] if plan.baseline else [*plan.milestones]
    before = max((p for p in points if p and p[0] < year), default=None)
    after = min((p for p in points if p and p[0] >= year), default=None)
    if plan.kind in OBTAINED:
        return before[1] if before else Decimal(0)
    if before is None:
        return None
    if after is None or plan.stepwise:
        return before[1]
    share = (year - 1 + _phased(plan, elapsed) - before[0]) / (after[0] - before[0])
    return before[1] + (after[1] - before[1]) * share


def _phased(plan: Trajectory, elapsed: Decimal) -> Decimal:
    """The share of the year's step that is due when `elapsed` of the year is gone."""
    if not plan.shares or elapsed == 1:
        return elapsed
    months = elapsed * 12
    whole = int(months)
    begun = plan.shares[whole - 1] if whole else Decimal(0)
    return begun + (plan.shares[whole] - begun) * (months - whole)


def judge(
    plan: Trajectory, actual: Decimal, *, period: str, reached: tuple[str, Decimal] | None = None
) -> Verdict:
    """Compare an actual with the trajectory at the end of its period.

    `reached` is the period and the number that met the year's target before, where reaching it once
    is enough.
    """
    span = parse(period)
    expected = expected_at(plan, span.year, span.elapsed)
    if reached is not None:
        return _reached(plan, actual, expected, span, reached)
    if expected is None:
        return _unjudged(plan, actual, span)
    colour = colour_of(plan, actual, expected)
    if plan.kind in OBTAINED:
        return _obtained(plan, actual, expected, span, colour)
    when, tail = _when(span), _in_words(plan)
    return Verdict(
        colour,
        expected,
        f"截至{when[0]}实际 {zh(plan, actual)}，{_wanted_zh(plan)} {zh(plan, expected)}",
        f"actual {en(plan, actual)}, {_wanted_en(plan)} {en(plan, expected)} by {when[1]}{tail}",
    )


def _obtained(
    plan: Trajectory, actual: Decimal, expected: Decimal, span: Span, colour: str
) -> Verdict:
    """A grade or a thing built: what is there, and what is due when."""
    # What is due at the end of a year is still to come until the year is over.
    passed = span.year if span.elapsed == 1 else span.year - 1
    due = [point for point in plan.milestones if point[0] <= passed]
    coming = [point for point in plan.milestones if point[0] > passed]
    year, value = coming[0] if coming and colour == "green" else (due or coming)[-1]
    when = _when(span)
    return Verdict(
        colour,
        expected,
        f"截至{when[0]}{zh(plan, actual)}，{year} 年末应{zh(plan, value)}",
        f"{en(plan, actual)} by {when[1]}, {en(plan, value)} due by the end of {year}",
    )


def _reached(
    plan: Trajectory,
    actual: Decimal,
    expected: Decimal | None,
    span: Span,
    reached: tuple[str, Decimal],
) -> Verdict:
    """Once is enough: the year's target was met before, whatever the number is now."""
    when, then = _when(span), _when(parse(reached[0]))
    tail = _in_words(plan)
    return Verdict(
        "green",
        expected,
        f"截至{when[0]}实际 {zh(plan, actual)}，{then[0]}已达 {zh(plan, reached[1])}，完成年度目标",
        f"actual {en(plan, actual)} by {when[1]}; the target of the year was reached by {then[1]}"
        f" with {en(plan, reached[1])}{tail}",
    )


def _unjudged(plan: Trajectory, actual: Decimal, span: Span) -> Verdict:
    """Without an expectation only a final target that is reached already can be told."""
    final_year, final = plan.milestones[-1]
    when, tail = _when(span), _in_words(plan)
    done_zh, done_en = f"截至{when[0]}实际 {zh(plan, actual)}", f"actual {en(plan, actual)}"
    if colour_of(plan, actual, final) == "green":
        return Verdict(
            "green",
            None,
            f"{done_zh}，已达 {final_year} 年目标 {zh(plan, final)}",
            f"{done_en} by {when[1]}, the target {en(plan, final)} of {final_year}"
            f" is reached{tail}",
        )
    return Verdict(
        "unknown",
        None,
        f"{done_zh}，缺少基期值或年度目标，无法比较",
        f"{done_en} by {when[1]}, no baseline or milestone to compare with{tail}",
    )


def colour_of(plan: Trajectory, actual: Decimal, expected: Decimal) -> str:
    shortfall = shortfall_of(plan, actual, expected)
    size = abs(expected)
    if shortfall <= (1 - plan.green_share) * size:
        return "green"
    if plan.comparator == "about" and _is_beyond(plan, actual, expected):
        # Further than promised in the wanted direction: worth a look, but no failure.
        return "amber"
    return "amber" if shortfall <= (1 - plan.amber_share) * size else "red"


def shortfall_of(plan: Trajectory, actual: Decimal, expected: Decimal) -> Decimal:
    """By how much the actual misses, outside the tolerance; not above zero when it does not."""
    if plan.comparator == "about":
        return abs(actual - expected) - plan.tolerance
    if plan.comparator == "at_most" or plan.direction == "decrease":
        return actual - expected - plan.tolerance
    return expected - actual - plan.tolerance


def _is_beyond(plan: Trajectory, actual: Decimal, expected: Decimal) -> bool:
    return actual > expected if plan.direction == "increase" else actual < expected


def _wanted_zh(plan: Trajectory) -> str:
    falling = "应降至" if plan.direction == "decrease" else "应达"
    return {"at_most": "应不超过", "at_least": "应不低于", "about": "应约为"}.get(
        plan.comparator, falling
    )


def _wanted_en(plan: Trajectory) -> str:
    return {
        "at_most": "expected at most",
        "at_least": "expected at least",
        "about": "expected about",
    }.get(plan.comparator, "expected")


_GRADES = {
    "municipal": ("市级", "municipal grade"),
    "provincial": ("省级", "provincial grade"),
    "national": ("国家级", "national grade"),
}
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def _when(span: Span) -> tuple[str, str]:
    """A period's end in Chinese and English: `2026年6月`, `June 2026`."""
    year, month = span.year, span.ends_on.month
    if span.kind == "year":
        return f" {year} 年末", f"the end of {year}"
    if span.kind == "half_month" and span.starts_on.day == 1:
        return f" {year} 年 {month} 月中", f"mid-{_MONTHS[month - 1]} {year}"
    return f" {year} 年 {month} 月", f"{_MONTHS[month - 1]} {year}"


def zh(plan: Trajectory, value: Decimal) -> str:
    """A value of the indicator in Chinese, with its unit: `36.1 亿元`, `3.7%`, `省级`."""
    if plan.kind == "built":
        return "建成" if value >= 1 else "未建成"
    if plan.ladder:
        grade = _grade(plan, value)
        return _GRADES.get(grade, (grade, grade))[0] if grade else "未取得等级"
    space = "" if plan.unit in ("%", "‰") else " "
    return f"{shown(value)}{space}{plan.unit}"


def en(plan: Trajectory, value: Decimal) -> str:
    """A value of the indicator in English: `1 item`, `2 items`, `3.7%`; what money is counted in is
    told once, at the end of the sentence."""
    if plan.kind == "built":
        return "built" if value >= 1 else "not built"
    if plan.ladder:
        grade = _grade(plan, value)
        return _GRADES.get(grade, (grade, f"grade {grade}"))[1] if grade else "no grade"
    if plan.unit in MONEY:
        return shown(value)
    if plan.unit in ("%", "‰"):
        return f"{shown(value)}{plan.unit}"
    one, many = UNITS.get(plan.unit, (plan.unit, plan.unit))
    return f"{shown(value)} {one if shown(value) == '1' else many}"


def _grade(plan: Trajectory, value: Decimal) -> str | None:
    place = min(int(value), len(plan.ladder))
    return plan.ladder[place - 1] if place >= 1 else None


def _in_words(plan: Trajectory) -> str:
    return f" (in {UNITS[plan.unit][1]})" if plan.unit in MONEY and plan.kind != "built" else ""


def shown(value: Decimal) -> str:
    """At most two places, without trailing zeros: `38.5`."""
    text = format(value.quantize(Decimal("0.01"), ROUND_HALF_UP), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
