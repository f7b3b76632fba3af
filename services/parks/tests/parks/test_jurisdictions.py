"""A town answers for several parks, and several towns for one."""

from collections.abc import Awaitable, Callable
from typing import Any

Caller = Any
Make = Callable[..., Awaitable[dict[str, Any]]]
PARKS = {"north": ["xuedian-town", "longhu-town"], "south": ["xuedian-town"], "east": []}


async def test_towns_and_parks_are_many_to_many_and_each_town_keeps_its_own(
    office: Caller, caller: Callable[..., Awaitable[Caller]], register: Make, park_body: Any,
    fresh_uscc: Callable[[], str],
) -> None:  # fmt: skip
    for code, towns in PARKS.items():
        body = park_body(administration_unit=None, jurisdictions=towns)
        assert (await office.put(f"/parks/{code}", body)).json()["jurisdictions"] == towns
    firms = {code: await register(park_code=code, unit_code=None) for code in PARKS}
    for town in ("xuedian-town", "longhu-town"):
        admin = await caller("park_admin", town)
        listed = (await admin.get("/enterprises", limit=200)).json()["items"]
        seen = {row["id"] for row in listed}
        for code, towns in PARKS.items():
            answers = town in towns
            assert (firms[code]["id"] in seen) is answers, (town, code)
            body = {"uscc": fresh_uscc(), "name": f"{town}在{code}", "park_code": code}
            made = await admin.post("/enterprises", body)
            assert made.status_code == (201 if answers else 403), (town, code)
    left = park_body(administration_unit=None, jurisdictions=["longhu-town"])
    assert (await office.put("/parks/north", left)).status_code == 200
    gone = await caller("park_admin", "xuedian-town")
    assert (await gone.get(f"/enterprises/{firms['north']['id']}")).status_code == 403
    assert (await gone.get(f"/enterprises/{firms['south']['id']}")).status_code == 200


async def test_parks_are_listed_by_their_kind(office: Caller, park_body: Any) -> None:
    for code, kind in (("coal", "circular_economy_park"), ("toys", "private_st_park")):
        answer = await office.put(f"/parks/{code}", park_body(kind=kind))
        assert answer.status_code == 201, answer.text
    found = await office.get("/parks", kind="circular_economy_park", limit=200)
    assert {each["kind"] for each in found.json()["items"]} == {"circular_economy_park"}
    assert "coal" in {each["code"] for each in found.json()["items"]}
