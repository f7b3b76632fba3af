"""One unit may report for a closed period, until a day."""

from datetime import timedelta
from typing import Any

from servicekit.clock import china_date

PERIOD = "2026-Q2"
PATH = f"/api/v1/reporting-periods/{PERIOD}/exceptions"


async def turn(world: Any, verb: str, **body: Any) -> None:
    office = await world.office()
    row = await world.get(f"reporting-periods/{PERIOD}")
    answer = await office.post(
        f"/api/v1/reporting-periods/{PERIOD}/{verb}", json=body or None, headers=world.etag(row)
    )
    assert answer.status_code == 200, answer.text


async def grant(world: Any, **changes: Any) -> Any:
    body = {"unit_code": "st-bureau", "expires_on": str(china_date()), "reason": "系统故障"}
    office = await world.office()
    return await office.post(PATH, json=body | changes, headers=world.key())


async def test_only_the_unit_with_an_exception_reports_for_a_closed_period(world: Any) -> None:
    await world.indicator("late", supporting_units=["xuedian-town"])
    await turn(world, "close")
    reporter = await world.as_("unit_reporter", "st-bureau")
    body = {"indicator_code": "late", "unit_code": "st-bureau", "period": PERIOD, "value": "7"}
    url = "/api/v1/progress-reports"
    refused = await reporter.post(url, json=body, headers=world.key())
    assert (refused.status_code, refused.json()["code"]) == (409, "period_closed")
    assert (await grant(world)).status_code == 201
    await world.verified("late", PERIOD, value="7")
    other = await world.as_("unit_reporter", "xuedian-town")
    foreign = body | {"unit_code": "xuedian-town"}
    refused = await other.post(url, json=foreign, headers=world.key())
    assert refused.json()["code"] == "period_closed"
    log = await world.get(f"reporting-periods/{PERIOD}/restatements")
    (entry,) = log["items"]
    assert (entry["cause"], entry["reason"]) == ("exception", "系统故障")
    assert (entry["old_value"], entry["new_value"]) == (None, "7")
    assert entry["actor"] == "office-programme-office"


async def test_an_exception_that_was_ended_lets_nobody_in(world: Any) -> None:
    office = await world.office()
    (row,) = (await world.get(f"reporting-periods/{PERIOD}/exceptions"))["items"]
    ended = await office.delete(f"{PATH}/{row['id']}")
    assert ended.status_code == 204
    (kept,) = (await world.get(f"reporting-periods/{PERIOD}/exceptions"))["items"]
    assert (kept["ended_by"], kept["version"]) == ("office-programme-office", 2)
    reporter = await world.as_("unit_reporter", "st-bureau")
    body = {"indicator_code": "late", "unit_code": "st-bureau", "period": PERIOD, "value": "8"}
    refused = await reporter.post("/api/v1/progress-reports", json=body, headers=world.key())
    assert refused.json()["code"] == "period_closed"
    assert (await office.delete(f"{PATH}/{row['id']}")).status_code == 204


async def test_what_makes_no_exception(world: Any) -> None:
    yesterday = str(china_date() - timedelta(days=1))
    for changes, status, code in [
        ({"expires_on": yesterday}, 422, "exception_expired"),
        ({"unit_code": "nobody"}, 422, "unknown_reference"),
        ({"reason": ""}, 422, "validation_failed"),
        ({"expires_on": "tomorrow"}, 422, "validation_failed"),
    ]:
        answer = await grant(world, **changes)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    lead = await world.as_("group_lead", "group-1")
    body = {"unit_code": "st-bureau", "expires_on": "2100-01-01", "reason": "x"}
    assert (await lead.post(PATH, json=body, headers=world.key())).status_code == 403
    office = await world.office()
    missing = await office.post(PATH.replace(PERIOD, "2099"), json=body, headers=world.key())
    assert missing.status_code == 404


async def test_a_reopened_period_takes_numbers_and_says_what_changed(world: Any) -> None:
    await world.bus.since_now()
    await turn(world, "reopen", reason="统计局更正")
    (event,) = await world.bus.events("period.reopened")
    assert event.data["reason"] == "统计局更正"
    await world.verified("late", PERIOD, value="9")
    log = (await world.get(f"reporting-periods/{PERIOD}/restatements"))["items"]
    assert [(e["cause"], e["reason"], e["old_value"], e["new_value"]) for e in log] == [
        ("reopened", "统计局更正", "7", "9"),
        ("exception", "系统故障", None, "7"),
    ]
    await world.verified("late", PERIOD, value="9")
    again = (await world.get(f"reporting-periods/{PERIOD}/restatements"))["items"]
    assert again == log, "an equal number restates nothing"
    row = await world.get(f"reporting-periods/{PERIOD}")
    assert (row["state"], row["closed_at"]) == ("open", None)
    assert row["first_closed_at"] is not None
