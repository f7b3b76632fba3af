"""Recognitions over HTTP, and what they do to class and count."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

import pytest
from servicekit.clock import china_date, now
from servicekit.testing.bus import RecordingBus

Caller = Any
Make = Callable[..., Awaitable[dict[str, Any]]]
TODAY = china_date(now())
_numbers = itertools.count(1)


def recognition(enterprise_id: str, starts: int = -10, ends: int = 10, **fields: Any) -> Any:
    """A body valid from and to so many days from today."""
    return {
        "enterprise_id": enterprise_id,
        "kind": "high_tech",
        "number": f"GR{next(_numbers):06d}",
        "authority": "河南省科学技术厅",
        "valid_from": f"{TODAY + timedelta(days=starts)}",
        "valid_to": f"{TODAY + timedelta(days=ends)}",
        **fields,
    }


async def count_now(office: Caller) -> int:
    query = {"metric": "count.high_tech", "period": f"{TODAY:%Y-%m}"}
    items = (await office.get("/park-metrics", **query)).json()["items"]
    return int(items[0]["value"]) if items else 0


async def test_a_recognised_enterprise_is_high_tech_and_counted(
    office: Caller, register: Make, bus: RecordingBus
) -> None:
    made = await register()
    before = await count_now(office)
    await bus.since_now()
    granted = await office.post("/recognitions", recognition(made["id"]))
    assert granted.status_code == 201, granted.text
    assert granted.json()["status"] == "valid"
    assert (await office.get(granted.headers["location"][7:])).json() == granted.json()
    after = (await office.get(f"/enterprises/{made['id']}")).json()
    assert (after["enterprise_class"], after["declared_class"]) == ("high_tech", "ordinary")
    assert await count_now(office) == before + 1
    types = [kind.split(".", 2)[2] for kind in await bus.types()]
    assert types[:2] == ["recognition.granted.v1", "enterprise.changed.v1"]
    counted = await bus.events("park_metric", f"park_metric:count.high_tech:{TODAY:%Y-%m}")
    assert [(e.data["value"], e.data["unit"], e.data["denominator"]) for e in counted] == [
        (f"{before + 1}.000000", "家", None)
    ]


async def test_a_recognition_recorded_late_restates_the_months_it_held_in(
    office: Caller, register: Make
) -> None:
    made = await register()
    before = await counts(office)
    new_year = TODAY.replace(month=1, day=1)
    body = recognition(made["id"], starts=(new_year - TODAY).days)
    assert (await office.post("/recognitions", body)).status_code == 201
    months = [f"{TODAY.year}-{month:02d}" for month in range(1, TODAY.month + 1)]
    assert await counts(office) == before | {month: before.get(month, 0) + 1 for month in months}


async def counts(office: Caller) -> dict[str, int]:
    """The high-tech enterprises of each month."""
    query = {"metric": "count.high_tech", "limit": 200}
    items = (await office.get("/park-metrics", **query)).json()["items"]
    return {item["period"]: int(item["value"]) for item in items}


async def test_a_certificate_of_last_year_that_arrives_late_counts_in_its_last_months(
    office: Caller, register: Make, bus: RecordingBus
) -> None:
    made = await register()
    before, last = await counts(office), TODAY.year - 1
    await bus.since_now()
    starts, ends = date(last, 11, 20), date(last + 2, 11, 19)
    body = recognition(made["id"]) | {"valid_from": f"{starts}", "valid_to": f"{ends}"}
    assert (await office.post("/recognitions", body)).status_code == 201
    after = await counts(office)
    of_this = [f"{TODAY.year}-{month:02}" for month in range(1, TODAY.month + 1)]
    months = [f"{last}-11", f"{last}-12", *of_this]
    assert after == before | {month: before.get(month, 0) + 1 for month in months}
    told = {e.data["period"] for e in await bus.events("park_metric") if "high_tech" in e.subject}
    assert {f"{last}-11", f"{last}-12"} <= told


async def test_who_is_struck_off_was_there_in_the_months_before(
    office: Caller, register: Make
) -> None:
    made = await register()
    year = recognition(made["id"]) | {"valid_from": f"{TODAY.year - 1}-01-01"}
    assert (await office.post("/recognitions", year)).status_code == 201
    before = await counts(office)
    path = f"/enterprises/{made['id']}"
    assert (await office.patch(path, {"active": False})).status_code == 200
    assert await counts(office) == before | {f"{TODAY:%Y-%m}": before[f"{TODAY:%Y-%m}"] - 1}
    assert (await office.patch(path, {"active": True})).status_code == 200
    assert await counts(office) == before


async def test_two_of_a_kind_may_not_overlap_even_when_recorded_at_once(
    office: Caller, register: Make
) -> None:
    made = await register()
    bodies = [recognition(made["id"]) for _ in range(4)]
    answers = await asyncio.gather(*(office.post("/recognitions", body) for body in bodies))
    assert sorted(a.status_code for a in answers) == [201, 409, 409, 409]
    refused = next(a for a in answers if a.status_code == 409)
    assert refused.json()["code"] == "recognition_overlaps"
    touching = recognition(made["id"], starts=10, ends=20)
    assert (await office.post("/recognitions", touching)).status_code == 409
    after = recognition(made["id"], starts=11, ends=20)
    assert (await office.post("/recognitions", after)).status_code == 201
    other_kind = recognition(made["id"], kind="science_type")
    assert (await office.post("/recognitions", other_kind)).status_code == 201


async def test_a_number_belongs_to_one_recognition(office: Caller, register: Make) -> None:
    first, second = await register(), await register()
    body = recognition(first["id"])
    assert (await office.post("/recognitions", body)).status_code == 201
    again = await office.post("/recognitions", body | {"enterprise_id": second["id"]})
    assert (again.status_code, again.json()["code"]) == (409, "recognition_number_taken")


async def test_a_recognition_that_has_ended_is_recorded_as_expired(
    office: Caller, register: Make, bus: RecordingBus
) -> None:
    made = await register()
    old = await office.post("/recognitions", recognition(made["id"], starts=-30, ends=-1))
    assert old.json()["status"] == "expired"
    assert (await office.get(f"/enterprises/{made['id']}")).json()["enterprise_class"] == "ordinary"
    types = [kind.split(".", 2)[2] for kind in await bus.types()]
    assert "recognition.expired.v1" in types


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"valid_to": "2020-01-01"}, 422, "validity_reversed"),
        ({"enterprise_id": "0197a3d4-7c1e-7000-8000-00000000ffff"}, 422, "unknown_reference"),
        ({"kind": "best_of_all"}, 422, "validation_failed"),
        ({"number": "a\0"}, 422, "validation_failed"),
        ({"status": "valid"}, 422, "validation_failed"),
    ],
)
async def test_a_wrong_recognition_is_refused(
    office: Caller, register: Make, change: dict[str, Any], status: int, code: str
) -> None:
    made = await register()
    answer = await office.post("/recognitions", recognition(made["id"]) | change)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_only_the_office_records_recognitions_and_the_concerned_see_them(
    office: Caller,
    enterprise: Caller,
    park_admin: Caller,
    caller: Callable[..., Awaitable[Caller]],
    register: Make,
) -> None:
    made = await register()
    body = recognition(made["id"])
    for client in (enterprise, park_admin):
        assert (await client.post("/recognitions", body)).status_code == 403
    granted = (await office.post("/recognitions", body)).json()
    stranger = await caller("enterprise", "dayou-plastics")
    for client, status in ((enterprise, 200), (park_admin, 200), (stranger, 403)):
        assert (await client.get(f"/recognitions/{granted['id']}")).status_code == status
        listed = (await client.get("/recognitions", limit=200)).json()["items"]
        assert (granted["id"] in {item["id"] for item in listed}) is (status == 200)
