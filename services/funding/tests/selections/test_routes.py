"""Ranking and awarding over HTTP."""

import asyncio
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from contracts.supervision import ItemClosed, ItemOpened
from funding.holds.handlers import on_item_closed, on_item_opened
from servicekit.clock import now

ONE, TWO, THREE = "maizier-sugar", "qingan-chemical", "st-bureau"


async def applications(house: Any, call: dict[str, Any]) -> list[dict[str, Any]]:
    path = f"/applications?call_id={call['id']}&limit=200"
    rows = (await house.get("office", path)).json()["items"]
    return sorted(rows, key=lambda row: row["number"])


async def test_a_call_is_ranked_announced_and_awarded(house: Any, programme: Any) -> None:
    call = await programme.a_call("open", amount="150.00")
    for unit, score in ((ONE, "70"), (TWO, "90"), (THREE, "50")):
        await programme.reviewed(call["id"], unit, score)
    call = await programme.until(call, "announced")
    assert call["available"] == "150.00"
    notice = await programme.notice_of(call)
    places = [(e["rank"], e["applicant_unit"], e["score"], e["outcome"]) for e in notice["entries"]]
    assert places == [
        (1, TWO, "90", "selected"),
        (2, ONE, "70", "reserve"),
        (3, THREE, "50", "below"),
    ]
    own = f"/applications?call_id={call['id']}"
    (early,) = (await house.get("enterprise", own, unit=TWO)).json()["items"]
    assert (early["score"], early["rank"], early["outcome"]) == (None, None, None)
    await house.bus.since_now()
    await programme.step("office", "funding-calls", call, "award")
    (after,) = (await house.get("enterprise", own, unit=TWO)).json()["items"]
    assert (after["score"], after["rank"], after["outcome"]) == ("90", 1, "selected")
    states = [
        (row["state"], row["award_id"] is not None) for row in await applications(house, call)
    ]
    assert states == [("declined", False), ("awarded", True), ("declined", False)]
    (told,) = await house.bus.events("award.granted")
    assert (told.data["payee_unit"], told.data["amount"]) == (TWO, "100.00")
    budget = (await house.get("office", f"/budgets/{call['budget_id']}")).json()
    assert (budget["committed"], budget["available"]) == ("100.00", "50.00")
    await house.books_balance()


async def test_nothing_is_ranked_that_is_not_decided_and_scored(house: Any, programme: Any) -> None:
    call = await programme.a_call()
    row = await programme.submitted(call["id"])
    early = await programme.try_step("office", "funding-calls", call, "rank")
    assert early.json()["code"] == "invalid_transition"
    call = await programme.step("office", "funding-calls", call, "close")
    waits = await programme.try_step("office", "funding-calls", call, "rank")
    assert (waits.status_code, waits.json()["code"]) == (409, "applications_undecided")
    await programme.step("office", "applications", row, "accept")
    unread = await programme.try_step("office", "funding-calls", call, "rank")
    assert (unread.status_code, unread.json()["code"]) == (409, "reviews_missing")
    await programme.scored(row, "80", "80")
    await programme.step("office", "funding-calls", call, "rank")
    late = await programme.try_step("enterprise", "applications", row, "withdraw")
    assert (late.status_code, late.json()["code"]) == (409, "call_ranked")


async def test_two_calls_on_one_line_cannot_overspend_it(house: Any, programme: Any) -> None:
    for _ in range(3):
        budget = (await house.appropriated("150.00"))["id"]
        calls = [await programme.a_call("open", budget=budget) for _ in range(2)]
        for call in calls:
            await programme.reviewed(call["id"], ONE, "80")
        calls = [await programme.until(call, "announced") for call in calls]
        answers = await asyncio.gather(
            *(programme.try_step("office", "funding-calls", call, "award") for call in calls)
        )
        codes = sorted((answer.status_code, answer.json().get("code")) for answer in answers)
        assert codes == [(200, None), (409, "insufficient_funds")]
        line = (await house.get("office", f"/budgets/{budget}")).json()
        assert line["committed"] == "100.00"
        states = [row["state"] for call in calls for row in await applications(house, call)]
        assert sorted(states) == ["accepted", "awarded"], "the other one is as it was"
    await house.books_balance()


async def test_one_call_is_awarded_once_however_many_ask(house: Any, programme: Any) -> None:
    call = await programme.a_call("open")
    await programme.reviewed(call["id"], ONE, "80")
    call = await programme.until(call, "announced")
    answers = await asyncio.gather(
        *(programme.try_step("office", "funding-calls", call, "award") for _ in range(4))
    )
    assert [answer.status_code for answer in answers].count(200) == 1
    line = (await house.get("office", f"/budgets/{call['budget_id']}")).json()
    assert line["committed"] == "100.00"


async def test_whoever_may_not_any_more_is_not_awarded_and_nobody_moves_up(
    house: Any, programme: Any
) -> None:
    rules = [{"rule": "no_open_rectification", "values": []}]
    call = await programme.a_call("open", amount="150.00", rules=rules)
    first = await programme.reviewed(call["id"], TWO, "90")
    await programme.reviewed(call["id"], ONE, "80")
    call = await programme.until(call, "announced")
    item = {"item_id": uuid4(), "number": "2026-0099", "responsible_unit": TWO}
    opened = {**item, "title": "t", "origin": "manual", "due_on": date(2026, 8, 1)}
    await house.hear(on_item_opened, ItemOpened.model_validate(opened))
    await programme.step("office", "funding-calls", call, "award")
    rows = await applications(house, call)
    assert [row["state"] for row in rows] == ["declined", "declined"]
    assert "2026-0099" in rows[0]["reason"]
    path = f"/applications/{first['id']}/eligibility-results"
    looked = (await house.get("enterprise", path, unit=TWO)).json()["items"]
    assert [(one["stage"], one["passed"]) for one in looked] == [
        ("submission", True),
        ("award", False),
    ]
    line = (await house.get("office", f"/budgets/{call['budget_id']}")).json()
    assert Decimal(line["committed"]) == 0
    ended = {**item, "origin": "manual", "outcome": "closed", "closed_at": now()}
    await house.hear(on_item_closed, ItemClosed.model_validate(ended))
