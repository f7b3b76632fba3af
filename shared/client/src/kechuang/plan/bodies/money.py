"""Bodies of funds, funding rules and parks."""

from kechuang.plan.bodies.desired import Calendar, Json, head, words
from kechuang.plan.schema import Fund, FundingRule, Park


def fund_body(fund: Fund, calendar: Calendar) -> dict[str, Json]:
    return (
        head(fund, calendar)
        | words(fund.purpose, "purpose")
        | {
            "kind": fund.kind,
            "manager_unit": fund.manager_unit,
            "counts_towards_floor": fund.counts_towards_floor,
        }
    )


def funding_rule_body(rule: FundingRule, calendar: Calendar) -> dict[str, Json]:
    return head(rule, calendar) | {
        "formula": rule.formula,
        "comparator": rule.comparator,
        "unit": rule.unit,
        "thresholds": calendar.by_year(rule.thresholds),
        "inputs": list(rule.inputs),
        "funds": list(rule.funds),
    }


def park_body(park: Park, calendar: Calendar) -> dict[str, Json]:
    return (
        head(park, calendar)
        | words(park.focus, "focus")
        | {
            "aliases": list(park.aliases),
            "kind": park.kind,
            "desired_grade": park.desired_grade,
            "desired_by": calendar.last_day(park.desired_by),
            "jurisdictions": list(park.jurisdictions),
            "administration_unit": park.administration_unit,
            "open_conflict": park.open_conflict,
        }
    )
