"""Where no later year is open, there is nowhere to carry a promise to."""

from typing import Any

PATH = "/year-closes"


async def test_a_year_with_promises_waits_for_the_next_one(house: Any) -> None:
    await house.rows("DELETE FROM fiscal_year WHERE year = 2026")
    await house.year(2019)
    await house.approved("30.00", year=2019)
    assert (await house.decided(PATH, fiscal_year=2019, document_no="n"))["lapsed"] == "30.00"
    await house.year(2020)
    budget = await house.appropriated("30.00", year=2020)
    award = await house.award("30.00", budget=budget["id"])
    row = await house.drawn_up(PATH, fiscal_year=2020, document_no="n")
    refused = await house.decide(PATH, row)
    assert (refused.status_code, refused.json()["code"]) == (409, "no_open_year")
    assert (await house.get("office", f"/awards/{award['id']}")).json() == award
    await house.books_balance()
    await house.year(2021)
    assert (await house.decide(PATH, row)).status_code == 200
    await house.books_balance()
