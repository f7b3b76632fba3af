"""How far an indicator is from its trajectory, and the reason in words.

The trajectory runs baseline → Y1 → Y2 → final, all at year ends. Within a year a flow (a number
that adds up over the year) is expected in proportion to the months gone; a level is interpolated
between the year ends. A stepwise flow or level is due at the year's end; a stepwise ratio holds
all year.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

_PLACES = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Trajectory:
    """What an indicator promises. `amber_share`: down to this share of the expected value a
    shortfall is amber, below it red."""

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


NOTHING_YET = Verdict("unknown", None, "尚无数据", "no actual yet")


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
    return due * elapsed


def _level(plan: Trajectory, due: Decimal | None, year: int, elapsed: Decimal) -> Decimal | None:
    if due is not None and (elapsed == 1 or (plan.stepwise and plan.ratio)):
        return due
    points = [plan.baseline, *plan.milestones] if plan.baseline else [*plan.milestones]
    before = max((p for p in points if p and p[0] < year), default=None)
    after = min((p for p in points if p and p[0] >= year), default=None)
    if before is None:
        return None
    if after is None or plan.stepwise:
        return before[1]
    share = (year - 1 + elapsed - before[0]) / (after[0] - before[0])
    return before[1] + (after[1] - before[1]) * share


def judge(
    plan: Trajectory, actual: Decimal, *, period: str, year: int, elapsed: Decimal
) -> Verdict:
    """Compare an actual with the trajectory at the end of its period."""
    expected = expected_at(plan, year, elapsed)
    if expected is None:
        return _unjudged(plan, actual, period)
    done, wanted = f"{shown(actual)} {plan.unit}", shown(expected)
    return Verdict(
        _colour(plan, actual, expected),
        expected,
        f"截至 {period} 实际 {done}，{_zh(plan)} {wanted} {plan.unit}",
        f"actual {done}, {_en(plan)} {wanted} by {period}",
    )


def _unjudged(plan: Trajectory, actual: Decimal, period: str) -> Verdict:
    """Without an expectation only a final target that is reached already can be told."""
    final_year, final = plan.milestones[-1]
    done = f"{shown(actual)} {plan.unit}"
    if _colour(plan, actual, final) == "green":
        return Verdict(
            "green",
            None,
            f"截至 {period} 实际 {done}，已达 {final_year} 年目标 {shown(final)}",
            f"actual {done} by {period}, the target {shown(final)} of {final_year} is reached",
        )
    return Verdict(
        "unknown",
        None,
        f"截至 {period} 实际 {done}，缺少基期值或年度目标，无法比较",
        f"actual {done} by {period}, no baseline or milestone to compare with",
    )


def _colour(plan: Trajectory, actual: Decimal, expected: Decimal) -> str:
    shortfall = _shortfall(plan, actual, expected)
    if shortfall <= 0:
        return "green"
    if plan.comparator == "about" and _is_beyond(plan, actual, expected):
        # Further than promised in the wanted direction: worth a look, but no failure.
        return "amber"
    return "amber" if shortfall <= (1 - plan.amber_share) * abs(expected) else "red"


def _shortfall(plan: Trajectory, actual: Decimal, expected: Decimal) -> Decimal:
    """By how much the actual misses, outside the tolerance; not above zero when it does not."""
    if plan.comparator == "about":
        return abs(actual - expected) - plan.tolerance
    if plan.comparator == "at_most" or plan.direction == "decrease":
        return actual - expected - plan.tolerance
    return expected - actual - plan.tolerance


def _is_beyond(plan: Trajectory, actual: Decimal, expected: Decimal) -> bool:
    return actual > expected if plan.direction == "increase" else actual < expected


def _zh(plan: Trajectory) -> str:
    return {"at_most": "应不超过", "at_least": "应不低于", "about": "应约为"}.get(
        plan.comparator, "应达"
    )


def _en(plan: Trajectory) -> str:
    return {"at_most": "expected at most", "about": "expected about"}.get(
        plan.comparator, "expected"
    )


def shown(value: Decimal) -> str:
    """At most two places, without trailing zeros: `38.5`."""
    text = format(value.quantize(Decimal("0.01"), ROUND_HALF_UP), "f")
    return text.rstrip("0").rstrip(".")
