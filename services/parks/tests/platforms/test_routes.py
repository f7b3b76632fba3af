"""Platforms over HTTP, and what they do to the numbers of the plan."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

import pytest
from parks.platforms.service import recount_due
from servicekit.clock import china_date
from servicekit.db import Database
from servicekit.testing.bus import RecordingBus

Caller = Any
Make = Callable[..., Awaitable[dict[str, Any]]]
TODAY = china_date()
NEW_YEAR = TODAY.replace(month=1, day=1)
_numbers = itertools.count(1)


def a_centre(**fields: Any) -> dict[str, Any]:
    return {
        "kind": "engineering_centre",
        "name": f"食品加工工程技术研究中心{next(_numbers)}",
        "established_on": f"{NEW_YEAR}",
        **fields,
    }


def level(name: str, day: date = TODAY) -> dict[str, str]:
    return {"level": name, "recognised_on": f"{day}", "document_no": "豫科〔2026〕58号"}


async def made(client: Caller, body: dict[str, Any]) -> dict[str, Any]:
    answer = await client.post("/platforms", body)
    assert answer.status_code == 201, answer.text
    assert (await client.get(answer.headers["location"][7:])).json() == answer.json()
    return answer.json()


async def count(client: Caller, metric: str, day: date = TODAY) -> int:
    query = {"metric": f"count.{metric}", "period": f"{day:%Y-%m}"}
    items = (await client.get("/park-metrics", **query)).json()["items"]
    return int(items[0]["value"]) if items else 0


async def test_a_platform_counts_by_kind_level_and_place_and_is_told(
    office: Caller, register: Make, bus: RecordingBus
) -> None:
    host = await register()
    names = [
        "engineering_centre",
        "municipal_engineering_centre",
        "municipal_engineering_centre_in_enterprises",
        "provincial_engineering_centre",
    ]
    before = [await count(office, name) for name in names]
    await bus.since_now()
    body = a_centre(uscc=host["uscc"].lower(), park_code="gangqu", **level("municipal"))
    row = await made(office, body)
    assert (row["enterprise_id"], row["level"], row["state"]) == (
        host["id"], "municipal", "active",
    )  # fmt: skip
    assert [await count(office, name) for name in names] == [
        before[0] + 1, before[1] + 1, before[2] + 1, before[3],
    ]  # fmt: skip
    [told] = await bus.events("platform.changed")
    assert told.subject == f"platform:{row['id']}"
    assert told.data["concerned_units"] == ["gangqu-admin", "maizier-sugar"]


async def test_it_counts_on_each_level_from_the_day_it_obtained_it(office: Caller) -> None:
    before = [await count(office, f"{name}_engineering_centre", NEW_YEAR)
              for name in ("municipal", "provincial")]  # fmt: skip
    now = [await count(office, f"{name}_engineering_centre")
           for name in ("municipal", "provincial")]  # fmt: skip
    row = await made(office, a_centre(**level("municipal", NEW_YEAR)))
    path = f"/platforms/{row['id']}/levels"
    raised = await office.post(path, level("provincial"))
    assert raised.status_code == 201, raised.text
    assert (await office.get(raised.headers["location"][7:])).json() == raised.json()
    assert (await office.get(f"/platforms/{row['id']}")).json()["level"] == "provincial"
    listed = (await office.get(path)).json()["items"]
    assert [each["level"] for each in listed] == ["provincial", "municipal"]
    assert await count(office, "provincial_engineering_centre") == now[1] + 1
    if TODAY.month > 1:
        assert await count(office, "municipal_engineering_centre", NEW_YEAR) == before[0] + 1
        assert await count(office, "provincial_engineering_centre", NEW_YEAR) == before[1]
        assert await count(office, "municipal_engineering_centre") == now[0]
    again = await office.post(path, level("provincial"))
    assert (again.status_code, again.json()["code"]) == (409, "platform_level_recorded")


async def test_a_level_of_last_year_that_is_recorded_late_counts_from_its_day(
    office: Caller,
) -> None:
    last = TODAY.year - 1
    autumn, winter = date(last, 10, 31), date(last, 12, 31)
    names = ("association", "municipal_association")
    before = [await count(office, name, day) for name in names for day in (autumn, winter)]
    obtained = level("municipal", date(last, 12, 5))
    body = {"kind": "association", "name": "去年成立的协会", "established_on": f"{last}-11-01"}
    await made(office, a_centre(**body, **obtained))
    after = [await count(office, name, day) for name in names for day in (autumn, winter)]
    assert after == [before[0], before[1] + 1, before[2], before[3] + 1]


async def test_what_is_closed_counts_no_longer_and_stays_as_it_is(office: Caller) -> None:
    row = await made(office, a_centre(kind="association", name="食品行业协会"))
    before = await count(office, "association")
    path, body = f"/platforms/{row['id']}", {"closed_on": f"{TODAY}", "reason": "注销"}
    assert (await office.post(f"{path}/close", body)).status_code == 428
    early = body | {"closed_on": f"{NEW_YEAR - timedelta(days=1)}"}
    wrong = await office.post(f"{path}/close", early, 1)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "days_reversed")
    closed = await office.post(f"{path}/close", body, 1)
    assert (closed.status_code, closed.json()["state"]) == (200, "closed"), closed.text
    assert await count(office, "association") == before - 1
    for answer in (
        await office.post(f"{path}/close", body, 2),
        await office.patch(path, {"name": "新名"}),
        await office.post(f"{path}/levels", level("municipal")),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "invalid_transition")


async def test_a_base_founded_under_the_programme_is_a_new_one(office: Caller) -> None:
    before = await count(office, "iur_base"), await count(office, "new_iur_base")
    await made(office, a_centre(kind="iur_base", programme="innovation-programme"))
    await made(office, a_centre(kind="iur_base", host_name="河南农业大学"))
    after = await count(office, "iur_base"), await count(office, "new_iur_base")
    assert after == (before[0] + 2, before[1] + 1)


async def test_one_name_of_a_kind_is_one_platform_even_when_registered_twice_at_once(
    office: Caller,
) -> None:
    body = a_centre()
    answers = await asyncio.gather(*(office.post("/platforms", body) for _ in range(4)))
    assert sorted(a.status_code for a in answers) == [201, 409, 409, 409]
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"platform_exists"}
    await made(office, body | {"kind": "key_laboratory"})


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"level": "municipal"}, 422, "level_incomplete"),
        ({"level": "galactic"}, 422, "validation_failed"),
        ({"kind": "platform"}, 422, "validation_failed"),
        ({"established_on": "2999-01-01"}, 422, "future_date"),
        (level("municipal", NEW_YEAR - timedelta(days=1)), 422, "days_reversed"),
        ({"uscc": "91110000600037341M"}, 422, "invalid_uscc"),
        ({"park_code": "atlantis"}, 422, "unknown_reference"),
        ({"enterprise_id": "0197a3d4-7c1e-7000-8000-00000000ffff"}, 422, "unknown_reference"),
        ({"name": "a\0"}, 422, "validation_failed"),
    ],
)
async def test_a_wrong_platform_is_refused(
    office: Caller, change: dict[str, Any], status: int, code: str
) -> None:
    answer = await office.post("/platforms", a_centre() | change)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_patch_moves_it_and_an_unknown_place_is_refused(office: Caller) -> None:
    row = await made(office, a_centre())
    path = f"/platforms/{row['id']}"
    moved = await office.patch(path, {"park_code": "gangqu", "host_name": "试验厂"}, 1)
    assert (moved.json()["park_code"], moved.json()["version"]) == ("gangqu", 2), moved.text
    wrong = await office.patch(path, {"park_code": "atlantis"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "unknown_reference")
    stranger = {"enterprise_id": "0197a3d4-7c1e-7000-8000-00000000ffff"}
    assert (await office.patch(path, stranger)).json()["code"] == "unknown_reference"
    assert (await office.patch(path, {"name": "旧"}, 1)).status_code == 412


async def test_a_park_registers_its_own_only_and_grants_no_level(park_admin: Caller) -> None:
    own = await made(park_admin, a_centre(park_code="gangqu"))
    assert (await park_admin.post("/platforms", a_centre())).status_code == 403
    path = f"/platforms/{own['id']}/levels"
    assert (await park_admin.post(path, level("municipal"))).status_code == 403


async def test_many_come_in_at_once_and_the_clock_changes_nothing_then(
    office: Caller, kept: Database, bus: RecordingBus
) -> None:
    before = await count(office, "intermediary")
    items = [a_centre(kind="intermediary") for _ in range(3)]
    done = await office.post("/platforms/batch", {"items": items})
    assert done.status_code == 200, done.text
    assert await count(office, "intermediary") == before + 3
    found = await office.get("/platforms", kind="intermediary", state="active", limit=200)
    assert {each["name"] for each in items} <= {each["name"] for each in found.json()["items"]}
    await bus.since_now()
    async with kept.session() as session:
        await recount_due(session)
    assert await bus.types() == []


@pytest.fixture(autouse=True)
def _park(gangqu: str) -> None:
    """Every test needs the park."""
