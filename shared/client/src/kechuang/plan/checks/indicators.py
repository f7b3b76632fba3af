"""An indicator's kind, comparator, milestones and source fit together."""

from collections.abc import Iterator
from decimal import Decimal

from kechuang.plan.errors import Finding, Path
from kechuang.plan.metrics import published
from kechuang.plan.schema import Indicator, Plan

_WHOLE_KINDS = {"count", "grade", "built", "recurring"}
_NEVER_OF_RATIOS = {"sum", "average"}


def indicator_rules(plan: Plan) -> Iterator[Finding]:
    for i, entry in enumerate(plan.indicators):
        here: Path = ("indicators", i)
        yield from _comparator(entry, here)
        yield from _ladder(entry, here)
        yield from _values(entry, here)
        yield from _direction(entry, here)
        yield from _aggregation(entry, here)
        feed = entry.fed_by
        if feed and feed.kind != "derived" and feed.metric not in published(plan, feed.kind):
            params = {"service": feed.kind, "given": feed.metric or ""}
            yield Finding((*here, "fed_by", "metric"), "unknown_metric", params)
        if feed and (feed.kind == "derived") != (feed.formula is not None):
            yield Finding((*here, "fed_by", "formula"), "formula_of_derived")


def _comparator(entry: Indicator, here: Path) -> Iterator[Finding]:
    if entry.comparator == "about" and entry.tolerance is None:
        yield Finding((*here, "comparator"), "tolerance_needed")
    if entry.comparator != "about" and entry.tolerance is not None:
        yield Finding((*here, "tolerance"), "tolerance_unused")


def _ladder(entry: Indicator, here: Path) -> Iterator[Finding]:
    top = len(entry.grade_ladder)
    if entry.kind != "grade":
        if top:
            yield Finding((*here, "grade_ladder"), "ladder_unused")
        return
    if not top:
        yield Finding((*here, "kind"), "ladder_needed")
        return
    for year, value in entry.milestones.items():
        if not 1 <= value <= top:
            params = {"given": str(value), "top": str(top)}
            yield Finding((*here, "milestones", year), "grade_off_ladder", params)


def _values(entry: Indicator, here: Path) -> Iterator[Finding]:
    for path, value in _all_values(entry, here):
        given = {"given": str(value)}
        if value < 0:
            yield Finding(path, "negative", given)
        elif entry.kind in _WHOLE_KINDS and value != value.to_integral_value():
            yield Finding(path, "whole_number", given)
        elif entry.kind == "built" and path[-2] == "milestones" and value != 1:
            yield Finding(path, "built_value", given)


def _all_values(entry: Indicator, here: Path) -> Iterator[tuple[Path, Decimal]]:
    if entry.baseline is not None:
        yield (*here, "baseline", "value"), entry.baseline.value
    if entry.tolerance is not None:
        yield (*here, "tolerance"), entry.tolerance
    for year, value in entry.milestones.items():
        yield (*here, "milestones", year), value


def _direction(entry: Indicator, here: Path) -> Iterator[Finding]:
    sign = 1 if entry.direction == "increase" else -1
    previous = entry.baseline.value if entry.baseline is not None else None
    for year, value in sorted(entry.milestones.items()):
        if previous is not None and (value - previous) * sign < 0:
            params = {"year": year, "given": str(value), "direction": entry.direction}
            yield Finding((*here, "milestones", year), "wrong_direction", params)
        previous = value


def _aggregation(entry: Indicator, here: Path) -> Iterator[Finding]:
    if entry.kind != "ratio":
        return
    for name in ("time", "units"):
        if getattr(entry.aggregation, name) in _NEVER_OF_RATIOS:
            yield Finding((*here, "aggregation", name), "percent_averaged")
