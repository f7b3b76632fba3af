"""A park's own numbers beside the sum of its enterprises."""

from collections.abc import Awaitable, Callable
from typing import Any

Caller = Any
Make = Callable[..., Awaitable[dict[str, Any]]]


async def test_a_park_that_differs_from_its_enterprises_says_why(
    office: Caller, park_admin: Caller, register: Make, file_return: Make, measures: dict[str, Any]
) -> None:
    for sales in ("600", "400"):
        firm = await register()
        filed = await file_return(firm["id"], "2026-02", sales_revenue=sales)
        assert (await office.step(filed, "accept")).status_code == 200
    twice = {name: str(2 * int(value)) for name, value in measures.items()}
    own = twice | {"sales_revenue": "1009", "employees": 240}
    path = "/parks/gangqu/returns/2026-02"
    made = await park_admin.put(path, {"measures": own})
    assert (made.status_code, made.json()["findings"]) == (201, []), made.text
    other = {"measures": own | {"sales_revenue": "1100"}}
    refused = await park_admin.put(path, other, 1)
    assert (refused.status_code, refused.json()["code"]) == (422, "return_not_sound")
    [error] = refused.json()["errors"]
    assert error["pointer"] == "/explanations/park-sales-revenue"
    assert "1100" in error["message"]
    said = {"explanations": {"park-sales-revenue": "含园区管理公司租金"}}
    kept = await park_admin.put(path, other | said, 1)
    assert (kept.status_code, kept.json()["version"]) == (200, 2)
    assert kept.json()["findings"][0]["explanation"] == "含园区管理公司租金"
    same = await office.put(path, other | said, 2)
    assert same.json()["version"] == 2
    assert (await office.put(path, other | said, 1)).status_code == 412
    listed = (await office.get("/parks/gangqu/returns")).json()["items"]
    assert [one["period"] for one in listed] == ["2026-02"]
    assert (await office.get(path)).json() == kept.json()


async def test_it_is_for_the_park_alone_and_not_for_days_to_come(
    caller: Callable[..., Awaitable[Caller]], office: Caller, enterprise: Caller,
    measures: dict[str, Any], gangqu: str,
) -> None:  # fmt: skip
    body = {"measures": measures}
    stranger = await caller("park_admin", "xuedian-town")
    path = f"/parks/{gangqu}/returns"
    assert (await stranger.put(f"{path}/2026-03", body)).status_code == 403
    assert (await enterprise.put(f"{path}/2026-03", body)).status_code == 403
    assert (await office.get(f"{path}/2020-01")).status_code == 404
    assert (await office.put("/parks/none/returns/2026-03", body)).status_code == 404
    for period, wrong, code in (
        ("2099-Q1", {}, "future_period"),
        ("2026-03", {"sales_revenue": "-1"}, "inconsistent_measures"),
        ("2026-13", {}, "validation_failed"),
    ):
        answer = await office.put(f"{path}/{period}", {"measures": measures | wrong})
        assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text
