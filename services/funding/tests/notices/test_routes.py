"""Public notices over HTTP."""

import hashlib
import json
from datetime import date, timedelta
from typing import Any

from contracts.supervision import CalendarDaySet
from funding.notices.handlers import on_calendar_day_set
from servicekit.clock import china_date


async def announced(programme: Any, workdays: int = 5) -> dict[str, Any]:
    call = await programme.a_call("open", notice_workdays=workdays)
    await programme.reviewed(call["id"], "maizier-sugar", "80")
    return await programme.until(call, "announced")


async def test_the_list_is_frozen_with_its_digest(house: Any, programme: Any) -> None:
    await house.bus.since_now()
    call = await announced(programme)
    notice = await programme.notice_of(call)
    text = json.dumps(notice["entries"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert notice["digest"] == hashlib.sha256(text.encode()).hexdigest()
    assert "13812345678" not in text
    (told,) = await house.bus.events("public_notice.published")
    assert (told.data["digest"], told.data["selected"]) == (notice["digest"], 1)
    for role in ("enterprise", "expert", "leader", "finance_maker"):
        path = f"/public-notices/{notice['id']}"
        assert (await house.get(role, path)).json()["entries"] == notice["entries"], role


async def test_nothing_is_awarded_before_the_notice_has_run_out(house: Any, programme: Any) -> None:
    call = await announced(programme)
    notice = await programme.notice_of(call)
    early = await programme.try_step("office", "funding-calls", call, "award")
    assert (early.status_code, early.json()["code"]) == (409, "notice_running")
    assert notice["ends_on"] in early.json()["detail"]
    await house.rows(
        "UPDATE public_notice SET published_on = published_on - 30, ends_on = $2 WHERE id = $1",
        notice["id"],
        china_date(),
    )
    today = await programme.try_step("office", "funding-calls", call, "award")
    assert today.json()["code"] == "notice_running", "its last day is a day of it"
    await house.rows("UPDATE public_notice SET ends_on = ends_on - 1 WHERE id = $1", notice["id"])
    done = await programme.step("office", "funding-calls", call, "award")
    assert done["state"] == "awarded"


async def test_a_day_off_moves_the_end_on_and_a_day_on_never_back(
    house: Any, programme: Any
) -> None:
    call = await announced(programme)
    before = await programme.notice_of(call)
    last = date.fromisoformat(before["ends_on"])
    await house.hear(on_calendar_day_set, CalendarDaySet(day=last, workday=False))
    moved = await programme.notice_of(call)
    assert date.fromisoformat(moved["ends_on"]) > last
    assert (moved["version"], moved["digest"]) == (2, before["digest"])
    await house.hear(on_calendar_day_set, CalendarDaySet(day=last, workday=True))
    assert (await programme.notice_of(call))["ends_on"] == moved["ends_on"]
    weekend = china_date() + timedelta(days=(5 - china_date().weekday()) % 7 or 7)
    await house.hear(on_calendar_day_set, CalendarDaySet(day=weekend, workday=True))
    assert (await programme.notice_of(call))["ends_on"] == moved["ends_on"]
