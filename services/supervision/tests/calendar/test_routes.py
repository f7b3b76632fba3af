"""The calendar over HTTP, as the State Council announced 2026."""

from typing import Any


async def test_deadlines_are_counted_over_the_real_spring_festival(office: Any) -> None:
    answer = await office.get("/calendar/deadline", start="2026-02-12", workdays=3)
    assert answer.status_code == 200
    assert answer.json() == {
        "start": "2026-02-12",
        "workdays": 3,
        "due_on": "2026-02-24",
        "provisional": False,
    }


async def test_a_deadline_beyond_the_announced_years_is_provisional(office: Any) -> None:
    answer = await office.get("/calendar/deadline", start="2099-09-28", workdays=5)
    assert answer.json()["provisional"] is True


async def test_the_office_rules_a_day_and_the_ruling_prevails(office: Any) -> None:
    body = {"workday": False, "name": "市运动会"}
    made = await office.put("/calendar/2026-03-18", body)
    assert (made.status_code, made.json()["source"]) == (201, "office")
    assert (await office.get("/calendar/2026-03-18")).json() == made.json()
    assert (await office.get("/calendar/2026-03-19")).status_code == 404
    again = await office.put("/calendar/2026-03-18", body)
    assert (again.status_code, again.headers["etag"]) == (200, made.headers["etag"])
    due = await office.get("/calendar/deadline", start="2026-03-17", workdays=1)
    assert due.json()["due_on"] == "2026-03-19"
    listed = await office.get("/calendar", day_gte="2026-03-01", day_lte="2026-03-31")
    assert [day["day"] for day in listed.json()["items"]] == ["2026-03-18"]


async def test_saying_the_same_makes_an_expected_day_certain_and_leaves_an_announced_one(
    office: Any,
) -> None:
    await office.get("/calendar/deadline", start="2099-09-28", workdays=5)
    for day, certain in (("2026-10-02", True), ("2099-10-02", False)):
        before = (await office.get(f"/calendar/{day}")).json()
        assert before["provisional"] is not certain
        body = {"workday": before["workday"], "name": before["name"]}
        etag = f'"{before["version"]}"'
        after = (await office.put(f"/calendar/{day}", body, etag)).json()
        assert (after == before) is certain
        assert after["provisional"] is False


async def test_what_the_office_ruled_is_told_once(office: Any, bus: Any) -> None:
    await bus.since_now()
    for _ in range(2):
        await office.put("/calendar/2026-03-19", {"workday": False, "name": "停电检修"})
    (event,) = await bus.events("calendar_day.set")
    assert (event.data["day"], event.data["workday"]) == ("2026-03-19", False)


async def test_an_announced_day_can_be_overruled_and_is_not_loaded_over(
    office: Any, pool: Any
) -> None:
    from supervision.calendar import service

    changed = await office.put("/calendar/2026-10-08", {"workday": False, "name": "连休"})
    assert changed.status_code == 201
    overruled = await office.put("/calendar/2026-10-10", {"workday": False, "name": None})
    assert (overruled.status_code, overruled.json()["workday"]) == (200, False)
    async with pool.session() as session:
        await service.load_years(session, 2026, 2026)
    due = await office.get("/calendar/deadline", start="2026-09-30", workdays=1)
    assert due.json()["due_on"] == "2026-10-09"
    unchanged = await office.get("/calendar", day_gte="2026-10-10", day_lte="2026-10-10")
    assert unchanged.json()["items"][0]["workday"] is False


async def test_loading_a_year_again_touches_nothing(office: Any, pool: Any) -> None:
    from supervision.calendar import service

    async with pool.session() as session:
        await service.load_years(session, 2026, 2027)
    before = (await office.get("/calendar", limit=200, day_gte="2026-01-01")).json()["items"]
    async with pool.session() as session:
        await service.load_years(session, 2026, 2027)
    after = (await office.get("/calendar", limit=200, day_gte="2026-01-01")).json()["items"]
    assert before == after
    assert len(after) > 40


async def test_only_the_office_sets_a_day(unit: Any) -> None:
    answer = await unit.put("/calendar/2026-03-20", {"workday": False})
    assert answer.status_code == 403


async def test_days_outside_the_known_years_are_refused(office: Any) -> None:
    for start in ("1999-12-31", "2101-01-01", "nonsense"):
        answer = await office.get("/calendar/deadline", start=start, workdays=1)
        assert answer.status_code == 422
    edge = await office.get("/calendar/deadline", start="2100-12-30", workdays=250)
    assert (edge.status_code, edge.json()["code"]) == (422, "day_out_of_range")
    assert (await office.put("/calendar/2101-01-01", {"workday": True})).status_code == 422


async def test_a_rule_is_true_or_false_and_no_number(office: Any) -> None:
    for wrong in (0, 1, "yes"):
        body = {"day": "2026-03-20", "workday": wrong}
        for answer in (
            await office.post("/calendar", body),
            await office.post("/calendar/batch", {"items": [body]}),
            await office.put("/calendar/2026-03-20", {"workday": wrong}),
        ):
            assert answer.status_code == 422, answer.text
