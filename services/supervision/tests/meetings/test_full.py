"""A meeting is prepared, reported to, held and confirmed; its numbers are what was told."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio
from servicekit.clock import china_date, now
from servicekit.ids import new_id
from servicekit.testing import units
from sqlalchemy import text
from supervision.figures import service as figures
from supervision.meetings import service
from supervision.unit_facts import service as unit_facts
from supervision.unit_facts.domain import Fact, FactKind, said

from services.supervision.tests.meetings.test_routes import SERIES, meetings

UNITS = {
    "group-4": ("working_group", []),
    "gangqu-admin": ("park_administration", ["group-4"]),
    "xuedian-town": ("town", ["group-4"]),
    "st-bureau": ("bureau", []),
}
REPORT = dict.fromkeys(("progress", "results", "good_practice", "problems", "proposals"), "无")


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def known_units(pool: Any) -> None:
    await units.tell(pool, UNITS)


async def coming(office: Any, code: str, **series: Any) -> dict[str, Any]:
    """The next meeting of a new series of group 4 and the bureau."""
    body = {**SERIES, "participant_units": ["group-4", "st-bureau"], **series}
    made = await office.put(f"/meeting-series/{code}", body)
    assert made.status_code == 201, made.text
    today = china_date().isoformat()
    return (await meetings(office, code, scheduled_gte=today, status="planned"))[0]


async def take(caller: Any, row: dict[str, Any], step: str, body: Any = None) -> Any:
    return await caller.act(f"/meetings/{row['id']}", step, body)


async def heard(pool: Any, *facts: Fact) -> None:
    async with pool.session() as session:
        for fact in facts:
            await unit_facts.note(session, fact)


AMBER = Fact(
    FactKind.INDICATOR, "x", ("u",), now(), name="指标x", period="2026-10",
    value=Decimal("36.1"), target=Decimal("38.5"), measure="亿元", status="amber",
)  # fmt: skip


async def measured(pool: Any, code: str, unit: str, status: str, reason: str) -> None:
    """An indicator's light has changed."""
    change = {
        "id": new_id(), "name": f"指标{code}", "lead_unit": unit, "period": "2026-10",
        "previous_status": "amber", "status": status, "reason_zh": reason, "reason_en": "-",
        "changed_at": now(),
    }  # fmt: skip
    async with pool.session() as session:
        await figures.change_standing(
            session, code, change=change, units=(), period="2026-10", actual=Decimal("36.1"),
            expected=Decimal("38.5"), unit="亿元", measured_at=now(),
        )  # fmt: skip


async def test_a_report_is_drafted_from_what_was_told_of_the_unit_and_those_below_it(
    office: Any, as_role: Any, pool: Any
) -> None:
    await measured(pool, "sales", "gangqu-admin", "red", "实际 36.1，应达 38.5")
    await measured(pool, "patents", "st-bureau", "green", "已达")
    await heard(
        pool,
        Fact(
            FactKind.PAYMENT, str(new_id()), ("xuedian-town",), now(),
            value=Decimal("300000.00"), measure="元",
        ),
        Fact(
            FactKind.OPERATING_RETURN, str(new_id()), ("gangqu-admin",), now(), name="九一",
            period="2026-10", value=Decimal("1200"), measure="万元",
        ),
        Fact(
            FactKind.PAYMENT, str(new_id()), ("xuedian-town",), now() - timedelta(days=400),
            value=Decimal("1.00"), measure="元",
        ),
    )  # fmt: skip
    row = await coming(office, "drafted")
    item = {"title": "补报", "description": "d", "responsible_unit": "xuedian-town"}
    assert (await office.post("/supervision-items", item)).status_code == 201
    lead = await as_role("group_lead", "group-4")
    path = f"/meetings/{row['id']}/report-draft"
    draft = (await lead.get(path, unit_code="group-4")).json()
    assert draft["progress"] == "1. 指标sales（2026-10）完成 36.1，应达 38.5 亿元，红灯"
    assert "到位资金 300000 元" in draft["results"]
    assert "九一 2026-10 销售收入 1200 万元" in draft["results"]
    assert "到位资金 1 元" not in draft["results"], "it was told long before the last meeting"
    assert draft["problems"].startswith("1. 实际 36.1，应达 38.5\n2. 督办事项")
    assert draft["good_practice"] == draft["proposals"] == ""
    bureau = (await office.get(path, unit_code="st-bureau")).json()
    assert (bureau["results"], bureau["problems"]) == ("（无）", "（无）")
    assert (await lead.get(path, unit_code="st-bureau")).status_code == 403


async def test_reports_are_due_before_the_meeting_and_who_is_missing_is_told_once(
    office: Any, pool: Any, bus: Any
) -> None:
    row = await coming(office, "due-before", report_workdays=2)
    back = await office.get("/calendar/deadline", start=row["reports_due_on"], workdays=2)
    assert back.json()["due_on"] == row["scheduled_on"]
    async with pool.session() as session:
        await session.execute(
            text("UPDATE meeting SET reports_due_on = :day WHERE id = :id"),
            {"day": china_date() - timedelta(days=1), "id": row["id"]},
        )
    report = {**REPORT, "meeting_id": row["id"], "unit_code": "st-bureau"}
    filed = await office.post("/work-reports", report)
    assert filed.json()["late"] is True
    for _ in range(2):
        async with pool.session() as session:
            await service.chase_reports(session)
    (event,) = await bus.events("meeting.reports_missing", f"meeting:{row['id']}")
    assert event.data["units"] == ["group-4"]


