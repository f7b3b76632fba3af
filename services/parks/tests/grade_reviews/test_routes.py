"""A grade is reviewed, runs out or is taken away."""

from datetime import timedelta
from typing import Any

import pytest
from parks.parks.service import expire_grades
from servicekit.clock import china_date
from servicekit.db import Database
from servicekit.ids import new_id
from servicekit.testing.bus import RecordingBus

Caller = Any
TODAY = china_date()
YESTERDAY = TODAY - timedelta(days=1)
RENEWAL = {
    "outcome": "renewed",
    "reviewed_on": f"{TODAY}",
    "valid_to": f"{TODAY + timedelta(days=900)}",
    "document_no": "豫科〔2026〕77号",
}
REVOCATION = {
    "outcome": "revoked",
    "reviewed_on": f"{TODAY}",
    "document_no": "豫科〔2026〕78号",
    "reason": "未达标",
}


@pytest.fixture
async def park(office: Caller, park_body: Any) -> str:
    code = f"p-{new_id()}"
    assert (await office.put(f"/parks/{code}", park_body())).status_code == 201
    return code


async def obtained(office: Caller, park: str, grade: str, **fields: Any) -> str:
    body = {"grade": grade, "obtained_on": "2020-05-01", "document_no": "豫科〔2020〕8号"}
    made = await office.post(f"/parks/{park}/grades", body | fields)
    assert made.status_code == 201, made.text
    return f"/parks/{park}/grades/{made.json()['id']}"


async def expire(kept: Database) -> None:
    async with kept.session() as session:
        await expire_grades(session)


async def current(office: Caller, park: str) -> str | None:
    return (await office.get(f"/parks/{park}")).json()["current_grade"]


async def test_the_day_after_its_last_a_grade_is_lost_once_and_what_is_left_holds(
    office: Caller, kept: Database, park: str, bus: RecordingBus
) -> None:
    await obtained(office, park, "municipal")
    high = await obtained(office, park, "provincial", valid_to=f"{YESTERDAY}")
    assert await current(office, park) == "provincial"
    await bus.since_now()
    await expire(kept)
    await expire(kept)
    assert await current(office, park) == "municipal"
    row = (await office.get(high)).json()
    assert (row["lost_on"], row["lost_reason"]) == (f"{TODAY}", "expired")
    [told] = await bus.events("park.grade_lost")
    assert told.data == {
        "park_code": park, "grade": "provincial", "lost_on": f"{TODAY}", "reason": "expired",
        "current_grade": "municipal",
    }  # fmt: skip
    again = {"grade": "provincial", "obtained_on": f"{TODAY}", "document_no": "1号"}
    assert (await office.post(f"/parks/{park}/grades", again)).status_code == 201


async def test_a_renewed_grade_holds_on(office: Caller, kept: Database, park: str) -> None:
    path = await obtained(office, park, "provincial", valid_to=f"{YESTERDAY}")
    made = await office.post(f"{path}/reviews", RENEWAL)
    assert made.status_code == 201, made.text
    assert (await office.get(made.headers["location"][7:])).json() == made.json()
    await expire(kept)
    assert await current(office, park) == "provincial"
    assert (await office.get(path)).json()["valid_to"] == RENEWAL["valid_to"]


async def test_a_revoked_grade_is_lost_and_reviewed_no_more(
    office: Caller, park: str, bus: RecordingBus
) -> None:
    path = await obtained(office, park, "provincial")
    await bus.since_now()
    assert (await office.post(f"{path}/reviews", REVOCATION)).status_code == 201
    assert await current(office, park) is None
    [told] = await bus.events("park.grade_lost")
    assert (told.data["reason"], told.data["current_grade"]) == ("revoked", None)
    again = await office.post(f"{path}/reviews", RENEWAL)
    assert (again.status_code, again.json()["code"]) == (409, "invalid_transition")
    listed = (await office.get(f"{path}/reviews")).json()["items"]
    assert [each["outcome"] for each in listed] == ["revoked"]


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        (RENEWAL | {"valid_to": None}, "review_incomplete", "/valid_to"),
        (REVOCATION | {"valid_to": "2030-01-01"}, "review_incomplete", "/valid_to"),
        (REVOCATION | {"reason": None}, "review_incomplete", "/reason"),
        (RENEWAL | {"reviewed_on": "2999-01-01"}, "future_date", "/reviewed_on"),
        (RENEWAL | {"reviewed_on": "2019-01-01"}, "grade_days_reversed", "/reviewed_on"),
        (RENEWAL | {"valid_to": "2019-01-01"}, "grade_days_reversed", "/valid_to"),
        (RENEWAL | {"outcome": "perhaps"}, "validation_failed", "/outcome"),
    ],
)
async def test_a_review_that_makes_no_sense_is_refused(
    office: Caller, park: str, body: dict[str, Any], code: str, pointer: str
) -> None:
    path = await obtained(office, park, "municipal")
    answer = await office.post(f"{path}/reviews", body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_it_is_reviewed_by_the_office_where_it_is(
    office: Caller, park_admin: Caller, park: str, gangqu: str
) -> None:
    path = await obtained(office, park, "municipal")
    assert (await park_admin.post(f"{path}/reviews", RENEWAL)).status_code == 403
    elsewhere = path.replace(park, gangqu)
    assert (await office.post(f"{elsewhere}/reviews", RENEWAL)).status_code == 404
    reversed_days = {"grade": "national", "obtained_on": "2020-05-01", "document_no": "1号"}
    wrong = await office.post(f"/parks/{park}/grades", reversed_days | {"valid_to": "2020-04-30"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "grade_days_reversed")
