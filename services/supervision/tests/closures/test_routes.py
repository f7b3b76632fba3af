"""Looking again on the spot."""

from datetime import timedelta
from typing import Any

from servicekit.clock import china_date

TODAY = china_date().isoformat()
PASSED = {"inspected_on": TODAY, "passed": True, "note": "复查合格"}
FAILED = {"inspected_on": TODAY, "passed": False, "note": "仍有一家不符"}
PLAN = {
    "programme": "innovation-programme",
    "name_zh": "月度检查",
    "name_en": "Monthly",
    "cadence": "monthly",
    "months": list(range(1, 13)),
    "days_of_month": [15],
    "starts_on": TODAY,
    "organiser_unit": "headquarters",
    "scope_units": ["gangqu-admin"],
    "checklist": [{"code": "records", "text_zh": "台账", "text_en": "Records"}],
}


async def a_finding(office: Any) -> dict[str, Any]:
    """The item of something an inspection found."""
    await office.put("/inspection-plans/again", PLAN)
    planned = await office.get(
        "/inspections", plan_code="again", status="planned", sort="scheduled_on"
    )
    inspection = planned.json()["items"][0]
    finding = {"unit_code": "gangqu-admin", "text": "台账不符"}
    body = {"completed_on": TODAY, "summary": "检查", "findings": [finding]}
    path = f"/inspections/{inspection['id']}"
    done = await office.post(f"{path}/complete", body, f'"{inspection["version"]}"')
    assert done.status_code == 200, done.text
    (found,) = (await office.get(f"{path}/findings")).json()["items"]
    return (await office.get(f"/supervision-items/{found['item_id']}")).json()


async def test_what_was_found_is_not_hidden_in_an_item_that_waits_for_nothing(
    office: Any,
) -> None:
    body = {"title": "其他", "description": "其他。", "responsible_unit": "gangqu-admin"}
    other = (await office.post("/supervision-items", body)).json()
    found = await a_finding(office)
    asked = {"into": other["id"], "reason": "同一问题"}
    refused = await office.step(found, "merge", asked)
    assert (refused.status_code, refused.json()["code"]) == (409, "cannot_merge")
    asked = {"into": (await a_finding(office))["id"], "reason": "同一问题"}
    assert (await office.step(found, "merge", asked)).json()["status"] == "cancelled"


async def submitted(office: Any, unit: Any) -> dict[str, Any]:
    item = await a_finding(office)
    for action, body in [
        ("acknowledge", None),
        ("start", None),
        ("submit", {"rectification": "已整改"}),
    ]:
        assert (await unit.step(item, action, body)).status_code == 200
    return item


async def test_what_was_found_is_closed_only_after_somebody_looked_again(
    office: Any, unit: Any
) -> None:
    item = await submitted(office, unit)
    assert (await office.step(item, "verify", {})).status_code == 200
    refused = await office.step(item, "close", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "not_reinspected")
    seen = await office.step(item, "reinspect", PASSED)
    assert (seen.status_code, seen.json()["reinspected_on"]) == (200, TODAY)
    assert (await office.step(item, "close", {})).status_code == 200


async def test_what_did_not_pass_goes_back_to_work_and_is_looked_at_once_more(
    office: Any, unit: Any
) -> None:
    item = await submitted(office, unit)
    assert (await office.step(item, "reinspect", PASSED)).status_code == 200
    back = (await office.step(item, "reinspect", FAILED)).json()
    assert (back["status"], back["return_reason"]) == ("in_progress", FAILED["note"])
    assert back["reinspected_on"] is None
    assert (await office.step(item, "reinspect", PASSED)).status_code == 409


async def test_nobody_looks_again_at_his_own_work_nor_tomorrow(
    office: Any, unit: Any, as_role: Any
) -> None:
    helper = await as_role("office", "programme-office", sub="helper")
    item = await a_finding(office)
    for action, body in [
        ("acknowledge", None),
        ("start", None),
        ("submit", {"rectification": "代为整改"}),
    ]:
        assert (await helper.step(item, action, body)).status_code == 200
    own = await helper.step(item, "reinspect", PASSED)
    assert (own.status_code, own.json()["code"]) == (403, "separation_of_duties")
    assert (await unit.step(item, "reinspect", PASSED)).status_code == 403
    tomorrow = (china_date() + timedelta(days=1)).isoformat()
    early = await office.step(item, "reinspect", {**PASSED, "inspected_on": tomorrow})
    assert (early.status_code, early.json()["code"]) == (422, "date_in_the_future")


async def test_the_office_may_except_a_finding_from_being_looked_at(office: Any, unit: Any) -> None:
    item = await submitted(office, unit)
    await office.step(item, "verify", {})
    assert (await office.step(item, "exception", {"reason": "已拆除"})).status_code == 200
    assert (await office.step(item, "close", {})).status_code == 200
