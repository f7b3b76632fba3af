"""Recipient groups are kept by code."""

from typing import Any

BODY = {
    "programme": "innovation-programme",
    "name_zh": "四大班子",
    "name_en": "The four leading bodies",
    "kind": "leading_bodies",
    "delivery": "main",
    "members": [
        {"name_zh": "市委", "name_en": "City Party committee", "unit": None},
        {"name_zh": "市政府", "name_en": "City government", "unit": "city-government"},
    ],
    "source_ref": "四",
}


async def test_a_group_is_made_read_changed_and_left_alone_when_nothing_differs(
    office: Any, unit: Any
) -> None:
    path = "/recipient-groups/four-leading-bodies"
    made = await office.put(path, BODY)
    assert (made.status_code, made.headers["etag"]) == (201, '"1"')
    for name, value in BODY.items():
        assert made.json()[name] == value
    same = await office.put(path, BODY)
    assert (same.status_code, same.headers["etag"]) == (200, '"1"')
    changed = await office.put(path, {**BODY, "delivery": "copy"}, '"1"')
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    assert (await office.put(path, BODY, '"1"')).status_code == 412
    read = await unit.get(path)
    assert (read.json()["delivery"], read.headers["etag"]) == ("copy", '"2"')
    listed = await unit.get("/recipient-groups", limit=200)
    assert [each["code"] for each in listed.json()["items"]] == ["four-leading-bodies"]


async def test_wrong_groups_are_refused(office: Any, unit: Any) -> None:
    for changes in ({"kind": "friends"}, {"members": []}, {"delivery": None}, {"surprise": 1}):
        answer = await office.put("/recipient-groups/wrong", {**BODY, **changes})
        assert answer.status_code == 422
    assert (await office.get("/recipient-groups/wrong")).status_code == 404
    assert (await unit.put("/recipient-groups/wrong", BODY)).status_code == 403
