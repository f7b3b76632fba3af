"""A team inspects by a checklist, proves what it finds, signs; nothing changes afterwards."""

import hashlib
import json
from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from servicekit.auth import directory
from servicekit.clock import china_date
from sqlalchemy import text
from supervision.calendar import service as calendar
from supervision.inspections import service
from supervision.references import service as references
from supervision.references.domain import Referred

from services.supervision.tests.attachments import attach
from services.supervision.tests.inspections.test_routes import PLAN, inspections

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000000000100010000000049454e44ae426082"
)
CHECKS = [{"code": "records", "text_zh": "台账一致", "text_en": "Records agree"}]
MEMBER = {"name": "检查员", "subject": "inspector-1", "unit_code": "headquarters", "lead": True}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def inspector(as_role: Any) -> Any:
    return await as_role("expert", "sta", sub="inspector-1")


async def coming(office: Any, code: str, **plan: Any) -> dict[str, Any]:
    """The next inspection of a new plan."""
    made = await office.put(f"/inspection-plans/{code}", {**PLAN, **plan})
    assert made.status_code == 201, made.text
    today = china_date().isoformat()
    return (await inspections(office, code, scheduled_gte=today, status="planned"))[0]


async def take(caller: Any, row: dict[str, Any], step: str, body: Any = None) -> Any:
    return await caller.act(f"/inspections/{row['id']}", step, body)


async def photo(caller: Any, path: str, content: bytes = PNG) -> Any:
    return await attach(caller, path, content, "现场.png", "image/png")


async def test_a_checklist_is_kept_in_editions_and_an_inspection_keeps_its_own(
    office: Any, unit: Any
) -> None:
    body = {"name_zh": "园区清单", "name_en": "Parks", "checks": CHECKS}
    assert (await office.put("/checklist-templates/parks", body)).status_code == 201
    assert (await unit.put("/checklist-templates/parks", body)).status_code == 403
    row = await coming(office, "by-template", checklist_template="parks")
    prepared = await take(office, row, "PATCH", {"checklist_template": "parks"})
    assert (prepared.json()["checklist"], prepared.json()["checklist_edition"]) == (CHECKS, 1)
    changed = [{**CHECKS[0], "text_zh": "台账与报表一致"}]
    second = await office.put("/checklist-templates/parks", {**body, "checks": changed}, '"1"')
    assert second.json()["edition"] == 2
    kept = (await office.get("/checklist-templates/parks/editions")).json()["items"]
    assert [(each["edition"], each["checks"]) for each in kept] == [(2, changed), (1, CHECKS)]
    assert (await office.get(f"/inspections/{row['id']}")).json()["checklist"] == CHECKS
    gone = await office.put("/checklist-templates/parks", {**body, "active": False})
    assert gone.status_code == 200
    refused = await take(office, row, "PATCH", {"checklist_template": "parks"})
    assert (refused.status_code, refused.json()["code"]) == (422, "checklist_not_active")


async def test_a_scope_is_chosen_and_its_units_are_no_longer_the_plans(
    office: Any, pool: Any
) -> None:
    async with pool.session() as session:
        for kind, code in (
            (Referred.PARK, "gangqu"),
            (Referred.ENTERPRISE, "91410184MAEXPRY016"),
            (Referred.INDICATOR, "six-parks-sales"),
        ):
            await references.note(session, kind, code, code)
        await directory.upsert_unit(
            session, code="xuedian-town", name="薛店镇", kind="town", parents=[], active=True
        )
    planned = {"kind": "indicator", "code": "six-parks-sales"}
    row = await coming(office, "scoped", scope=[planned])
    scope = [
        {"kind": "park", "code": "gangqu"},
        {"kind": "unit", "code": "xuedian-town"},
        {"kind": "enterprise", "code": "91410184MAEXPRY016"},
        {"kind": "indicator", "code": "six-parks-sales"},
    ]
    chosen = await take(office, row, "PATCH", {"scope": scope, "place": "薛店镇"})
    assert chosen.status_code == 200, chosen.text
    async with pool.session() as session:
        await service.plan_inspections(session)
    kept = (await office.get(f"/inspections/{row['id']}")).json()
    assert (kept["scope"], kept["units"], kept["place"]) == (scope, ["xuedian-town"], "薛店镇")


