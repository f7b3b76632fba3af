"""A year is closed for good: promises go on in the next one, the rest lapses."""

import asyncio
import itertools
from collections import Counter
from functools import partial
from typing import Any

import asyncpg
import pytest

PATH = "/year-closes"
YEARS = itertools.count(2000, 2)
"""Pairs of years that are over, one pair a test."""
SUCCESS = {"outcome": "succeeded", "paid_on": "2026-01-05"}


async def a_year(house: Any) -> int:
    """A year with nothing in it, and the one after it. Those before have no lines."""
    year = next(YEARS)
    for each in (year, year + 1):
        await house.year(each)
    return year


async def close(house: Any, year: int) -> Any:
    row = await house.drawn_up(PATH, fiscal_year=year, document_no=f"结〔{year}〕1号")
    return await house.decide(PATH, row)


async def end(house: Any, *years: int) -> None:
    """Close what a test has left open, so that it is in nobody's way."""
    for year in years:
        answer = await close(house, year)
        assert answer.status_code == 200, answer.text
    await house.books_balance()


async def named(answer: Any) -> Counter[str]:
    assert (answer.status_code, answer.json()["code"]) == (409, "year_not_ready"), answer.text
    return Counter(error["pointer"].split("/")[1] for error in answer.json()["errors"])


async def test_promises_go_on_with_their_awards_and_the_rest_lapses(house: Any) -> None:
    year = await a_year(house)
    budget = await house.approved("100.00", year=year, line="whole")
    body = house.appropriation_body(budget["id"], "80.00")
    await house.made("finance_maker", "/appropriations", body)
    goes_on, is_done = [await house.award("30.00", budget=budget["id"]) for _ in range(2)]
    await house.paid(goes_on["id"], "10.00")
    await house.paid(is_done["id"], "30.00")
    await house.decided("/carry-overs", budget_id=budget["id"], amount="5.00", document_no="n")
    await house.bus.since_now()
    row = (await close(house, year)).json()
    assert (row["carried_over"], row["lapsed"]) == ("20.00", "35.00")
    (told,) = await house.bus.events("fiscal_year.closed", f"fiscal_year:{year}")
    assert (told.data["carried_over"], told.data["lapsed"]) == ("20.00", "35.00")
    now = await house.line(budget["id"])
    totals = ("committed", "disbursed", "carried_over", "lapsed", "available")
    assert [now[name] for name in totals] == ["40.00", "40.00", "25.00", "35.00", "0.00"]
    moved = (await house.get("office", f"/awards/{goes_on['id']}")).json()
    stays = (await house.get("office", f"/awards/{is_done['id']}")).json()
    assert (moved["fiscal_year"], moved["available"]) == (year + 1, "20.00")
    assert (stays["fiscal_year"], stays["budget_id"]) == (year, budget["id"])
    following = await house.line(moved["budget_id"])
    totals = ("line", "amount", "appropriated", "committed", "available", "carried_in")
    assert [following[name] for name in totals] == [
        "whole", "25.00", "25.00", "20.00", "5.00", "25.00",
    ]  # fmt: skip
    await house.books_balance()
    await house.paid(goes_on["id"], "20.00")
    assert (await house.line(moved["budget_id"]))["disbursed"] == "20.00"
    await end(house, year + 1)


async def test_what_keeps_a_year_open_is_named(house: Any) -> None:
    year = await a_year(house)
    budget = await house.appropriated("100.00", year=year)
    other = await house.approved("10.00", year=year)
    award = await house.award("50.00", budget=budget["id"])
    asked = await house.asked(award["id"], "10.00")
    paid = await house.paid(award["id"], "10.00")
    line = {"budget_id": other["id"], "document_no": "n"}
    pair = {"from_budget_id": other["id"], "to_budget_id": budget["id"], "amount": "1.00"}
    back = {"disbursement_id": paid["id"], "amount": "1.00", "received_on": "2026-09-02"}
    drafts = {
        "/adjustments": await house.drawn_up("/adjustments", **line, amount="1.00"),
        "/transfers": await house.drawn_up("/transfers", **pair),
        "/carry-overs": await house.drawn_up("/carry-overs", **line, amount="1.00"),
        "/refunds": await house.drawn_up("/refunds", **back),
    }
    drawn = await house.draft("1.00", year=year)
    row = await house.drawn_up(PATH, fiscal_year=year, document_no="n")
    everything = Counter(dict.fromkeys(["budgets", "disbursements", *(p[1:] for p in drafts)], 1))
    refused = await house.decide(PATH, row)
    assert await named(refused) == everything
    assert f"/disbursements/{asked['id']}" in [e["pointer"] for e in refused.json()["errors"]]
    zh = await house.decide(PATH, row, headers={"Accept-Language": "zh"})
    assert any("尚未办结" in error["message"] for error in zh.json()["errors"])
    for path, each in drafts.items():
        assert (await house.decide(path, each, "withdraw")).status_code == 200
    await house.step("finance_checker", asked, "reject", {"reason": "r"})
    assert await named(await house.decide(PATH, row)) == {"budgets": 1}
    approve = f"/budgets/{drawn['id']}/approve"
    await house.post("finance_checker", approve, {"document_no": "n"}, etag='"1"')
    assert (await house.decide(PATH, row)).status_code == 200
    await end(house, year + 1)


