"""A milestone divided over units in a tree: parts, coverage, actuals, and what it was before."""

import asyncio
from typing import Any

import httpx
import pytest_asyncio

PATH = "/api/v1/assignments"
DOCUMENT = {"document_no": "科指办〔2026〕8号", "reason": "年初分解"}
UNITS = [
    ("east-town", "town", None),
    ("east-park", "park_administration", "east-town"),
    ("east-firm", "enterprise", "east-park"),
    ("west-town", "town", None),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def divided(world: Any) -> Any:
    """33 亿元 of 2026 over two towns, and on to a park of one of them."""
    for code, kind, parent in UNITS:
        await world.put(f"units/{code}", {**world.names(code), "kind": kind, "parent": parent})
    await world.indicator(
        "sales", supporting_units=["east-park", "east-firm", "west-town"], frequency="month"
    )
    east = await assign(world, "east-town", "20")
    await assign(world, "west-town", "13")
    await assign(world, "east-park", "21", parent_id=east["id"])
    return world


async def post(world: Any, **body: Any) -> httpx.Response:
    whole = {"indicator_code": "sales", "year": 2026, "value": "1", **DOCUMENT, **body}
    return await (await world.office()).post(PATH, json=whole, headers=world.key())


async def assign(world: Any, unit: str, value: str, **more: Any) -> Any:
    answer = await post(world, unit_code=unit, value=value, **more)
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"{PATH}/{answer.json()['id']}"
    return answer.json()


async def part_of(world: Any, unit: str, **query: Any) -> Any:
    page = await world.get("assignments", indicator_code="sales", unit_code=unit, **query)
    return page["items"][0]


async def coverage(world: Any, **query: Any) -> dict[str, Any]:
    page = await world.get("assignment-coverage", indicator_code="sales", **query)
    return {row["id"]: row for row in page["items"]}


async def test_too_much_and_too_little_are_told(divided: Any) -> None:
    rows = await coverage(divided)
    whole, park = rows["sales/2026"], rows["sales/2026/east-town"]
    assert (whole["promised"], whole["assigned"], whole["parts"]) == ("33", "33", 2)
    assert (whole["state"], whole["gap"], whole["coverage"]) == ("exact", "0", "1")
    assert (park["promised"], park["assigned"], park["state"]) == ("20", "21", "over")
    assert (park["gap"], park["coverage"]) == ("-1", "1.05")
    assert rows["sales/2027"]["state"] == "unassigned"
    assert set(await coverage(divided, state="over")) == {"sales/2026/east-town"}


async def test_a_part_shows_what_has_come_of_it(divided: Any) -> None:
    reporter = await divided.as_("unit_reporter", "east-firm")
    body = {"indicator_code": "sales", "unit_code": "east-firm", "period": "2026-03", "value": "5"}
    row = (await reporter.post("/api/v1/progress-reports", json=body, headers=divided.key())).json()
    row = (await divided.step(reporter, row, "submit")).json()
    assert (await divided.step(await divided.office(), row, "verify")).status_code == 200
    town = await part_of(divided, "east-town")
    assert (town["period"], town["actual"], town["completion"]) == ("2026-03", "5", "0.25")
    assert (town["promised"], town["share"]) == ("33", "0.606061")
    west = await part_of(divided, "west-town")
    assert (west["actual"], west["completion"]) == (None, None)
    park = await part_of(divided, "east-park")
    assert (park["promised"], park["share"], park["actual"]) == ("20", "1.05", "5")


async def test_a_change_needs_its_document_and_keeps_what_was_there(divided: Any) -> None:
    office = await divided.office()
    park = await part_of(divided, "east-park")
    path = f"{PATH}/{park['id']}"
    bare = await office.patch(path, json={"value": "18"}, headers=divided.etag(park))
    assert (bare.status_code, bare.json()["errors"][0]["pointer"]) == (422, "/document_no")
    body = {"value": "18", "document_no": "科指办〔2026〕20号"}
    blind = await office.patch(path, json=body)
    assert (blind.status_code, blind.json()["code"]) == (428, "precondition_required")
    done = await office.patch(path, json=body, headers=divided.etag(park))
    assert (done.status_code, done.json()["value"]) == (200, "18")
    stale = await office.patch(path, json=body, headers=divided.etag(park))
    assert stale.status_code == 412
    kept = await divided.get(f"assignments/{park['id']}/revisions")
    told = [(r["old_value"], r["new_value"], r["document_no"]) for r in kept["items"]]
    assert told == [("21", "18", "科指办〔2026〕20号"), (None, "21", DOCUMENT["document_no"])]
    row = (await coverage(divided))["sales/2026/east-town"]
    assert (row["state"], row["gap"]) == ("under", "2")


async def test_what_does_not_fit_is_refused_and_says_why(divided: Any) -> None:
    east = await part_of(divided, "east-town")
    await divided.indicator("other-sales")
    for body, status, code in [
        ({"unit_code": "west-town"}, 409, "already_assigned"),
        ({"unit_code": "east-firm", "year": 2035}, 422, "nothing_to_divide"),
        ({"unit_code": "nobody"}, 422, "unknown_reference"),
        ({"unit_code": "east-firm", "indicator_code": "nothing"}, 422, "unknown_reference"),
        ({"unit_code": "st-bureau", "parent_id": east["id"]}, 422, "unit_not_below"),
        ({"unit_code": "east-firm", "parent_id": east["id"], "year": 2027}, 422, "foreign_part"),
        (
            {"unit_code": "east-firm", "parent_id": east["id"], "indicator_code": "other-sales"},
            422,
            "foreign_part",
        ),
        ({"unit_code": "east-firm", "value": 3}, 422, "validation_failed"),
    ]:
        answer = await post(divided, **body)
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


async def test_a_withdrawn_part_makes_room_and_is_not_forgotten(divided: Any) -> None:
    office = await divided.office()
    east, west = await part_of(divided, "east-town"), await part_of(divided, "west-town")

    async def withdraw(row: Any) -> httpx.Response:
        path = f"{PATH}/{row['id']}/withdraw"
        return await office.post(path, json=DOCUMENT, headers=divided.etag(row))

    refused = await withdraw(east)
    assert (refused.status_code, refused.json()["code"]) == (409, "assignment_has_parts")
    done = await withdraw(west)
    assert (done.status_code, done.json()["state"]) == (200, "withdrawn")
    whole = (await coverage(divided))["sales/2026"]
    assert (whole["state"], whole["assigned"], whole["gap"]) == ("under", "20", "13")
    again = await withdraw(done.json())
    assert (again.status_code, again.json()["code"]) == (409, "invalid_transition")
    await assign(divided, "west-town", "12")
    both = await divided.get("assignments", indicator_code="sales", unit_code="west-town")
    assert [row["state"] for row in both["items"]] == ["withdrawn", "in_force"]


async def test_a_closed_year_is_divided_no_more(divided: Any) -> None:
    await divided.indicator("closed-sales", milestones=[{"year": 2028, "value": "54"}])
    row = await assign(divided, "west-town", "1", indicator_code="closed-sales", year=2028)
    office = await divided.office()
    period = await divided.get("reporting-periods/2028")
    closing = "/api/v1/reporting-periods/2028/close"
    assert (await office.post(closing, headers=divided.etag(period))).status_code == 200
    more = await post(divided, unit_code="east-town", indicator_code="closed-sales", year=2028)
    assert (more.status_code, more.json()["code"]) == (409, "period_closed")
    body = {"value": "2", **DOCUMENT}
    late = await office.patch(f"{PATH}/{row['id']}", json=body, headers=divided.etag(row))
    assert (late.status_code, late.json()["code"]) == (409, "period_closed")


async def test_percentages_and_levels_are_not_compared_by_their_sum(divided: Any) -> None:
    shares = {"kind": "ratio", "unit": "%", "baseline": None}
    ratio = {"time_aggregation": "ratio_of_sums", "unit_aggregation": "ratio_of_sums"}
    best = {"time_aggregation": "latest", "unit_aggregation": "min"}
    await divided.indicator("share", **shares, **ratio)
    await divided.indicator("worst", **shares, **best)
    for code in ("share", "worst"):
        for unit, value in [("east-town", "40"), ("west-town", "20")]:
            await assign(divided, unit, value, indicator_code=code)
    rows = await divided.get("assignment-coverage", year=2026)
    found = {row["id"]: (row["state"], row["assigned"]) for row in rows["items"]}
    assert found["share/2026"] == ("not_additive", None)
    assert found["worst/2026"] == ("under", "20")


async def test_two_at_once_give_a_unit_one_target(divided: Any) -> None:
    await divided.indicator("raced")
    body = {"unit_code": "west-town", "indicator_code": "raced"}
    answers = await asyncio.gather(*[post(divided, **body) for _ in range(5)])
    codes = sorted(answer.status_code for answer in answers)
    assert codes == [201, 409, 409, 409, 409]
    refused = {answer.json()["code"] for answer in answers if answer.status_code == 409}
    assert refused == {"already_assigned"}


async def test_each_sees_its_own_and_what_it_answers_for(divided: Any) -> None:
    async def seen(role: str, unit: str) -> set[str]:
        client = await divided.as_(role, unit)
        answer = await client.get(PATH, params={"indicator_code": "sales", "state": "in_force"})
        return {row["unit_code"] for row in answer.json()["items"]}

    everything = {"east-town", "east-park", "west-town"}
    assert await seen("unit_reporter", "st-bureau") == everything
    assert await seen("unit_reporter", "xuedian-town") == set()
    assert await seen("park_admin", "east-park") == everything  # it supports the indicator
    west = await part_of(divided, "west-town")
    stranger = await divided.as_("unit_reporter", "xuedian-town")
    assert (await stranger.get(f"{PATH}/{west['id']}")).status_code == 403
    assert (await stranger.post(PATH, json={}, headers=divided.key())).status_code == 403


async def test_an_assignment_is_told(divided: Any) -> None:
    await divided.bus.since_now()
    await divided.indicator("told")
    row = await assign(divided, "west-town", "3", indicator_code="told")
    told = await divided.bus.events("assignment.changed", f"assignment:{row['id']}")
    assert [(e.data["unit_code"], e.data["value"]) for e in told] == [("west-town", "3")]
