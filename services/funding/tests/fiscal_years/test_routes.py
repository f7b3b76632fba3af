"""Fiscal years over HTTP."""

from typing import Any

import pytest

BODY = {
    "budget_expenditure": "5000000000.00",
    "three_st_expenses": "110000000.00",
    "science_operating_expenses": "95000000.00",
}


async def test_a_year_is_opened_restated_and_told(house: Any) -> None:
    await house.bus.since_now()
    opened = await house.put("finance_maker", "/fiscal-years/2030", BODY)
    assert opened.status_code == 201
    assert opened.headers["etag"] == '"1"'
    same = await house.put("finance_maker", "/fiscal-years/2030", BODY)
    assert (same.status_code, same.headers["etag"]) == (200, '"1"')
    changed = {**BODY, "three_st_expenses": "120000000.00"}
    restated = await house.put("office", "/fiscal-years/2030", changed, etag='"1"')
    assert (restated.status_code, restated.headers["etag"]) == (200, '"2"')
    told = await house.bus.events("fiscal_year.executed", "fiscal_year:2030")
    assert [event.data["three_st_expenses"] for event in told] == ["110000000.00", "120000000.00"]
    assert told[0].data["fiscal_year"] == 2030


async def test_a_stale_restatement_is_refused(house: Any) -> None:
    await house.put("office", "/fiscal-years/2031", BODY)
    stale = await house.put(
        "office", "/fiscal-years/2031", {**BODY, "three_st_expenses": "1.00"}, etag='"7"'
    )
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")


async def test_a_year_of_zeros_is_opened_without_telling(house: Any) -> None:
    await house.bus.since_now()
    await house.year(2032, "0.00")
    assert await house.bus.events("fiscal_year.executed", "fiscal_year:2032") == []


async def test_the_parts_cannot_exceed_the_whole(house: Any) -> None:
    body = {**BODY, "budget_expenditure": "200000000.00"}
    response = await house.put("office", "/fiscal-years/2030", body)
    assert (response.status_code, response.json()["code"]) == (422, "parts_exceed_whole")


@pytest.mark.parametrize(
    "value", ["-0.01", "1.001", 12, "1e3", "１２", "", None, "NaN", "1000000000000000000.00"]
)
async def test_what_is_no_amount_is_refused(house: Any, value: Any) -> None:
    response = await house.put("office", "/fiscal-years/2030", {**BODY, "three_st_expenses": value})
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == "/three_st_expenses"


async def test_sixteen_digits_of_yuan_are_kept_to_the_fen(house: Any) -> None:
    body = {**BODY, "budget_expenditure": "9999999999999999.99"}
    response = await house.put("office", "/fiscal-years/2033", body)
    assert response.json()["budget_expenditure"] == "9999999999999999.99"


@pytest.mark.parametrize("role", ["enterprise", "leader", "auditor", "finance_payer", "ops"])
async def test_only_planners_and_makers_write(house: Any, role: str) -> None:
    response = await house.put(role, "/fiscal-years/2030", BODY)
    assert (response.status_code, response.json()["code"]) == (403, "forbidden")


async def test_a_system_needs_the_scope(house: Any) -> None:
    refused = await house.put("system", "/fiscal-years/2034", BODY, scope="funds.write")
    assert refused.status_code == 403
    allowed = await house.put("system", "/fiscal-years/2034", BODY, scope="fiscal_years.write")
    assert allowed.status_code == 201


async def test_years_are_listed_and_synchronised(house: Any) -> None:
    listed = await house.get("enterprise", "/fiscal-years?limit=1&include_total=true")
    page = listed.json()
    assert len(page["items"]) == 1
    assert page["next_cursor"]
    assert page["total"] >= 2
    later = await house.get("office", "/fiscal-years?updated_since=2100-01-01T00:00:00Z")
    assert later.json()["items"] == []
    naive = await house.get("office", "/fiscal-years?updated_since=2026-01-01T00:00:00")
    assert naive.status_code == 422
    assert (await house.get("office", "/fiscal-years/2099")).status_code == 404
