"""From the city down to one enterprise's number, and over time."""

from typing import Any

import pytest_asyncio

UNITS = [
    ("south-town", "town", None),
    ("south-park", "park_administration", "south-town"),
    ("south-firm-1", "enterprise", "south-park"),
    ("south-firm-2", "enterprise", "south-park"),
    ("lone-firm", "enterprise", None),
]
TOLD = [
    ("south-firm-1", "2025-06", "10"),
    ("south-firm-1", "2026-03", "4"),
    ("south-firm-1", "2026-06", "5"),
    ("south-firm-2", "2026-03", "2"),
    ("south-town", "2026-06", "1"),
    ("lone-firm", "2026-06", "3"),
]


async def tell(world: Any, code: str, unit: str, period: str, **number: str) -> None:
    reporter = await world.as_("unit_reporter", unit)
    body = {"indicator_code": code, "unit_code": unit, "period": period, **number}
    made = await reporter.post("/api/v1/progress-reports", json=body, headers=world.key())
    assert made.status_code == 201, made.text
    sent = (await world.step(reporter, made.json(), "submit")).json()
    done = await world.step(await world.office(), sent, "verify")
    assert done.status_code == 200, done.text


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def told(world: Any) -> Any:
    """Sales by month of three firms and a town, in the programme's first year and before it."""
    for code, kind, parent in UNITS:
        await world.put(f"units/{code}", {**world.names(code), "kind": kind, "parent": parent})
    for month in ("2025-03", "2025-06"):
        await world.put(f"reporting-periods/{month}", {})
    helpers = [code for code, _, _ in UNITS]
    await world.indicator("sold", supporting_units=helpers, frequency="month")
    for unit, period, value in TOLD:
        await tell(world, "sold", unit, period, value=value)
    return world


async def board_row(world: Any, code: str = "sold", **query: Any) -> Any:
    page = await world.get("indicator-board", limit=200, **query)
    return next(row for row in page["items"] if row["indicator_code"] == code)


