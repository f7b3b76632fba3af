"""The leverage over HTTP: by year, fund and award, and down to the reports."""

from typing import Any

import pytest_asyncio

YEAR = 2046
RULE = {
    "programme": "innovation-programme",
    "name_zh": "带动比",
    "name_en": "Leverage",
    "formula": "leverage",
    "comparator": "at_least",
    "unit": "倍",
    "thresholds": [{"year": YEAR, "value": "10"}],
    "inputs": ["enterprise_st_input", "government_st_input"],
    "funds": [],
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def award(house: Any) -> dict[str, Any]:
    """An award of a year with other money beside it, and reports of it, of none, and returned."""
    for code, kind in (
        ("leverage-fund", "special"),
        ("leverage-items", "three_st_expenses"),
        ("leverage-more-items", "three_st_expenses"),
    ):
        await house.fund(code, kind)
    await house.year(YEAR, "1000.00", three_st="50.00", operating="20.00")
    line = await house.appropriated("100.00", year=YEAR, fund="leverage-fund")
    await house.appropriated("30.00", year=YEAR)
    award = await house.award("40.00", budget=line["id"])
    for period, amount, of, then in (
        ("Q1", "400.00", award["id"], "verify"),
        ("Q2", "96.00", award["id"], "verify"),
        ("Q3", "70.00", award["id"], None),
        ("Q4", "9.00", award["id"], "return"),
        ("Q1", "500.00", None, "verify"),
        ("Q2", "11.00", None, None),
    ):
        body = {
            "unit_code": "maizier-sugar",
            "fiscal_year": YEAR,
            "period": f"{YEAR}-{period}",
            "amount": amount,
            "award_id": of,
        }
        row = await house.made("enterprise", "/counterpart-reports", body)
        if then is not None:
            path = f"/counterpart-reports/{row['id']}/{then}"
            why = {"reason": "r"} if then == "return" else None
            assert (await house.post("office", path, why, etag='"1"')).status_code == 200
    return award


async def rows(house: Any, query: str) -> list[dict[str, Any]]:
    return (await house.get("auditor", f"/leverage?limit=200&{query}")).json()["items"]


async def test_an_award_shows_what_its_unit_put_beside_it(house: Any, award: Any) -> None:
    (row,) = await rows(house, f"award_id={award['id']}")
    assert (row["government"], row["enterprise"], row["reports"]) == ("40.00", "496.00", 2)
    assert (row["ratio"], row["ratio_text"]) == ("12.4", "1:12.4")
    assert (row["enterprise_unverified"], row["reports_unverified"]) == ("70.00", 1)
    behind = (await house.get("auditor", row["source"][7:])).json()["items"]
    verified = [each["amount"] for each in behind if each["state"] == "verified"]
    assert sorted(verified) == ["400.00", "96.00"]


async def test_the_funds_of_a_year_add_up_to_what_the_rule_counts(house: Any, award: Any) -> None:
    await house.put("office", "/funding-rules/leverage-of-all", RULE)
    funds = await rows(house, f"level=fund&fiscal_year={YEAR}")
    (year,) = await rows(house, f"level=year&fiscal_year={YEAR}")
    by_fund = {each["fund_code"]: each for each in funds}
    assert by_fund.keys() == {"leverage-fund", "leverage-items", "transfer-fund", None}
    of_fund, of_none = by_fund["leverage-fund"], by_fund[None]
    assert (of_fund["government"], of_fund["ratio_text"]) == ("100.00", "1:4.96")
    assert (of_none["government"], of_none["enterprise"]) == ("0.00", "500.00")
    assert (of_none["ratio"], of_none["ratio_text"]) == (None, None)
    assert of_none["source"].endswith(f"fiscal_year={YEAR}&has_award=false")
    for name in ("government", "enterprise", "enterprise_unverified"):
        total = sum(round(float(each[name]) * 100) for each in funds)
        assert total == round(float(year[name]) * 100), name
    read = (await house.get("auditor", "/funding-rules/leverage-of-all")).json()
    inputs = {each["name"]: each["value"] for each in read["results"][0]["inputs"]}
    assert float(inputs["government_st_input"]) == float(year["government"]) == 180
    assert float(inputs["enterprise_st_input"]) == float(year["enterprise"]) == 996
    assert read["results"][0]["actual"] == year["ratio"] == "5.533333"


async def test_it_is_found_by_fund_and_payee_and_exported(house: Any, award: Any) -> None:
    found = await rows(house, "fund_code=leverage-fund")
    assert {each["level"] for each in found} == {"fund", "award"}
    found = await rows(house, "payee_unit=maizier-sugar&level=award")
    assert award["id"] in [each["award_id"] for each in found]
    options = {"headers": {"Accept": "text/csv"}}
    file = await house.get("leader", f"/leverage?award_id={award['id']}", **options)
    assert "1:12.4" in file.text
    assert (await house.get("enterprise", "/leverage")).status_code == 403


async def test_an_award_that_was_accepted_still_shows_what_it_moved(
    house: Any, programme: Any
) -> None:
    award = await house.award("50.00", payee="qingan-chemical")
    body = {"unit_code": "qingan-chemical", "fiscal_year": 2026, "amount": "80.00"}
    body |= {"award_id": award["id"]}
    report = await house.post("enterprise", "/counterpart-reports", body, unit="qingan-chemical")
    path = f"/counterpart-reports/{report.json()['id']}/verify"
    assert (await house.post("office", path, etag='"1"')).status_code == 200
    await house.paid(award["id"], "40.00")
    await programme.acceptance(award, "passed")
    (row,) = await rows(house, f"award_id={award['id']}")
    assert (row["government"], row["ratio_text"]) == ("40.00", "1:2")
