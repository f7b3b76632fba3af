"""Checked payments leave for the treasury in one file, once, and only as they should."""

import csv
import hashlib
import io
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from contracts.supervision import ItemClosed, ItemOpened
from funding.holds.handlers import on_item_closed, on_item_opened

PATH = "/payment-batches"


def obstacles(answer: Any) -> list[tuple[str, str]]:
    assert (answer.status_code, answer.json()["code"]) == (409, "not_payable"), answer.text
    return [(error["pointer"], error["code"]) for error in answer.json()["errors"]]


async def step(house: Any, batch: Any, name: str, body: Any = None, **options: Any) -> Any:
    etag = options.pop("etag", f'"{batch["version"]}"')
    role = options.pop("role", "finance_payer")
    return await house.post(role, f"{PATH}/{batch['id']}/{name}", body, etag=etag, **options)


async def payment(house: Any, batch: Any, number: int = 1) -> Any:
    lines = (await house.get("finance_payer", f"{PATH}/{batch['id']}/lines")).json()["items"]
    path = f"/disbursements/{lines[number - 1]['disbursement_id']}"
    return (await house.get("finance_payer", path)).json()


async def test_a_batch_becomes_a_file_and_its_payments_are_on_their_way(house: Any) -> None:
    draft = await house.batch(("30.00", "12.50"))
    assert (draft["state"], draft["count"], draft["total"]) == ("draft", 2, "42.50")
    assert (await payment(house, draft))["batch_id"] == draft["id"]
    await house.bus.since_now()
    issued = (await step(house, draft, "issue")).json()
    assert (issued["state"], issued["outstanding_count"], issued["outstanding_total"]) == (
        "issued",
        2,
        "42.50",
    )
    row = await payment(house, draft)
    assert (row["state"], row["paid_by"]) == ("paying", "test-finance_payer")
    (told,) = await house.bus.events("payment_batch.issued", f"payment_batch:{issued['id']}")
    assert (told.data["count"], told.data["total"]) == (2, "42.50")
    assert told.data["file_sha256"] == issued["file_sha256"]
    steps = await house.rows(
        "SELECT before_digest <> after_digest AS moved FROM audit_entry"
        " WHERE action = 'disbursements.pay' AND object_id = $1",
        row["id"],
    )
    assert [one["moved"] for one in steps] == [True]
    await house.books_balance()


async def test_the_file_is_always_the_same_and_says_everything(house: Any) -> None:
    issued = await house.issued("30.00", "12.50")
    path = f"{PATH}/{issued['id']}/file"
    first = await house.get("finance_payer", path)
    await house.account(account_number="999999999999")
    again = await house.get("auditor", path)
    assert first.content == again.content
    assert hashlib.sha256(first.content).hexdigest() == issued["file_sha256"]
    assert first.headers["etag"] == f'"{issued["file_sha256"]}"'
    assert len(first.content) == issued["file_size"]
    assert first.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(first.content.decode("utf-8-sig"))))
    assert rows[1] == {
        "批次号": issued["number"],
        "行号": "2",
        "拨付标识": (await payment(house, issued, 2))["id"],
        "收款单位": "maizier-sugar",
        "收款单位名称": "maizier-sugar",
        "收款户名": "麦滋尔糖业有限公司",
        "收款账号": "1702021409000012345",
        "开户银行": "中国工商银行周口分行",
        "开户行行号": "102510000017",
        "金额（元）": "12.50",
        "用途": "t",
        "批次笔数": "2",
        "批次金额（元）": "42.50",
    }
    seen = await house.rows(
        "SELECT actor FROM audit_entry WHERE action = 'payment_batches.download'"
        " AND object_id = $1 ORDER BY id",
        issued["id"],
    )
    assert [one["actor"] for one in seen] == ["test-finance_payer", "test-auditor"]


async def test_a_draft_has_no_file(house: Any) -> None:
    draft = await house.batch(("1.00",))
    assert (await house.get("finance_payer", f"{PATH}/{draft['id']}/file")).status_code == 404


async def test_account_numbers_are_masked_in_the_lines(house: Any) -> None:
    issued = await house.issued("1.00")
    for role, shown in (("finance_payer", "1702021409000012345"), ("office", "*" * 15 + "2345")):
        (line,) = (await house.get(role, f"{PATH}/{issued['id']}/lines")).json()["items"]
        assert line["account_number"] == shown
    assert (await house.get("office", f"{PATH}/{issued['id']}/file")).status_code == 403


async def test_what_stands_against_a_payment_is_told_of_each(house: Any) -> None:
    await house.account()
    award = (await house.award("100.00"))["id"]
    asked = await house.asked(award, "1.00")
    good = await house.checked(award, "2.00")
    away = await house.paying(award, "3.00")
    other = await house.checked((await house.award("5.00", "qingan-chemical"))["id"], "5.00")
    taken = await house.checked(award, "4.00")
    await house.made("finance_payer", PATH, {"disbursement_ids": [taken["id"]]})
    ids = [row["id"] for row in (good, asked, away, other, taken)]
    refused = await house.post("finance_payer", PATH, {"disbursement_ids": ids})
    assert obstacles(refused) == [
        ("/disbursement_ids/1", "not_checked"),
        ("/disbursement_ids/2", "not_checked"),
        ("/disbursement_ids/3", "no_payee_account"),
        ("/disbursement_ids/4", "in_another_batch"),
    ]
    assert other["id"] in refused.json()["errors"][2]["message"]
    assert (await house.get("auditor", f"/disbursements/{good['id']}")).json()["batch_id"] is None


