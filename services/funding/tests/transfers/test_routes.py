"""Budget goes from one line to another, and two that cross do not wait for each other."""

import asyncio
import random
from collections import Counter
from decimal import Decimal
from functools import partial
from typing import Any

import asyncpg
import pytest

PATH = "/transfers"


async def two_lines(house: Any, one: str = "100.00", other: str = "10.00", **of_other: Any) -> Any:
    return await house.approved(one), await house.approved(other, **of_other)


async def draft(house: Any, source: Any, target: Any, amount: str, **more: Any) -> Any:
    ids = {"from_budget_id": source["id"], "to_budget_id": target["id"]}
    return await house.drawn_up(PATH, **ids, amount=amount, **more)


async def refusal(house: Any, source: Any, target: Any) -> str:
    body = {"from_budget_id": source["id"], "to_budget_id": target["id"]}
    answer = await house.post("finance_maker", PATH, {**body, "amount": "1.00", "reason": "r"})
    return answer.json()["code"]


async def test_budget_moves_and_both_lines_say_so(house: Any) -> None:
    source, target = await two_lines(house)
    await house.bus.since_now()
    row = await draft(house, source, target, "30.00")
    row = (await house.decide(PATH, row)).json()
    assert (await house.line(source["id"]))["amount"] == "70.00"
    assert (await house.line(target["id"]))["amount"] == "40.00"
    entries = await house.get("auditor", f"/journal-entries?source_id={row['id']}")
    assert [entry["kind"] for entry in entries.json()["items"]] == ["transfer", "transfer"]
    (told,) = await house.bus.events("transfer.approved", f"transfer:{row['id']}")
    assert (told.data["amount"], told.data["document_no"]) == ("30.00", None)
    await house.books_balance()


async def test_only_what_is_not_appropriated_moves(house: Any) -> None:
    source, target = await two_lines(house)
    body = house.appropriation_body(source["id"], "70.00")
    await house.made("finance_maker", "/appropriations", body)
    refused = await house.decide(PATH, await draft(house, source, target, "30.01"))
    assert (refused.status_code, refused.json()["code"]) == (409, "insufficient_funds")
    assert (await house.line(target["id"]))["amount"] == "10.00"
    whole = await house.decide(PATH, await draft(house, source, target, "30.00"))
    assert whole.status_code == 200


async def test_between_funds_it_takes_a_document(house: Any) -> None:
    await house.fund("other-fund")
    source, target = await two_lines(house, fund="other-fund")
    assert await refusal(house, source, target) == "document_required"
    row = await draft(house, source, target, "1.00", document_no="新财预〔2026〕31号")
    assert (row["from_fund"], row["to_fund"]) == ("transfer-fund", "other-fund")
    assert (await house.decide(PATH, row)).status_code == 200
    with pytest.raises(asyncpg.CheckViolationError, match="permitted"):
        await house.rows("UPDATE transfer SET document_no = NULL WHERE id = $1", row["id"])
    await house.books_balance()


async def test_a_line_gives_nothing_to_itself_nor_to_another_year(house: Any) -> None:
    await house.year(2052)
    source, later = await two_lines(house, year=2052)
    assert await refusal(house, source, source) == "same_line"
    assert await refusal(house, source, later) == "different_years"
    assert await refusal(house, source, await house.draft("1.00")) == "budget_not_approved"


async def test_64_transfers_to_and_fro_all_end_and_lose_nothing(house: Any) -> None:
    """Every pair of four lines in both directions at once: none waits for another in a circle."""
    lines = [await house.approved("1000.00") for _ in range(4)]
    dice = random.Random(7)
    pairs = [dice.sample(lines, 2) for _ in range(64)]
    rows = [await draft(house, one, other, "3.00") for one, other in pairs]
    calls = [partial(house.decide, PATH, row) for row in rows]
    answers = await asyncio.gather(*map(house.insist, calls))
    assert Counter(answer.status_code for answer in answers) == {200: 64}
    now = [Decimal((await house.line(line["id"]))["amount"]) for line in lines]
    assert sum(now) == 4000
    expected = Counter({line["id"]: 1000 for line in lines})
    for one, other in pairs:
        expected.update({one["id"]: -3, other["id"]: 3})
    assert now == [expected[line["id"]] for line in lines]
    await house.books_balance()
