"""A day and a moment gone by over HTTP: what the board said, and by what."""

import csv
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio
from contracts.funding import FiscalYearExecuted
from servicekit.clock import china_date, now
from targets.observations.service import Taken, record

API = "/api/v1"
TODAY = china_date()
AUGUST = "2026-08-31"
LISTS = [
    "indicator-board",
    "assignments",
    "indicators/told/series",
    "indicators/told/breakdown",
    "indicators/told/observations",
]
AHEAD = ["status-board", "indicators", "indicators/told", "indicators/told/milestones"]
"""These may be asked of days to come."""


async def tell(world: Any, code: str, unit: str | None, period: str, value: str) -> str:
    """A verified number; gives a moment at which it is known."""
    async with world.database.session() as session:
        source = f"{code}/{unit}/{period}/{now().isoformat()}"
        taken = Taken("reported", source, period, Decimal(value), "亿元", unit_code=unit)
        await record(session, code, taken)
    return now().isoformat()


async def place(world: Any, unit: str, parent: str | None, **more: Any) -> None:
    kind = "town" if parent is None else "enterprise"
    await world.put(f"units/{unit}", {**world.names(unit), "kind": kind, "parent": parent, **more})


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def told(world: Any) -> Any:
    """Two towns, a firm of the one, and its sales from January to September."""
    for unit, parent in [("a-town", None), ("b-town", None), ("a-firm", "a-town")]:
        await place(world, unit, parent)
    await world.indicator("told", frequency="month", supporting_units=["a-firm"])
    for month in range(1, 10):
        await tell(world, "told", "a-firm", f"2026-{month:02}", "2")
    part = {"indicator_code": "told", "year": 2026, "unit_code": "b-town", "value": "5"}
    part |= {"document_no": "科指办〔2026〕7号"}
    office = await world.office()
    made = await office.post(f"{API}/assignments", json=part, headers=world.key())
    assert made.status_code == 201, made.text
    return world


async def row(world: Any, code: str, **query: Any) -> Any:
    page = await world.get("indicator-board", indicator_code=code, **query)
    return page["items"][0] if page["items"] else None


async def test_what_the_board_said_on_a_day_with_what_was_known_at_a_moment(told: Any) -> None:
    first = now().isoformat()
    await tell(told, "told", "a-firm", "2026-08", "7")
    await revise(told, "told", "66", date(2026, 8, 1))
    august = await row(told, "told", as_of=AUGUST, points=2)
    assert (august["period"], august["actual"], august["target"]) == ("2026-08", "21", "66")
    assert [p["actual"] for p in august["points"]] == ["14", "21"]
    then = await row(told, "told", as_of=AUGUST, known_at=first, points=2)
    assert (then["period"], then["actual"], then["target"]) == ("2026-08", "16", "33")
    assert then["completion"] == "0.484848"
    assert [p["actual"] for p in then["points"]] == ["14", "16"]
    july = await row(told, "told", as_of="2026-07-31", period="2026-08")
    assert (july["period"], july["actual"], july["target"]) == ("2026-07", "14", "33")
    light = await status_row(told, "told", as_of=AUGUST, known_at=first)
    assert (light["actual"], light["expected"], light["status"]) == ("16", "22", "red")


async def status_row(world: Any, code: str, **query: Any) -> Any:
    page = await world.get("status-board", limit=200, **query)
    return next(r for r in page["items"] if r["indicator_code"] == code)


async def revise(world: Any, code: str, value: str, day: date) -> None:
    body = {"year": 2026, "value": value, "effective_on": day.isoformat()}
    body |= {"document_no": "科发〔2026〕3号", "reason": "省下达指标调整"}
    path = f"{API}/indicators/{code}/revisions"
    made = await (await world.office()).post(path, json=body, headers=world.key())
    assert made.status_code == 201, made.text


async def test_a_year_that_is_not_over_counts_with_what_was_told_of_it(world: Any) -> None:
    await world.indicator(
        "share", kind="ratio", unit="%", frequency="year", baseline=None,
        time_aggregation="latest", unit_aggregation="latest",
        source_kind="funding", source_metric="st_share",
        milestones=[{"year": TODAY.year, "value": "4"}],
    )  # fmt: skip

    async def execute(spent: str) -> str:
        await world.hear(
            FiscalYearExecuted(
                fiscal_year=TODAY.year,
                budget_expenditure=Decimal(100),
                three_st_expenses=Decimal(spent),
                science_operating_expenses=Decimal(0),
            )
        )
        return now().isoformat()

    first = await execute("3")
    await execute("5")
    today = TODAY.isoformat()
    assert (await row(world, "share"))["actual"] == "5"
    assert (await row(world, "share", as_of=today))["actual"] == "5"
    assert (await row(world, "share", as_of=today, known_at=first))["actual"] == "3"
    yesterday = max(TODAY - timedelta(1), date(TODAY.year, 1, 1)).isoformat()
    assert (await row(world, "share", as_of=yesterday, known_at=first))["actual"] is None
    numbers = await world.get("indicators/share/observations", known_at=first)
    assert [(r["value"], r["valid"]) for r in numbers["items"]] == [("3", True)]