@pytest.mark.parametrize("kind", ["park", "unit", "enterprise", "indicator"])
async def test_a_scope_of_what_nobody_has_told_of_is_refused(office: Any, kind: str) -> None:
    scope = [{"kind": "park", "code": "gangqu"}, {"kind": kind, "code": "unheard-of"}]
    body = {**PLAN, "scope": scope}
    for answer in (
        await office.put("/inspection-plans/unheard-of", body),
        await take(office, await coming(office, f"of-{kind}"), "PATCH", {"scope": scope}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (422, "unknown_reference")
        assert answer.json()["errors"][0]["pointer"] == "/scope/1/code"


async def test_only_the_team_and_the_office_write_findings_down(
    office: Any, inspector: Any, as_role: Any
) -> None:
    row = await coming(office, "teamed")
    path = f"/inspections/{row['id']}/findings"
    found = {"unit_code": "gangqu-admin", "text": "台账不符", "severity": "critical"}
    outside = await inspector.post(path, found)
    assert (outside.status_code, outside.json()["code"]) == (403, "not_of_the_team")
    await take(office, row, "PATCH", {"team": [MEMBER]})
    made = await inspector.post(path, found)
    assert made.status_code == 201, made.text
    assert (made.json()["found_by"], made.json()["item_id"]) == ("inspector-1", None)
    one = f"{path}/{made.json()['id']}"
    assert (await photo(inspector, one)).status_code == 201
    assert (await photo(inspector, one)).json()["code"] == "same_file"
    again = await inspector.post(path, {**found, "text": "误记"})
    assert (await inspector.client.delete(f"/api/v1{path}/{again.json()['id']}")).status_code == 204
    stranger = await as_role("expert", "sta", sub="inspector-2")
    assert (await photo(stranger, one)).status_code == 403
    assert (await office.get(f"/inspections/{row['id']}")).json()["finding_count"] == 1


@pytest.mark.parametrize(("severity", "days"), [("minor", 10), ("major", 5), ("critical", 3)])
async def test_the_worse_a_finding_the_sooner_it_is_due(
    office: Any, severity: str, days: int
) -> None:
    row = await coming(office, f"severity-{severity}")
    finding = {"unit_code": "gangqu-admin", "text": "问题", "severity": severity}
    body = {"completed_on": f"{china_date()}", "summary": "完成", "findings": [finding]}
    await take(office, row, "complete", body)
    (found,) = (await office.get(f"/inspections/{row['id']}/findings")).json()["items"]
    item = (await office.get(f"/supervision-items/{found['item_id']}")).json()
    due = await office.get("/calendar/deadline", start=f"{china_date()}", workdays=days)
    assert item["due_on"] == due.json()["due_on"]


async def test_a_signed_result_is_what_its_digest_says_and_never_changes(
    office: Any, inspector: Any, unit: Any, database: Any, bus: Any
) -> None:
    row = await coming(office, "signed")
    await take(office, row, "PATCH", {"team": [MEMBER]})
    path = f"/inspections/{row['id']}"
    made = await inspector.post(f"{path}/findings", {"unit_code": "gangqu-admin", "text": "x"})
    one = f"{path}/findings/{made.json()['id']}"
    await photo(inspector, one)
    early = await take(inspector, row, "sign")
    assert (early.status_code, early.json()["code"]) == (409, "invalid_transition")
    done = {
        "completed_on": f"{china_date()}",
        "summary": "发现一处问题",
        "checks": [{"code": "sales-records", "result": "fail", "note": "台账不符"}],
    }
    assert (await take(inspector, row, "complete", done)).status_code == 200
    assert (await photo(inspector, one, PNG + b"1")).status_code == 201
    signed = await take(inspector, row, "sign", {"opinion": "属实"})
    assert signed.status_code == 200, signed.text
    assert (await take(inspector, row, "sign")).json()["code"] == "already_signed"
    assert (await take(office, row, "sign")).status_code == 200
    result = (await office.get(f"{path}/result")).json()
    said = json.dumps(result["result"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(said.encode()).hexdigest() == result["digest"] == signed.json()["digest"]
    assert result["intact"] is True
    names = (await office.get(f"{path}/signatures")).json()["items"]
    assert [each["signed_by"] for each in names] == ["inspector-1", "test-office"]
    assert {each["digest"] for each in names} == {result["digest"]}
    assert (await unit.get(f"{path}/result")).status_code == 403
    late = await photo(inspector, one, PNG + b"2")
    assert (late.status_code, late.json()["code"]) == (409, "inspection_signed")
    assert len(await bus.events("inspection.signed", f"inspection:{row['id']}")) == 2
    connection = await asyncpg.connect(database.app_url)
    try:
        for statement in (
            f"UPDATE inspection SET summary = 'y' WHERE id = '{row['id']}'",
            f"UPDATE inspection_finding SET text = 'y' WHERE inspection_id = '{row['id']}'",
            f"DELETE FROM inspection_finding_file WHERE finding_id = '{made.json()['id']}'",
        ):
            with pytest.raises(asyncpg.CheckViolationError):
                await connection.execute(statement)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("UPDATE inspection_signature SET opinion = 'y'")
    finally:
        await connection.close()


async def a_workday_after(office: Any, day: date) -> date:
    found = await office.get("/calendar/deadline", start=f"{day}", workdays=1)
    return date.fromisoformat(found.json()["due_on"])


async def test_an_inspection_is_moved_for_a_reason_and_stays_where_it_was_put(
    office: Any, unit: Any, pool: Any, bus: Any
) -> None:
    row = await coming(office, "moved-by-hand")
    day = await a_workday_after(office, date.fromisoformat(row["scheduled_on"]))
    body = {"scheduled_on": f"{day}", "reason": "与全市会议冲突"}
    assert (await take(unit, row, "reschedule", body)).status_code == 403
    moved = await take(office, row, "reschedule", body)
    assert (moved.status_code, moved.json()["moved_reason"]) == (200, "与全市会议冲突")
    async with pool.session() as session:
        await service.plan_inspections(session)
    now = (await office.get(f"/inspections/{row['id']}")).json()
    assert now["scheduled_on"] == f"{day}"
    (event,) = await bus.events("inspection.rescheduled", f"inspection:{row['id']}")
    assert (event.data["cause"], event.data["scheduled_on"]) == ("office", f"{day}")
    past = f"{china_date() - timedelta(days=1)}"
    wrong = await take(office, row, "reschedule", {**body, "scheduled_on": past})
    assert wrong.json()["code"] == "day_passed"
    saturday = china_date() + timedelta(days=(5 - china_date().weekday()) % 7 + 700)
    wrong = await take(office, row, "reschedule", {**body, "scheduled_on": f"{saturday}"})
    assert wrong.json()["code"] == "day_off"


async def test_a_day_that_becomes_a_holiday_moves_the_inspection_and_says_so(
    office: Any, bus: Any
) -> None:
    row = await coming(office, "holiday")
    day = date.fromisoformat(row["scheduled_on"])
    later = await a_workday_after(office, day)
    ruled = await office.put(f"/calendar/{day}", {"workday": False, "name": "临时放假"})
    assert ruled.status_code in (200, 201)
    now = (await office.get(f"/inspections/{row['id']}")).json()
    assert (now["scheduled_on"], now["status"]) == (f"{later}", "planned")
    (event,) = await bus.events("inspection.rescheduled", f"inspection:{row['id']}")
    assert (event.data["cause"], event.data["scheduled_before"]) == ("calendar", f"{day}")
    await office.put(f"/calendar/{day}", {"workday": True, "name": None})


async def test_it_is_withdrawn_only_for_a_reason_and_no_plan_brings_it_back(
    office: Any, pool: Any, bus: Any
) -> None:
    row = await coming(office, "withdrawn")
    assert (await take(office, row, "withdraw", {})).status_code == 422
    gone = await take(office, row, "withdraw", {"reason": "防汛应急"})
    assert (gone.json()["status"], gone.json()["withdrawn_reason"]) == ("withdrawn", "防汛应急")
    async with pool.session() as session:
        await service.plan_inspections(session)
    assert (await office.get(f"/inspections/{row['id']}")).json()["status"] == "withdrawn"
    assert await bus.events("inspection.withdrawn", f"inspection:{row['id']}")


async def test_a_missed_inspection_is_seen_and_told_once_and_may_be_put_on_another_day(
    office: Any, pool: Any, bus: Any
) -> None:
    row = await coming(office, "missed")
    async with pool.session() as session:
        await session.execute(
            text(
                "UPDATE inspection SET scheduled_on = :day, created_at = now() - interval '9 days'"
                " WHERE id = :id"
            ),
            {"day": china_date() - timedelta(days=2), "id": row["id"]},
        )
    for _ in range(2):
        async with pool.session() as session:
            await service.announce_missed_inspections(session)
    missed = await inspections(office, "missed", missed=True, scheduled_gte="2026-01-01")
    assert row["id"] in {each["id"] for each in missed}
    assert len(await bus.events("inspection.missed", f"inspection:{row['id']}")) == 1
    day = await a_workday_after(office, china_date())
    body = {"scheduled_on": f"{day}", "reason": "补查"}
    assert (await take(office, row, "reschedule", body)).json()["missed"] is False


async def test_the_calendar_of_a_year_counts_again_what_is_planned(office: Any, pool: Any) -> None:
    async with pool.session() as session:
        await calendar.load_years(session, china_date().year, china_date().year + 1)
    row = await coming(office, "by-year")
    rows = await inspections(office, "by-year", scheduled_gte=row["scheduled_on"])
    last = date.fromisoformat(rows[-1]["scheduled_on"])
    body = {"document_no": "x", "days": [{"day": f"{last}", "workday": False, "name": "y"}]}
    assert (await office.put(f"/calendar-years/{last.year}", body)).status_code == 200
    now = (await office.get(f"/inspections/{rows[-1]['id']}")).json()
    assert now["scheduled_on"] > f"{last}"
    assert now["provisional"] is False
