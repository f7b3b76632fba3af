"""A rule is changed by a document from a year on, and ended; nothing it said is lost."""

from typing import Any

import pytest

DOCUMENT = {"document_no": "新政〔2026〕9号", "reason": "市政府要求提高"}
YEARS = [{"year": year, "value": "2.0"} for year in (2060, 2061, 2062)]
RULE = {
    "programme": "innovation-programme",
    "name_zh": "科技三项费占比",
    "name_en": "Share of the three items",
    "formula": "three_st_share",
    "comparator": "at_least",
    "unit": "%",
    "thresholds": YEARS,
    "inputs": ["three_st_expenses", "budget_expenditure"],
    "funds": [],
}


async def a_rule(house: Any, code: str, **changes: Any) -> dict[str, Any]:
    answer = await house.put("office", f"/funding-rules/{code}", RULE | changes)
    assert answer.status_code == 201, answer.text
    for year in (2060, 2061, 2062):
        await house.year(year, "1000.00", three_st="22.00")
    return answer.json()


async def revise(house: Any, code: str, **changes: Any) -> Any:
    return await house.post("finance_maker", f"/funding-rules/{code}/revisions", DOCUMENT | changes)


async def states(house: Any, code: str) -> dict[int, str]:
    read = (await house.get("leader", f"/funding-rules/{code}")).json()
    return {each["fiscal_year"]: each["state"] for each in read["results"]}


async def test_a_revision_holds_from_its_year_on_and_the_years_before_keep_theirs(
    house: Any,
) -> None:
    await a_rule(house, "raised")
    await house.bus.since_now()
    higher = [{"year": year, "value": "2.5"} for year in (2060, 2061, 2062)]
    made = await revise(house, "raised", from_year=2061, thresholds=higher)
    assert made.status_code == 201, made.text
    assert (made.json()["number"], made.json()["from_year"]) == (2, 2061)
    assert (made.json()["document_no"], made.json()["reason"]) == tuple(DOCUMENT.values())
    assert (await house.get("leader", made.headers["Location"][7:])).json() == made.json()
    assert await states(house, "raised") == {
        2060: "satisfied", 2061: "breached", 2062: "breached",
    }  # fmt: skip
    told = await house.bus.events("rule.", "rule:raised")
    kinds = [(each.type.split(".")[3], each.data.get("fiscal_year")) for each in told]
    assert kinds == [("revised", None), ("breached", 2061), ("breached", 2062)]
    listed = (await house.get("enterprise", "/funding-rules/raised/revisions")).json()["items"]
    assert [each["thresholds"][0]["value"] for each in listed] == ["2", "2.5"]
    assert [each["reason"] for each in listed] == [None, DOCUMENT["reason"]]


async def test_the_plan_applied_again_undoes_no_document(house: Any) -> None:
    await a_rule(house, "documented")
    await revise(house, "documented", from_year=2062, thresholds=[{"year": 2062, "value": "3"}])
    etag = (await house.get("office", "/funding-rules/documented")).headers["etag"]
    same = await house.put("office", "/funding-rules/documented", RULE)
    assert (same.status_code, same.headers["etag"]) == (200, etag)
    assert same.json()["thresholds"] == [{"year": 2062, "value": "3"}]
    other = await house.put("office", "/funding-rules/documented", RULE | {"name_en": "Other"})
    assert (other.status_code, other.json()["code"]) == (409, "rule_revised")


async def test_a_definition_put_again_is_kept_as_a_revision_too(house: Any) -> None:
    await a_rule(house, "put-twice")
    await house.put("office", "/funding-rules/put-twice", RULE | {"name_en": "Better"})
    listed = (await house.get("office", "/funding-rules/put-twice/revisions")).json()["items"]
    assert [(each["number"], each["name_en"]) for each in listed] == [
        (1, RULE["name_en"]),
        (2, "Better"),
    ]


