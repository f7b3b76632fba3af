"""Evidence of counterpart reports over HTTP."""

from typing import Any

import httpx

from services.funding.tests.programme import PDF

HEADERS = {"Content-Type": "application/pdf"}
NAME = "filename=%E6%94%AF%E5%87%BA%E6%98%8E%E7%BB%86.pdf"


async def a_report(house: Any, period: str) -> dict[str, Any]:
    body = {"unit_code": "maizier-sugar", "fiscal_year": 2026, "amount": "12.00", "period": period}
    return await house.made("enterprise", "/counterpart-reports", body)


async def attach(
    house: Any, row: dict[str, Any], content: bytes = PDF, unit: str = "maizier-sugar"
) -> httpx.Response:
    client = await house.as_("enterprise", unit)
    path = f"/api/v1/counterpart-reports/{row['id']}/evidence?{NAME}"
    key = {"Idempotency-Key": f"{row['id']}-{len(content)}-{unit}"}
    return await client.post(path, content=content, headers=HEADERS | key)


async def test_evidence_comes_back_as_it_was_handed_in_until_the_review(house: Any) -> None:
    row = await a_report(house, "2026-06")
    made = await attach(house, row)
    assert made.status_code == 201, made.text
    path = f"/counterpart-reports/{row['id']}/evidence"
    assert made.json()["file_name"] == "支出明细.pdf"
    assert (await house.get("office", path)).json()["items"] == [made.json()]
    content = await house.get("office", f"{path}/{made.json()['id']}/content")
    assert content.content == PDF
    assert (await house.get("enterprise", path, unit="qingan-chemical")).status_code == 403
    assert (await attach(house, row, PDF + b"x", "qingan-chemical")).status_code == 403
    other = await attach(house, row, PDF + b"\n")
    gone = f"{path}/{other.json()['id']}"
    assert (await house.call("enterprise", "DELETE", gone)).status_code == 204
    await house.post("office", f"/counterpart-reports/{row['id']}/verify", etag='"1"')
    late = await attach(house, row, PDF + b"\n\n")
    assert (late.status_code, late.json()["code"]) == (409, "invalid_transition")
    kept = await house.call("enterprise", "DELETE", f"{path}/{made.json()['id']}")
    assert (kept.status_code, kept.json()["code"]) == (409, "invalid_transition")


async def test_what_is_no_document_is_refused(house: Any) -> None:
    row = await a_report(house, "2026-07")
    wrong = await attach(house, row, b"MZ\x00\x01 not a document")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "file_type_mismatch")
    empty = await attach(house, row, b"")
    assert empty.status_code == 422
