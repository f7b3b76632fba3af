"""Rules as data, with their live result."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

THRESHOLDS = [{"year": 2026, "value": "2.0"}, {"year": 2027, "value": "2.0"}]


def rule(formula: str = "three_st_share", **changes: Any) -> dict[str, Any]:
    return {
        "programme": "innovation-programme",
        "name_zh": "科技三项费占比",
        "name_en": "Share of the three items",
        "formula": formula,
        "comparator": "at_least",
        "unit": "%",
        "thresholds": THRESHOLDS,
        "inputs": ["three_st_expenses", "budget_expenditure"],
        "funds": ["transfer-fund"],
        "source_ref": "二(七) 第一项",
        **changes,
    }


async def result_of(house: Any, code: str, year: int) -> dict[str, Any]:
    read = (await house.get("enterprise", f"/funding-rules/{code}")).json()
    (found,) = [each for each in read["results"] if each["fiscal_year"] == year]
    return found


async def test_the_plans_body_is_taken_and_the_second_time_changes_nothing(house: Any) -> None:
    made = await house.put("office", "/funding-rules/plan-rule", rule())
    assert made.status_code == 201
    sent = rule()
    assert {name: made.json()[name] for name in sent if name not in ("thresholds", "inputs")} == {
        name: sent[name] for name in sent if name not in ("thresholds", "inputs")
    }
    reordered = rule(
        inputs=["budget_expenditure", "three_st_expenses"], thresholds=THRESHOLDS[::-1]
    )
    etag = (await house.get("office", "/funding-rules/plan-rule")).headers["etag"]
    again = await house.put("office", "/funding-rules/plan-rule", reordered, etag=etag)
    assert (again.status_code, again.headers["etag"]) == (200, etag)


async def test_a_breach_and_its_end_are_told_once_each(house: Any) -> None:
    await house.put(
        "office",
        "/funding-rules/told-rule",
        rule(thresholds=[{"year": 2040, "value": "2.0"}]),
    )
    await house.bus.since_now()
    for three in ("19.00", "19.50", "20.00", "21.00", "1.00"):
        await house.year(2040, "1000.00", three_st=three)
    told = await house.bus.events("rule.", "rule:told-rule")
    kinds = [event.type.split(".")[3] for event in told]
    assert [kind for kind in kinds if kind != "measured"] == ["breached", "restored", "breached"]
    assert (told[1].data["actual"], told[1].data["threshold"]) == ("1.900000", "2")
    assert "1.9 %" in told[1].data["reason_zh"]
    assert [event.aggregate_version for event in told] == [*range(2, 10)], "it was defined first"


async def test_a_number_that_moves_is_told_whether_the_rule_is_kept_or_not(house: Any) -> None:
    await house.put(
        "office",
        "/funding-rules/moved-rule",
        rule(thresholds=[{"year": 2043, "value": "2.0"}]),
    )
    await house.bus.since_now()
    for three in ("22.00", "22.00", "23.00", "1.00"):
        await house.year(2043, "1000.00", three_st=three)
    told = await house.bus.events("rule.measured", "rule:moved-rule")
    assert [event.data["actual"] for event in told] == ["2.200000", "2.300000", "0.100000"]


async def test_a_sum_that_may_still_grow_is_told_once_it_is_enough(house: Any) -> None:
    this_year = datetime.now(UTC).year
    body = rule(
        "special_funds_floor",
        unit="万元",
        inputs=["special_funds_appropriated"],
        thresholds=[{"year": this_year, "value": "0.05"}],
    )
    await house.fund("growing-fund")
    await house.year(this_year)
    await house.put("office", "/funding-rules/growing", body | {"funds": ["growing-fund"]})
    await house.bus.since_now()
    for _ in range(3):
        await house.appropriated("300.00", fund="growing-fund", year=this_year)
    told = await house.bus.events("rule.measured", "rule:growing")
    assert [event.data["actual"] for event in told] == ["0.060000", "0.090000"]


async def test_the_live_result_shows_formula_inputs_and_distance(house: Any) -> None:
    await house.put(
        "office", "/funding-rules/live-rule", rule(thresholds=[{"year": 2041, "value": "2.0"}])
    )
    unknown = await result_of(house, "live-rule", 2041)
    assert (unknown["state"], unknown["satisfied"], unknown["actual"]) == ("unknown", None, None)
    before = (await house.get("office", "/funding-rules/live-rule")).headers["etag"]
    await house.year(2041, "1000.00", three_st="22.00")
    found = await result_of(house, "live-rule", 2041)
    assert (found["state"], found["actual"], found["distance"]) == ("satisfied", "2.2", "0.2")
    assert found["formula_zh"] == "科技三项费 ÷ 财政预算支出 × 100%"
    assert [(each["name"], each["value"], each["source"]) for each in found["inputs"]] == [
        ("three_st_expenses", "22", "/api/v1/fiscal-years/2041"),
        ("budget_expenditure", "1000", "/api/v1/fiscal-years/2041"),
    ]
    after = await house.get("office", "/funding-rules/live-rule")
    assert after.headers["etag"] != before, "what a reader sees has changed"


async def test_the_floor_counts_the_special_funds_it_names(house: Any) -> None:
    this_year = datetime.now(UTC).year
    body = rule(
        "special_funds_floor",
        unit="万元",
        inputs=["special_funds_appropriated"],
        thresholds=[{"year": 2000, "value": "400"}, {"year": this_year, "value": "400"}],
    )
    await house.fund("other-fund")
    await house.fund("operating", "science_operating_expenses")
    await house.year(this_year)
    await house.put("office", "/funding-rules/floor", body)
    assert (await result_of(house, "floor", 2000))["state"] == "breached"
    for fund in ("other-fund", "operating", "transfer-fund"):
        await house.appropriated("3000000.00", fund=fund, year=this_year)
    found = await result_of(house, "floor", this_year)
    assert (found["state"], found["actual"], found["distance"]) == ("pending", "300", "-100")
    await house.appropriated("1000000.00", year=this_year)
    assert (await result_of(house, "floor", this_year))["state"] == "satisfied"


async def test_the_leverage_waits_for_verified_reports(house: Any) -> None:
    body = rule(
        "leverage",
        unit="倍",
        inputs=["enterprise_st_input", "government_st_input"],
        thresholds=[{"year": 2042, "value": "10"}],
    )
    await house.put("office", "/funding-rules/leverage", body)
    await house.year(2042)
    await house.appropriated("100.00", year=2042)
    assert (await result_of(house, "leverage", 2042))["state"] == "unknown"
    report = {"unit_code": "maizier-sugar", "fiscal_year": 2042, "amount": "999.99"}
    row = await house.made("enterprise", "/counterpart-reports", report)
    assert (await result_of(house, "leverage", 2042))["state"] == "unknown"
    await house.post("office", f"/counterpart-reports/{row['id']}/verify", etag='"1"')
    found = await result_of(house, "leverage", 2042)
    assert (found["state"], found["actual"]) == ("breached", "9.9999")


async def test_inputs_that_move_at_once_end_in_the_right_state(house: Any) -> None:
    await house.put(
        "office",
        "/funding-rules/raced",
        rule(
            "special_funds_floor",
            unit="万元",
            inputs=["special_funds_appropriated"],
            thresholds=[{"year": 2001, "value": "0.0012"}],
        ),
    )
    await house.year(2001)
    budgets = [await house.approved("1.00", year=2001) for _ in range(12)]
    await house.bus.since_now()
    calls = [
        house.post("finance_maker", "/appropriations", house.appropriation_body(b["id"], "1.00"))
        for b in budgets
    ]
    answers = await asyncio.gather(*calls)
    assert {answer.status_code for answer in answers} == {201}
    assert (await result_of(house, "raced", 2001))["state"] == "satisfied"
    told = await house.bus.events("rule.restored", "rule:raced")
    assert len(told) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"funds": ["no-such-fund"]}, "unknown_reference"),
        ({"thresholds": []}, "validation_failed"),
        ({"thresholds": [THRESHOLDS[0], THRESHOLDS[0]]}, "validation_failed"),
        ({"formula": "other"}, "validation_failed"),
        ({"comparator": "about"}, "validation_failed"),
        ({"inputs": ["moonlight"]}, "validation_failed"),
        ({"inputs": ["leverage"]}, "validation_failed"),
        ({"inputs": ["enterprise_st_input"]}, "validation_failed"),
        ({"unit": "kg"}, "validation_failed"),
        ({"expression": "1 + 1"}, "validation_failed"),
        ({"formula": "custom"}, "validation_failed"),
        ({"formula": "custom", "expression": "three_st_expenses / 0"}, "validation_failed"),
        ({"formula": "custom", "expression": "three_st_expenses("}, "validation_failed"),
        ({"formula": "custom", "expression": "__import__('os')"}, "validation_failed"),
        ({"formula": "custom", "expression": "high-tech / three_st_expenses"}, "validation_failed"),
        (
            {"formula": "custom", "expression": "three_st_expenses / budget_expenditure"},
            "validation_failed",
        ),
        ({"thresholds": [{"year": 2**63, "value": "1"}]}, "validation_failed"),
    ],
)
async def test_a_bad_rule_is_refused(house: Any, change: dict[str, Any], code: str) -> None:
    response = await house.put("office", "/funding-rules/bad", rule(**change))
    assert (response.status_code, response.json()["code"]) == (422, code)


async def test_only_office_and_finance_make_rules(house: Any) -> None:
    for role in ("finance_checker", "leader", "enterprise"):
        assert (await house.put(role, "/funding-rules/mine", rule())).status_code == 403
    listed = await house.get("leader", "/funding-rules?limit=200")
    assert all(item["results"] for item in listed.json()["items"])
