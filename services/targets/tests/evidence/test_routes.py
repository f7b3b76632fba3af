"""Evidence: taken by its content, kept once, settled when the report is handed in."""

import hashlib
from typing import Any

import pytest_asyncio

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
    b"\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xa75\x81\x84"
    b"\x00\x00\x00\x00IEND\xaeB`\x82"
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def draft(world: Any) -> Any:
    await world.indicator("shown")
    return await world.draft("shown", "2026-Q1", value="1")


async def add(world: Any, row: Any, content: bytes, name: str = "合同.pdf", kind: str = "") -> Any:
    reporter = await world.as_("unit_reporter", "st-bureau")
    headers = {**world.key(), "Content-Type": kind or "application/octet-stream"}
    path = f"/api/v1/progress-reports/{row['id']}/evidence-files"
    return await reporter.post(path, content=content, params={"filename": name}, headers=headers)


async def test_a_file_comes_back_as_it_was_handed_in(world: Any, draft: Any) -> None:
    made = await add(world, draft, PDF)
    assert made.status_code == 201, made.text
    row = made.json()
    assert (row["file_name"], row["media_type"], row["size"]) == (
        "合同.pdf", "application/pdf", len(PDF),
    )  # fmt: skip
    assert row["file_sha256"] == hashlib.sha256(PDF).hexdigest()
    lead = await world.as_("group_lead", "group-1")
    assert (await lead.get(made.headers["location"])).json() == row
    read = await lead.get(f"{made.headers['location']}/content")
    assert (read.status_code, read.content) == (200, PDF)
    assert read.headers["content-disposition"].startswith("attachment")
    stranger = await world.as_("unit_reporter", "finance-bureau")
    for path in ("", "/content"):
        assert (await stranger.get(made.headers["location"] + path)).status_code == 403


async def test_what_is_not_evidence_is_refused(world: Any, draft: Any) -> None:
    for content, name, kind, status, code in [
        (b"", "a.pdf", "", 422, "empty_file"),
        (b"MZ\x90\x00" * 40, "a.pdf", "", 422, "unexpected_file_type"),
        (PNG, "a.pdf", "application/pdf", 422, "file_type_mismatch"),
        (PDF, "copy.pdf", "", 409, "same_file"),
        (PDF + b"0" * (21 * 1024 * 1024), "large.pdf", "", 413, "payload_too_large"),
    ]:
        answer = await add(world, draft, content, name, kind)
        assert (answer.status_code, answer.json()["code"]) == (status, code), name
    page = await world.get(f"progress-reports/{draft['id']}/evidence-files")
    assert len(page["items"]) == 1


async def test_a_file_is_removed_while_the_report_is_a_draft_and_the_history_tells(
    world: Any, draft: Any
) -> None:
    picture = (await add(world, draft, PNG, "现场.png")).json()
    reporter = await world.as_("unit_reporter", "st-bureau")
    base = f"/api/v1/progress-reports/{draft['id']}/evidence-files"
    assert (await reporter.delete(f"{base}/{picture['id']}")).status_code == 204
    assert (await reporter.delete(f"{base}/{picture['id']}")).status_code == 404
    (kept,) = (await world.get(f"progress-reports/{draft['id']}/evidence-files"))["items"]
    answer = await world.step(reporter, draft, "submit")
    assert answer.status_code == 200, answer.text
    gone = await reporter.delete(f"{base}/{kept['id']}")
    assert (gone.status_code, gone.json()["code"]) == (409, "invalid_transition")
    late = await add(world, draft, PNG, "现场.png")
    assert (late.status_code, late.json()["code"]) == (409, "invalid_transition")
    done = (await world.get(f"progress-reports/{draft['id']}/history"))["items"]
    assert [a["action"] for a in done] == ["create", "attach", "attach", "detach", "submit"]
    assert done[3]["changes"][0]["old"].startswith("现场.png")


async def test_a_report_has_twenty_files_at_most(world: Any) -> None:
    row = await world.draft("shown", "2026-Q2", value="1")
    for number in range(20):
        made = await add(world, row, PDF + b"%d" % number, f"{number}.pdf")
        assert made.status_code == 201, made.text
    full = await add(world, row, PDF + b"20", "20.pdf")
    assert (full.status_code, full.json()["code"]) == (409, "too_many_files")