async def breakdown(world: Any, **query: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    page = await world.get("indicators/sold/breakdown", **query)
    return page["whole"], {row["unit_code"]: row for row in page["items"]}


async def test_the_board_shows_the_city_against_its_target_and_the_year_before(told: Any) -> None:
    row = await board_row(told, points=3)
    assert (row["period"], row["actual"], row["units"], row["reporting"]) == ("2026-06", "15", 4, 3)
    assert (row["year_ago"], row["growth"]) == ("10", "0.5")
    assert (row["target"], row["completion"]) == ("33", "0.454545")
    assert row["baseline_growth"] == "-0.444444"
    points = [(p["period"], p["actual"], p["reporting"]) for p in row["points"]]
    assert points == [("2025-06", "10", 1), ("2026-03", "6", 2), ("2026-06", "15", 3)]


async def test_the_board_looks_back_and_leaves_out_what_is_missing(told: Any) -> None:
    march = await board_row(told, period="2026-03", points=1)
    assert (march["actual"], march["year_ago"], march["growth"]) == ("6", None, None)
    assert [p["period"] for p in march["points"]] == ["2026-03"]
    april = await board_row(told, period="2026-04")
    assert (april["period"], april["actual"]) == ("2026-03", "6")
    before = await board_row(told, period="2026-01")
    assert (before["period"], before["actual"], before["target"]) == (None, None, "33")
    assert (before["units"], before["reporting"]) == (0, 0)


async def test_a_unit_has_a_board_of_its_own(told: Any) -> None:
    town = await board_row(told, unit_code="south-town")
    assert (town["actual"], town["units"], town["target"]) == ("12", 3, None)
    answer = await (await told.office()).get("/api/v1/indicator-board?unit_code=nobody")
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_reference")


async def test_a_number_is_followed_from_the_city_down_to_one_enterprise(told: Any) -> None:
    city, top = await breakdown(told)
    assert (city["actual"], city["own"], city["unit_code"]) == ("15", None, None)
    assert (top["south-town"]["actual"], top["lone-firm"]["actual"]) == ("12", "3")
    assert top["south-town"]["below"] == 1
    assert top["xuedian-town"]["actual"] is None
    town, parks = await breakdown(told, unit_code="south-town")
    assert (town["actual"], town["own"]) == ("12", "1")
    assert (parks["south-park"]["actual"], parks["south-park"]["reporting"]) == ("11", 1)
    park, firms = await breakdown(told, unit_code="south-park", period="2026-04")
    assert (park["actual"], park["period"]) == ("6", "2026-03")
    assert {code: row["actual"] for code, row in firms.items()} == {
        "south-firm-1": "4",
        "south-firm-2": "2",
    }
    firm, below = await breakdown(told, unit_code="south-firm-1")
    assert (firm["actual"], firm["own"], below) == ("9", "9", {})


async def test_the_units_below_are_paged(told: Any) -> None:
    seen: list[str] = []
    query: dict[str, Any] = {"limit": 2, "include_total": True}
    while True:
        page = await told.get("indicators/sold/breakdown", **query)
        seen += [row["unit_code"] for row in page["items"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert len(seen) == len(set(seen)) == page["total"]
    assert page["whole"]["actual"] == "15"


async def test_a_series_has_the_periods_that_were_told_and_no_others(told: Any) -> None:
    page = await told.get("indicators/sold/series", ends_gte="2026-01-01")
    points = [(p["period"], p["actual"], p["expected"], p["year_ago"]) for p in page["items"]]
    assert points == [("2026-03", "6", "8.25", None), ("2026-06", "15", "16.5", "10")]
    own = await told.get("indicators/sold/series", unit_code="south-firm-2")
    assert [(p["period"], p["expected"]) for p in own["items"]] == [("2026-03", None)]
    first = await told.get("indicators/sold/series", limit=1)
    rest = await told.get("indicators/sold/series", limit=200, cursor=first["next_cursor"])
    assert [p["period"] for p in first["items"] + rest["items"]] == [
        "2025-06",
        "2026-03",
        "2026-06",
    ]


async def test_a_growth_over_nothing_is_no_number(told: Any) -> None:
    await told.indicator(
        "from-zero", supporting_units=["lone-firm"], frequency="month",
        baseline={"year": 2025, "value": "0"}, milestones=[{"year": 2026, "value": "0"}],
    )  # fmt: skip
    for period, value in [("2025-03", "0"), ("2026-03", "4")]:
        await tell(told, "from-zero", "lone-firm", period, value=value)
    row = await board_row(told, "from-zero")
    assert (row["actual"], row["year_ago"], row["growth"]) == ("4", "0", None)
    assert (row["baseline_growth"], row["completion"]) == (None, None)


async def test_percentages_are_summed_from_their_parts_on_every_level(told: Any) -> None:
    await told.indicator(
        "intensity", kind="ratio", unit="%", baseline=None, frequency="month",
        time_aggregation="ratio_of_sums", unit_aggregation="ratio_of_sums",
        supporting_units=["south-firm-1", "south-firm-2"],
        milestones=[{"year": 2026, "value": "4"}],
    )  # fmt: skip
    for unit, top, bottom in [("south-firm-1", "1", "2"), ("south-firm-2", "10", "100")]:
        await tell(told, "intensity", unit, "2026-03", numerator=top, denominator=bottom)
    assert (await board_row(told, "intensity"))["actual"] == "10.784314"
    assert (await board_row(told, "intensity", unit_code="south-park"))["actual"] == "10.784314"
    firm = await board_row(told, "intensity", unit_code="south-firm-1")
    assert firm["actual"] == "50"


async def test_a_moved_unit_counts_for_its_new_superior_from_that_day_on(told: Any) -> None:
    firm = {**told.names("south-firm-2"), "kind": "enterprise", "parent": "xuedian-town"}
    await told.put("units/south-firm-2", {**firm, "parent_since": "2026-05-01"})
    _, march = await breakdown(told, period="2026-03")
    _, june = await breakdown(told, period="2026-06")
    assert (march["south-town"]["actual"], march["xuedian-town"]["actual"]) == ("6", None)
    assert (june["south-town"]["actual"], june["xuedian-town"]["actual"]) == ("10", "2")
    _, parks = await breakdown(told, unit_code="south-town", period="2026-06")
    assert parks["south-park"]["below"] == 1
    series = await told.get("indicators/sold/series", unit_code="south-firm-2")
    assert [p["period"] for p in series["items"]] == ["2026-03"]


async def test_nobody_stands_below_itself_on_any_day(told: Any) -> None:
    for parent, since in [("south-park", None), ("south-firm-1", "2026-01-01")]:
        body = {**told.names("t"), "kind": "town", "parent": parent, "parent_since": since}
        answer = await told.put("units/south-town", body, status=409)
        assert answer["code"] == "circular_unit_tree"
    body = {**told.names("t"), "kind": "town", "parent": None, "parent_since": "2099-01-01"}
    answer = await told.put("units/south-town", body, status=422)
    assert answer["errors"][0]["code"] == "not_a_past_day"


async def test_each_sees_its_own_numbers_and_those_it_answers_for(told: Any) -> None:
    await told.indicator("secret", lead_unit="finance-bureau")
    firm = await told.as_("enterprise", "south-firm-1")
    seen = (await firm.get("/api/v1/indicator-board?limit=200")).json()["items"]
    assert {row["indicator_code"] for row in seen} == {"sold", "intensity"}
    own = (await firm.get("/api/v1/indicator-board?unit_code=south-firm-1")).json()["items"]
    assert {"sold", "secret"} <= {row["indicator_code"] for row in own}
    path = "/api/v1/indicators/secret/breakdown"
    assert (await firm.get(path)).status_code == 403
    assert (await firm.get(path, params={"unit_code": "south-firm-1"})).status_code == 200
    assert (await firm.get(path, params={"unit_code": "south-firm-2"})).status_code == 403
    stranger = await told.as_("unit_reporter", "finance-bureau")
    assert (await stranger.get("/api/v1/indicators/sold/series")).status_code == 403


async def test_the_board_comes_as_a_file(told: Any) -> None:
    office = await told.office()
    answer = await office.get("/api/v1/indicator-board", headers={"Accept": "text/csv"})
    assert answer.status_code == 200
    assert "sold" in answer.text
