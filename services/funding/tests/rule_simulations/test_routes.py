"""What the rules would say if; asking changes nothing."""

from typing import Any

import pytest
import pytest_asyncio

from services.funding.tests.rule_revisions.test_routes import RULE

YEAR = 2080
PATH = "/funding-rules/simulate"
EVERY_TABLE = """
SELECT table_name FROM information_schema.tables
WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def year(house: Any) -> dict[str, Any]:
    """A year with two rules, a line, a verified report and one that waits."""
    thresholds = [{"year": YEAR, "value": "2.0"}]
    await house.put("office", "/funding-rules/share", RULE | {"thresholds": thresholds})
    leverage = {
        "formula": "leverage",
        "unit": "倍",
        "inputs": ["enterprise_st_input", "government_st_input"],
        "thresholds": [{"year": YEAR, "value": "10"}],
    }
    await house.put("office", "/funding-rules/times", RULE | leverage)
    await house.year(YEAR, "1000.00", three_st="22.00")
    line = await house.appropriated("100.00", year=YEAR)
    reports: dict[str, Any] = {}
    for period in ("Q1", "Q2"):
        body = {"unit_code": "maizier-sugar", "fiscal_year": YEAR, "amount": "600.00"}
        body["period"] = f"{YEAR}-{period}"
        reports[period] = await house.made("enterprise", "/counterpart-reports", body)
    await house.post("office", f"/counterpart-reports/{reports['Q1']['id']}/verify", etag='"1"')
    return {"line": line["id"], "verified": reports["Q1"]["id"], "waits": reports["Q2"]["id"]}


async def ask(house: Any, **changes: Any) -> dict[str, Any]:
    answer = await house.post("leader", PATH, {"fiscal_year": YEAR, **changes})
    assert answer.status_code == 200, answer.text
    return {each["rule_code"]: each for each in answer.json()["rules"]}


async def test_nothing_changed_is_the_present(house: Any, year: Any) -> None:
    found = await ask(house)
    assert found.keys() == {"share", "times"}
    for code, each in found.items():
        read = (await house.get("leader", f"/funding-rules/{code}")).json()
        assert each["present"] == each["simulated"] == read["results"][0]
        assert each["state_changes"] is False


async def test_every_kind_of_change_moves_what_it_should(house: Any, year: Any) -> None:
    figure = {"figures": [{"input": "budget_expenditure", "value": "2000.00"}]}
    share = (await ask(house, **figure))["share"]
    assert (share["present"]["state"], share["simulated"]["state"]) == ("satisfied", "breached")
    assert (share["simulated"]["actual"], share["simulated"]["spare"]) == ("1.1", "-18.00")
    assert share["state_changes"] is True
    line = {"lines": [{"budget_id": year["line"], "amount": "50.00"}]}
    times = (await ask(house, **line))["times"]
    assert (times["present"]["actual"], times["simulated"]["actual"]) == ("6", "4")
    waits = {"reports": [{"report_id": year["waits"], "verified": True}]}
    assert (await ask(house, **waits))["times"]["simulated"]["actual"] == "12"
    gone = {"reports": [{"report_id": year["verified"], "verified": False}]}
    times = (await ask(house, **gone))["times"]["simulated"]
    assert (times["state"], times["missing"]) == ("unknown", ["enterprise_st_input"])
    lower = {"thresholds": [{"rule_code": "times", "value": "6"}]}
    assert (await ask(house, **lower))["times"]["simulated"]["state"] == "satisfied"
    together = await ask(house, **figure, **line, **waits, rules=["times"])
    assert together.keys() == {"times"}
    assert together["times"]["simulated"]["actual"] == "8"


async def everything(house: Any) -> dict[str, Any]:
    tables = [row["table_name"] for row in await house.rows(EVERY_TABLE)]
    assert "funding_rule_evaluation" in tables
    return {
        name: sorted(str(row) for row in await house.rows(f'SELECT t::text FROM "{name}" t'))
        for name in tables
    }


async def test_asking_changes_no_row_of_any_table(house: Any, year: Any) -> None:
    before = await everything(house)
    await ask(
        house,
        figures=[{"input": "budget_expenditure", "value": "1000000.00"}],
        lines=[{"budget_id": year["line"], "amount": "-100.00"}] * 1000,
        reports=[{"report_id": year["verified"], "verified": False}],
        thresholds=[{"rule_code": "share", "value": "99"}],
    )
    assert await everything(house) == before


@pytest.mark.parametrize(
    "changes",
    [
        {"rules": ["nowhere"]},
        {"thresholds": [{"rule_code": "nowhere", "value": "1"}]},
        {"lines": [{"budget_id": "0197a3d4-7c1e-7000-8000-000000000001", "amount": "1.00"}]},
        {"reports": [{"report_id": "0197a3d4-7c1e-7000-8000-000000000001", "verified": True}]},
    ],
)
async def test_what_is_not_there_is_named(house: Any, year: Any, changes: Any) -> None:
    answer = await house.post("leader", PATH, {"fiscal_year": YEAR, **changes})
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_reference")


@pytest.mark.parametrize(
    "changes",
    [
        {"fiscal_year": 1},
        {"figures": [{"input": "moonlight", "value": "1.00"}]},
        {"figures": [{"input": "budget_expenditure", "value": "-1.00"}]},
        {"lines": [{"budget_id": "x", "amount": "1.00"}]},
        {"thresholds": [{"rule_code": "share", "value": "NaN"}]},
        {"surprise": []},
    ],
)
async def test_nonsense_is_refused(house: Any, changes: Any) -> None:
    answer = await house.post("leader", PATH, {"fiscal_year": YEAR, **changes})
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")


async def test_who_does_not_see_every_report_does_not_ask(house: Any) -> None:
    for role in ("enterprise", "unit_reporter", "expert"):
        answer = await house.post(role, PATH, {"fiscal_year": YEAR})
        assert answer.status_code == 403, role
