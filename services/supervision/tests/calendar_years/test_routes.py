"""A year's official list arrives, by rows, as a file or whole: deadlines are counted again."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
import pytest_asyncio
from servicekit.clock import china_date
from servicekit.imports.writing import MANY
from supervision.calendar import service as calendar

NOTICE = {
    "document_no": "国办发明电〔2030〕1号",
    "days": [
        {"day": "2031-01-01", "workday": False, "name": "元旦"},
        {"day": "2031-01-04", "workday": True, "name": "调休上班"},
        {"day": "2031-01-02", "workday": False, "name": "元旦"},
    ],
}


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def loaded(pool: Any) -> None:
    """As the worker does, further ahead."""
    async with pool.session() as session:
        await calendar.load_years(session, 2026, 2036)


async def test_a_year_without_a_notice_is_expected_and_says_so(office: Any) -> None:
    year = (await office.get("/calendar-years/2030")).json()
    assert (year["provisional"], year["confirmed_by"]) == (True, None)
    known = (await office.get("/calendar-years/2026")).json()
    assert known["provisional"] is False
    listed = await office.get("/calendar-years", provisional=True)
    assert {each["year"] for each in listed.json()["items"]} == set(range(2027, 2037))


async def test_the_official_list_makes_the_year_certain_and_replaces_what_was_expected(
    office: Any, bus: Any
) -> None:
    before = await office.get("/calendar", day_gte="2031-01-01", day_lte="2031-12-31", limit=200)
    assert {each["provisional"] for each in before.json()["items"]} == {True}
    await bus.since_now()
    done = await office.put("/calendar-years/2031", NOTICE)
    assert done.status_code == 200, done.text
    assert (done.json()["provisional"], done.json()["document_no"]) == (
        False,
        NOTICE["document_no"],
    )
    after = await office.get("/calendar", day_gte="2031-01-01", day_lte="2031-12-31", limit=200)
    days = {each["day"]: each for each in after.json()["items"]}
    assert not any(each["provisional"] for each in days.values())
    listed = {each["day"] for each in NOTICE["days"]}
    assert {each["workday"] for day, each in days.items() if day in listed} == {True, False}
    # National Day was expected; the list does not have it: a plain Wednesday.
    assert days["2031-10-01"]["workday"] is True
    due = await office.get("/calendar/deadline", start="2030-12-31", workdays=1)
    assert due.json()["due_on"] == "2031-01-03"
    told = {event.data["day"] for event in await bus.events("calendar_day.set")}
    assert listed <= told


async def test_the_same_list_again_changes_nothing(office: Any, bus: Any) -> None:
    before = (await office.get("/calendar-years/2031")).json()
    await bus.since_now()
    again = await office.put("/calendar-years/2031", NOTICE)
    assert (again.status_code, again.json()) == (200, before)
    assert await bus.events("calendar_day.set") == []


async def test_a_confirmed_year_is_not_loaded_over(office: Any, pool: Any) -> None:
    async with pool.session() as session:
        await calendar.load_years(session, 2031, 2031)
    year = (await office.get("/calendar-years/2031")).json()
    assert year["provisional"] is False
    assert (await office.get("/calendar/2031-10-01")).json()["source"] == "office"


async def test_an_open_deadline_moves_when_the_real_list_arrives(office: Any, bus: Any) -> None:
    """The deadline lies in a year whose notice is not out yet."""
    year = china_date().year + 2
    body = {"title": "跨年事项", "description": "至后年六月", "responsible_unit": "gangqu-admin"}
    day = date(year, 6, 6)
    while day.weekday() != 1:
        day += timedelta(days=1)
    item = (await office.post("/supervision-items", body | {"due_on": f"{day}"})).json()
    assert item["due_provisional"] is True
    days = [
        {"day": f"{day}", "workday": False, "name": "端午节"},
        {"day": f"{day + timedelta(days=1)}", "workday": False, "name": "端午节"},
    ]
    notice = {"document_no": "国办发明电〔2028〕1号", "days": days}
    assert (await office.put(f"/calendar-years/{year}", notice)).status_code == 200
    moved = (await office.get(f"/supervision-items/{item['id']}")).json()
    assert moved["due_on"] == f"{day + timedelta(days=2)}"
    assert moved["due_provisional"] is False
    (event,) = await bus.events("item.deadline_changed", f"item:{item['id']}")
    assert event.data["cause"] == "calendar"


async def test_a_batch_of_days_moves_a_deadline_once(office: Any, bus: Any) -> None:
    """From each day on to the next it would move with every item, and 200 took half a minute."""
    body = {"title": "连休事项", "description": "至连休前", "responsible_unit": "gangqu-admin"}
    day = date(china_date().year + 3, 7, 1)
    while day.weekday() != 1:
        day += timedelta(days=1)
    item = (await office.post("/supervision-items", body | {"due_on": f"{day}"})).json()
    off = [f"{day + timedelta(days=n)}" for n in range(3)]
    rows = [{"day": each, "workday": False, "name": "连休"} for each in off]
    assert (await office.post("/calendar/batch", {"items": rows})).status_code == 200
    moved = (await office.get(f"/supervision-items/{item['id']}")).json()
    assert moved["due_on"] == f"{day + timedelta(days=3)}"
    assert len(await bus.events("item.deadline_changed", f"item:{item['id']}")) == 1


async def test_days_come_one_by_one_in_a_batch_and_in_a_file(
    office: Any, app: Any, jobs: Any
) -> None:
    made = await office.post("/calendar", {"day": "2033-03-03", "workday": False, "name": "一"})
    assert (made.status_code, made.headers["location"]) == (201, "/api/v1/calendar/2033-03-03")
    rows = [{"day": f"2033-03-{day:02}", "workday": False, "name": "批"} for day in (4, 7)]
    assert (await office.post("/calendar/batch", {"items": rows})).status_code == 200
    file = "日期,工作日,name\n2033-03-08,false,文件\n2033-03-12,true,调休上班\n"
    answer = await office.client.post(
        "/api/v1/calendar/import?filename=2033.csv",
        content=file.encode(),
        headers={"Content-Type": "text/csv", "Idempotency-Key": str(uuid.uuid4())},
    )
    assert answer.status_code == 202, answer.text
    await jobs()
    job = (await office.get(f"/jobs/{answer.json()['id']}")).json()
    assert job["state"] == "succeeded", job
    days = await office.get("/calendar", day_gte="2033-03-01", day_lte="2033-03-31")
    assert [(each["day"], each["workday"]) for each in days.json()["items"]] == [
        ("2033-03-03", False),
        ("2033-03-04", False),
        ("2033-03-07", False),
        ("2033-03-08", False),
        ("2033-03-12", True),
    ]
    assert MANY > 366, "a year fits in one portion of an import"
    confirmed = await office.put("/calendar-years/2033", {"document_no": "国办发〔2032〕1号"})
    assert confirmed.json()["provisional"] is False


@pytest.mark.parametrize(
    ("days", "code"),
    [
        ([{"day": "2034-01-01", "workday": False}], "day_outside_year"),
        ([{"day": "2035-01-01", "workday": False}] * 2, "day_twice"),
    ],
)
async def test_a_list_of_another_year_or_with_a_day_twice_is_refused(
    office: Any, days: Any, code: str
) -> None:
    answer = await office.put("/calendar-years/2035", {"document_no": "x", "days": days})
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert (await office.get("/calendar-years/2035")).json()["provisional"] is True


async def test_only_the_office_confirms_a_year(unit: Any) -> None:
    assert (await unit.put("/calendar-years/2036", {"document_no": "x"})).status_code == 403
    day = {"day": "2036-01-04", "workday": True}
    assert (await unit.post("/calendar", day)).status_code == 403
