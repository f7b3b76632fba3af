"""The treasury's answers move the money as single results do, once, and nothing else does."""

from typing import Any
from uuid import uuid4

import pytest
from funding.worker import JOBS
from servicekit.jobs.runner import JobRunner

PATH = "/payment-results"
DAY = "2026-04-10"


def row(batch: Any, number: int, amount: str, outcome: str = "succeeded", **more: Any) -> Any:
    day = {"paid_on": DAY} if outcome == "succeeded" else {}
    line = {"batch_number": batch["number"], "line_number": number, "amount": amount}
    return {**line, "outcome": outcome, **day, **more}


async def record(house: Any, *rows: Any) -> Any:
    return await house.post("finance_payer", f"{PATH}/batch", {"items": list(rows)})


def wrong(answer: Any) -> list[tuple[str, str]]:
    assert (answer.status_code, answer.json()["code"]) == (422, "batch_refused"), answer.text
    return [(error["pointer"], error["code"]) for error in answer.json()["errors"]]


async def seen(house: Any, batch: Any) -> Any:
    return (await house.get("auditor", f"/payment-batches/{batch['id']}")).json()


async def lines_of(house: Any, batch: Any, query: str = "") -> Any:
    path = f"/payment-batches/{batch['id']}/lines{query}"
    return (await house.get("auditor", path)).json()["items"]


async def imported(house: Any, content: str, **query: str) -> tuple[Any, list[Any]]:
    """The job that took a CSV, and what was wrong in it."""
    client = await house.as_("finance_payer")
    headers = {"Content-Type": "text/csv", "Idempotency-Key": str(uuid4())}
    made = await client.post(
        f"/api/v1{PATH}/import", content=content.encode(), headers=headers, params=query
    )
    assert made.status_code == 202, made.text
    await JobRunner(house.app.state.database, JOBS).drain()
    path = f"/jobs/{made.json()['id']}"
    job = (await house.get("finance_payer", path)).json()
    errors = (await house.get("finance_payer", f"{path}/errors")).json()["items"]
    return job, errors


async def test_results_settle_the_payments_and_the_batch(house: Any) -> None:
    batch = await house.issued("30.00", "12.50", "7.50")
    await house.bus.since_now()
    answer = await record(
        house,
        row(batch, 1, "30.00", reference="T-1"),
        row(batch, 2, "12.50", "failed", reason="账号错误"),
    )
    assert answer.status_code == 200, answer.text
    now = await seen(house, batch)
    assert (now["state"], now["outstanding_count"], now["outstanding_total"]) == (
        "issued",
        1,
        "7.50",
    )
    assert (now["succeeded_total"], now["failed_total"]) == ("30.00", "12.50")
    (left,) = await lines_of(house, batch, "?state=sent")
    assert left["number"] == 3
    assert await house.bus.events("payment_batch.settled") == []
    await record(house, row(batch, 3, "7.50", "returned", reason="退票"))
    now = await seen(house, batch)
    assert (now["state"], now["outstanding_count"]) == ("settled", 0)
    (told,) = await house.bus.events("payment_batch.settled", f"payment_batch:{batch['id']}")
    assert (told.data["succeeded_count"], told.data["returned_total"]) == (1, "7.50")
    failed = await house.bus.events("disbursement.failed")
    assert [(one.data["outcome"], one.data["had_arrived"]) for one in failed] == [
        ("failed", False),
        ("returned", False),
    ]
    states = {}
    for line in await lines_of(house, batch):
        found = await house.get("auditor", f"/disbursements/{line['disbursement_id']}")
        states[line["number"]] = (line["state"], found.json()["state"])
    assert states == {n: (s, s) for n, s in enumerate(("succeeded", "failed", "returned"), 1)}
    await house.books_balance()


