"""Target revisions over HTTP: a decision, its document, and every answer as it was known."""

import asyncio
import random
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import asyncpg
import pytest
from contracts.parks import ParkMetricChanged
from servicekit.clock import china_date, now
from targets.revisions.service import take_effect

API = "/api/v1"
D = Decimal
TODAY = china_date()


def decision(year: int, value: str | None, effective_on: date = TODAY, **more: Any) -> Any:
    return {
        "year": year,
        "value": value,
        "effective_on": effective_on.isoformat(),
        "document_no": "科发〔2027〕3号",
        "reason": "省下达指标调整",
        **more,
    }


async def revise(world: Any, code: str, body: Any, status: int = 201) -> Any:
    office = await world.office()
    answer = await office.post(f"{API}/indicators/{code}/revisions", json=body, headers=world.key())
    assert answer.status_code == status, answer.text
    return answer


def by_year(row: Any) -> dict[int, str]:
    return {each["year"]: each["value"] for each in row["milestones"]}


async def test_a_revision_holds_from_its_day_and_leaves_what_was(world: Any) -> None:
    await world.indicator("r-day")
    before = now()
    await world.bus.since_now()
    first = TODAY + timedelta(30)
    made = await revise(world, "r-day", decision(2027, "45", first))
    row = (await (await world.office()).get(made.headers["Location"])).json()
    assert row == made.json()
    assert (row["old_value"], row["new_value"]) == ("40", "45")
    (told,) = await world.bus.events("target_revised", "indicator:r-day")
    assert (told.data["new_value"], told.data["effective_on"]) == ("45", first.isoformat())

    assert by_year(await world.get("indicators/r-day"))[2027] == "40"
    assert by_year(await world.get("indicators/r-day", as_of=first))[2027] == "45"
    then = before.isoformat()
    old = await world.get("indicators/r-day", as_of=first, known_at=then)
    assert by_year(old)[2027] == "40"
    listed = await world.get("indicators", as_of=first, limit=200)
    assert by_year(next(r for r in listed["items"] if r["code"] == "r-day"))[2027] == "45"
    office = await world.office()
    early = await office.get(f"{API}/indicators/r-day?known_at=2020-01-01T00:00:00Z")
    assert early.status_code == 404

    spans = await world.get("indicators/r-day/milestones", sort="year,known_from")
    of_2027 = [r for r in spans["items"] if r["year"] == 2027]
    assert {(r["value"], r["valid_from"], r["valid_to"], r["document_no"]) for r in of_2027} == {
        ("40", None, first.isoformat(), None),
        ("45", first.isoformat(), None, "科发〔2027〕3号"),
    }
    assert [r["year"] for r in spans["items"] if r["baseline"]] == [2025]


async def test_a_plan_applied_again_does_not_undo_a_revision(world: Any) -> None:
    await world.indicator("r-again")
    await revise(world, "r-again", decision(2027, "45"))
    again = await world.indicator("r-again")
    assert by_year(again)[2027] == "45"
    third = world.indicator_body("r-again", milestones=[
        {"year": 2026, "value": "33"}, {"year": 2027, "value": "50"}, {"year": 2028, "value": "54"},
    ])  # fmt: skip
    refused = await world.put("indicators/r-again", third, 409)
    assert refused["code"] == "revision_document_required"
    assert "2027" in refused["detail"]
    named = third | {"document_no": "科发〔2027〕9号", "reason": "再次调整"}
    assert by_year(await world.put("indicators/r-again", named, 200))[2027] == "50"


async def test_a_revision_of_today_is_judged_at_once_and_one_to_come_on_its_day(
    world: Any,
) -> None:
    fed = {"source_kind": "parks", "source_metric": "r-judged", "frequency": "month"}
    await world.indicator("r-judged", **fed)
    await world.hear(
        ParkMetricChanged(
            series="r/2026-06", metric="r-judged", period="2026-06", value=D("16.5"), unit="亿元"
        )
    )
    assert (await world.board("r-judged"))["status"] == "green"
    await revise(world, "r-judged", decision(2026, "66"))
    assert (await world.board("r-judged"))["status"] == "red"
    tomorrow = TODAY + timedelta(1)
    await revise(world, "r-judged", decision(2026, "30", tomorrow))
    async with world.database.session() as session:
        await take_effect(session)
    assert (await world.board("r-judged"))["status"] == "red"
    ahead = await world.get("status-board", as_of=tomorrow, limit=200)
    row = next(r for r in ahead["items"] if r["indicator_code"] == "r-judged")
    assert (row["status"], row["expected"]) == ("green", "15")


