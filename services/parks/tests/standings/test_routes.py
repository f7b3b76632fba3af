"""Where an enterprise stood, and what its returns count for."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from servicekit.clock import china_date

Caller = Any
Make = Callable[..., Awaitable[dict[str, Any]]]
TODAY = china_date()
MOVED = "2024-07-01"


@pytest.fixture(autouse=True)
async def _xuedian(office: Caller, park_body: Any) -> None:
    body = park_body(administration_unit=None, jurisdictions=["xuedian-town"])
    assert (await office.put("/parks/xuedian", body)).status_code in (200, 201)


async def standings(office: Caller, row: dict[str, Any]) -> list[tuple[Any, ...]]:
    items = (await office.get(f"/enterprises/{row['id']}/standings")).json()["items"]
    return [(each["valid_from"], each["valid_to"], each["park_code"]) for each in items]


async def test_a_move_ends_what_held_the_day_before_and_returns_count_where_it_stood(
    office: Caller, register: Make, file_return: Make
) -> None:
    made = await register()
    path = f"/enterprises/{made['id']}/standings"
    body = {"valid_from": MOVED, "park_code": "xuedian", "declared_class": "science_type"}
    moved = await office.post(path, body | {"document_no": "新科〔2024〕7号"})
    assert moved.status_code == 201, moved.text
    assert (await office.get(moved.headers["location"][7:])).json() == moved.json()
    assert await standings(office, made) == [
        (MOVED, None, "xuedian"), (None, "2024-06-30", "gangqu"),
    ]  # fmt: skip
    now = (await office.get(f"/enterprises/{made['id']}")).json()
    assert (now["park_code"], now["enterprise_class"]) == ("xuedian", "science_type")
    for period, counted in (
        ("2024-06", ("gangqu", "ordinary")),
        ("2024-07", ("xuedian", "science_type")),
    ):
        row = await file_return(made["id"], period)
        accepted = await office.step(row, "accept")
        assert accepted.status_code == 200, accepted.text
        after = accepted.json()
        assert (after["park_code"], after["enterprise_class"]) == counted


async def test_nobody_is_in_two_parks_on_one_day(office: Caller, register: Make) -> None:
    made = await register()
    path = f"/enterprises/{made['id']}/standings"
    there = {"valid_from": MOVED, "park_code": "xuedian"}
    assert (await office.post(path, there)).status_code == 201
    again = await office.post(path, there)
    assert (again.status_code, again.json()["code"]) == (409, "in_two_places_at_once")
    for day in (MOVED, "2024-01-01"):
        both = await office.post(path, {"valid_from": day, "park_code": None})
        assert (both.status_code, both.json()["code"]) == (409, "in_two_places_at_once")
        assert both.json()["errors"][0]["pointer"] == "/valid_from"
    assert len(await standings(office, made)) == 2


async def test_two_moves_at_once_leave_one_park_on_each_day(office: Caller, register: Make) -> None:
    made = await register()
    path = f"/enterprises/{made['id']}/standings"
    bodies = [{"valid_from": MOVED, "park_code": park} for park in ("xuedian", None)]
    answers = await asyncio.gather(*(office.post(path, body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [201, 409]


async def test_a_patch_moves_from_today_on_and_puts_today_right(
    office: Caller, register: Make
) -> None:
    made = await register()
    path = f"/enterprises/{made['id']}"
    assert (await office.patch(path, {"park_code": None})).status_code == 200
    assert (await office.patch(path, {"park_code": "xuedian"})).status_code == 200
    yesterday = f"{TODAY - timedelta(days=1)}"
    assert await standings(office, made) == [
        (f"{TODAY}", None, "xuedian"), (None, yesterday, "gangqu"),
    ]  # fmt: skip
    assert (await office.patch(path, {"name": f"新名{made['uscc']}"})).status_code == 200
    assert len(await standings(office, made)) == 2


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"valid_from": "2999-01-01"}, 422, "future_date"),
        ({"park_code": "atlantis"}, 422, "unknown_reference"),
        ({"park_code": "gangqu"}, 422, "standing_unchanged"),
        ({"declared_class": "high_tech"}, 422, "validation_failed"),
        ({"above_scale": None}, 422, "validation_failed"),
        ({"enterprise_class": "high_tech"}, 422, "validation_failed"),
    ],
)
async def test_a_move_that_cannot_be_is_refused(
    office: Caller, register: Make, change: dict[str, Any], status: int, code: str
) -> None:
    made = await register()
    answer = await office.post(
        f"/enterprises/{made['id']}/standings", {"valid_from": MOVED, **change}
    )
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_park_moves_nobody_into_another(
    park_admin: Caller, enterprise: Caller, register: Make
) -> None:
    made = await register()
    path = f"/enterprises/{made['id']}/standings"
    there = {"valid_from": MOVED, "park_code": "xuedian"}
    for client in (park_admin, enterprise):
        assert (await client.post(path, there)).status_code == 403
    own = {"valid_from": MOVED, "above_scale": True}
    assert (await park_admin.post(path, own)).status_code == 201
    assert (await enterprise.get(path)).status_code == 200
