"""Objections over HTTP."""

import asyncio
from typing import Any

from servicekit.clock import china_date

ONE, TWO = "maizier-sugar", "qingan-chemical"


async def announced(programme: Any, **changes: Any) -> tuple[Any, Any, list[Any]]:
    """A call whose line has enough for one, its notice, and the applications on it."""
    call = await programme.a_call("open", amount="150.00", **changes)
    rows = [
        await programme.reviewed(call["id"], ONE, "90"),
        await programme.reviewed(call["id"], TWO, "80"),
    ]
    call = await programme.until(call, "announced")
    return call, await programme.notice_of(call), rows


def body(notice: dict[str, Any], application: Any = None, unit: str = TWO) -> dict[str, Any]:
    about = application and application["id"]
    return {
        "notice_id": notice["id"],
        "application_id": about,
        "objector_unit": unit,
        "reason": "与已立项项目重复",
    }


async def raised(house: Any, *what: Any) -> dict[str, Any]:
    answer = await house.post("enterprise", "/objections", body(*what), unit=TWO)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_nothing_is_awarded_before_every_objection_is_settled(
    house: Any, programme: Any
) -> None:
    call, notice, rows = await announced(programme)
    await house.bus.since_now()
    row = await raised(house, notice, rows[0])
    refused = await programme.try_step("office", "funding-calls", call, "award")
    assert (refused.status_code, refused.json()["code"]) == (409, "objections_open")
    answer = {"upheld": False, "answer": "经核查不重复"}
    row = await programme.step("office", "objections", row, "settle", answer)
    assert (row["state"], row["answer"]) == ("rejected", "经核查不重复")
    again = await programme.try_step("office", "objections", row, "settle", answer)
    assert again.json()["code"] == "invalid_transition"
    rerank = await programme.try_step("office", "funding-calls", call, "rank")
    assert rerank.json()["code"] == "invalid_transition", "nothing was upheld"
    types = [event.type.split(".")[3] for event in await house.bus.events("objection.")]
    assert types == ["raised", "settled"]
    done = await programme.step("office", "funding-calls", call, "award")
    assert done["state"] == "awarded"


async def test_an_upheld_objection_strikes_and_a_new_list_has_its_own_notice(
    house: Any, programme: Any
) -> None:
    call, notice, rows = await announced(programme)
    assert [entry["outcome"] for entry in notice["entries"]] == ["selected", "reserve"]
    row = await raised(house, notice, rows[0])
    await programme.step("office", "objections", row, "settle", {"upheld": True, "answer": "a"})
    call = await programme.step("office", "funding-calls", call, "rank")
    call = await programme.step("office", "funding-calls", call, "announce")
    second = await programme.notice_of(call)
    assert second["id"] != notice["id"]
    assert [(e["applicant_unit"], e["outcome"]) for e in second["entries"]] == [(TWO, "selected")]
    first = (await house.get("office", f"/public-notices/{notice['id']}")).json()
    assert (first["state"], first["entries"]) == ("superseded", notice["entries"])
    await programme.step("office", "funding-calls", call, "award")
    struck = (await house.get("office", f"/applications/{rows[0]['id']}")).json()
    assert (struck["state"], struck["outcome"], struck["rank"]) == ("declined", "struck", None)
    won = (await house.get("office", f"/applications/{rows[1]['id']}")).json()
    assert won["state"] == "awarded"


async def test_an_objection_to_an_earlier_list_is_settled_as_well(
    house: Any, programme: Any
) -> None:
    call, notice, rows = await announced(programme)
    first, second = await raised(house, notice, rows[0]), await raised(house, notice, rows[1])
    settled = {"upheld": True, "answer": "a"}
    await programme.step("office", "objections", first, "settle", settled)
    call = await programme.step("office", "funding-calls", call, "rank")
    call = await programme.step("office", "funding-calls", call, "announce")
    refused = await programme.try_step("office", "funding-calls", call, "award")
    assert refused.json()["code"] == "objections_open"
    await programme.step("office", "objections", second, "settle", settled)
    await programme.step("office", "funding-calls", call, "award")
    states = [
        (await house.get("office", f"/applications/{row['id']}")).json()["state"] for row in rows
    ]
    assert states == ["declined", "declined"]


async def test_an_objection_and_the_award_at_once_never_both_win(
    house: Any, programme: Any
) -> None:
    for _ in range(4):
        call, notice, rows = await announced(programme)
        award, objection = await asyncio.gather(
            programme.try_step("office", "funding-calls", call, "award"),
            house.post("enterprise", "/objections", body(notice, rows[0]), unit=TWO),
        )
        codes = (award.json().get("code"), objection.json().get("code"))
        assert codes in {(None, "notice_over"), ("objections_open", None)}


async def test_struck_and_not_ranked_again_is_not_awarded(house: Any, programme: Any) -> None:
    call, notice, rows = await announced(programme)
    row = await raised(house, notice, rows[0])
    await programme.step("office", "objections", row, "settle", {"upheld": True, "answer": "a"})
    await programme.step("office", "funding-calls", call, "award")
    struck = (await house.get("office", f"/applications/{rows[0]['id']}")).json()
    assert (struck["state"], struck["award_id"]) == ("declined", None)


async def test_objections_are_taken_until_the_last_day_is_over(house: Any, programme: Any) -> None:
    call, notice, rows = await announced(programme, notice_workdays=3)
    foreign = await house.post("enterprise", "/objections", body(notice, unit=ONE), unit=TWO)
    assert foreign.status_code == 403
    other = await programme.draft((await programme.a_call())["id"])
    stray = await house.post("enterprise", "/objections", body(notice, other), unit=TWO)
    assert (stray.status_code, stray.json()["code"]) == (422, "unknown_reference")
    await raised(house, notice)
    await house.rows(
        "UPDATE public_notice SET published_on = published_on - 30, ends_on = $2 WHERE id = $1",
        notice["id"],
        china_date(),
    )
    await raised(house, notice, rows[1])
    await house.rows("UPDATE public_notice SET ends_on = ends_on - 1 WHERE id = $1", notice["id"])
    late = await house.post("enterprise", "/objections", body(notice), unit=TWO)
    assert (late.status_code, late.json()["code"]) == (409, "notice_over")
    assert (await house.get("office", f"/objections?call_id={call['id']}")).json()["items"]


async def test_whoever_objects_does_not_settle(house: Any, programme: Any) -> None:
    _, notice, _ = await announced(programme)
    same = {"sub": "one-person"}
    answer = await house.post("enterprise", "/objections", body(notice), unit=TWO, **same)
    settled = {"upheld": False, "answer": "a"}
    refused = await programme.try_step(
        "office", "objections", answer.json(), "settle", settled, **same
    )
    assert (refused.status_code, refused.json()["code"]) == (403, "separation_of_duties")