async def test_the_day_of_a_revision_comes(world: Any, monkeypatch: Any) -> None:
    await world.indicator("r-comes")
    await revise(world, "r-comes", decision(2026, "66", TODAY + timedelta(1)))
    await revise(world, "r-comes", decision(2025, "28", TODAY + timedelta(1)))
    monkeypatch.setattr("targets.revisions.service.china_date", lambda: TODAY + timedelta(1))
    async with world.database.session() as session:
        await take_effect(session)
    row = await world.get("indicators/r-comes")
    assert (by_year(row)[2026], row["baseline"]["value"], row["version"]) == ("66", "28", 2)
    async with world.database.session() as session:
        await take_effect(session)
    assert (await world.get("indicators/r-comes"))["version"] == 2


async def test_the_board_of_a_day_gone_by_is_as_it_was_known(world: Any) -> None:
    fed = {"source_kind": "parks", "source_metric": "r-board", "frequency": "month"}
    await world.indicator("r-board", **fed)

    async def feed(period: str, value: str) -> str:
        await world.hear(
            ParkMetricChanged(
                series=f"r/{period}", metric="r-board", period=period, value=D(value), unit="亿元"
            )
        )
        return now().isoformat()

    async def board(**query: Any) -> Any:
        page = await world.get("status-board", limit=200, **query)
        counted = page["summary"]
        lights = ("green", "amber", "red", "unknown")
        assert sum(counted[each] for each in lights) == len(page["items"])
        return next((r for r in page["items"] if r["indicator_code"] == "r-board"), None)

    march = await feed("2026-03", "8.25")
    june = await feed("2026-06", "16.5")
    await feed("2026-03", "4")
    await revise(world, "r-board", decision(2026, "66"))
    assert (await board())["status"] == "red"
    seen = await board(as_of="2026-04-01")
    assert (seen["period"], seen["actual"], seen["status"]) == ("2026-03", "4", "red")
    seen = await board(as_of="2026-04-01", known_at=march)
    assert (seen["actual"], seen["expected"], seen["status"]) == ("8.25", "8.25", "green")
    seen = await board(known_at=june)
    assert (seen["period"], seen["expected"], seen["status"]) == ("2026-06", "16.5", "green")
    assert (seen["forecast"], seen["open_items"]) == (None, [])
    assert (await board(as_of="2026-01-01"))["status"] == "unknown"
    assert await board(known_at="2020-01-01T00:00:00Z") is None
    red = await world.get("status-board", as_of="2026-04-01", status="red", limit=200)
    assert {row["status"] for row in red["items"]} == {"red"}


async def test_a_closed_year_is_not_revised(world: Any) -> None:
    await world.indicator("r-closed", milestones=[
        {"year": 2026, "value": "33"}, {"year": 2031, "value": "40"}, {"year": 2032, "value": "54"},
    ])  # fmt: skip
    year = await world.put("reporting-periods/2031", {})
    office = await world.office()
    closed = await office.post(f"{API}/reporting-periods/2031/close", headers=world.etag(year))
    assert closed.status_code == 200, closed.text
    for body in (decision(2031, "50"), decision(2032, "50", date(2031, 6, 1))):
        refused = (await revise(world, "r-closed", body, 409)).json()
        assert refused["code"] == "year_closed"
        assert "2031" in refused["detail"]
    changed = world.indicator_body("r-closed", milestones=[
        {"year": 2026, "value": "33"}, {"year": 2031, "value": "41"}, {"year": 2032, "value": "54"},
    ])  # fmt: skip
    assert (await world.put("indicators/r-closed", changed, 409))["code"] == "year_closed"
    assert (await world.get("indicators/r-closed/revisions"))["items"] == []
    assert (await world.get("indicators/r-closed"))["version"] == 1


