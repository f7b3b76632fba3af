"""Plans that units owe: asked for, handed in with a file, reviewed, approved, returned, revised."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from servicekit.clock import china_date
from servicekit.testing import units
from sqlalchemy import text
from supervision.unit_plans import service

from services.supervision.tests import attachments
from services.supervision.tests.attachments import PDF

UNITS = {
    "headquarters": ("headquarters", []),
    "programme-office": ("programme_office", ["headquarters"]),
    "group-4": ("working_group", ["programme-office"]),
    "towns": ("collective", []),
    "gangqu-admin": ("park_administration", ["group-4"]),
    "xuedian-town": ("town", ["group-4", "towns"]),
    "longhu-town": ("town", ["towns"]),
    "maizier-sugar": ("enterprise", []),
}
SAID = {"title": "年度进展计划", "summary": "分四个季度推进。"}


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def known_units(pool: Any) -> None:
    await units.tell(pool, UNITS)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def lead(as_role: Any) -> Any:
    return await as_role("group_lead", "group-4")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def headquarters(as_role: Any) -> Any:
    return await as_role("leader", "headquarters")


def asked(year: int | None, *units: str, **more: Any) -> dict[str, Any]:
    kind = "annual_work_plan" if year else "implementation_plan"
    return {
        "programme": "innovation-programme",
        "kind": kind,
        "year": year,
        "title": "报送方案",
        "units": list(units),
        **more,
    }


async def owed(office: Any, year: int, *units: str, **more: Any) -> dict[str, Any]:
    """The first plan of a request."""
    made = await office.post("/plan-requests", asked(year, *units, **more))
    assert made.status_code == 201, made.text
    found = await office.get("/annual-work-plans", request_id=made.json()["id"])
    return found.json()["items"][0]


async def attach(caller: Any, plan: dict[str, Any], content: bytes = PDF) -> Any:
    return await attachments.attach(caller, f"/annual-work-plans/{plan['id']}", content)


async def take(caller: Any, plan: dict[str, Any], step: str, body: Any = None) -> Any:
    return await caller.act(f"/annual-work-plans/{plan['id']}", step, body)


async def test_everybody_owes_an_implementation_plan_and_who_is_missing_is_listed(
    office: Any, unit: Any, bus: Any
) -> None:
    made = await office.post("/plan-requests", asked(None))
    assert made.status_code == 201, made.text
    wanted = ["gangqu-admin", "longhu-town", "maizier-sugar", "xuedian-town"]
    assert made.json()["units"] == wanted
    missing = await office.get("/implementation-plans", missing=True)
    assert [each["unit_code"] for each in missing.json()["items"]] == wanted
    own = await unit.get("/implementation-plans")
    assert [each["unit_code"] for each in own.json()["items"]] == ["gangqu-admin"]
    plan = own.json()["items"][0]
    (event,) = await bus.events("unit_plan.requested", f"unit_plan:{plan['id']}")
    assert event.data["kind"] == "implementation_plan"
    file = await office.client.get(
        "/api/v1/implementation-plans?missing=true", headers={"Accept": "text/csv"}
    )
    assert "longhu-town" in file.text
    again = await office.post("/plan-requests", asked(None, "longhu-town"))
    assert (again.status_code, again.json()["code"]) == (409, "plan_asked")
    assert (await unit.get(f"/annual-work-plans/{plan['id']}")).status_code == 404


async def test_a_plan_is_handed_in_reviewed_and_approved_by_others(
    office: Any, unit: Any, lead: Any, headquarters: Any, bus: Any
) -> None:
    plan = await owed(office, 2026, "gangqu-admin")
    bare = await take(unit, plan, "submit", SAID)
    assert (bare.status_code, bare.json()["code"]) == (409, "plan_without_file")
    assert (await attach(unit, plan)).status_code == 201
    assert (await attach(unit, plan)).json()["code"] == "same_file"
    assert (await take(unit, plan, "submit", SAID)).json()["state"] == "submitted"
    assert (await attach(unit, plan, PDF + b"%")).json()["code"] == "invalid_transition"
    assert (await take(headquarters, plan, "approve")).json()["code"] == "invalid_transition"
    reviewed = await take(lead, plan, "review", {"note": "目标一致"})
    assert (reviewed.status_code, reviewed.json()["review_note"]) == (200, "目标一致")
    assert (await take(lead, plan, "approve")).status_code == 403
    approved = await take(headquarters, plan, "approve", {"note": "同意"})
    assert (approved.json()["state"], approved.json()["approved_edition"]) == ("approved", 1)
    assert await bus.events("unit_plan.approved", f"unit_plan:{plan['id']}")
    missing = await office.get("/annual-work-plans", year=2026, missing=True)
    assert plan["id"] not in {each["id"] for each in missing.json()["items"]}


async def test_a_returned_plan_comes_again_and_a_revised_one_holds_until_the_next(
    office: Any, unit: Any, lead: Any, headquarters: Any
) -> None:
    plan = await owed(office, 2027, "gangqu-admin")
    await attach(unit, plan)
    await take(unit, plan, "submit", SAID)
    returned = await take(lead, plan, "return", {"reason": "缺季度安排"})
    assert (returned.json()["state"], returned.json()["return_count"]) == ("returned", 1)
    for step in ("submit", "review", "approve", "revise", "submit"):
        who = {"review": lead, "approve": headquarters}.get(step, unit)
        if step == "submit":
            content = PDF + step.encode() + str(len(await editions(office, plan))).encode()
            assert (await attach(unit, plan, content)).status_code == 201
        body = {"submit": SAID, "revise": {"reason": "年中调整"}}.get(step)
        answer = await take(who, plan, step, body)
        assert answer.status_code == 200, answer.text
    now = (await unit.get(f"/annual-work-plans/{plan['id']}")).json()
    assert (now["state"], now["edition"], now["approved_edition"]) == ("submitted", 3, 2)
    kept = await editions(office, plan)
    assert [(each["edition"], each["outcome"]) for each in kept] == [
        (3, None),
        (2, "approved"),
        (1, "returned"),
    ]
    files = (await unit.get(f"/annual-work-plans/{plan['id']}/files")).json()["items"]
    assert [each["edition"] for each in files] == [1, 2, 3]
    path = f"/annual-work-plans/{plan['id']}/files/{files[0]['id']}"
    assert (await unit.client.get(f"/api/v1{path}/content")).content == PDF
    assert (await unit.client.delete(f"/api/v1{path}")).status_code == 409


async def editions(office: Any, plan: dict[str, Any]) -> list[dict[str, Any]]:
    return (await office.get(f"/annual-work-plans/{plan['id']}/editions")).json()["items"]


async def test_whoever_handed_it_in_neither_reviews_nor_approves_it(
    office: Any, as_role: Any
) -> None:
    plan = await owed(office, 2028, "gangqu-admin")
    await attach(office, plan)
    await take(office, plan, "submit", SAID)
    own = await take(office, plan, "review")
    assert (own.status_code, own.json()["code"]) == (403, "separation_of_duties")
    second = await as_role("office", "programme-office", sub="second-office")
    assert (await take(second, plan, "review")).status_code == 200
    assert (await take(office, plan, "approve")).status_code == 403


async def test_a_collective_is_asked_as_its_members_and_a_request_may_be_cancelled(
    office: Any, unit: Any
) -> None:
    made = (await office.post("/plan-requests", asked(2029, "towns"))).json()
    assert made["units"] == ["longhu-town", "xuedian-town"]
    path = f"/plan-requests/{made['id']}"
    assert (await unit.post(f"{path}/cancel", {"reason": "x"}, '"1"')).status_code == 403
    done = await office.post(f"{path}/cancel", {"reason": "合并报送"}, '"1"')
    assert done.json()["state"] == "cancelled"
    plans = (await office.get("/annual-work-plans", request_id=made["id"])).json()["items"]
    assert {each["state"] for each in plans} == {"cancelled"}
    assert (await office.post("/plan-requests", asked(2029, "towns"))).status_code == 201


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (asked(2030, "nobody"), "unknown_reference"),
        (asked(2030) | {"year": None}, "year_mismatch"),
        (asked(2030, "longhu-town", due_on="2020-01-01"), "deadline_in_the_past"),
        (asked(2030, due_on="2030-01-01", due_workdays=3), "validation_failed"),
    ],
)
async def test_a_request_that_makes_no_sense_is_refused(office: Any, body: Any, code: str) -> None:
    answer = await office.post("/plan-requests", body)
    assert answer.status_code == 422
    assert code in answer.text


async def test_only_one_of_two_requests_made_at_once_is_taken(office: Any) -> None:
    answers = await asyncio.gather(
        *(office.post("/plan-requests", asked(2031, "gangqu-admin")) for _ in range(3))
    )
    assert sorted(each.status_code for each in answers) == [201, 409, 409]


async def test_who_is_late_is_told_and_reminded_once(office: Any, pool: Any, bus: Any) -> None:
    plan = await owed(office, 2032, "gangqu-admin", due_workdays=3)
    late = china_date() - timedelta(days=40)
    async with pool.session() as session:
        await session.execute(
            text("UPDATE unit_plan SET due_on = :day, due_set_on = :set WHERE id = :id"),
            {"day": late, "set": late - timedelta(days=20), "id": plan["id"]},
        )
    for _ in range(3):
        async with pool.session() as session:
            await service.announce_late_plans(session)
        async with pool.session() as session:
            await service.remind_of_plans(session)
    key = f"unit_plan:{plan['id']}"
    assert len(await bus.events("unit_plan.overdue", key)) == 1
    found = await office.get("/annual-work-plans", year=2032, overdue=True)
    assert [each["id"] for each in found.json()["items"]] == [plan["id"]]
    assert found.json()["items"][0]["overdue_at"]
    told = await bus.events("unit_plan.reminded", key)
    async with pool.session() as session:
        from supervision.calendar.service import workdays

        known, _ = await workdays(session, china_date(), china_date())
    if known.is_workday(china_date()):
        assert [event.data["audience"] for event in told] == [
            "unit",
            "unit",
            "group",
            "office",
            "headquarters",
        ]
    else:
        assert told == []


async def overdue_items(office: Any, plan: dict[str, Any]) -> list[dict[str, Any]]:
    found = await office.get("/supervision-items", origin="overdue_report", limit=200)
    return [each for each in found.json()["items"] if each["origin_ref"] == plan["id"]]


async def let_pass(pool: Any, plan: dict[str, Any]) -> None:
    """Its deadline was yesterday, and the schedule looks twice."""
    async with pool.session() as session:
        await session.execute(
            text("UPDATE unit_plan SET due_on = :day WHERE id = :id"),
            {"day": china_date() - timedelta(days=1), "id": plan["id"]},
        )
    for _ in range(2):
        async with pool.session() as session:
            await service.announce_late_plans(session)


async def test_an_overdue_plan_is_one_item_that_closes_once_it_is_handed_in(
    office: Any, unit: Any, pool: Any
) -> None:
    plan = await owed(office, 2035, "gangqu-admin")
    await let_pass(pool, plan)
    (item,) = await overdue_items(office, plan)
    assert (item["title"], item["holds_payments"]) == ("逾期未报：2035 年度进展计划", False)
    done = {"rectification": "已报送"}
    for who, step, body in (
        (unit, "acknowledge", None), (unit, "start", None), (unit, "submit", done),
        (office, "verify", {}),
    ):  # fmt: skip
        assert (await who.step(item, step, body)).status_code == 200
    assert (await office.step(item, "close", {})).json()["code"] == "not_handed_in"
    await attach(unit, plan)
    assert (await take(unit, plan, "submit", SAID)).status_code == 200
    assert (await office.step(item, "close", {})).json()["status"] == "closed"


async def test_the_item_of_a_plan_that_is_not_wanted_any_more_ends(office: Any, pool: Any) -> None:
    plan = await owed(office, 2036, "gangqu-admin")
    await let_pass(pool, plan)
    path, reason = f"/plan-requests/{plan['request_id']}", {"reason": "合并报送"}
    assert (await office.act(path, "cancel", reason)).is_success
    (item,) = await overdue_items(office, plan)
    assert (item["status"], item["cancel_reason"]) == ("cancelled", "合并报送")


async def test_what_is_not_overdue_any_more_has_no_item(office: Any, pool: Any) -> None:
    plan = await owed(office, 2037, "gangqu-admin")
    await let_pass(pool, plan)
    yesterday = china_date() - timedelta(days=1)
    async with pool.session() as session:
        await session.execute(
            text(
                "UPDATE plan_request SET due_on = :day, due_from = :day, due_workdays = 0"
                " WHERE id = :id"
            ),
            {"day": yesterday, "id": plan["request_id"]},
        )
    off = {"workday": False, "name": "停电"}
    assert (await office.put(f"/calendar/{yesterday}", off)).is_success
    (item,) = await overdue_items(office, plan)
    assert item["status"] == "cancelled"
    now = (await office.get(f"/annual-work-plans/{plan['id']}")).json()
    assert now["due_on"] >= f"{china_date()}"
    assert now["overdue_at"] is None


async def test_a_plan_in_time_is_not_late_and_one_after_its_deadline_is(
    office: Any, unit: Any, pool: Any
) -> None:
    plan = await owed(office, 2033, "gangqu-admin")
    async with pool.session() as session:
        await session.execute(
            text("UPDATE unit_plan SET due_on = :day WHERE id = :id"),
            {"day": china_date() - timedelta(days=1), "id": plan["id"]},
        )
    await attach(unit, plan)
    assert (await take(unit, plan, "submit", SAID)).json()["late"] is True


async def test_a_deadline_of_plans_moves_with_the_calendar(office: Any) -> None:
    plan = await owed(office, 2034, "gangqu-admin", due_workdays=60)
    day = plan["due_on"]
    ruled = await office.put(f"/calendar/{day}", {"workday": False, "name": "停电"})
    assert ruled.status_code in (200, 201)
    moved = (await office.get(f"/annual-work-plans/{plan['id']}")).json()
    assert moved["due_on"] > day
    request = (await office.get(f"/plan-requests/{plan['request_id']}")).json()
    assert request["due_on"] == moved["due_on"]