async def test_the_same_result_again_changes_nothing(house: Any) -> None:
    batch = await house.issued("5.00")
    body = row(batch, 1, "5.00", reference="T-1")
    first = await house.post("finance_payer", PATH, body)
    again = await house.post("finance_payer", PATH, body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    other = await house.post("finance_payer", PATH, body | {"reference": "T-2"})
    assert (other.status_code, other.json()["code"]) == (409, "other_result")
    late = await house.post("finance_payer", PATH, row(batch, 1, "5.00", "failed"))
    assert (late.status_code, late.json()["code"]) == (409, "other_result")
    assert (await seen(house, batch))["succeeded_count"] == 1
    await house.books_balance()


async def test_what_had_arrived_may_still_come_back_and_the_old_answer_is_no_news(
    house: Any,
) -> None:
    batch = await house.issued("5.00", "1.00")
    arrived = row(batch, 1, "5.00")
    await record(house, arrived)
    await house.bus.since_now()
    back = row(batch, 1, "5.00", "returned", reason="退票")
    assert (await record(house, back)).status_code == 200
    (told,) = await house.bus.events("disbursement.failed")
    assert told.data["had_arrived"] is True
    assert (await house.post("finance_payer", PATH, arrived)).status_code == 200
    now = await seen(house, batch)
    assert (now["succeeded_count"], now["succeeded_total"]) == (0, "0.00")
    assert (now["returned_count"], now["outstanding_count"]) == (1, 1)
    listed = await house.get("auditor", f"{PATH}?batch_id={batch['id']}")
    assert [one["outcome"] for one in listed.json()["items"]] == ["succeeded", "returned"]
    await house.books_balance()


async def test_every_wrong_row_is_named_and_nothing_is_stored(house: Any) -> None:
    batch, other = await house.issued("5.00", "6.00"), await house.issued("1.00")
    draft = await house.batch(("2.00",))
    answer = await record(
        house,
        row(batch, 1, "5.00"),
        row(batch, 9, "5.00"),
        row(batch, 2, "6.01"),
        row(batch, 2, "6.00", file_sha256=other["file_sha256"]),
        row(batch, 2, "6.00", batch_count=3, batch_total="11.01"),
        row(batch, 2, "6.00", account_number="6.22202E+18", payee_unit="st-bureau"),
        row(batch, 1, "5.00"),
        row(draft, 1, "2.00"),
        {**row(batch, 2, "6.00"), "batch_number": "ZF2026-999999"},
        row(batch, 2, "6.00", "succeeded", paid_on=None),
    )
    assert wrong(answer) == [
        ("/items/1/line_number", "unknown_reference"),
        ("/items/2/amount", "wrong_amount"),
        ("/items/3/file_sha256", "wrong_digest"),
        ("/items/4/batch_count", "wrong_total"),
        ("/items/4/batch_total", "wrong_total"),
        ("/items/5/payee_unit", "wrong_line"),
        ("/items/5/account_number", "wrong_line"),
        ("/items/6/line_number", "row_twice"),
        ("/items/7/batch_number", "invalid_transition"),
        ("/items/8/batch_number", "unknown_reference"),
        ("/items/9/paid_on", "paid_on_missing"),
    ]
    assert (await seen(house, batch))["outstanding_count"] == 2
    await house.books_balance()


async def test_the_issued_file_comes_back_with_results_beside_the_lines(house: Any) -> None:
    batch = await house.issued("30.00", "12.50", "7.50")
    client = await house.as_("finance_payer")
    file = (await client.get(f"/api/v1/payment-batches/{batch['id']}/file")).content.decode()
    head, *lines = file.strip().splitlines()
    said = ["成功,2026-04-10,T-1,", "失败,,,账号错误", "退票,,,户名不符"]
    answer = [f"{head},结果,支付日期,支付凭证号,原因"]
    answer += [f"{line},{one}" for line, one in zip(lines, said, strict=True)]
    job, errors = await imported(house, "\n".join(answer))
    assert (job["state"], job["done"], errors) == ("succeeded", 3, [])
    assert (await seen(house, batch))["state"] == "settled"
    again, errors = await imported(house, "\n".join(answer))
    assert (again["state"], errors) == ("succeeded", [])
    listed = await house.get("auditor", f"{PATH}?batch_number={batch['number']}")
    assert len(listed.json()["items"]) == 3
    await house.books_balance()


async def test_a_wrong_cell_is_named_in_the_file(house: Any) -> None:
    batch = await house.issued("30.00", "12.50")
    rows = [
        "批次号,行号,金额（元）,结果,支付日期",
        f"{batch['number']},1,30.00,成功,2026-04-10",
        f"{batch['number']},2,12.51,成功,2026-04-10",
        f"{batch['number']},1,30.00,成功,2026-04-10",
        f"{batch['number']},2,12.50,不知道,2026-04-10",
    ]
    job, errors = await imported(house, "\n".join(rows))
    assert job["state"] == "failed"
    assert [(one["cell"], one["code"]) for one in errors] == [
        ("C3", "wrong_amount"),
        ("B4", "row_twice"),
        ("D5", "enum"),
    ]
    assert (await seen(house, batch))["outstanding_count"] == 2
    partly, _ = await imported(house, "\n".join(rows), mode="partial")
    assert (partly["state"], partly["refused"]) == ("succeeded", 3)
    assert (await seen(house, batch))["succeeded_total"] == "30.00"
    await house.books_balance()


async def test_a_single_result_counts_in_its_batch(house: Any) -> None:
    batch = await house.issued("5.00")
    (line,) = await lines_of(house, batch)
    payment = (await house.get("auditor", f"/disbursements/{line['disbursement_id']}")).json()
    result = {"outcome": "succeeded", "paid_on": DAY}
    assert (await house.step("finance_payer", payment, "result", result)).status_code == 200
    assert (await seen(house, batch))["state"] == "settled"
    assert (await house.post("finance_payer", PATH, row(batch, 1, "5.00"))).status_code == 200


@pytest.mark.parametrize("outcome", ["failed", "returned"])
async def test_a_payment_that_did_not_arrive_is_tried_again_once(house: Any, outcome: str) -> None:
    batch = await house.issued("5.00")
    await record(house, row(batch, 1, "5.00", outcome, reason="账号错误"))
    (line,) = await lines_of(house, batch)
    first = (await house.get("auditor", f"/disbursements/{line['disbursement_id']}")).json()
    second = await house.step("finance_maker", first, "retry", {})
    assert second.status_code == 201, second.text
    second = second.json()
    assert (second["retry_of"], second["attempt"], second["amount"]) == (first["id"], 2, "5.00")
    assert (second["state"], second["batch_id"], second["checked_by"]) == ("requested", None, None)
    refused = await house.step("finance_maker", first, "retry", {})
    assert (refused.status_code, refused.json()["code"]) in [
        (409, "already_retried"),
        (409, "insufficient_funds"),
    ]
    second = (await house.step("finance_checker", second, "check")).json()
    again = await house.made(
        "finance_payer", "/payment-batches", {"disbursement_ids": [second["id"]]}
    )
    issue = f"/payment-batches/{again['id']}/issue"
    issued = (await house.post("finance_payer", issue, etag='"1"')).json()
    await record(house, row(issued, 1, "5.00"))
    tries = await house.get("auditor", f"/disbursements?retry_of={first['id']}")
    assert [one["state"] for one in tries.json()["items"]] == ["succeeded"]
    award = (await house.get("auditor", f"/awards/{first['award_id']}")).json()
    assert (award["paid"], award["requested"], award["available"]) == ("5.00", "0.00", "0.00")
    await house.books_balance()


async def test_a_retry_that_was_rejected_leaves_room_for_another(house: Any) -> None:
    award = (await house.award("100.00"))["id"]
    row = await house.paying(award, "5.00")
    row = (await house.step("finance_payer", row, "result", {"outcome": "failed"})).json()
    second = (await house.step("finance_maker", row, "retry", {"purpose": "重发"})).json()
    refused = await house.step("finance_maker", row, "retry", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "already_retried")
    await house.step("finance_checker", second, "reject", {"reason": "r"})
    third = await house.step("finance_maker", row, "retry", {})
    assert (third.status_code, third.json()["attempt"]) == (201, 2)


@pytest.mark.parametrize("state", ["requested", "checked", "paying", "succeeded"])
async def test_only_what_is_over_and_did_not_arrive_is_tried_again(house: Any, state: str) -> None:
    award = (await house.award("5.00"))["id"]
    make = {"requested": house.asked, "checked": house.checked, "paying": house.paying}
    row = await make.get(state, house.paid)(award, "5.00")
    refused = await house.step("finance_maker", row, "retry", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "invalid_transition")