async def test_years_are_closed_in_their_order_and_not_before_they_end(house: Any) -> None:
    year = await a_year(house)
    await house.approved("1.00", year=year)
    await house.approved("1.00", year=year + 1)
    assert await named(await close(house, year + 1)) == {"years": 1}
    drafts = (await house.get("auditor", f"{PATH}?fiscal_year={year + 1}")).json()["items"]
    running = await named(await close(house, 2026))
    assert running["calendar"] == 1
    await end(house, year)
    assert (await house.decide(PATH, drafts[0])).status_code == 200


async def test_after_the_close_nothing_is_booked_in_the_year(house: Any) -> None:
    year = await a_year(house)
    budget = await house.appropriated("100.00", year=year)
    award = await house.award("10.00", budget=budget["id"])
    await house.paid(award["id"], "10.00")
    await end(house, year)
    line = {"budget_id": budget["id"], "amount": "1.00"}
    grant = {**line, "payee_unit": "st-bureau", "title": "t"}
    document = {**line, "document_no": "n", "reason": "r"}
    draw = {"fund_code": "transfer-fund", "fiscal_year": year, "line": "x", "amount": "1.00"}
    again = {"fiscal_year": year, "document_no": "n", "reason": "r"}
    for path, body, codes in (
        ("/awards", grant, {"insufficient_funds", "year_closed"}),
        ("/adjustments", document, {"year_closed"}),
        ("/carry-overs", document, {"year_closed"}),
        ("/budgets", draw, {"year_closed"}),
        (PATH, again, {"year_closed"}),
    ):
        refused = await house.post("finance_maker", path, body)
        assert (refused.status_code, refused.json()["code"]) == (
            409,
            *codes & {refused.json()["code"]},
        )
    with pytest.raises(asyncpg.CheckViolationError, match="is closed"):
        await house.rows(
            "INSERT INTO journal_entry SELECT gen_random_uuid(), fiscal_year, number + 1, kind,"
            " budget_id, source_type, source_id, NULL, NULL, NULL, posted_by, posted_at, now()"
            " FROM journal_entry WHERE fiscal_year = $1 AND kind <> 'reversal'"
            " ORDER BY number DESC LIMIT 1",
            year,
        )
    for change in ("closed_at = NULL", "closed_at = now()"):
        with pytest.raises(asyncpg.CheckViolationError, match="closed for good"):
            await house.rows(f"UPDATE fiscal_year SET {change} WHERE year = $1", year)
    await end(house, year + 1)


async def test_a_closed_year_takes_no_late_appropriation(house: Any) -> None:
    year = await a_year(house)
    budget = await house.approved("100.00", year=year)
    await end(house, year)
    body = house.appropriation_body(budget["id"], "1.00")
    refused = await house.post("finance_maker", "/appropriations", body)
    assert (refused.status_code, refused.json()["code"]) == (409, "year_closed")
    assert (await house.line(budget["id"]))["appropriated"] == "0.00"


async def test_a_payment_of_a_closed_year_comes_back_in_the_next(house: Any) -> None:
    year = await a_year(house)
    budget = await house.appropriated("30.00", year=year, line="late")
    award = await house.award("30.00", budget=budget["id"])
    payment = await house.paid(award["id"], "30.00")
    await end(house, year)
    await house.bus.since_now()
    body = {"outcome": "returned", "reason": "退票"}
    returned = await house.step("finance_payer", payment, "result", body)
    assert returned.status_code == 200, returned.text
    now = (await house.get("office", f"/awards/{award['id']}")).json()
    assert (now["fiscal_year"], now["paid"], now["available"]) == (year + 1, "0.00", "30.00")
    following = await house.line(now["budget_id"])
    assert (following["line"], following["committed"], following["carried_in"]) == (
        "late", "30.00", "30.00",
    )  # fmt: skip
    assert (await house.line(budget["id"]))["disbursed"] == "30.00", "the closed year stays"
    entries = await house.get("auditor", f"/journal-entries?source_id={payment['id']}")
    assert [(e["kind"], e["fiscal_year"]) for e in entries.json()["items"]] == [
        ("disbursement", year),
        ("reversal", year + 1),
    ]
    await house.books_balance()
    await house.paid(award["id"], "30.00")
    await end(house, year + 1)


async def test_a_refund_of_a_closed_year_is_the_next_ones(house: Any) -> None:
    year = await a_year(house)
    budget = await house.appropriated("30.00", year=year, line="refunded-late")
    award = await house.award("30.00", budget=budget["id"])
    payment = await house.paid(award["id"], "20.00")
    await end(house, year)
    await house.refunded(payment["id"], "5.00")
    now = (await house.get("office", f"/awards/{award['id']}")).json()
    assert (now["paid"], now["refunded"], now["available"]) == ("20.00", "5.00", "10.00")
    following = await house.line(now["budget_id"])
    assert (following["recovered"], following["refunded"]) == ("5.00", "0.00")
    assert (await house.line(budget["id"]))["refunded"] == "0.00"
    await end(house, year + 1)


