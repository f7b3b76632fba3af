"""Many supervision items and work reports in one request."""

from datetime import timedelta
from typing import Any

from servicekit.clock import china_date

ITEM = {
    "title": "请查明原因并整改",
    "description": "上半年累计落后于进度。",
    "responsible_unit": "gangqu-admin",
    "due_workdays": 5,
}
SERIES = {
    "programme": "innovation-programme",
    "name_zh": "半月工作例会",
    "name_en": "Half-monthly work meeting",
    "cadence": "half_monthly",
    "months": list(range(1, 13)),
    "days_of_month": [15, 31],
    "starts_on": china_date().replace(month=1, day=1).isoformat(),
    "ends_on": None,
    "convener_unit": "programme-office",
    "participant_units": ["gangqu-admin"],
    "headings": [],
    "source_ref": None,
}
TEXTS = dict.fromkeys(("progress", "results", "good_practice", "problems", "proposals"), "无")


async def test_items_are_numbered_without_a_gap_whatever_was_refused(office: Any, bus: Any) -> None:
    yesterday = f"{china_date() - timedelta(days=1)}"
    late = {**ITEM, "due_workdays": None, "due_on": yesterday}
    refused = await office.post("/supervision-items/batch", {"items": [ITEM, late, ITEM]})
    assert refused.status_code == 422, refused.text
    assert [(e["pointer"], e["code"]) for e in refused.json()["errors"]] == [
        ("/items/1", "deadline_in_the_past")
    ]
    tried = await office.post("/supervision-items/batch?dry_run=true", {"items": [ITEM]})
    issued = await office.post("/supervision-items/batch", {"items": [ITEM] * 3})
    assert issued.status_code == 200, issued.text
    numbers = [item["number"] for item in issued.json()["items"]]
    first = int(numbers[0][-4:])
    assert [int(number[-4:]) for number in numbers] == [first, first + 1, first + 2]
    assert tried.json()["items"][0]["number"] == numbers[0]
    assert len(await bus.events("item.opened")) == 3


async def test_a_unit_reports_to_two_meetings_at_once_and_to_none_twice(
    office: Any, unit: Any
) -> None:
    assert (await office.put("/meeting-series/batch", SERIES)).status_code == 201
    meetings = (await office.get("/meetings", plan_code="batch", limit=200)).json()["items"]
    items = [
        {"meeting_id": meeting["id"], "unit_code": "gangqu-admin", **TEXTS}
        for meeting in [*meetings[-2:], meetings[-1]]
    ]
    refused = await unit.post("/work-reports/batch", {"items": items})
    assert refused.status_code == 422, refused.text
    assert [(e["pointer"], e["code"]) for e in refused.json()["errors"]] == [
        ("/items/2", "work_report_filed")
    ]
    filed = await unit.post("/work-reports/batch", {"items": items[:2]})
    assert filed.status_code == 200, filed.text
    assert [row["meeting_id"] for row in filed.json()["items"]] == [
        meeting["id"] for meeting in meetings[-2:]
    ]
