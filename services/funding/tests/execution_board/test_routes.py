"""The execution board over HTTP."""

from decimal import Decimal
from typing import Any

PATH = "/execution-board"


async def pay(house: Any, award: Any, amount: str, day: str) -> Any:
    row = await house.paying(award["id"], amount)
    body = {"outcome": "succeeded", "paid_on": day}
    answer = await house.step("finance_payer", row, "result", body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def a_year(house: Any, fund: str, year: int, days: dict[str, str]) -> Any:
    """A fund's year: 1200 yuan, all promised, and what was paid on these days."""
    await house.year(year)
    await house.fund(fund)
    budget = await house.appropriated("1200.00", year=year, fund=fund)
    award = await house.award("1200.00", budget=budget["id"])
    paid = [await pay(house, award, amount, f"{year}-{day}") for day, amount in days.items()]
    return budget, paid


async def months(house: Any, fund: str, year: int) -> dict[str, Any]:
    path = f"{PATH}?fund_code={fund}&fiscal_year={year}&limit=200"
    return {row["month"]: row for row in (await house.get("leader", path)).json()["items"]}


async def test_a_month_shows_the_year_up_to_its_end(house: Any) -> None:
    _, (first, _) = await a_year(house, "by-month", 2024, {"03-31": "300.00", "09-01": "600.00"})
    refund = {"disbursement_id": first["id"], "amount": "60.00", "received_on": "2024-10-05"}
    await house.decided("/refunds", **refund)
    rows = await months(house, "by-month", 2024)
    assert list(rows) == [f"2024-{month:02}" for month in range(1, 13)]
    shown = ("disbursed", "disbursed_in_month", "refunded", "execution_rate")
    assert [rows["2024-03"][name] for name in shown] == ["300.00", "300.00", "0.00", "0.25"]
    assert [rows["2024-08"][name] for name in shown] == ["300.00", "0.00", "0.00", "0.25"]
    assert [rows["2024-12"][name] for name in shown] == ["900.00", "0.00", "60.00", "0.7"]
    assert rows["2024-12"]["committed"] == "1200.00"
    assert rows["2024-02"]["execution_rate"] == "0"
    assert rows["2024-02"]["forecast"] is None
    assert (rows["2024-03"]["forecast"], rows["2024-03"]["forecast_method"]) == (
        "1200.00",
        "linear",
    )
    assert rows["2024-09"]["forecast"] == "1200.00", "never above the budget"


async def test_the_next_year_is_foreseen_from_this_one(house: Any) -> None:
    await a_year(house, "seasonal", 2022, {"06-30": "200.00", "12-01": "800.00"})
    await a_year(house, "seasonal", 2023, {"05-01": "150.00"})
    row = (await months(house, "seasonal", 2023))["2023-06"]
    assert (row["forecast"], row["forecast_method"]) == ("750.00", "share_of_earlier_years")
    assert row["forecast_rate"] == "0.625"
    assert "20.0%" in row["forecast_zh"]


async def test_what_happened_outside_the_year_counts_at_its_edges(house: Any) -> None:
    budget, _ = await a_year(house, "edges", 2021, {})
    award = (await house.get("office", f"/awards?budget_id={budget['id']}")).json()["items"][0]
    row = await house.paying(award["id"], "100.00")
    body = {"outcome": "succeeded", "paid_on": "2022-01-04"}
    await house.step("finance_payer", row, "result", body)
    rows = await months(house, "edges", 2021)
    assert rows["2021-12"]["disbursed_in_month"] == "100.00"


async def test_the_close_takes_nothing_away_from_the_year(house: Any) -> None:
    budget, _ = await a_year(house, "closing", 2018, {"02-01": "300.00"})
    before = (await months(house, "closing", 2018))["2018-12"]
    await house.decided("/year-closes", fiscal_year=2018, document_no="n")
    after = (await months(house, "closing", 2018))["2018-12"]
    figures = ("approved", "appropriated", "committed", "disbursed", "execution_rate")
    assert [after[name] for name in figures] == [before[name] for name in figures]
    assert (after["carried_over"], after["lapsed"]) == ("900.00", "0.00")
    assert (await house.line(budget["id"]))["carried_over"] == "900.00"
    await house.books_balance()


async def test_the_board_is_a_list_and_a_file(house: Any) -> None:
    await a_year(house, "as-a-file", 2020, {"01-05": "0.01"})
    path = f"{PATH}?fund_code=as-a-file"
    whole = (await house.get("auditor", f"{path}&include_total=true&sort=-id")).json()
    assert whole["total"] == len(whole["items"]) == 12
    assert [row["month"] for row in whole["items"]] == [f"2020-{m:02}" for m in range(12, 0, -1)]
    one = (await house.get("auditor", f"{path}&month=2020-07")).json()["items"]
    assert [(row["id"], row["disbursed"]) for row in one] == [("as-a-file/2020-07", "0.01")]
    file = await house.get("auditor", path, headers={"Accept": "text/csv", "Accept-Language": "zh"})
    assert len(file.text.strip().splitlines()) == 13
    later = await house.get("auditor", f"{path}&updated_since=2100-01-01T00:00:00Z")
    assert later.json()["items"] == []
    assert (await house.get("auditor", f"{PATH}?month=2020-13")).status_code == 422
    assert (await house.get("enterprise", PATH)).status_code == 403


async def test_the_months_of_a_fund_come_to_its_lines(house: Any) -> None:
    await a_year(house, "comes-to", 2025, {"04-01": "1.00", "04-02": "2.00", "08-09": "3.00"})
    rows = await months(house, "comes-to", 2025)
    added = sum(Decimal(row["disbursed_in_month"]) for row in rows.values())
    assert f"{added:.2f}" == rows["2025-12"]["disbursed"] == "6.00"
    await house.books_balance()
