"""Conflicts of the plan over HTTP."""

from typing import Any

PATH = "/api/v1/conflicts/park-grade"


def body(world: Any) -> dict[str, Any]:
    return {
        **world.names("park-grade"),
        "programme": "innovation-programme",
        "kind": "contradiction",
        "subject_kind": "park",
        "subject_code": "coal-circular",
        "positions": [
            {"code": code, "text_zh": code, "text_en": code, "source_ref": "二(四)"}
            for code in ("provincial", "national")
        ],
        "working_reading_zh": "暂按省级",
        "working_reading_en": "provincial for now",
    }


async def test_a_conflict_is_ruled_on_by_the_office_with_a_document(world: Any) -> None:
    row = await world.put("conflicts/park-grade", body(world), status=201)
    assert row["state"] == "open"
    office = await world.office()
    ruling = {"position": "provincial", "ruling": "按省级", "document_no": "科指办〔2026〕5号"}
    leader = await world.as_("leader", "headquarters")
    refused = await leader.post(f"{PATH}/rule", json=ruling, headers=world.etag(row))
    assert refused.status_code == 403
    other = ruling | {"position": "galactic"}
    unknown = await office.post(f"{PATH}/rule", json=other, headers=world.etag(row))
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_position")
    bare = await office.post(f"{PATH}/rule", json={"ruling": "x"}, headers=world.etag(row))
    assert bare.status_code == 422
    ruled = await office.post(f"{PATH}/rule", json=ruling, headers=world.etag(row))
    assert (ruled.json()["state"], ruled.json()["ruled_position"]) == ("ruled", "provincial")
    again = await office.post(f"{PATH}/rule", json=ruling, headers=world.etag(ruled.json()))
    assert (again.status_code, again.json()["code"]) == (409, "invalid_transition")


async def test_restating_a_ruled_conflict_keeps_the_ruling(world: Any) -> None:
    changed = body(world) | {"working_reading_en": "provincial until ruled"}
    row = await world.put("conflicts/park-grade", changed, status=200)
    assert (row["state"], row["document_no"]) == ("ruled", "科指办〔2026〕5号")
    assert (await world.get("conflicts", state="open"))["items"] == []
