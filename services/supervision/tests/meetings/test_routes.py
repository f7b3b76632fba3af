"""Meetings are called on the calendar; decisions to be supervised become items."""

from datetime import timedelta
from typing import Any

from servicekit.clock import china_date

START = china_date().replace(month=1, day=1)
HEADINGS = [
    {"code": "progress", "name_zh": "进度", "name_en": "Progress"},
    {"code": "results", "name_zh": "成效", "name_en": "Results"},
    {"code": "good_practice", "name_zh": "典型经验", "name_en": "Good practice"},
    {"code": "problems", "name_zh": "问题", "name_en": "Problems"},
    {"code": "proposals", "name_zh": "建议", "name_en": "Proposals"},
]
SERIES = {
    "programme": "innovation-programme",
    "name_zh": "半月工作例会",
    "name_en": "Half-monthly work meeting",
    "cadence": "half_monthly",
    "months": list(range(1, 13)),
    "days_of_month": [15, 31],
    "starts_on": START.isoformat(),
    "ends_on": START.replace(year=START.year + 2, month=12, day=31).isoformat(),
    "convener_unit": "programme-office",
    "participant_units": ["group-1", "gangqu-admin"],
    "headings": HEADINGS,
    "source_ref": "四",
}


async def meetings(office: Any, code: str, **params: Any) -> list[dict[str, Any]]:
    answer = await office.get("/meetings", plan_code=code, limit=200, **params)
    return answer.json()["items"]


async def test_every_half_month_of_the_year_ahead_has_one_meeting(office: Any) -> None:
    made = await office.put("/meeting-series/half-monthly-report", SERIES)
    assert made.status_code == 201, made.text
    for name, value in SERIES.items():
        assert made.json()[name] == value
    found = await meetings(office, "half-monthly-report")
    periods = [each["period"] for each in found]
    assert len(set(periods)) == len(periods) >= 26
    assert f"{START.year}-02-H2" in periods
    again = await office.put("/meeting-series/half-monthly-report", SERIES)
    assert (again.status_code, again.headers["etag"]) == (200, '"1"')


async def test_a_yearly_meeting_is_called_once_a_year(office: Any) -> None:
    body = {**SERIES, "cadence": "yearly", "months": [9], "days_of_month": [10], "headings": []}
    assert (await office.put("/meeting-series/iur-conference", body)).status_code == 201
    found = await meetings(office, "iur-conference")
    assert [each["period"] for each in found][:1] == [str(START.year)]
    assert 1 <= len(found) <= 3


async def test_a_held_meeting_keeps_minutes_and_its_decisions_become_items(
    office: Any, unit: Any, bus: Any
) -> None:
    await office.put("/meeting-series/held", SERIES)
    row = (await meetings(office, "held"))[0]
    path = f"/meetings/{row['id']}"
    body = {
        "held_on": china_date().isoformat(),
        "minutes": "听取汇报",
        "attended_units": ["group-1"],
        "decisions": [
            {"text": "补齐报表", "responsible_unit": "gangqu-admin", "supervise": True},
            {"text": "继续推进", "responsible_unit": "group-1"},
        ],
    }
    held = await office.post(f"{path}/hold", body, '"1"')
    assert held.status_code == 200, held.text
    assert (held.json()["status"], held.json()["minutes"]) == ("held", "听取汇报")
    (event,) = await bus.events("meeting.held", f"meeting:{row['id']}")
    assert event.data["period"] == row["period"]
    listed = (await office.get("/meeting-decisions", meeting_id=row["id"])).json()["items"]
    assert {each["text"]: bool(each["item_id"]) for each in listed} == {
        "补齐报表": True,
        "继续推进": False,
    }
    own = (await unit.get("/meeting-decisions", meeting_id=row["id"])).json()["items"]
    assert [each["responsible_unit"] for each in own] == ["gangqu-admin"]
    item = (await unit.get(f"/supervision-items/{own[0]['item_id']}")).json()
    assert (item["origin"], item["holds_payments"]) == ("decision", False)
    again = await office.post(f"{path}/hold", body, held.headers["etag"])
    assert (again.status_code, again.json()["code"]) == (409, "invalid_transition")


async def test_a_meeting_is_not_held_before_its_day_nor_by_a_unit(office: Any, unit: Any) -> None:
    await office.put("/meeting-series/not-yet", SERIES)
    row = (await meetings(office, "not-yet"))[-1]
    tomorrow = (china_date() + timedelta(days=1)).isoformat()
    body = {"held_on": tomorrow, "minutes": "x"}
    early = await office.post(f"/meetings/{row['id']}/hold", body, '"1"')
    assert (early.status_code, early.json()["code"]) == (422, "date_in_the_future")
    body["held_on"] = china_date().isoformat()
    assert (await unit.post(f"/meetings/{row['id']}/hold", body, '"1"')).status_code == 403
