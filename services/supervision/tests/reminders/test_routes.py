"""The ladder and the reminders over HTTP."""

from typing import Any

RULE = {
    "name_zh": "逾期三个工作日报工作组",
    "name_en": "Three workdays late, to the group",
    "offset_workdays": 3,
    "audience": "group",
}
BODY = {"title": "催办", "description": "催办。", "responsible_unit": "gangqu-admin"}


async def test_a_new_system_has_a_ladder_over_all_levels(office: Any) -> None:
    steps = (await office.get("/reminder-rules", sort="offset_workdays")).json()["items"]
    assert [(step["offset_workdays"], step["audience"]) for step in steps] == [
        (-3, "unit"),
        (0, "unit"),
        (1, "group"),
        (5, "office"),
        (10, "headquarters"),
    ]


async def test_the_office_keeps_the_ladder(office: Any, unit: Any) -> None:
    made = await office.put("/reminder-rules/late-three-days", RULE)
    assert (made.status_code, made.json()["active"]) == (201, True)
    again = await office.put("/reminder-rules/late-three-days", RULE)
    assert (again.status_code, again.headers["etag"]) == (200, made.headers["etag"])
    off = await office.put("/reminder-rules/late-three-days", {**RULE, "active": False})
    assert (off.json()["active"], off.json()["version"]) == (False, 2)
    stale = await office.put("/reminder-rules/late-three-days", RULE, made.headers["etag"])
    assert stale.status_code == 412
    assert (await unit.put("/reminder-rules/late-three-days", RULE)).status_code == 403


async def test_a_step_too_far_away_or_to_nobody_is_refused(office: Any) -> None:
    for wrong in ({"offset_workdays": 61}, {"offset_workdays": 0.5}, {"audience": "everybody"}):
        answer = await office.put("/reminder-rules/wrong", {**RULE, **wrong})
        assert answer.status_code == 422, wrong


async def test_the_office_reminds_by_hand_and_the_unit_reads_it(
    office: Any, unit: Any, as_role: Any, bus: Any
) -> None:
    item = (await office.post("/supervision-items", BODY)).json()
    path = f"/supervision-items/{item['id']}/remind"
    sent = await office.post(path, {"note": "请周五前报送进展"})
    assert sent.status_code == 200
    (read,) = (await unit.get("/reminders", item_id=item["id"])).json()["items"]
    assert read == sent.json()
    assert (read["rule_code"], read["audience"]) == (None, "unit")
    other = await as_role("park_admin", "xuedian-town")
    assert (await other.get("/reminders", item_id=item["id"])).json()["items"] == []
    (event,) = await bus.events("item.reminded", f"item:{item['id']}")
    assert event.data["note"] == "请周五前报送进展"
    assert (await unit.post(path, {"note": "x"})).status_code == 403


async def test_nobody_is_reminded_of_what_is_submitted(office: Any, unit: Any) -> None:
    item = (await office.post("/supervision-items", BODY)).json()
    await office.step(item, "cancel", {"reason": "重复"})
    answer = await office.post(f"/supervision-items/{item['id']}/remind", {"note": "x"})
    assert (answer.status_code, answer.json()["code"]) == (409, "not_with_the_unit")
