"""Milestones of key tasks: reported and claimed by the unit, confirmed by somebody else."""

from typing import Any

import pytest_asyncio
from targets.milestones.service import tell_overdue

PATH = "/api/v1/key-tasks/bases/milestones"


def body(world: Any, *milestones: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        **world.names("bases"),
        "programme": "innovation-programme",
        "number": 3,
        "description_zh": "建设创新基地",
        "description_en": "Build innovation bases",
        "lead_unit": "st-bureau",
        "supporting_units": ["finance-bureau"],
        "starts_on": "2026-01-01",
        "due_on": "2028-12-31",
        "milestones": [
            {**world.names(each["code"]), "due_on": "2028-06-30", **each} for each in milestones
        ],
        **changes,
    }


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def tasked(world: Any) -> Any:
    wanted = body(
        world,
        {"code": "designed", "weight": "1", "responsible_unit": "xuedian-town"},
        {"code": "opened", "weight": "3"},
    )
    row = await world.put("key-tasks/bases", wanted, 201)
    assert row["percent_complete"] == "0"
    return world


async def milestone(world: Any, code: str) -> Any:
    found = await world.get("key-tasks/bases/milestones")
    return next(row for row in found["items"] if row["code"] == code)


async def step(world: Any, who: Any, code: str, verb: str, **sent: Any) -> Any:
    row = await milestone(world, code)
    path = f"{PATH}/{row['id']}/{verb}"
    return await who.post(path, json=sent or None, headers=world.etag(row))


async def percent(world: Any) -> str:
    return (await world.get("key-tasks/bases"))["percent_complete"]


async def test_a_task_is_as_far_as_its_milestones_by_their_weight(tasked: Any) -> None:
    lead = await tasked.as_("unit_reporter", "st-bureau")
    before = await tasked.get("key-tasks/bases")
    done = await step(tasked, lead, "opened", "progress", percent_complete=50, note="封顶")
    assert (done.status_code, done.json()["percent_complete"]) == (200, 50), done.text
    after = await tasked.get("key-tasks/bases")
    assert after["percent_complete"] == "37.5"
    assert after["version"] > before["version"]
    all_of_it = await step(tasked, lead, "opened", "progress", percent_complete=100)
    assert all_of_it.status_code == 422


async def test_a_milestone_is_reached_when_somebody_else_confirms_it(tasked: Any) -> None:
    town, office = await tasked.as_("unit_reporter", "xuedian-town"), await tasked.office()
    early = await step(tasked, office, "designed", "confirm")
    assert (early.status_code, early.json()["code"]) == (409, "invalid_transition")
    assert (await step(tasked, town, "designed", "claim", note="已批复")).status_code == 200
    assert await percent(tasked) == "37.5", "a claim is not yet reached"
    back = await step(tasked, office, "designed", "return", reason="缺意见")
    assert (back.json()["state"], back.json()["return_reason"]) == ("open", "缺意见")
    await step(tasked, town, "designed", "claim", note="已补意见")
    assert (await step(tasked, town, "designed", "confirm")).status_code == 403
    await tasked.bus.since_now()
    done = await step(tasked, office, "designed", "confirm")
    assert (done.json()["state"], done.json()["percent_complete"]) == ("confirmed", 100)
    assert await percent(tasked) == "62.5"
    (event,) = await tasked.bus.events("milestone_reached")
    assert (event.data["milestone"], event.data["percent_complete"]) == ("designed", "62.5")


async def test_nobody_confirms_what_they_claimed(tasked: Any) -> None:
    office = await tasked.office()
    assert (await step(tasked, office, "opened", "claim", note="已开放")).status_code == 200
    own = await step(tasked, office, "opened", "confirm")
    assert (own.status_code, own.json()["code"]) == (403, "separation_of_duties")
    second = await tasked.as_("office", "programme-office", who="second")
    assert (await step(tasked, second, "opened", "return", reason="未开放")).status_code == 200


async def test_only_the_units_that_answer_for_it_report_on_it(tasked: Any) -> None:
    supporting = await tasked.as_("unit_reporter", "finance-bureau")
    mine = await step(tasked, supporting, "opened", "progress", percent_complete=60)
    assert mine.status_code == 200, "a milestone of the whole task"
    theirs = await step(tasked, supporting, "designed", "progress", percent_complete=60)
    assert theirs.status_code == 403
    missing = f"{PATH}/0197a3d4-7c1e-7000-8000-000000000003"
    assert (await supporting.get(missing)).status_code == 404


async def test_a_plan_that_does_not_name_them_leaves_them_as_they_are(tasked: Any) -> None:
    unnamed = body(tasked)
    del unnamed["milestones"]
    row = await tasked.put("key-tasks/bases", unnamed, 200)
    assert [m["code"] for m in row["milestones"]] == ["designed", "opened"]
    begun = await tasked.put("key-tasks/bases", body(tasked, {"code": "other"}), 409)
    assert begun["code"] == "milestone_begun"
    assert await percent(tasked) == "70"


async def test_what_is_overdue_is_told_once_for_a_day(tasked: Any) -> None:
    kept = [
        {"code": "designed", "weight": "1", "responsible_unit": "xuedian-town",
         "due_on": "2026-02-01"},
        {"code": "opened", "weight": "3", "due_on": "2026-03-01"},
    ]  # fmt: skip
    await tasked.put("key-tasks/bases", body(tasked, *kept, due_on="2026-04-01"), 200)
    await tasked.bus.since_now()
    for _ in range(3):
        async with tasked.database.session() as session:
            await tell_overdue(session)
    told = await tasked.bus.events("key_task.overdue")
    # What was confirmed is not overdue; the task itself is.
    assert [e.data["milestone"] for e in told] == ["opened", None]
    assert (await milestone(tasked, "opened"))["overdue_at"] is not None
    kept[1]["due_on"] = "2026-03-15"
    await tasked.put("key-tasks/bases", body(tasked, *kept, due_on="2026-04-01"), 200)
    await tasked.bus.since_now()
    async with tasked.database.session() as session:
        await tell_overdue(session)
    told = await tasked.bus.events("key_task.overdue")
    assert [e.data["milestone"] for e in told] == ["opened"], "the day that was set anew"
