"""What recurs falls as often as its cadence says; a conflict names what it is about."""

from collections.abc import Iterator, Sequence

from kechuang.plan.errors import Finding
from kechuang.plan.schema import InspectionPlan, MeetingSeries, Plan

_TIMES_A_YEAR = {"half_monthly": 24, "monthly": 12, "quarterly": 4, "half_yearly": 2, "yearly": 1}


def occurrence_rules(plan: Plan) -> Iterator[Finding]:
    yield from _cadence("inspection_plans", plan.inspection_plans)
    yield from _cadence("meeting_series", plan.meeting_series)
    for i, conflict in enumerate(plan.conflicts):
        if conflict.subject.code is None and conflict.subject.kind != "programme":
            yield Finding(("conflicts", i, "subject"), "subject_code")


def _cadence(section: str, entries: Sequence[InspectionPlan | MeetingSeries]) -> Iterator[Finding]:
    for i, entry in enumerate(entries):
        expected = _TIMES_A_YEAR[entry.cadence]
        given = len(set(entry.months)) * len(set(entry.days_of_month))
        if given != expected:
            params = {
                "cadence": entry.cadence,
                "expected": str(expected),
                "given": str(given),
            }
            yield Finding((section, i, "days_of_month"), "count_of_days", params)