async def test_there_is_one_baseline(world: Any) -> None:
    await world.indicator("r-base")
    refused = (await revise(world, "r-base", decision(2024, "20"), 409)).json()
    assert (refused["code"], "2025" in refused["detail"]) == ("second_baseline", True)
    body = world.indicator_body("r-base", baseline={"year": 2024, "value": "20"})
    assert (await world.put("indicators/r-base", body, 409))["code"] == "second_baseline"
    made = await revise(world, "r-base", decision(2025, "28"))
    assert made.json()["baseline"] is True
    assert (await world.get("indicators/r-base"))["baseline"] == {"year": 2025, "value": "28"}
    await world.indicator("r-none", baseline=None)
    await revise(world, "r-none", decision(2024, "20"))
    assert (await world.get("indicators/r-none"))["baseline"] == {"year": 2024, "value": "20"}


async def test_bad_decisions_say_what_is_wrong(world: Any) -> None:
    ladder = {"kind": "grade", "unit": "级", "grade_ladder": ["municipal"], "baseline": None}
    ladder |= {"time_aggregation": "latest", "unit_aggregation": "max"}
    await world.indicator("r-bad", milestones=[{"year": 2028, "value": "1"}], **ladder)
    refused = (await revise(world, "r-bad", decision(2028, "2"), 422)).json()
    assert refused["errors"][0]["code"] == "not_on_ladder"
    refused = (await revise(world, "r-bad", decision(2028, None), 422)).json()
    assert refused["code"] == "no_target_left"
    refused = (await revise(world, "r-bad", decision(2028, "1", document_no=""), 422)).json()
    assert refused["errors"][0]["pointer"] == "/document_no"
    await revise(world, "r-nothing", decision(2028, "1"), 404)
    reporter = await world.as_("unit_reporter", "st-bureau")
    path = f"{API}/indicators/r-bad/revisions"
    denied = await reporter.post(path, json=decision(2028, "1"), headers=world.key())
    assert denied.status_code == 403


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_was_decided_every_answer_is_what_was_known(world: Any, seed: int) -> None:
    chance, code = random.Random(seed), f"r-any-{seed}"
    await world.indicator(
        code, milestones=[{"year": 2026, "value": "33"}, {"year": 2027, "value": "40"}]
    )
    known: list[tuple[datetime, date, Decimal | None]] = [(now(), date.min, D(40))]
    for _ in range(8):
        day, value = TODAY + timedelta(chance.randint(-20, 20)), chance.choice(["41", "42", None])
        await revise(world, code, decision(2027, value, day))
        known.append((now(), day, None if value is None else D(value)))
    for moment, _, _ in known:
        for day in (TODAY + timedelta(chance.randint(-25, 25)) for _ in range(4)):
            told = [(since, at, v) for at, since, v in known if at <= moment and since <= day]
            expected = max(told, key=lambda each: each[:2])[2]
            row = await world.get(f"indicators/{code}", as_of=day, known_at=moment.isoformat())
            assert by_year(row).get(2027) == (None if expected is None else str(expected))


async def test_decisions_at_the_same_time_leave_one_line(world: Any) -> None:
    await world.indicator("r-race")
    days = [TODAY + timedelta(n) for n in range(6)]
    await asyncio.gather(
        *[revise(world, "r-race", decision(2027, str(40 + n), day)) for n, day in enumerate(days)]
    )
    for number, day in enumerate(days):
        row = await world.get("indicators/r-race", as_of=day)
        assert by_year(row)[2027] == str(40 + number)


async def test_the_database_itself_keeps_the_past_and_one_line(
    world: Any, service_database: Any
) -> None:
    await world.indicator("r-kept")
    await revise(world, "r-kept", decision(2027, "45"))
    connection = await asyncpg.connect(service_database("targets").app_url)
    try:
        with pytest.raises(asyncpg.RestrictViolationError):
            await connection.execute(
                "UPDATE target_value SET known_to = known_to + interval '1 day'"
                " WHERE known_to IS NOT NULL AND indicator_code = 'r-kept'"
            )
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("UPDATE target_value SET value = 1")
        twice = (
            "INSERT INTO target_value (id, indicator_code, year, baseline, value, known_from)"
            " VALUES (gen_random_uuid(), 'r-kept', $1, $2, 1, now())"
        )
        for year, baseline, name in ((2027, False, "overlap"), (2024, True, "baseline")):
            with pytest.raises(asyncpg.ExclusionViolationError, match=f"ex_target_value_{name}"):
                await connection.execute(twice, year, baseline)
    finally:
        await connection.close()
