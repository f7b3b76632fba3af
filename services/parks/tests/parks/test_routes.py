"""Parks over HTTP."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from servicekit.testing.bus import RecordingBus

Caller = Any
Body = Callable[..., dict[str, Any]]
GRADE = {"grade": "municipal", "obtained_on": "2026-05-01", "document_no": "郑科〔2026〕8号"}


async def audits(rows: Callable[..., Awaitable[Any]], code: str) -> int:
    return len(await rows("SELECT 1 FROM audit_entry WHERE object_id = $1", code))


async def test_the_plan_makes_a_park_once_and_changes_it_only_where_it_differs(
    office: Caller, park_body: Body, rows: Callable[..., Awaitable[Any]]
) -> None:
    made = await office.put("/parks/xuedian", park_body(name_zh="薛店园", jurisdictions=["a"]))
    assert (made.status_code, made.headers["etag"]) == (201, '"1"')
    assert made.headers["location"] == "/api/v1/parks/xuedian"
    again = await office.put("/parks/xuedian", park_body(name_zh="薛店园", jurisdictions=["a"]))
    assert (again.status_code, again.headers["etag"]) == (200, '"1"')
    assert again.json() == made.json()
    assert await audits(rows, "xuedian") == 1
    other = await office.put("/parks/xuedian", park_body(jurisdictions=["a", "b"]), version=1)
    assert (other.status_code, other.headers["etag"]) == (200, '"2"')
    assert await audits(rows, "xuedian") == 2
    stale = await office.put("/parks/xuedian", park_body(), version=1)
    assert stale.status_code == 412


async def test_a_park_that_is_made_or_changed_is_told_by_its_name(
    office: Caller, park_body: Body, bus: RecordingBus
) -> None:
    for name in ("一园", "一园", "二园"):
        await office.put("/parks/named", park_body(name_zh=name))
    told = [event.data["name"] for event in await bus.events("park.changed", "park:named")]
    assert told == ["一园", "二园"]


async def test_every_field_the_plan_sends_is_read_back(office: Caller, park_body: Body) -> None:
    body = park_body(open_conflict="circular-park-grade", focus_en=None)
    await office.put("/parks/coal-circular", body)
    listed = (await office.get("/parks", limit=200)).json()["items"]
    found = next(item for item in listed if item["code"] == "coal-circular")
    assert {name: found[name] for name in body} == body
    assert found["current_grade"] is None


async def test_an_obtained_grade_is_recorded_told_and_survives_the_plan(
    office: Caller, park_body: Body, bus: RecordingBus
) -> None:
    await office.put("/parks/longhu", park_body(desired_grade="municipal"))
    recorded = await office.post("/parks/longhu/grades", GRADE)
    assert recorded.status_code == 201, recorded.text
    park = (await office.put("/parks/longhu", park_body(desired_grade="provincial"))).json()
    assert (park["current_grade"], park["desired_grade"]) == ("municipal", "provincial")
    [told] = await bus.events("grade_obtained")
    assert told.subject == "park:longhu"
    assert told.data == {
        "park_code": "longhu",
        "grade": "municipal",
        "obtained_on": "2026-05-01",
        "current_grade": "municipal",
    }
    again = await office.post("/parks/longhu/grades", GRADE)
    assert (again.status_code, again.json()["code"]) == (409, "already_exists")
    grades = (await office.get("/parks/longhu/grades")).json()["items"]
    assert [grade["document_no"] for grade in grades] == ["郑科〔2026〕8号"]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"grade": "galactic"}, "/grade"),
        ({"obtained_on": "2999-01-01"}, "/obtained_on"),
        ({"document_no": "a\0b"}, "/document_no"),
        ({"document_no": ""}, "/document_no"),
        ({"extra": 1}, "/extra"),
    ],
)
async def test_a_wrong_grade_is_refused_where_it_is_wrong(
    office: Caller, gangqu: str, change: dict[str, Any], pointer: str
) -> None:
    answer = await office.post(f"/parks/{gangqu}/grades", GRADE | change)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_a_park_that_is_not_there_is_not_found(office: Caller) -> None:
    assert (await office.get("/parks/atlantis")).status_code == 404
    assert (await office.get("/parks/atlantis/grades")).status_code == 404
    assert (await office.post("/parks/atlantis/grades", GRADE)).status_code == 404


@pytest.mark.parametrize(
    ("role", "unit", "reads", "writes"),
    [
        ("office", "programme-office", 200, 200),
        ("leader", "headquarters", 200, 403),
        ("park_admin", "gangqu-admin", 200, 403),
        ("enterprise", "maizier-sugar", 200, 403),
        ("auditor", "programme-office", 200, 403),
        ("ops", None, 403, 403),
        ("system", None, 403, 403),
    ],
)
async def test_everybody_reads_parks_and_the_office_writes_them(
    caller: Callable[..., Awaitable[Caller]],
    park_body: Body,
    gangqu: str,
    role: str,
    unit: str | None,
    reads: int,
    writes: int,
) -> None:
    client = await caller(role, unit)
    assert (await client.get(f"/parks/{gangqu}")).status_code == reads
    assert (await client.put(f"/parks/{gangqu}", park_body())).status_code == writes
    assert (await client.post(f"/parks/{gangqu}/grades", {})).status_code in (422, 403)


async def test_a_system_needs_the_scope(
    caller: Callable[..., Awaitable[Caller]], gangqu: str
) -> None:
    reader = await caller("system", scope="parks.read")
    assert (await reader.get(f"/parks/{gangqu}")).status_code == 200
    assert (await reader.post(f"/parks/{gangqu}/grades", GRADE)).status_code == 403
