"""A call is cancelled: its applications end with it, are told, and stand in nobody's way."""

import asyncio
from typing import Any

import pytest

from services.funding.tests.programme import CRITERIA

RUNNING = ("draft", "submitted", "returned", "accepted")


async def an_application(programme: Any, call: str, unit: str, state: str) -> dict[str, Any]:
    row = await (programme.draft if state == "draft" else programme.submitted)(call, unit)
    steps = {"returned": "return", "accepted": "accept", "refused": "refuse"}
    if state in steps:
        row = await programme.step("office", "applications", row, steps[state], unit=unit)
    return row


async def test_everything_that_runs_ends_with_the_call_and_is_told(
    house: Any, programme: Any
) -> None:
    call = await programme.a_call("open")
    rows = [
        await an_application(programme, call["id"], "maizier-sugar", state) for state in RUNNING
    ]
    refused = await an_application(programme, call["id"], "maizier-sugar", "refused")
    await house.bus.since_now()
    done = await programme.step("office", "funding-calls", call, "cancel")
    assert (done["state"], done["cancel_reason"]) == ("cancelled", "r")
    told = await house.bus.events("application.cancelled")
    assert {each.data["application_id"] for each in told} == {row["id"] for row in rows}
    assert {each.data["applicant_unit"] for each in told} == {"maizier-sugar"}
    (of_call,) = await house.bus.events("funding_call.cancelled", f"funding_call:{call['id']}")
    assert of_call.data["reason"] == "r"
    for row in rows:
        now = (await house.get("enterprise", f"/applications/{row['id']}")).json()
        assert (now["state"], now["reason"]) == ("cancelled", "r")
    now = (await house.get("enterprise", f"/applications/{refused['id']}")).json()
    assert now["state"] == "refused", "it had ended before"


async def test_the_unit_may_apply_elsewhere(house: Any, programme: Any) -> None:
    once = [{"rule": "no_duplicate", "values": ["fund_and_year"]}]
    first = await programme.a_call("open", rules=once)
    await programme.submitted(first["id"], "qingan-chemical")
    second = await programme.a_call("open", rules=once)
    draft = await programme.draft(second["id"], "qingan-chemical")
    step = programme.step
    in_the_way = await step("enterprise", "applications", draft, "submit", unit="qingan-chemical")
    assert in_the_way["eligible"] is False
    await step("office", "funding-calls", first, "cancel")
    await step("office", "applications", draft, "return")
    free = await step("enterprise", "applications", draft, "submit", unit="qingan-chemical")
    assert free["eligible"] is True


async def test_a_list_that_is_shown_counts_no_more(house: Any, programme: Any) -> None:
    call = await programme.a_call("open")
    await programme.reviewed(call["id"], "maizier-sugar", "80")
    call = await programme.until(call, "announced")
    notice = await programme.notice_of(call)
    await programme.step("office", "funding-calls", call, "cancel")
    shown = (await house.get("enterprise", f"/public-notices/{notice['id']}")).json()
    assert shown["state"] == "superseded"
    body = {"notice_id": notice["id"], "objector_unit": "maizier-sugar", "reason": "r"}
    assert (await house.post("enterprise", "/objections", body)).status_code == 409


@pytest.mark.parametrize("state", ["awarded", "cancelled"])
async def test_what_has_ended_is_not_cancelled(house: Any, programme: Any, state: str) -> None:
    call = await programme.a_call(state)
    refused = await programme.try_step("office", "funding-calls", call, "cancel")
    assert (refused.status_code, refused.json()["code"]) == (409, "invalid_transition")


async def test_a_cancelled_call_takes_no_application_and_no_days(
    house: Any, programme: Any
) -> None:
    call = await programme.a_call("open")
    draft = await programme.draft(call["id"])
    await programme.step("office", "funding-calls", call, "cancel")
    body = programme.application_body(call["id"], "maizier-sugar")
    late = await house.post("enterprise", "/applications", body)
    assert (late.status_code, late.json()["code"]) == (409, "call_not_open")
    answer = await programme.try_step("enterprise", "applications", draft, "submit")
    assert answer.status_code == 409


