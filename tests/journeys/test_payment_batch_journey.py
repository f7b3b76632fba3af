"""A batch of payments goes to the treasury as a file and comes back with its results; the payment
that failed is tried again by the three hands, and the trail of it reads from end to end."""

import csv
import hashlib
import io
from typing import Any
from uuid import uuid4

import openpyxl

from tests.journeys.actors import Actors, Row, refused, step, until
from tests.journeys.cases import approved_budget, award, payment
from tests.journeys.test_import import XLSX

PAYEE = "qingan-chemical"
ACCOUNT = {
    "payee_unit": PAYEE,
    "account_name": "庆安化工高科技股份有限公司",
    "account_number": "1702021409000012345",
    "bank_name": "中国工商银行周口分行",
    "bank_code": "102510000017",
    "reason": "开户许可证核对一致",
}


def checked(actors: Actors, given: Row, amount: str) -> Row:
    row = payment(actors, given, amount)
    return step(actors("finance_checker"), "disbursements", row, "check")


def file_of(actors: Actors, batch: Row) -> bytes:
    return actors("finance_payer").request("GET", f"payment-batches/{batch['id']}/file").content


def answered(file: bytes, *results: list[str]) -> bytes:
    """The treasury's workbook: the lines of the file with results beside them."""
    book, content = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    heads, *lines = csv.reader(io.StringIO(file.decode("utf-8-sig")))
    sheet.append([*heads, "结果", "支付日期", "支付凭证号", "原因"])
    for line, result in zip(lines, results, strict=True):
        sheet.append([*line, *result])
    book.save(content)
    return content.getvalue()


def test_checked_payments_become_a_batch(actors: Actors, story: Any, fiscal_year: int) -> None:
    draft = actors("finance_maker").post("payee-accounts", ACCOUNT)
    step(actors("finance_checker"), "payee-accounts", draft, "approve")
    budget = approved_budget(actors, fiscal_year, "by-file", "90000.00", "innovation-award-fund")
    story.award = award(actors, budget, PAYEE, "90000.00")
    rows = [checked(actors, story.award, amount) for amount in ("40000.00", "30000.00")]
    ids = [row["id"] for row in rows]
    story.batch = actors("finance_payer").post("payment-batches", {"disbursement_ids": ids})
    assert (story.batch["state"], story.batch["total"]) == ("draft", "70000.00")
    with refused(409, "payment_in_batch"):
        row = actors("finance_payer").get(f"disbursements/{ids[0]}")
        step(actors("finance_payer"), "disbursements", row, "pay")


def test_the_file_is_the_one_whose_digest_was_told(actors: Actors, story: Any) -> None:
    story.batch = step(actors("finance_payer"), "payment-batches", story.batch, "issue")
    story.file = file_of(actors, story.batch)
    assert hashlib.sha256(story.file).hexdigest() == story.batch["file_sha256"]
    assert file_of(actors, story.batch) == story.file


def send(actors: Actors, content: bytes) -> Row:
    """The job that took the treasury's workbook, once it has ended."""
    headers = {"Content-Type": XLSX, "Idempotency-Key": str(uuid4())}
    made = actors("finance_payer").request(
        "POST", "payment-results/import", body=content, headers=headers
    )

    def ended() -> Row | None:
        job = actors("finance_payer").get(f"jobs/{made.json()['id']}")
        return job if job["finished_at"] else None

    return until(ended, 120)


def test_a_wrong_answer_is_named_by_its_cell_and_moves_nothing(
    actors: Actors, story: Any, fiscal_year: int
) -> None:
    day = f"{fiscal_year}-04-10"
    wrong = answered(story.file, ["成功", day, "T-1", ""], ["成功", "", "T-2", ""])
    job = send(actors, wrong)
    assert job["state"] == "failed"
    (error,) = actors("finance_payer").items(f"jobs/{job['id']}/errors")
    assert (error["cell"], error["code"]) == ("O3", "paid_on_missing")
    batch = actors("auditor").get(f"payment-batches/{story.batch['id']}")
    assert batch["outstanding_count"] == 2


def test_the_answer_settles_one_and_tells_of_the_other(
    actors: Actors, story: Any, fiscal_year: int
) -> None:
    day = f"{fiscal_year}-04-10"
    right = answered(story.file, ["成功", day, "T-1", ""], ["失败", "", "", "账号错误"])
    assert send(actors, right)["state"] == "succeeded"
    batch = actors("auditor").get(f"payment-batches/{story.batch['id']}")
    assert (batch["state"], batch["succeeded_total"]) == ("settled", "40000.00")
    assert send(actors, right)["state"] == "succeeded"
    results = actors("auditor").items("payment-results", batch_id=story.batch["id"])
    assert [one["outcome"] for one in results] == ["succeeded", "failed"]


def test_the_failed_one_is_tried_again_and_arrives(
    actors: Actors, story: Any, fiscal_year: int
) -> None:
    lines = actors("auditor").items(f"payment-batches/{story.batch['id']}/lines", state="failed")
    (line,) = lines
    first = actors("finance_maker").get(f"disbursements/{line['disbursement_id']}")
    second = step(actors("finance_maker"), "disbursements", first, "retry", {})
    with refused(409, "already_retried"):
        step(actors("finance_maker"), "disbursements", first, "retry", {})
    second = step(actors("finance_checker"), "disbursements", second, "check")
    ids = {"disbursement_ids": [second["id"]]}
    batch = actors("finance_payer").post("payment-batches", ids)
    batch = step(actors("finance_payer"), "payment-batches", batch, "issue")
    answer = answered(file_of(actors, batch), ["成功", f"{fiscal_year}-05-04", "T-9", ""])
    assert send(actors, answer)["state"] == "succeeded"
    row = actors("auditor").get(f"disbursements/{second['id']}")
    assert (row["state"], row["attempt"], row["retry_of"]) == ("succeeded", 2, first["id"])
    paid = actors("auditor").get(f"awards/{story.award['id']}")
    assert (paid["paid"], paid["requested"], paid["available"]) == ("70000.00", "0.00", "20000.00")
    story.tries = [first["id"], second["id"]]


def test_the_trail_of_both_tries_can_be_read(actors: Actors, story: Any) -> None:
    seen = {
        one: [entry["action"] for entry in actors("auditor").items("audit-entries", object_id=one)]
        for one in story.tries
    }
    first, second = (sorted(seen[one]) for one in story.tries)
    hands = ["disbursements.check", "disbursements.create", "disbursements.pay"]
    assert first == second == [*hands, "disbursements.settle"]
