"""Where parks lie, over HTTP."""

from typing import Any

import pytest
from servicekit.ids import new_id

Caller = Any
SQUARE = [[113.84, 34.51], [113.9, 34.51], [113.9, 34.56], [113.84, 34.56], [113.84, 34.51]]
BOW_TIE = [[113.84, 34.51], [113.9, 34.56], [113.9, 34.51], [113.84, 34.56], [113.84, 34.51]]


def place(lon: float = 113.86, lat: float = 34.53, ring: Any = SQUARE) -> dict[str, Any]:
    boundary = None if ring is None else {"type": "Polygon", "coordinates": [ring]}
    return {"point": {"type": "Point", "coordinates": [lon, lat]}, "boundary": boundary}


@pytest.fixture
async def park(office: Caller, park_body: Any) -> str:
    code = f"p-{new_id()}"
    assert (await office.put(f"/parks/{code}", park_body())).status_code == 201
    return f"/parks/{code}"


async def test_a_location_is_kept_as_it_was_said_and_survives_the_plan(
    office: Caller, park_admin: Caller, park: str, park_body: Any
) -> None:
    path = f"{park}/location"
    assert (await office.get(path)).status_code == 404
    made = await office.put(path, place())
    assert (made.status_code, made.headers["etag"]) == (201, '"1"'), made.text
    assert (await park_admin.get(path)).json() == made.json()
    assert {name: made.json()[name] for name in place()} == place()
    again = await office.put(path, place(), 1)
    assert (again.status_code, again.headers["etag"]) == (200, '"1"')
    await office.put(park, park_body(name_zh="改名"))
    assert (await office.get(path)).json() == made.json()
    moved = await office.put(path, place(ring=None), 1)
    assert (moved.status_code, moved.json()["boundary"]) == (200, None)
    assert (await office.put(path, place(), 1)).status_code == 412
    assert (await park_admin.put(path, place())).status_code == 403
    assert (await office.put("/parks/atlantis/location", place())).status_code == 404


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        (place(34.53, 113.86), "coordinates_swapped", "/point/coordinates"),
        (place(125.0, 29.0), "not_on_land", "/point/coordinates"),
        (place(ring=BOW_TIE), "boundary_invalid", "/boundary/coordinates"),
        (place(ring=SQUARE[:4]), "boundary_invalid", "/boundary/coordinates"),
        (place(113.7, 34.53), "point_outside_boundary", "/point/coordinates"),
        (place(ring=[p[::-1] for p in SQUARE]), "coordinates_swapped", "/boundary/coordinates"),
        (place(ring=SQUARE[:3]), "validation_failed", "/boundary/coordinates/0"),
        (place(999), "validation_failed", "/point/coordinates/0"),
    ],
)
async def test_a_location_that_cannot_be_is_refused_where_it_is_wrong(
    office: Caller, park: str, body: dict[str, Any], code: str, pointer: str
) -> None:
    answer = await office.put(f"{park}/location", body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_parks_are_found_by_where_they_lie(office: Caller, park: str, park_body: Any) -> None:
    far = f"/parks/p-{new_id()}"
    await office.put(far, park_body())
    await office.put(f"{park}/location", place())
    await office.put(f"{far}/location", place(116.4, 39.9, None))

    async def found(**query: str) -> set[str]:
        answer = await office.get("/parks", limit=200, **query)
        assert answer.status_code == 200, answer.text
        return {f"/parks/{each['code']}" for each in answer.json()["items"]} & {park, far}

    assert await found(near="113.9,34.5,20") == {park}
    assert await found(near="113.9,34.5,2000") == {park, far}
    assert await found(within="113,34,114,35") == {park}
    assert await found(within="116,39,117,40", near="113.9,34.5,20") == set()
    assert await found() == {park, far}
    for query, code in (
        ({"near": "34.5,113.9,20"}, "coordinates_swapped"),
        ({"near": "0,0,20"}, "not_on_land"),
        ({"near": "here"}, "area_unreadable"),
        ({"within": "114,34,113,35"}, "area_unreadable"),
    ):
        refused = await office.get("/parks", **query)
        assert (refused.status_code, refused.json()["code"]) == (422, code)
