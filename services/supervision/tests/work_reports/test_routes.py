"""Work reports under five headings, and who is missing."""

from datetime import UTC, datetime
from typing import Any

from contracts.targets import UnitChanged
from servicekit.clock import china_date
from servicekit.ids import new_id
from servicekit.messaging.subscriptions import Received
from supervision.directory.handlers import on_unit_changed

START = china_date().replace(month=1, day=1)
SERIES = {
    "programme": "innovation-programme",
    "name_zh": "半月工作例会",
    "name_en": "Half-monthly work meeting",
    "cadence": "half_monthly",
    "months": list(range(1, 13)),
    "days_of_month": [15, 31],
    "starts_on": START.isoformat(),
    "ends_on": None,
    "convener_unit": "programme-office",
    "participant_units": ["gangqu-admin", "all-towns", "group-1"],
    "headings": [],
    "source_ref": None,
}
TEXTS = {
    "progress": "完成 52 %",
    "results": "两家高新企业",
    "good_practice": "共建中试基地",
    "problems": "无",
    "proposals": "加快贴息",
}


async def meeting(office: Any, code: str, index: int) -> str:
    assert (await office.put(f"/meeting-series/{code}", SERIES)).status_code in (200, 201)
    answer = await office.get("/meetings", plan_code=code, limit=200)
    return answer.json()["items"][index]["id"]


async def unit_told(pool: Any, code: str, kind: str, parents: tuple[str, ...] = ()) -> None:
    fact = UnitChanged(unit_code=code, name=code, kind=kind, parent_codes=parents)
    event = Received(
        id=new_id(),
        type=fact.type,
        publisher="targets",
        aggregate_id=fact.subject,
        aggregate_version=1,
        time=datetime.now(UTC),
        data=fact,
        correlation_id="directory",
        causation_id=None,
        traceparent=None,
    )
    async with pool.session() as session:
        await on_unit_changed(session, event)


async def test_a_unit_files_once_and_changes_its_report_until_the_meeting(
    office: Any, unit: Any
) -> None:
    meeting_id = await meeting(office, "file-once", -1)
    body = {"meeting_id": meeting_id, "unit_code": "gangqu-admin", **TEXTS}
    filed = await unit.post("/work-reports", body)
    assert filed.status_code == 201, filed.text
    assert filed.json()["late"] is False
    twice = await unit.post("/work-reports", body)
    assert (twice.status_code, twice.json()["code"]) == (409, "work_report_filed")
    path = f"/work-reports/{filed.json()['id']}"
    changed = await unit.patch(path, {"problems": "一家停产"}, filed.headers["etag"])
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    assert (changed.json()["problems"], changed.json()["progress"]) == ("一家停产", "完成 52 %")
    same = await unit.patch(path, {"problems": "一家停产"}, '"2"')
    assert (same.status_code, same.headers["etag"]) == (200, '"2"')
    assert (await unit.patch(path, {"problems": None}, '"2"')).status_code == 422
    held = {"held_on": china_date().isoformat(), "minutes": "已开"}
    etag = (await office.get(f"/meetings/{meeting_id}")).headers["etag"]
    assert (await office.post(f"/meetings/{meeting_id}/hold", held, etag)).status_code == 200
    over = await unit.patch(path, {"problems": "迟改"}, '"2"')
    assert (over.status_code, over.json()["code"]) == (409, "meeting_over")


async def test_a_report_to_a_past_meeting_is_taken_and_marked_late(office: Any, unit: Any) -> None:
    first = (await office.get("/calendar/deadline", start=START.isoformat(), workdays=0)).json()
    assert first["due_on"] < china_date().isoformat()
    meeting_id = await meeting(office, "late", 0)
    body = {"meeting_id": meeting_id, "unit_code": "gangqu-admin", **TEXTS}
    assert (await unit.post("/work-reports", body)).json()["late"] is True


async def test_a_report_to_a_meeting_that_is_not_there_is_refused(unit: Any) -> None:
    body = {"meeting_id": str(new_id()), "unit_code": "gangqu-admin", **TEXTS}
    answer = await unit.post("/work-reports", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_reference")


async def test_every_heading_is_needed(office: Any, unit: Any) -> None:
    meeting_id = await meeting(office, "headings", -1)
    for heading in TEXTS:
        body = {"meeting_id": meeting_id, "unit_code": "gangqu-admin", **TEXTS}
        del body[heading]
        assert (await unit.post("/work-reports", body)).status_code == 422


async def test_a_unit_files_for_itself_and_reads_its_own(office: Any, unit: Any) -> None:
    meeting_id = await meeting(office, "own", -1)
    body = {"meeting_id": meeting_id, "unit_code": "longhu-town", **TEXTS}
    assert (await unit.post("/work-reports", body)).status_code == 403
    filed = await office.post("/work-reports", body)
    assert filed.status_code == 201
    assert (await unit.get(f"/work-reports/{filed.json()['id']}")).status_code == 403
    assert (await unit.get("/work-reports", meeting_id=meeting_id)).json()["items"] == []


async def test_missing_are_the_units_called_with_a_collective_taken_apart(
    office: Any, unit: Any, pool: Any
) -> None:
    await unit_told(pool, "all-towns", "collective")
    await unit_told(pool, "longhu-town", "town", ("all-towns",))
    await unit_told(pool, "xuedian-town", "town", ("all-towns",))
    meeting_id = await meeting(office, "missing", -1)
    path = f"/meetings/{meeting_id}/missing-reports"
    before = (await unit.get(path)).json()
    assert before["expected"] == 4
    assert before["units"] == ["gangqu-admin", "group-1", "longhu-town", "xuedian-town"]
    body = {"meeting_id": meeting_id, "unit_code": "longhu-town", **TEXTS}
    assert (await office.post("/work-reports", body)).status_code == 201
    after = (await unit.get(path)).json()
    assert after["units"] == ["gangqu-admin", "group-1", "xuedian-town"]


async def test_a_group_lead_reads_the_reports_of_the_units_in_the_group(
    office: Any, as_role: Any, pool: Any
) -> None:
    await unit_told(pool, "gangqu-admin", "park_administration", ("group-4",))
    lead = await as_role("group_lead", "group-4")
    meeting_id = await meeting(office, "group", -1)
    body = {"meeting_id": meeting_id, "unit_code": "gangqu-admin", **TEXTS}
    filed = await office.post("/work-reports", body)
    assert (await lead.get(f"/work-reports/{filed.json()['id']}")).status_code == 200
    other = await as_role("group_lead", "group-2")
    assert (await other.get(f"/work-reports/{filed.json()['id']}")).status_code == 403
