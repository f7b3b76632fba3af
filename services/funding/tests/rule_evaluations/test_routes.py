"""What was found of a rule is kept as it was found."""

from datetime import UTC, datetime
from typing import Any

from services.funding.tests.rule_revisions.test_routes import RULE


async def test_every_change_is_kept_with_its_inputs_and_can_be_asked_for_as_of(
    house: Any,
) -> None:
    body = RULE | {"thresholds": [{"year": 2070, "value": "2.0"}]}
    await house.put("office", "/funding-rules/kept", body)
    await house.year(2070, "1000.00", three_st="19.00")
    then = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    for three in ("19.00", "25.00"):
        await house.year(2070, "1000.00", three_st=three)
    path = "/funding-rules/kept/evaluations?fiscal_year=2070"
    items = (await house.get("auditor", path)).json()["items"]
    assert [each["state"] for each in items] == ["satisfied", "breached", "unknown"]
    assert [each["actual"] for each in items] == ["2.5", "1.9", None]
    assert [each["spare"] for each in items] == ["5.00", "-1.00", None]
    assert items[2]["missing"] == ["three_st_expenses", "budget_expenditure"]
    assert [each["value"] for each in items[1]["inputs"]] == ["19", "1000"]
    assert items[1]["inputs"][0]["source"] == "/api/v1/fiscal-years/2070"
    assert items[1]["correlation_id"]
    (stood,) = (await house.get("auditor", f"{path}&as_of={then}")).json()["items"]
    assert (stood["id"], stood["state"]) == (items[1]["id"], "breached")
    before = await house.get("auditor", f"{path}&as_of=2020-01-01T00:00:00Z&include_total=true")
    assert (before.json()["items"], before.json()["total"]) == ([], 0)
    assert (await house.get("auditor", f"{path}&state=breached")).json()["items"] == [items[1]]


async def test_an_evaluation_speaks_by_the_revision_it_was_made_by(house: Any) -> None:
    body = RULE | {"thresholds": [{"year": 2071, "value": "2.0"}]}
    await house.put("office", "/funding-rules/renamed", body)
    await house.year(2071, "1000.00", three_st="22.00")
    revised = {
        "from_year": 2071,
        "document_no": "n",
        "reason": "r",
        "name_zh": "新名",
        "thresholds": [{"year": 2071, "value": "3"}],
    }
    made = await house.post("office", "/funding-rules/renamed/revisions", revised)
    assert made.status_code == 201, made.text
    items = (await house.get("leader", "/funding-rules/renamed/evaluations")).json()["items"]
    assert [(each["revision"], each["threshold"]) for each in items[:2]] == [(2, "3"), (1, "2")]
    assert "新名" in items[0]["reason_zh"]
    assert "科技三项费占比" in items[1]["reason_zh"]


async def test_nobody_has_evaluations_of_a_rule_that_is_not_there(house: Any) -> None:
    assert (await house.get("leader", "/funding-rules/nowhere/evaluations")).status_code == 404
