"""Files of an acceptance over HTTP."""

from typing import Any


async def test_files_change_while_the_acceptance_is_in_its_units_hands(
    house: Any, programme: Any
) -> None:
    row = await programme.acceptance(await house.award("10.00"), "draft")
    path = f"/acceptances/{row['id']}/files"
    (file,) = (await house.get("office", path)).json()["items"]
    same = await programme.prove(row)
    assert (same.status_code, same.json()["code"]) == (409, "same_file")
    text = await programme.prove(row, b"no pdf")
    assert text.status_code in (415, 422)
    content = await house.get("office", f"{path}/{file['id']}/content")
    assert content.content.startswith(b"%PDF")
    foreign = await house.get("enterprise", f"{path}/{file['id']}", unit="qingan-chemical")
    assert foreign.status_code == 403
    removed = await house.call("enterprise", "DELETE", f"{path}/{file['id']}")
    assert removed.status_code == 204
    assert (await programme.prove(row)).status_code == 201
    await programme.submit(row)
    late = await programme.prove(row, b"%PDF-1.7\nlate\n%%EOF\n")
    assert (late.status_code, late.json()["code"]) == (409, "invalid_transition")