async def test_units_stand_where_they_stood_and_as_it_was_known(told: Any) -> None:
    await told.indicator("placed", frequency="month")
    await place(told, "p-firm", "a-town")
    await tell(told, "placed", "p-firm", "2026-01", "1")
    await tell(told, "placed", "p-firm", "2026-03", "2")
    before = now().isoformat()
    await place(told, "p-firm", "b-town", parent_since="2026-02-10")

    async def of(town: str, **then: Any) -> tuple[str | None, set[str]]:
        path = "indicators/placed/breakdown"
        page = await told.get(path, unit_code=town, limit=200, **then)
        return page["whole"]["actual"], {r["unit_code"] for r in page["items"]}

    assert await of("b-town") == ("3", {"p-firm"})
    assert await of("b-town", known_at=before) == (None, set())
    assert await of("a-town", known_at=before) == ("3", {"a-firm", "p-firm"})
    assert await of("a-town", as_of="2026-01-31") == ("1", {"a-firm", "p-firm"})
    assert (await row(told, "placed", unit_code="a-town", as_of="2026-02-09"))["actual"] == "1"
    assert (await row(told, "placed", unit_code="a-town", as_of="2026-02-10"))["actual"] is None
    top = await told.get("indicators/placed/breakdown", known_at=before)
    assert {r["unit_code"]: r["below"] for r in top["items"]}["a-town"] == 2


async def test_a_part_is_what_it_was(told: Any) -> None:
    office, path = await told.office(), f"{API}/assignments"
    body = {"indicator_code": "told", "year": 2026, "unit_code": "a-town", "value": "10"}
    said = {"document_no": "科指办〔2026〕8号", "reason": "年初分解"}
    made = (await office.post(path, json=body | said, headers=told.key())).json()
    first = now().isoformat()
    later = {"document_no": "科指办〔2026〕9号", "value": "12"}
    own = f"{path}/{made['id']}"
    changed = (await office.patch(own, json=later, headers=told.etag(made))).json()
    again = await office.patch(own, json=later, headers=told.etag(changed))
    assert again.json() == changed
    kept = await told.get(f"assignments/{made['id']}/revisions")
    assert [(r["new_value"], r["reason"]) for r in kept["items"]] == [
        ("12", "年初分解"),
        ("10", "年初分解"),
    ]
    second = now().isoformat()
    back = await office.post(
        f"{own}/withdraw", json={"document_no": "科指办〔2026〕10号"}, headers=told.etag(changed)
    )
    assert back.status_code == 200

    async def part(**then: Any) -> Any:
        page = await told.get("assignments", indicator_code="told", unit_code="a-town", **then)
        return page["items"][0] if page["items"] else None

    assert await part(known_at=first) == made
    assert await part(known_at=second) == changed
    assert await part() == back.json()
    assert await part(known_at=second, as_of="2026-03-31") == changed | {
        "period": "2026-03", "actual": "6", "completion": "0.5", "promised": "33",
        "share": "0.363636",
    }  # fmt: skip
    board = await row(told, "told", unit_code="a-town", known_at=first)
    assert (board["target"], (await row(told, "told", unit_code="a-town"))["target"]) == (
        "10",
        None,
    )
    in_force = await told.get("assignments", state="in_force", known_at=second)
    assert made["id"] in [r["id"] for r in in_force["items"]]


@pytest.mark.parametrize("path", LISTS)
async def test_a_day_that_has_not_come_or_no_day_at_all_is_refused(told: Any, path: str) -> None:
    office = await told.office()
    for query, pointer, code in [
        (f"as_of={TODAY + timedelta(1)}", "query/as_of", "in_the_future"),
        ("known_at=2199-01-01T00:00:00Z", "query/known_at", "in_the_future"),
        ("as_of=2025-12-31", "query/as_of", "before_the_programme"),
        ("known_at=2020-01-01T00:00:00Z", "query/known_at", "before_the_programme"),
        ("as_of=2026-02-30", "query/as_of", None),
        ("as_of=yesterday", "query/as_of", None),
        ("known_at=2026-08-31", "query/known_at", None),
        ("known_at=2026-08-31T00:00:00", "query/known_at", None),
        ("known_at=", "query/known_at", None),
    ]:
        answer = await office.get(f"{API}/{path}?{query}")
        assert answer.status_code == 422, (query, answer.text)
        (error,) = answer.json()["errors"]
        assert error["pointer"] == pointer
        assert code in (None, error["code"])