async def test_a_formula_can_be_written_out_and_says_what_is_missing(house: Any) -> None:
    expression = "(three_st_expenses + science_operating_expenses) / budget_expenditure * 100"
    await a_rule(house, "written-out")
    made = await revise(house, "written-out", from_year=2060, expression=expression)
    assert (made.json()["formula"], made.json()["expression"]) == ("custom", expression)
    assert made.json()["inputs"] == [
        "budget_expenditure", "science_operating_expenses", "three_st_expenses",
    ]  # fmt: skip
    await house.year(2060, "1000.00", three_st="5.00", operating="4.00")
    read = (await house.get("leader", "/funding-rules/written-out")).json()
    result = read["results"][0]
    assert (result["state"], result["actual"], result["spare"]) == ("breached", "0.9", "-11.00")
    assert result["spare_of"] == "three_st_expenses"
    assert result["formula_zh"] == "(科技三项费 + 科学事业费) ÷ 财政预算支出 × 100"


async def test_a_rule_ends_for_good_and_its_history_stays(house: Any) -> None:
    await a_rule(house, "ended", thresholds=[{"year": y, "value": "2.5"} for y in (2060, 2061)])
    assert await states(house, "ended") == {2060: "breached", 2061: "breached"}
    etag = (await house.get("office", "/funding-rules/ended")).headers["etag"]
    body = DOCUMENT | {"from_year": 2061}
    done = await house.post("office", "/funding-rules/ended/end", body, etag=etag)
    assert (done.status_code, done.json()["ended_from"]) == (200, 2061), done.text
    assert await states(house, "ended") == {2060: "breached"}
    query = "/funding-rules/ended/evaluations?fiscal_year=2061"
    listed = (await house.get("auditor", query)).json()["items"]
    assert [each["state"] for each in listed] == ["unknown", "breached"]
    assert listed[0]["missing"] == ["threshold"]
    late = await revise(house, "ended", from_year=2062, thresholds=YEARS)
    assert (late.status_code, late.json()["code"]) == (409, "rule_has_ended")
    await house.bus.since_now()
    await house.year(2061, "1000.00", three_st="1.00")
    told = await house.bus.events("rule.breached", "rule:ended")
    assert told == [], "nobody is told of a rule that is over"


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"thresholds": YEARS}, 422, "validation_failed"),
        ({"from_year": 2063}, 422, "no_threshold_left"),
        ({"from_year": 2060, "thresholds": []}, 422, "validation_failed"),
        ({"from_year": 2060, "funds": ["nowhere"]}, 422, "unknown_reference"),
        ({"from_year": 2060, "expression": "moonlight"}, 422, "validation_failed"),
        (
            {"from_year": 2060, "unit": "倍", "expression": "three_st_expenses"},
            422,
            "validation_failed",
        ),
        ({"from_year": 2060, "document_no": ""}, 422, "validation_failed"),
        ({"from_year": 1999}, 422, "validation_failed"),
    ],
)
async def test_a_bad_revision_is_refused_and_changes_nothing(
    house: Any, changes: dict[str, Any], status: int, code: str
) -> None:
    if (await house.get("office", "/funding-rules/steady")).status_code == 404:
        await a_rule(house, "steady")
    answer = await revise(house, "steady", **changes)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    listed = (await house.get("office", "/funding-rules/steady/revisions")).json()["items"]
    assert len(listed) == 1


async def test_a_closed_year_is_not_judged_anew(house: Any) -> None:
    await a_rule(house, "closed-year", thresholds=[{"year": 2002, "value": "2"}])
    for year in (2002, 2003):
        await house.year(year)
    row = await house.drawn_up("/year-closes", fiscal_year=2002, document_no="n")
    assert (await house.decide("/year-closes", row)).status_code == 200
    thresholds = [{"year": 2002, "value": "3"}]
    answer = await revise(house, "closed-year", from_year=2002, thresholds=thresholds)
    assert (answer.status_code, answer.json()["code"]) == (409, "year_closed")
    nobody = await revise(house, "no-such-rule", from_year=2060)
    assert nobody.status_code == 404
