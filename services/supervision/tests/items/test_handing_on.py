"""Items that go to another unit, or into another item."""

import asyncio
from typing import Any

from servicekit.testing import units

BODY = {"title": "移交", "description": "移交。", "responsible_unit": "gangqu-admin"}


async def issued(office: Any, **fields: Any) -> dict[str, Any]:
    return (await office.post("/supervision-items", BODY | fields)).json()


async def to(office: Any, item: dict[str, Any], unit: str) -> Any:
    return await office.step(item, "transfer", {"responsible_unit": unit, "reason": "已迁入"})


async def into(office: Any, item: dict[str, Any], other: dict[str, Any]) -> Any:
    return await office.step(item, "merge", {"into": other["id"], "reason": "同一问题"})


async def test_another_unit_becomes_responsible_by_the_same_deadline(
    office: Any, unit: Any, as_role: Any, bus: Any
) -> None:
    town = await as_role("park_admin", "xuedian-town")
    item = await issued(office)
    await unit.step(item, "acknowledge")
    moved = (await to(office, item, "xuedian-town")).json()
    assert (moved["responsible_unit"], moved["status"]) == ("xuedian-town", "issued")
    assert moved["due_on"] == item["due_on"]
    assert (await unit.get(f"/supervision-items/{item['id']}")).status_code == 403
    assert (await town.step(item, "acknowledge")).status_code == 200
    (event,) = await bus.events("item.transferred", f"item:{item['id']}")
    assert (event.data["from_unit"], event.data["responsible_unit"]) == (
        "gangqu-admin",
        "xuedian-town",
    )


async def test_it_does_not_go_to_itself_nor_to_nobody_nor_after_it_was_submitted(
    office: Any, unit: Any, pool: Any
) -> None:
    item = await issued(office)
    assert (await to(office, item, "gangqu-admin")).json()["code"] == "same_unit"
    for action, body in [
        ("acknowledge", None),
        ("start", None),
        ("submit", {"rectification": "已完成"}),
    ]:
        await unit.step(item, action, body)
    assert (await to(office, item, "xuedian-town")).json()["code"] == "invalid_transition"
    await units.tell(pool, dict.fromkeys(("gangqu-admin", "xuedian-town"), ("bureau", [])))
    unknown = await to(office, await issued(office), "nowhere")
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_reference")


async def test_one_item_goes_into_another_and_ends_as_cancelled(office: Any, bus: Any) -> None:
    item, other = await issued(office), await issued(office)
    merged = (await into(office, item, other)).json()
    assert (merged["status"], merged["merged_into"]) == ("cancelled", other["id"])
    (event,) = await bus.events("item.closed", f"item:{item['id']}")
    assert event.data["outcome"] == "cancelled"
    steps = (await office.get(f"/supervision-items/{other['id']}/steps")).json()["items"]
    assert (steps[-1]["action"], steps[-1]["note"]) == ("absorb", item["number"])


async def test_what_cannot_be_merged_is_refused(office: Any) -> None:
    item, ended = await issued(office), await issued(office)
    await office.step(ended, "cancel", {"reason": "误立"})
    elsewhere = await issued(office, responsible_unit="xuedian-town")
    measured = await issued(office, indicator_code="six-parks-sales")
    for one, other in ((item, item), (item, ended), (item, elsewhere), (measured, item)):
        answer = await into(office, one, other)
        assert (answer.status_code, answer.json()["code"]) == (409, "cannot_merge")
    unknown = await into(office, item, {"id": "0197a3d4-7c1e-7000-8000-000000000099"})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_reference")


async def test_two_items_merged_into_each_other_at_once_leave_one(office: Any) -> None:
    one, other = await issued(office), await issued(office)
    answers = await asyncio.gather(into(office, one, other), into(office, other, one))
    assert sorted(answer.status_code for answer in answers) in ([200, 409], [200, 412])
    left = [(await office.get(f"/supervision-items/{each['id']}")).json() for each in (one, other)]
    assert sorted(each["status"] for each in left) == ["cancelled", "issued"]
