"""Inspections are made from a plan, on workdays, once, and their findings become items."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest
from servicekit.clock import china_date
from supervision.inspections import service

START = china_date().replace(month=1, day=1)
PLAN = {
    "programme": "innovation-programme",
    "name_zh": "每月现场检查",
    "name_en": "Monthly inspection",
    "cadence": "monthly",
    "months": list(range(1, 13)),
    "days_of_month": [20],
    "starts_on": START.isoformat(),
    "ends_on": START.replace(year=START.year + 2, month=12, day=31).isoformat(),
    "organiser_unit": "headquarters",
    "scope_units": ["gangqu-admin", "xuedian-town"],
    "checklist": [
        {"code": "sales-records", "text_zh": "台账与报表一致", "text_en": "Records agree"}
    ],
    "source_ref": "四",
}


async def inspections(office: Any, code: str, **params: Any) -> list[dict[str, Any]]:
    answer = await office.get("/inspections", plan_code=code, limit=200, **params)
    return answer.json()["items"]


async def test_a_plan_makes_one_inspection_a_month_on_a_workday_for_a_year_ahead(
    office: Any, bus: Any
) -> None:
    made = await office.put("/inspection-plans/monthly-inspection", PLAN)
    assert made.status_code == 201, made.text
    for name, value in PLAN.items():
        assert made.json()[name] == value
    found = await inspections(office, "monthly-inspection")
    assert len({each["period"] for each in found}) == len(found) >= 13
    ahead = china_date() + timedelta(days=330)
    assert max(each["scheduled_on"] for each in found) > ahead.isoformat()
    for each in found:
        nominal = date.fromisoformat(each["nominal_on"])
        assert nominal.day == 20
        due = await office.get("/calendar/deadline", start=nominal.isoformat(), workdays=0)
        assert each["scheduled_on"] == due.json()["due_on"]


async def test_the_same_plan_again_changes_nothing(office: Any, pool: Any, bus: Any) -> None:
    first = await office.put("/inspection-plans/same", PLAN)
    before = await inspections(office, "same")
    again = await office.put("/inspection-plans/same", PLAN, first.headers["etag"])
    assert (again.status_code, again.headers["etag"]) == (200, '"1"')
    for _ in range(2):
        async with pool.session() as session:
            await service.plan_inspections(session)
    assert await inspections(office, "same") == before


async def test_a_changed_plan_moves_what_is_to_come_and_leaves_the_past(office: Any) -> None:
    await office.put("/inspection-plans/moved", PLAN)
    before = await inspections(office, "moved")
    changed = await office.put("/inspection-plans/moved", {**PLAN, "days_of_month": [10]}, '"1"')
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    today = china_date().isoformat()
    after = await inspections(office, "moved")
    to_come = [e for e in after if e["scheduled_on"] >= today and e["nominal_on"][-2:] == "20"]
    assert to_come
    assert {each["status"] for each in to_come} == {"withdrawn"}
    past = [each for each in before if each["scheduled_on"] < today]
    assert [each for each in after if each in past] == past
    back = await office.put("/inspection-plans/moved", PLAN)
    assert back.status_code == 200
    restored = await inspections(office, "moved", status="planned", scheduled_gte=today)
    assert {each["nominal_on"][-2:] for each in restored} == {"20"}


async def test_plans_kept_at_once_make_each_inspection_once(office: Any, pool: Any) -> None:
    await office.put("/inspection-plans/at-once", PLAN)

    async def plan() -> None:
        async with pool.session() as session:
            await service.plan_inspections(session)

    await asyncio.gather(*(plan() for _ in range(4)))
    found = await inspections(office, "at-once")
    assert len({each["nominal_on"] for each in found}) == len(found)


async def test_findings_become_items_of_the_units(office: Any, unit: Any, bus: Any) -> None:
    await office.put("/inspection-plans/with-findings", PLAN)
    row = (await inspections(office, "with-findings"))[0]
    path = f"/inspections/{row['id']}"
    body = {
        "completed_on": china_date().isoformat(),
        "summary": "总体正常",
        "findings": [
            {"unit_code": "gangqu-admin", "checklist_code": "sales-records", "text": "台账不符"},
            {"unit_code": "xuedian-town", "text": "宣传到位", "rectify": False},
        ],
    }
    etag = (await office.get(path)).headers["etag"]
    assert (await office.post(f"{path}/complete", body)).status_code == 428
    done = await office.post(f"{path}/complete", body, etag)
    assert done.status_code == 200, done.text
    assert (done.json()["status"], done.json()["finding_count"]) == ("completed", 2)
    (event,) = await bus.events("inspection.completed", f"inspection:{row['id']}")
    assert event.data["findings"] == 2
    findings = (await office.get(f"{path}/findings")).json()["items"]
    assert [bool(each["item_id"]) for each in findings] == [True, False]
    item = (await unit.get(f"/supervision-items/{findings[0]['item_id']}")).json()
    assert (item["origin"], item["origin_ref"]) == ("finding", findings[0]["id"])
    assert (item["severity"], item["period"]) == ("ordinary", row["period"])
    own = (await unit.get(f"{path}/findings")).json()["items"]
    assert [each["unit_code"] for each in own] == ["gangqu-admin"]
    again = await office.post(f"{path}/complete", body, done.headers["etag"])
    assert (again.status_code, again.json()["code"]) == (409, "invalid_transition")


@pytest.mark.parametrize(("finding", "item"), [("major", "serious"), ("critical", "critical")])
async def test_an_item_is_as_severe_as_what_was_found(office: Any, finding: str, item: str) -> None:
    await office.put(f"/inspection-plans/severe-{finding}", PLAN)
    row = (await inspections(office, f"severe-{finding}"))[0]
    found = {"unit_code": "gangqu-admin", "text": "台账不符", "severity": finding}
    body = {"completed_on": china_date().isoformat(), "summary": "检查", "findings": [found]}
    path = f"/inspections/{row['id']}"
    assert (await office.post(f"{path}/complete", body, f'"{row["version"]}"')).is_success
    (seen,) = (await office.get(f"{path}/findings")).json()["items"]
    opened = (await office.get(f"/supervision-items/{seen['item_id']}")).json()
    assert opened["severity"] == item


async def test_a_completed_inspection_stays_when_the_plan_changes(office: Any, bus: Any) -> None:
    await office.put("/inspection-plans/stays", PLAN)
    today = china_date()
    row = (await inspections(office, "stays", scheduled_gte=today.isoformat()))[0]
    path = f"/inspections/{row['id']}"
    body = {"completed_on": today.isoformat(), "summary": "提前检查"}
    assert (await office.post(f"{path}/complete", body, '"1"')).status_code == 200
    await office.put("/inspection-plans/stays", {**PLAN, "days_of_month": [11]})
    assert (await office.get(path)).json()["status"] == "completed"


async def test_wrong_records_are_refused_and_leave_nothing(office: Any, unit: Any) -> None:
    await office.put("/inspection-plans/refused", PLAN)
    row = (await inspections(office, "refused"))[0]
    path = f"/inspections/{row['id']}"
    today = china_date().isoformat()
    tomorrow = (china_date() + timedelta(days=1)).isoformat()
    finding = {"unit_code": "gangqu-admin", "text": "x"}
    for body, code in [
        ({"completed_on": tomorrow, "summary": "x"}, "date_in_the_future"),
        (
            {
                "completed_on": today,
                "summary": "x",
                "findings": [finding, {**finding, "checklist_code": "unheard-of"}],
            },
            "unknown_reference",
        ),
        (
            {
                "completed_on": today,
                "summary": "x",
                "findings": [finding, {**finding, "due_on": "2020-01-01"}],
            },
            "deadline_in_the_past",
        ),
    ]:
        answer = await office.post(f"{path}/complete", body, '"1"')
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert (await office.get(f"{path}/findings")).json()["items"] == []
    assert (await office.get(path)).json()["status"] == "planned"
    body = {"completed_on": today, "summary": "x"}
    assert (await unit.post(f"{path}/complete", body, '"1"')).status_code == 403


async def test_a_plan_that_ends_before_it_starts_or_has_no_day_is_refused(office: Any) -> None:
    for changes in (
        {"ends_on": "2001-01-01"},
        {"days_of_month": []},
        {"days_of_month": [32]},
        {"months": [0]},
        {"cadence": "yearly"},
        {"checklist": []},
        {"extra": 1},
    ):
        answer = await office.put("/inspection-plans/wrong", {**PLAN, **changes})
        assert answer.status_code == 422, changes
    assert (await office.put("/inspection-plans/Not-A-Code", PLAN)).status_code == 422


async def test_only_the_office_keeps_plans_and_a_stale_one_is_refused(
    office: Any, unit: Any
) -> None:
    assert (await unit.put("/inspection-plans/mine", PLAN)).status_code == 403
    await office.put("/inspection-plans/stale", PLAN)
    answer = await office.put("/inspection-plans/stale", {**PLAN, "name_en": "Other"}, '"9"')
    assert answer.status_code == 412
