"""Who comes while a year is being closed."""

import asyncio
from collections import Counter
from typing import Any

import pytest
from servicekit.db import Session

PATH = "/year-closes"


async def drawn_up(house: Any, year: int) -> Any:
    return await house.drawn_up(PATH, fiscal_year=year, document_no=f"结〔{year}〕1号")


async def end(house: Any, *years: int) -> None:
    for year in years:
        answer = await house.decide(PATH, await drawn_up(house, year))
        assert answer.status_code == 200, answer.text
    await house.books_balance()


async def years(house: Any, first: int) -> int:
    """A year and the one after it, both open."""
    for year in (first, first + 1):
        await house.year(year)
    return first


async def test_who_draws_up_while_a_year_is_closed_stops_the_close(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A draft that is stored and not yet committed is seen by the close, which waits for it."""
    year = await years(house, 2020)
    budget = await house.appropriated("100.00", year=year)
    close_draft = await drawn_up(house, year)
    new = {"fund_code": "transfer-fund", "fiscal_year": year, "line": "new", "amount": "1.00"}
    document = {"budget_id": budget["id"], "amount": "1.00", "document_no": "n", "reason": "r"}
    for path, body in (("/adjustments", document), ("/carry-overs", document), ("/budgets", new)):
        hold = HeldUp(monkeypatch)
        drawing = asyncio.create_task(house.post("finance_maker", path, body))
        await hold.stored.wait()
        closing = asyncio.create_task(house.decide(PATH, close_draft))
        await asyncio.wait([closing], timeout=0.5)
        hold.go_on.set()
        drawn = await drawing
        assert drawn.status_code == 201, drawn.text
        refused = await closing
        assert refused.json()["code"] == "year_not_ready", refused.text
        assert Counter(e["pointer"].split("/")[1] for e in refused.json()["errors"]) == {
            path[1:]: 1
        }
        if path != "/budgets":
            await house.decide(path, drawn.json(), "withdraw")
    approve = f"/budgets/{drawn.json()['id']}/approve"
    await house.post("finance_checker", approve, {"document_no": "n"}, etag='"1"')
    assert (await house.decide(PATH, close_draft)).status_code == 200
    await end(house, year + 1)


async def test_what_comes_back_while_its_year_is_closed_goes_on_in_the_next(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Money that came back late, of a year that is closed, waits for the close of the year that
    would take it, and is the one's behind it: nobody hears that a year is closed."""
    year = await years(house, 2023)
    budget = await house.appropriated("30.00", year=year, line="meanwhile")
    award = await house.award("30.00", budget=budget["id"])
    returned, refunded = [await house.paid(award["id"], each) for each in ("20.00", "10.00")]
    await end(house, year)
    refund = await house.drawn_up(
        "/refunds", disbursement_id=refunded["id"], amount="5.00", received_on="2026-09-02"
    )
    row = await drawn_up(house, year + 1)
    hold = HeldUp(monkeypatch)
    closing = asyncio.create_task(house.decide(PATH, row))
    await hold.stored.wait()
    body = {"outcome": "returned", "reason": "退票"}
    late = [
        asyncio.create_task(house.step("finance_payer", returned, "result", body)),
        asyncio.create_task(house.decide("/refunds", refund)),
    ]
    await asyncio.wait(late, timeout=0.5)
    hold.go_on.set()
    assert (await closing).status_code == 200
    answers = await asyncio.gather(*late)
    assert [answer.status_code for answer in answers] == [200, 200], [a.text for a in answers]
    now = (await house.get("office", f"/awards/{award['id']}")).json()
    following = await house.line(now["budget_id"])
    seen = [following[name] for name in ("fiscal_year", "line", "committed", "recovered")]
    assert seen == [2026, "meanwhile", "20.00", "5.00"]
    await house.books_balance()


class HeldUp:
    """The next transaction waits, with everything stored, right before its commit."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.stored, self.go_on = asyncio.Event(), asyncio.Event()
        flush = Session.flush_deferred

        async def held_up(session: Session) -> None:
            await flush(session)
            monkeypatch.undo()
            self.stored.set()
            await self.go_on.wait()

        monkeypatch.setattr(Session, "flush_deferred", held_up)
