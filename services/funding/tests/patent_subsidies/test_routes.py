"""Patent subsidies over HTTP: once in the life of a patent."""

import asyncio
from functools import partial
from typing import Any

import pytest

from services.funding.tests.kinds import patent_number

PATH = "/patent-subsidies"


@pytest.mark.parametrize(
    ("digit", "type_", "amount"),
    [("1", "invention", "8000.00"), ("2", "utility_model", "1000.00"), ("3", "design", "500.00")],
)
async def test_the_number_says_the_type_and_the_type_the_amount(
    kinds: Any, digit: str, type_: str, amount: str
) -> None:
    number = patent_number(7_000_000 + int(digit), digit)
    row = await kinds.filed("patent_subsidy", patent_number=number.lower().replace(".", " . "))
    assert (row["patent_number"], row["patent_type"], row["amount"]) == (number, type_, amount)
    assert row["inputs"] == {"grade": type_, "amount": amount}


async def test_another_unit_spelling_it_another_way_gets_nothing(house: Any, kinds: Any) -> None:
    await kinds.approved("patent_subsidy", patent_number="ZL 85100001.0")
    body = kinds.body("patent_subsidy", "qingan-chemical", patent_number="８５１００００１－０")
    refused = await house.post("enterprise", PATH, body, unit="qingan-chemical")
    assert (refused.status_code, refused.json()["code"]) == (409, "patent_already_subsidised")
    assert "ZL85100001.0" in refused.json()["detail"]


async def test_64_units_at_once_are_paid_once(house: Any, kinds: Any) -> None:
    """From filing to the award: whoever is first, there is one award for the patent."""
    number = patent_number(8_000_000)
    units = ("maizier-sugar", "qingan-chemical")

    async def one(turn: int) -> int:
        unit = units[turn % 2]
        body = kinds.body("patent_subsidy", unit, patent_number=number)
        call = partial(house.post, "enterprise", PATH, body, unit=unit)
        answer = await house.insist(call)
        if answer.is_success:
            await house.insist(partial(kinds.decide, "patent_subsidy", answer.json()))
        return answer.status_code

    assert sorted(await asyncio.gather(*map(one, range(64)))) == [201] + [409] * 63
    awards = await house.rows(
        "SELECT 1 FROM award WHERE state = 'granted' AND title LIKE $1", f"%{number}"
    )
    assert len(awards) == 1
    await house.books_balance()


async def test_a_wrong_number_is_told_where_it_is(house: Any, kinds: Any) -> None:
    body = kinds.body("patent_subsidy", patent_number="ZL202010123456.3")
    refused = await house.post("enterprise", PATH, body)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_patent_number")
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/patent_number"]
