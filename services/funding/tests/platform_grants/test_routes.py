"""Platform grants over HTTP."""

from typing import Any

PATH = "/platform-grants"


async def test_the_gap_that_own_money_leaves_is_granted_up_to_the_share(
    house: Any, kinds: Any
) -> None:
    row = await kinds.filed("platform_grant", cost="1000.00", own_funds="700.00")
    assert (row["amount"], row["formula"]) == (
        "300.00",
        "min(cost * share / 100, cap, cost - own_funds)",
    )
    assert row["inputs"]["share"] == "40"
    poor = kinds.body("platform_grant", cost="1000.00", own_funds="599.99")
    refused = await house.post("enterprise", PATH, poor)
    assert (refused.status_code, refused.json()["code"]) == (422, "own_funds_too_small")
    rich = kinds.body("platform_grant", cost="1000.00", own_funds="1000.00")
    refused = await house.post("enterprise", PATH, rich)
    assert (refused.status_code, refused.json()["code"]) == (422, "nothing_to_support")


async def test_one_thing_is_granted_once_to_a_unit(house: Any, kinds: Any) -> None:
    row = await kinds.filed("platform_grant")
    twin = kinds.body("platform_grant", title=row["title"].replace(" ", "-"))
    assert (await house.post("enterprise", PATH, twin)).status_code == 409
    other = await kinds.filed("platform_grant", "qingan-chemical", title=row["title"])
    assert other["payee_unit"] == "qingan-chemical"
