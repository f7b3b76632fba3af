"""Achievements over HTTP, and the number of major ones."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

import pytest
from servicekit.clock import china_date
from servicekit.testing.bus import RecordingBus

Caller = Any
Row = dict[str, Any]
Make = Callable[..., Awaitable[Row]]
TODAY = china_date()
NEW_YEAR = TODAY.replace(month=1, day=1)
_numbers = itertools.count(1)


def an_achievement(**fields: Any) -> Row:
    return {
        "title": f"甘蔗低温压榨工艺{next(_numbers)}",
        "kind": "licensing",
        "source_name": "河南农业大学",
        "amount": "150",
        "transferred_on": f"{TODAY}",
        "major": True,
        "programme": "innovation-programme",
        **fields,
    }


async def made(client: Caller, **fields: Any) -> Row:
    answer = await client.post("/achievements", an_achievement(**fields))
    assert answer.status_code == 201, answer.text
    assert (await client.get(answer.headers["location"][7:])).json() == answer.json()
    return answer.json()


async def count(client: Caller, day: date = TODAY) -> int:
    query = {"metric": "count.achievement_transferred", "period": f"{day:%Y-%m}"}
    items = (await client.get("/park-metrics", **query)).json()["items"]
    return int(items[0]["value"]) if items else 0


async def test_major_ones_of_a_programme_count_from_their_day(
    office: Caller, register: Make, bus: RecordingBus
) -> None:
    code = (await register())["uscc"]
    before, at_first = await count(office), await count(office, NEW_YEAR)
    await bus.since_now()
    row = await made(office, uscc=code)
    await made(office, uscc=code, major=False)
    await made(office, uscc=code, programme=None)
    assert (row["state"], row["unit"], row["contract_id"]) == ("registered", "万元", None)
    assert await count(office) == before + 1
    told = await bus.events("achievement.registered")
    assert [each.data["major"] for each in told] == [True, False, True]
    earlier = await office.patch(f"/achievements/{row['id']}", {"transferred_on": f"{NEW_YEAR}"}, 1)
    assert earlier.status_code == 200, earlier.text
    assert await count(office, NEW_YEAR) == at_first + 1
    assert await count(office) == before + 1
    assert len(await bus.events("achievement.changed")) == 1


async def test_it_names_the_contract_it_went_by(office: Caller, register: Make) -> None:
    code = (await register())["uscc"]
    contract = {
        "number": "2026410184900001", "kind": "licensing", "title": "许可", "buyer_name": "乙",
        "seller_name": "河南农业大学", "amount": "150", "signed_on": f"{TODAY}",
        "registered_on": f"{TODAY}", "authority": "登记处",
    }  # fmt: skip
    known = (await office.post("/technology-contracts", contract)).json()
    row = await made(office, uscc=code, contract_number=contract["number"])
    assert row["contract_id"] == known["id"]
    wrong = await office.post(
        "/achievements", an_achievement(uscc=code, contract_number="2026410184900002")
    )
    assert (wrong.status_code, wrong.json()["code"]) == (422, "unknown_reference")
    assert wrong.json()["errors"][0]["pointer"] == "/contract_number"
    path = f"/achievements/{row['id']}"
    assert (await office.patch(path, {"contract_number": None})).json()["contract_id"] is None


async def test_what_is_withdrawn_counts_no_longer_and_stays_as_it_is(
    office: Caller, park_admin: Caller, register: Make
) -> None:
    enterprise = await register()
    before = await count(office)
    row = await made(park_admin, enterprise_id=enterprise["id"])
    path = f"/achievements/{row['id']}"
    assert await count(office) == before + 1
    assert (await park_admin.post(f"{path}/withdraw", {"reason": "r"}, 1)).status_code == 403
    assert (await office.post(f"{path}/withdraw", {"reason": "r"})).status_code == 428
    done = await office.post(f"{path}/withdraw", {"reason": "重复登记。"}, 1)
    assert (done.status_code, done.json()["state"]) == (200, "withdrawn"), done.text
    assert await count(office) == before
    for answer in (
        await office.post(f"{path}/withdraw", {"reason": "r"}, 2),
        await office.patch(path, {"title": "新"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "invalid_transition")
    await made(office, enterprise_id=enterprise["id"], title=row["title"])


async def test_two_at_once_register_one(office: Caller, register: Make) -> None:
    body = an_achievement(enterprise_id=(await register())["id"])
    answers = await asyncio.gather(*(office.post("/achievements", body) for _ in range(3)))
    assert sorted(each.status_code for each in answers) == [201, 409, 409]
    assert {each.json().get("code") for each in answers} == {None, "achievement_exists"}


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"transferred_on": f"{TODAY + timedelta(days=1)}"}, 422, "future_date"),
        ({"amount": "-1"}, 422, "validation_failed"),
        ({"kind": "gift"}, 422, "validation_failed"),
        ({"source_name": ""}, 422, "validation_failed"),
        ({"uscc": "91410184MA44XQ1R02"}, 422, "invalid_uscc"),
        ({"uscc": "91410184MA44XQ1R01"}, 422, "unknown_reference"),
        ({}, 422, "enterprise_unnamed"),
    ],
)
async def test_a_wrong_achievement_is_refused(
    office: Caller, change: Row, status: int, code: str
) -> None:
    answer = await office.post("/achievements", an_achievement(**change))
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_an_enterprise_sees_its_own_and_a_park_registers_its_own(
    enterprise: Caller, park_admin: Caller, office: Caller, register: Make
) -> None:
    mine = await made(office, enterprise_id=(await register())["id"])
    stranger = await register(unit_code="dayou-plastics", park_code=None)
    foreign = await made(office, enterprise_id=stranger["id"])
    listed = (await enterprise.get("/achievements", limit=200, major=True)).json()["items"]
    seen = {row["id"] for row in listed}
    assert mine["id"] in seen
    assert foreign["id"] not in seen
    body = an_achievement(enterprise_id=stranger["id"])
    assert (await park_admin.post("/achievements", body)).status_code == 403


@pytest.fixture(autouse=True)
def _park(gangqu: str) -> None:
    """Every test needs the park."""
