"""A funding rule takes the inputs its formula is made of."""

from collections.abc import Iterator

from kechuang.plan.errors import Finding
from kechuang.plan.schema import Plan

_INPUTS = {
    "three_st_share": {"three_st_expenses", "budget_expenditure"},
    "st_share": {"three_st_expenses", "science_operating_expenses", "budget_expenditure"},
    "leverage": {"enterprise_st_input", "government_st_input"},
    "special_funds_floor": {"special_funds_appropriated"},
}


def funding_rules(plan: Plan) -> Iterator[Finding]:
    for i, fund in enumerate(plan.funds):
        if fund.counts_towards_floor and fund.kind != "special":
            yield Finding(("funds", i, "counts_towards_floor"), "floor_fund")
    for i, rule in enumerate(plan.funding_rules):
        expected = _INPUTS[rule.formula]
        if set(rule.inputs) != expected:
            params = {"formula": rule.formula, "expected": ", ".join(sorted(expected))}
            yield Finding(("funding_rules", i, "inputs"), "rule_inputs", params)
        for year, value in rule.thresholds.items():
            if value < 0:
                path = ("funding_rules", i, "thresholds", year)
                yield Finding(path, "negative", {"given": str(value)})
