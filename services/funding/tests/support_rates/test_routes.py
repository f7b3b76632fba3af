"""Rates over HTTP."""

from typing import Any

import pytest

RATE = {"kind": "patent_subsidy", "grade": "design", "fiscal_year": 2026, "amount": "500.00"}
WHERE = {"fund_code": "transfer-fund", "line": "patents"}


async def put(house: Any, code: str, **changes: Any) -> Any:
    body = {key: value for key, value in (RATE | WHERE | changes).items() if value is not None}
    return await house.put("office", f"/support-rates/{code}", body)


async def test_a_rate_is_set_and_changed_and_everybody_reads_it(house: Any) -> None:
    assert (await put(house, "design")).status_code == 201
    again = await put(house, "design")
    assert (again.status_code, again.json()["version"]) == (200, 1)
    changed = await put(house, "design", amount="600.00")
    assert (changed.json()["version"], changed.json()["amount"]) == (2, "600.00")
    seen = (await house.get("enterprise", "/support-rates?kind=patent_subsidy")).json()["items"]
    assert [each["code"] for each in seen] == ["design"]
    twin = await put(house, "design-too")
    assert (twin.status_code, twin.json()["code"]) == (409, "already_exists")
    assert (await house.put("enterprise", "/support-rates/x", RATE | WHERE)).status_code == 403


@pytest.mark.parametrize(
    ("changes", "pointers"),
    [
        ({"grade": "plant"}, ["/grade"]),
        ({"amount": None}, ["/amount"]),
        ({"share": "50"}, ["/share"]),
        ({"kind": "interest_subsidy"}, ["/grade", "/amount", "/share", "/cap"]),
        (
            {"kind": "platform_grant", "grade": "a", "amount": None, "share": "50"},
            ["/cap"],
        ),
    ],
)
async def test_a_rate_has_what_its_kind_is_computed_from(
    house: Any, changes: Any, pointers: list[str]
) -> None:
    refused = await put(house, "wrong", **changes)
    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json()["errors"]] == pointers


@pytest.mark.parametrize("changes", [{"fund_code": "no-fund"}, {"fiscal_year": 2077}])
async def test_a_rate_is_of_a_fund_and_a_year_that_are_there(house: Any, changes: Any) -> None:
    refused = await put(house, "nowhere", **changes)
    assert (refused.status_code, refused.json()["code"]) == (422, "unknown_reference")
