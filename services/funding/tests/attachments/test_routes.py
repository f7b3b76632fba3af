"""Attachments over HTTP."""

from typing import Any

ATTACHMENT = {"code": "proposal", "name_zh": "申报书", "name_en": "Proposal"}


async def test_a_file_comes_back_as_it_was_handed_in(house: Any, programme: Any) -> None:
    call = await programme.a_call(required_attachments=[ATTACHMENT])
    row = await programme.draft(call["id"])
    made = (await programme.attach(row, requirement="proposal")).json()
    path = f"/applications/{row['id']}/attachments"
    assert (made["file_name"], made["requirement"]) == ("申报书.pdf", "proposal")
    listed = (await house.get("park_admin", path)).json()["items"]
    assert listed == [made]
    content = await house.get("office", f"{path}/{made['id']}/content")
    assert content.content.startswith(b"%PDF")
    foreign = await house.get("enterprise", f"{path}/{made['id']}/content", unit="qingan-chemical")
    assert foreign.status_code == 403


async def test_what_is_attached_is_settled_once_it_was_handed_in(
    house: Any, programme: Any
) -> None:
    row = await programme.draft((await programme.a_call())["id"])
    made = (await programme.attach(row)).json()
    same = await programme.attach(row)
    assert (same.status_code, same.json()["code"]) == (409, "same_file")
    odd = await programme.attach(row, b"%PDF-1.7\nother\n%%EOF\n", requirement="licence")
    assert (odd.status_code, odd.json()["code"]) == (422, "unknown_requirement")
    wrong = await programme.attach(row, b"MZ\x00\x01 not a document")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "file_type_mismatch")
    await programme.step("enterprise", "applications", row, "submit")
    late = await programme.attach(row, b"%PDF-1.7\nother\n%%EOF\n")
    assert (late.status_code, late.json()["code"]) == (409, "invalid_transition")
    path = f"/applications/{row['id']}/attachments/{made['id']}"
    kept = await house.call("enterprise", "DELETE", path)
    assert (kept.status_code, kept.json()["code"]) == (409, "invalid_transition")


async def test_there_is_room_for_twenty_files(programme: Any) -> None:
    row = await programme.draft((await programme.a_call())["id"])
    for number in range(20):
        answer = await programme.attach(row, f"%PDF-1.7\n{number}\n%%EOF\n".encode())
        assert answer.status_code == 201, answer.text
    full = await programme.attach(row)
    assert (full.status_code, full.json()["code"]) == (409, "too_many_files")