async def test_by_a_filter_come_those_that_can_be_paid(house: Any) -> None:
    await house.account()
    await house.fund("batch-fund")
    line = await house.appropriated("100.00", fund="batch-fund")
    award = (await house.award("100.00", budget=line["id"]))["id"]
    await house.asked(award, "1.00")
    rows = [await house.checked(award, "2.00") for _ in range(3)]
    body = {"filter": {"fund_code": "batch-fund"}, "purpose": "四月第一批"}
    batch = await house.made("finance_payer", PATH, body)
    assert (batch["count"], batch["total"], batch["purpose"]) == (3, "6.00", "四月第一批")
    lines = (await house.get("auditor", f"{PATH}/{batch['id']}/lines")).json()["items"]
    assert [one["disbursement_id"] for one in lines] == [row["id"] for row in rows]
    again = await house.post("finance_payer", PATH, body)
    assert (again.status_code, again.json()["code"]) == (409, "nothing_to_pay")


@pytest.mark.parametrize("body", [{}, {"disbursement_ids": [str(uuid4())], "filter": {}}])
async def test_either_ids_or_a_filter(house: Any, body: Any) -> None:
    refused = await house.post("finance_payer", PATH, body)
    assert (refused.status_code, refused.json()["code"]) == (422, "validation_failed")


async def test_a_payment_that_there_is_not_is_named(house: Any) -> None:
    refused = await house.post("finance_payer", PATH, {"disbursement_ids": [str(uuid4())]})
    assert (refused.status_code, refused.json()["code"]) == (422, "unknown_reference")
    assert refused.json()["errors"][0]["pointer"] == "/disbursement_ids/0"


async def test_a_payment_held_before_the_issue_stops_it_and_is_named(house: Any) -> None:
    draft = await house.batch(("1.00", "2.00"), "st-bureau")
    item = {"item_id": uuid4(), "number": "2026-0042", "responsible_unit": "st-bureau"}
    opened = {"title": "t", "origin": "indicator", "due_on": date(2026, 8, 1)}
    await house.hear(on_item_opened, ItemOpened.model_validate({**item, **opened}))
    refused = await step(house, draft, "issue")
    assert obstacles(refused) == [("/lines/1", "payment_held"), ("/lines/2", "payment_held")]
    assert "2026-0042" in refused.json()["errors"][0]["message"]
    ended = {"origin": "indicator", "outcome": "closed", "closed_at": datetime.now(UTC)}
    await house.hear(on_item_closed, ItemClosed.model_validate({**item, **ended}))
    assert (await step(house, draft, "issue")).status_code == 200


@pytest.mark.parametrize("who", ["test-finance_maker", "test-finance_checker"])
async def test_the_payer_of_a_batch_is_a_third_person(house: Any, who: str) -> None:
    draft = await house.batch(("1.00",))
    refused = await step(house, draft, "issue", sub=who)
    assert obstacles(refused) == [("/lines/1", "separation_of_duties")]


async def test_a_payment_in_a_batch_is_not_paid_alone(house: Any) -> None:
    draft = await house.batch(("1.00",))
    row = await payment(house, draft)
    refused = await house.step("finance_payer", row, "pay")
    assert (refused.status_code, refused.json()["code"]) == (409, "payment_in_batch")
    cancelled = (await step(house, draft, "cancel", {"reason": "重新组批"})).json()
    assert (cancelled["state"], cancelled["outstanding_count"]) == ("cancelled", 0)
    row = await payment(house, draft)
    assert row["batch_id"] is None
    assert (await house.step("finance_payer", row, "pay")).status_code == 200


async def test_what_was_cancelled_goes_into_the_next_batch(house: Any) -> None:
    draft = await house.batch(("1.00",))
    row = await payment(house, draft)
    await step(house, draft, "cancel", {"reason": "r"})
    second = await house.made("finance_payer", PATH, {"disbursement_ids": [row["id"]]})
    assert second["number"] != draft["number"]
    assert (await step(house, second, "issue")).status_code == 200


async def test_an_issued_batch_is_neither_cancelled_nor_issued_again(house: Any) -> None:
    issued = await house.issued("1.00")
    for name, body in (("issue", None), ("cancel", {"reason": "r"})):
        refused = await step(house, issued, name, body)
        assert (refused.status_code, refused.json()["code"]) == (409, "invalid_transition")


async def test_a_payee_cannot_smuggle_a_formula_into_the_file(house: Any) -> None:
    await house.account(account_name="=cmd|' /C calc'!A0", bank_name="@SUM(1)")
    award = (await house.award("1.00"))["id"]
    row = await house.checked(award, "1.00")
    draft = await house.made("finance_payer", PATH, {"disbursement_ids": [row["id"]]})
    issued = (await step(house, draft, "issue")).json()
    text = (await house.get("finance_payer", f"{PATH}/{issued['id']}/file")).text
    (line,) = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    assert line["收款户名"].startswith("'=")
    assert line["开户银行"].startswith("'@")


async def test_the_largest_amounts_stay_exact_in_the_total(house: Any) -> None:
    draft = await house.batch(("4999999999999999.99", "4999999999999999.99"))
    assert draft["total"] == "9999999999999999.98"