async def test_whoever_applies_while_it_is_cancelled_is_told_or_refused(
    house: Any, programme: Any
) -> None:
    call = await programme.a_call("open")
    drafts = [await programme.draft(call["id"], summary=str(n)) for n in range(6)]
    answers = await asyncio.gather(
        programme.try_step("office", "funding-calls", call, "cancel"),
        *(programme.try_step("enterprise", "applications", row, "submit") for row in drafts),
        *(programme.try_step("enterprise", "applications", row, "submit") for row in drafts),
    )
    # An application that came in meanwhile has counted itself in the call's version or not.
    if answers[0].status_code != 200:
        await programme.step("office", "funding-calls", call, "cancel")
    listed = await house.get("office", f"/applications?call_id={call['id']}&limit=200")
    assert {row["state"] for row in listed.json()["items"]} == {"cancelled"}
    assert len(listed.json()["items"]) == 6


async def test_open_calls_keep_their_year_open_and_are_named(house: Any, programme: Any) -> None:
    year = 2003
    for each in (year, year + 1):
        await house.year(each)
    line = await house.approved("10.00", year=year)
    calls = [
        await programme.a_call(state, budget=line["id"]) for state in ("draft", "open", "closed")
    ]
    await programme.a_call("awarded", budget=line["id"])
    row = await house.drawn_up("/year-closes", fiscal_year=year, document_no="n")
    refused = await house.decide("/year-closes", row)
    named = {error["pointer"] for error in refused.json()["errors"]}
    assert named == {f"/funding-calls/{call['id']}" for call in calls}
    for call in calls:
        await programme.step("office", "funding-calls", call, "cancel")
    assert (await house.decide("/year-closes", row)).status_code == 200
    late = await house.made("office", "/funding-calls", await programme.call_body(line["id"]))
    closed = await programme.try_step("office", "funding-calls", late, "publish")
    assert (closed.status_code, closed.json()["code"]) == (409, "year_closed")


async def test_nobody_has_to_review_for_a_call_that_is_no_more(house: Any, programme: Any) -> None:
    call = await programme.a_call("open", experts_per_application=3)
    row = await programme.accepted(call["id"])
    scored = await programme.scored(row, "80", "80", expert="wang")
    assigned = await programme.assigned(row, "li")
    declared = await programme.assigned(row, "zhao")
    declared = await programme.step("expert", "reviews", declared, "declare", {}, sub="zhao")
    await programme.step("office", "funding-calls", call, "cancel")
    for review, state in ((scored, "scored"), (assigned, "revoked"), (declared, "revoked")):
        now = (await house.get("office", f"/reviews/{review['id']}")).json()
        assert now["state"] == state
        assert now["reason"] == ("r" if state == "revoked" else None)
    late = {"scores": [], "comment": "c"}
    for review, name, body in ((assigned, "declare", {}), (declared, "score", late)):
        expert = review["expert"]
        refused = await programme.try_step("expert", "reviews", review, name, body, sub=expert)
        assert refused.status_code in (409, 422), name
    body = {"application_id": row["id"], "expert": "sun"}
    refused = await house.post("office", "/reviews", body)
    assert (refused.status_code, refused.json()["code"]) == (409, "not_in_review")
    seen = await house.get("expert", f"/reviews/{declared['id']}/application", sub="zhao")
    assert (seen.status_code, seen.json()["code"]) == (409, "conflict_of_interest")


async def test_a_score_and_the_end_of_its_call_at_once(house: Any, programme: Any) -> None:
    for _ in range(4):
        call = await programme.a_call("open")
        row = await programme.accepted(call["id"])
        review = await programme.assigned(row)
        review = await programme.step("expert", "reviews", review, "declare", {})
        scores = [{"criterion": each["code"], "score": "70"} for each in CRITERIA]
        now = (await house.get("office", f"/funding-calls/{call['id']}")).json()
        score, cancel = f"/reviews/{review['id']}/score", f"/funding-calls/{call['id']}/cancel"
        body = {"scores": scores, "comment": "c"}
        scored, cancelled = await asyncio.gather(
            house.post("expert", score, body, etag=f'"{review["version"]}"'),
            house.post("office", cancel, {"reason": "r"}, etag=f'"{now["version"]}"'),
        )
        assert cancelled.status_code == 200, cancelled.text
        state = (await house.get("office", f"/reviews/{review['id']}")).json()["state"]
        assert state == ("scored" if scored.is_success else "revoked")