@pytest.mark.parametrize("path", LISTS)
async def test_it_is_a_list_as_any_other(told: Any, path: str) -> None:
    """Paged, sorted both ways, narrowed by what changed, and as a file."""
    then = {"known_at": now().isoformat()}
    await place(told, "late-town", None)
    whole = await told.get(path, limit=200, include_total=True, **then)
    rows, seen, cursor = whole["items"], [], {}
    assert whole["total"] == len(rows) > 0
    while cursor is not None:
        page = await told.get(path, limit=1, **then, **cursor)
        seen += page["items"]
        cursor = {"cursor": page["next_cursor"]} if page["next_cursor"] else None
    assert seen == rows
    latest = max(r["updated_at"] for r in rows)
    since = await told.get(path, limit=200, updated_since=latest, **then)
    assert since["items"] == [r for r in rows if r["updated_at"] == latest]
    answer = await (await told.office()).get(
        f"{API}/{path}", params=then, headers={"Accept": "text/csv"}
    )
    assert answer.status_code == 200
    assert len(list(csv.DictReader(answer.text.lstrip("\ufeff").splitlines()))) == len(rows)


@pytest.mark.parametrize("path", [*LISTS, *AHEAD])
async def test_the_ends_of_the_calendar_are_no_fault_of_ours(told: Any, path: str) -> None:
    office = await told.office()
    days, moments = ("0001-01-01", "9999-12-31"), ("0001-01-01T00:00:00", "9999-12-31T23:59:59")
    queries = [{"as_of": day} for day in days]
    for zone in ("Z", "+14:00", "-12:00"):
        queries += [{"known_at": moment + zone} for moment in moments]
        queries += [{"as_of": day, "known_at": moments[1] + zone} for day in days]
    for query in queries:
        answer = await office.get(f"{API}/{path}", params=query)
        wanted = {422} if path in LISTS else {200, 404, 422}
        assert answer.status_code in wanted, (query, answer.text)


async def test_who_may_not_see_it_now_may_not_see_what_it_was(told: Any) -> None:
    stranger = await told.as_("unit_reporter", "xuedian-town")
    then = f"known_at={now().isoformat().replace('+', '%2B')}"
    for path in LISTS[2:]:
        assert (await stranger.get(f"{API}/{path}?{then}")).status_code == 403
    for path in LISTS[:2]:
        page = (await stranger.get(f"{API}/{path}?{then}")).json()
        assert page["items"] == []


async def test_what_was_not_there_then_is_not_told(told: Any) -> None:
    before = now().isoformat()
    await told.indicator("unheard-of")
    assert await row(told, "unheard-of", known_at=before) is None
    office = await told.office()
    for what in ("series", "breakdown", "observations"):
        path = f"{API}/indicators/unheard-of/{what}"
        assert (await office.get(path, params={"known_at": before})).status_code == 404


async def test_a_copy_of_today_says_nothing_of_another_day(told: Any) -> None:
    office, path = await told.office(), f"{API}/indicators/told"
    tag = (await office.get(path)).headers["etag"]
    assert (await office.get(path, headers={"If-None-Match": tag})).status_code == 304
    then = await office.get(path, params={"as_of": AUGUST}, headers={"If-None-Match": tag})
    assert (then.status_code, "etag" in then.headers) == (200, False)


async def test_a_changed_rule_leaves_what_was_told(told: Any) -> None:
    await told.indicator("ruled", frequency="month")
    for unit, value in [("a-firm", "3"), ("b-town", "5")]:
        await tell(told, "ruled", unit, "2026-01", value)
    before = now().isoformat()
    await told.indicator("ruled", frequency="month", unit_aggregation="max")
    assert (await row(told, "ruled"))["actual"] == "5"
    assert (await row(told, "ruled", known_at=before))["actual"] == "8"


async def test_a_ruling_on_one_number_lets_every_other_one_be_corrected(told: Any) -> None:
    await told.indicator("ruled-once", frequency="month")
    async with told.database.session() as session:
        taken = Taken("ruling", "ruled-once/r", "2026-01", Decimal(2), "亿元", unit_code="a-firm")
        await record(session, "ruled-once", taken)
    await tell(told, "ruled-once", "a-firm", "2026-01", "9")
    for value in ("3", "4"):
        await tell(told, "ruled-once", "b-town", "2026-01", value)
    assert (await row(told, "ruled-once"))["actual"] == "6"


async def test_a_number_that_a_ruling_outlives_is_listed_as_it_came(told: Any) -> None:
    await told.indicator("settled", frequency="month")
    for kind, value in [("reported", "1"), ("ruling", "2"), ("parks", "3")]:
        async with told.database.session() as session:
            taken = Taken(kind, f"settled/{kind}", "2026-01", Decimal(value), "亿元")
            await record(session, "settled", taken)
    path = "indicators/settled/observations"
    for then in ({}, {"known_at": now().isoformat()}):
        page = await told.get(path, include_superseded=True, sort="seq", **then)
        first, ruled, late = page["items"]
        assert [row["valid"] for row in (first, ruled, late)] == [False, True, False]
        assert first["updated_at"] == ruled["recorded_at"]
        assert late["updated_at"] == late["recorded_at"]
