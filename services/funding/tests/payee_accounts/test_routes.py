"""One enters where a payee is paid to, another confirms it, and few see the whole number."""

from typing import Any

import pytest

PATH = "/payee-accounts"
WHOLE = "1702021409000012345"
ACCOUNT = {
    "payee_unit": "maizier-sugar",
    "account_name": "麦滋尔糖业有限公司",
    "account_number": WHOLE,
    "bank_name": "中国工商银行周口分行",
    "reason": "开户许可证核对一致",
}


@pytest.mark.parametrize(
    ("role", "sees_all"),
    [
        ("finance_maker", True),
        ("finance_payer", True),
        ("auditor", True),
        ("enterprise", True),
        ("office", False),
        ("leader", False),
        ("park_admin", False),
    ],
)
async def test_the_number_is_masked_for_whoever_needs_it_not(
    house: Any, role: str, sees_all: bool
) -> None:
    row = await house.account()
    shown = WHOLE if sees_all else "***************2345"
    assert (await house.get(role, f"{PATH}/{row['id']}")).json()["account_number"] == shown
    listed = (await house.get(role, f"{PATH}?state=approved")).json()["items"]
    assert {one["account_number"] for one in listed} == {shown}
    file = await house.get(role, PATH, headers={"Accept": "text/csv"})
    assert (WHOLE in file.text) is sees_all


async def test_another_unit_sees_nothing_of_it(house: Any) -> None:
    row = await house.account()
    other = await house.get("enterprise", f"{PATH}/{row['id']}", unit="qingan-chemical")
    assert other.status_code == 403
    listed = await house.get("enterprise", PATH, unit="qingan-chemical")
    assert listed.json()["items"] == []


async def test_the_maker_does_not_confirm_it(house: Any) -> None:
    row = await house.made("finance_maker", PATH, ACCOUNT)
    refused = await house.decide(PATH, row, role="finance_checker", sub="test-finance_maker")
    assert (refused.status_code, refused.json()["code"]) == (403, "separation_of_duties")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"payee_unit": "nobody"}, "unknown_reference"),
        ({"account_number": "6222 0202"}, "validation_failed"),
        ({"account_number": "12345"}, "validation_failed"),
        ({"account_number": "1" * 33}, "validation_failed"),
        ({"bank_code": "1025"}, "validation_failed"),
        ({"account_name": ""}, "validation_failed"),
    ],
)
async def test_what_is_no_account_is_refused(house: Any, change: Any, code: str) -> None:
    refused = await house.post("finance_maker", PATH, ACCOUNT | change)
    assert (refused.status_code, refused.json()["code"]) == (422, code)


async def test_the_audit_has_digests_and_no_number(house: Any) -> None:
    row = await house.account()
    told = await house.rows(
        "SELECT action, detail::text AS detail FROM audit_entry WHERE object_id = $1", row["id"]
    )
    actions = {one["action"] for one in told}
    assert actions == {"payee_accounts.create", "payee_accounts.approve"}
    assert not any(WHOLE in (one["detail"] or "") for one in told)