async def test_reports_are_due_by_the_new_day_of_a_meeting_that_was_moved(
    office: Any, bus: Any
) -> None:
    row = await coming(office, "moved-meeting")
    found = await office.get("/calendar/deadline", start=row["scheduled_on"], workdays=2)
    body = {"scheduled_on": found.json()["due_on"], "reason": "与全会冲突"}
    moved = (await take(office, row, "reschedule", body)).json()
    assert moved["reports_due_on"] > row["reports_due_on"]
    (event,) = await bus.events("meeting.rescheduled", f"meeting:{row['id']}")
    assert event.data["reason"] == "与全会冲突"


async def test_the_agenda_is_live_before_the_meeting_and_kept_as_it_was_after_it(
    office: Any, as_role: Any, unit: Any, pool: Any
) -> None:
    await measured(pool, "agenda", "gangqu-admin", "red", "低")
    row = await coming(office, "agenda")
    prepared = await take(office, row, "PATCH", {"topics": ["研究落后指标"], "place": "第二会议室"})
    assert (prepared.status_code, prepared.json()["place"]) == (200, "第二会议室")
    path = f"/meetings/{row['id']}/agenda"
    agenda = (await office.get(path)).json()
    assert (agenda["frozen"], agenda["topics"]) == (False, ["研究落后指标"])
    assert agenda["reports_missing"] == ["group-4", "st-bureau"]
    assert "agenda" in {each["key"] for each in agenda["red_indicators"]}
    assert (await unit.get(path)).status_code == 403
    held = {"held_on": f"{china_date()}", "minutes": "听取汇报"}
    assert (await take(office, row, "hold", held)).status_code == 200
    await measured(pool, "agenda", "gangqu-admin", "green", "已达")
    kept = (await office.get(path)).json()
    assert kept["frozen"] is True
    assert kept["red_indicators"] == agenda["red_indicators"]
    again = await take(office, row, "PATCH", {"topics": ["太晚"]})
    assert (again.status_code, again.json()["code"]) == (409, "invalid_transition")


async def test_attendance_and_minutes_are_corrected_until_somebody_else_confirms_them(
    office: Any, as_role: Any, bus: Any
) -> None:
    row = await coming(office, "confirmed")
    early = await take(office, row, "PATCH", {"minutes": "尚未召开"})
    assert early.json()["code"] == "invalid_transition"
    there = [
        {"unit_code": "group-4", "status": "present", "name": "组长"},
        {"unit_code": "st-bureau", "status": "excused", "note": "出差"},
    ]
    body = {"held_on": f"{china_date()}", "minutes": "初稿", "attendance": there}
    held = (await take(office, row, "hold", body)).json()
    assert (held["attended_units"], held["absent_units"]) == (["group-4"], ["st-bureau"])
    changed = await take(office, row, "PATCH", {"minutes": "定稿"})
    assert (changed.status_code, changed.json()["minutes"]) == (200, "定稿")
    own = await take(office, row, "confirm")
    assert (own.status_code, own.json()["code"]) == (403, "separation_of_duties")
    leader = await as_role("leader", "headquarters")
    confirmed = await take(leader, row, "confirm")
    assert confirmed.json()["confirmed_by"] == "test-leader"
    late = await take(office, row, "PATCH", {"minutes": "改口"})
    assert (late.status_code, late.json()["code"]) == (409, "minutes_confirmed")
    assert (await take(leader, row, "confirm")).json()["code"] == "minutes_confirmed"
    assert await bus.events("meeting.minutes_confirmed", f"meeting:{row['id']}")


async def test_a_decision_needs_a_unit_that_is_there_and_becomes_an_item_by_its_deadline(
    office: Any,
) -> None:
    row = await coming(office, "decided")
    due = f"{china_date() + timedelta(days=30)}"
    decision = {"text": "补齐", "responsible_unit": "nobody", "supervise": True, "due_on": due}
    body = {"held_on": f"{china_date()}", "minutes": "m", "decisions": [decision]}
    refused = await take(office, row, "hold", body)
    assert (refused.status_code, refused.json()["code"]) == (422, "unknown_reference")
    body["decisions"] = [decision | {"responsible_unit": "gangqu-admin"}]
    assert (await take(office, row, "hold", body)).status_code == 200
    (made,) = (await office.get("/meeting-decisions", meeting_id=row["id"])).json()["items"]
    item = (await office.get(f"/supervision-items/{made['item_id']}")).json()
    assert (item["origin"], item["responsible_unit"]) == ("decision", "gangqu-admin")
    assert item["due_on"] >= due


async def test_a_missed_meeting_is_seen_and_told(office: Any, pool: Any, bus: Any) -> None:
    row = await coming(office, "missed-meeting")
    async with pool.session() as session:
        await session.execute(
            text(
                "UPDATE meeting SET scheduled_on = :day, created_at = now() - interval '9 days'"
                " WHERE id = :id"
            ),
            {"day": china_date() - timedelta(days=1), "id": row["id"]},
        )
    async with pool.session() as session:
        await service.announce_missed_meetings(session)
    found = await meetings(office, "missed-meeting", missed=True)
    assert row["id"] in {each["id"] for each in found}
    assert await bus.events("meeting.missed", f"meeting:{row['id']}")


@pytest.mark.parametrize(
    ("fact", "line"),
    [
        (AMBER, "指标x（2026-10）完成 36.1，应达 38.5 亿元，黄灯"),
        (Fact(FactKind.INDICATOR, "x", (), now()), "x 尚无数据"),
        (Fact(FactKind.RECOGNITION, "r", (), now(), name="某企业"), "某企业 获认定"),
        (Fact(FactKind.TASK_OVERDUE, "t", (), now(), name="平台"), "重点工作“平台”逾期"),
    ],
)
def test_a_fact_is_said_in_words(fact: Fact, line: str) -> None:
    assert said(fact) == line