async def test_a_refund_that_comes_after_the_close_neither_lapses_nor_goes_on(house: Any) -> None:
    """At the close of the year that took it it stays where it came to; one that is approved after
    that close is the year's behind it."""
    year, last = await a_year(house), await a_year(house)
    budget = await house.appropriated("30.00", year=year, line="late-refunds")
    award = await house.award("30.00", budget=budget["id"])
    payment = await house.paid(award["id"], "20.00")
    await end(house, year)
    await house.refunded(payment["id"], "5.00")
    waits = await house.drawn_up(
        "/refunds", disbursement_id=payment["id"], amount="2.00", received_on="2026-09-02"
    )
    closed = (await close(house, year + 1)).json()
    assert (closed["carried_over"], closed["lapsed"]) == ("10.00", "0.00")
    lines = await house.get("auditor", "/budgets?fund_code=transfer-fund&limit=200")
    of = {row["fiscal_year"]: row for row in lines.json()["items"] if row["line"] == "late-refunds"}
    names = ("recovered", "carried_in", "carried_over", "lapsed", "available")
    assert [of[year + 1][name] for name in names] == ["5.00", "10.00", "10.00", "0.00", "0.00"]
    assert (await house.decide("/refunds", waits)).status_code == 200
    assert (await house.line(of[last]["id"]))["recovered"] == "2.00"
    assert (await house.line(of[year + 1]["id"]))["recovered"] == "5.00", "the closed year stays"
    board = await house.get("leader", f"/execution-board?fund_code=transfer-fund&month={last}-12")
    assert board.json()["items"][0]["refunded"] == "2.00"
    now = (await house.get("office", f"/awards/{award['id']}")).json()
    assert (now["paid"], now["refunded"], now["available"]) == ("20.00", "7.00", "10.00")
    await end(house, last, last + 1)


async def test_a_promise_that_went_on_is_cancelled_where_it_stands(house: Any) -> None:
    year = await a_year(house)
    budget = await house.appropriated("30.00", year=year)
    award = await house.award("30.00", budget=budget["id"])
    await end(house, year)
    now = (await house.get("office", f"/awards/{award['id']}")).json()
    cancel = f"/awards/{award['id']}/cancel"
    done = await house.post("office", cancel, {"reason": "r"}, etag=f'"{now["version"]}"')
    assert done.status_code == 200, done.text
    following = await house.line(now["budget_id"])
    assert (following["committed"], following["available"]) == ("0.00", "30.00")
    await end(house, year + 1)


async def test_while_a_year_is_closed_64_others_get_a_yes_or_a_no(house: Any) -> None:
    """Awards, payments and appropriations meet the close: none is lost in between, none waits in a
    circle, and the books of both years are whole."""
    year = await a_year(house)
    lines = [await house.appropriated("1000.00", year=year) for _ in range(3)]
    awards = [await house.award("100.00", budget=line["id"]) for line in lines]
    row = await house.drawn_up(PATH, fiscal_year=year, document_no="n")
    spare = await house.approved("100.00", year=year)
    grant = {"payee_unit": "st-bureau", "title": "t", "amount": "1.00"}
    body = house.appropriation_body(spare["id"], "1.00")

    calls: list[Any] = []
    for n in range(20):
        line, award = lines[n % 3]["id"], awards[n % 3]["id"]
        ask = {"award_id": award, "amount": "1.00"}
        calls += [
            partial(house.post, "office", "/awards", {**grant, "budget_id": line}),
            partial(house.post, "finance_maker", "/appropriations", body),
            partial(house.post, "finance_maker", "/disbursements", ask),
        ]
    calls.insert(30, partial(house.decide, PATH, row))
    answers = await asyncio.gather(*map(house.insist, calls))
    closing = answers.pop(30)
    codes = Counter("ok" if a.is_success else a.json()["code"] for a in answers)
    assert codes.keys() <= {"ok", "year_closed", "insufficient_funds", "busy"}, codes
    assert closing.status_code in (200, 409), closing.text
    await house.books_balance()
    for asked in await house.rows("SELECT id, version FROM disbursement WHERE state = 'requested'"):
        rejected = {"id": asked["id"], "version": asked["version"]}
        await house.step("finance_checker", rejected, "reject", {"reason": "r"})
    if closing.status_code != 200:
        assert closing.json()["code"] in ("year_not_ready", "busy")
        assert (await house.decide(PATH, row)).status_code == 200
    await end(house, year + 1)


async def test_of_two_closes_of_a_year_one_is_drawn_up(house: Any) -> None:
    year = await a_year(house)
    body = {"fiscal_year": year, "document_no": "n", "reason": "r"}
    answers = await asyncio.gather(*(house.post("finance_maker", PATH, body) for _ in range(5)))
    codes = Counter(a.status_code for a in answers)
    assert codes == {201: 1, 409: 4}
    unknown = await house.post("finance_maker", PATH, {**body, "fiscal_year": 2099})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_reference")
