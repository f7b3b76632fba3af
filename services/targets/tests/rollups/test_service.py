"""The kept roll-up always equals the numbers it is made of: after corrections, late numbers and
moves in the tree, and whoever comes at the same time."""

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio
from servicekit.db import Database
from targets.directory import repository as directory
from targets.indicators import repository as indicators
from targets.observations import repository as observations
from targets.observations.service import Taken, record
from targets.rollups import service
from targets.rollups.domain import Course, roll_up
from targets.rollups.repository import total_of
from targets.totals.domain import Total, result

TOWNS = ("east", "west", "north")
PLACES = {"north": "west"} | {f"firm-{n}": TOWNS[n % 3] for n in range(6)}
MONTHS = [f"{year}-{month:02}" for year in (2025, 2026) for month in range(1, 13)]
RULES = [
    ("sum", "sum", "amount", "亿元"),
    ("latest", "sum", "count", "家"),
    ("sum", "max", "amount", "亿元"),
    ("latest", "latest", "ratio", "%"),
    ("latest", "min", "count", "个"),
    ("max", "max", "grade", "级"),
    ("average", "average", "amount", "亿元"),
    ("ratio_of_sums", "ratio_of_sums", "ratio", "%"),
    ("latest", "ratio_of_sums", "ratio", "%"),
    ("count", "count", "recurring", "次"),
    ("any", "all", "built", "个"),
    ("all", "any", "built", "个"),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def tree(world: Any) -> AsyncIterator[Any]:
    """Three towns, one of them under another, and two firms in each."""
    for unit in (*TOWNS, *PLACES):
        await place(world, unit, PLACES.get(unit))
    yield world


async def place(world: Any, unit: str, parent: str | None, **more: Any) -> None:
    kind = "enterprise" if unit.startswith("firm") else "town"
    await world.put(f"units/{unit}", {**world.names(unit), "kind": kind, "parent": parent, **more})


async def define(world: Any, code: str, rule: tuple[str, str, str, str]) -> None:
    over_time, over_units, kind, unit = rule
    ladder = ["municipal", "provincial", "national"] if kind == "grade" else []
    await world.indicator(
        code, kind=kind, unit=unit, time_aggregation=over_time, unit_aggregation=over_units,
        grade_ladder=ladder, frequency="month", baseline=None,
        milestones=[{"year": 2026, "value": "1"}],
    )  # fmt: skip


async def tell(database: Database, code: str, unit: str | None, period: str, value: int) -> None:
    async with database.session() as session:
        indicator = await indicators.get(session, code)
        assert indicator is not None
        parts = (Decimal(value), Decimal(value % 5 + 1)) if indicator.kind == "ratio" else ()
        source = f"{code}/{random.random()}"
        number = Decimal(value) if indicator.kind != "built" else Decimal(value % 2)
        taken = Taken("reported", source, period, number, indicator.unit, *parts, unit_code=unit)
        await record(session, code, taken)


async def kept(database: Database, code: str) -> dict[str, dict[date, Total | None]]:
    """What is stored, every node's days without a change left out."""
    rows: dict[str, dict[date, Total | None]] = defaultdict(dict)
    async with database.session() as session:
        indicator = await indicators.get(session, code)
        assert indicator is not None
        rule = service.rule_of(indicator)
        sql = "SELECT * FROM roll_up WHERE indicator_code = $1"
        for row in await session.fetch(sql, code):
            rows[row["unit_code"]][row["since"]] = total_of(row)
    courses = {node: Course(rule, totals).without_repeats() for node, totals in rows.items()}
    return {node: totals for node, totals in courses.items() if totals}


async def made_anew(database: Database, code: str) -> dict[str, dict[date, Total | None]]:
    async with database.session() as session:
        indicator = await indicators.get(session, code)
        assert indicator is not None
        readings = await observations.readings(session, code)
        windows = await directory.windows_of(session, [*TOWNS, *PLACES])
        found = roll_up(service.rule_of(indicator), readings, windows)
    return {node: totals for node, totals in found.items() if totals}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule[0]}-{rule[1]}")
async def test_it_equals_the_numbers_after_any_course_of_events(
    tree: Any, rule: tuple[str, str, str, str]
) -> None:
    code = f"any-{rule[0]}-{rule[1]}".replace("_", "-")
    await define(tree, code, rule)
    chance = random.Random(code)
    for turn in range(36):
        if turn % 9 == 8:
            firm = chance.choice([f"firm-{n}" for n in range(6)])
            day = date(chance.choice([2025, 2026]), chance.randint(1, 9), chance.randint(1, 28))
            await place(tree, firm, chance.choice(TOWNS), parent_since=day.isoformat())
        else:
            unit = chance.choice([None, "west", *(f"firm-{n}" for n in range(6))])
            await tell(tree.database, code, unit, chance.choice(MONTHS), chance.randint(0, 9))
        if turn % 5 == 0:
            assert await kept(tree.database, code) == await made_anew(tree.database, code)
    assert await kept(tree.database, code) == await made_anew(tree.database, code)
    async with tree.database.session() as session:
        indicator = await indicators.get(session, code)
        assert indicator is not None
        ruled = service.rule_of(indicator)
        readings = await observations.readings(session, code)
        whole = sorted(roll_up(ruled, readings, {})[""].items())
        figures = {each.latest.period: result(ruled, each) for _, each in whole if each}
        told = await service.history(session, code)
        assert told == list(figures.items())
        assert await service.latest(session, code) == told[-1]


@pytest.mark.parametrize("rule", [RULES[0], RULES[2]], ids=["sum", "max"])
async def test_it_equals_the_numbers_whoever_comes_at_the_same_time(
    tree: Any, rule: tuple[str, str, str, str]
) -> None:
    code = f"together-{rule[1]}"
    await define(tree, code, rule)
    firms = [f"firm-{n}" for n in range(6)]

    async def report(number: int) -> None:
        for month in (1, 3, 2, 4):
            value = month * 3 + number
            await tell(tree.database, code, firms[number], f"2026-{month:02}", value)

    async def move() -> None:
        for firm in firms[:3]:
            await place(tree, firm, "north", parent_since="2026-02-10")

    await asyncio.gather(*(report(number) for number in range(6)), move())
    assert await kept(tree.database, code) == await made_anew(tree.database, code)


async def test_a_unit_that_is_moved_leaves_its_past_where_it_was(tree: Any) -> None:
    await define(tree, "moving", RULES[0])
    await place(tree, "firm-0", "east", parent_since="2000-01-01")
    for month, value in [("2026-01", 1), ("2026-02", 2), ("2026-03", 4)]:
        await tell(tree.database, "moving", "firm-0", month, value)
    await place(tree, "firm-0", "north", parent_since="2026-02-15")
    nodes = await kept(tree.database, "moving")

    def amounts(node: str) -> list[tuple[str, int | None]]:
        totals = sorted(nodes[node].items())
        return [(f"{day:%m-%d}", int(total.amount) if total else None) for day, total in totals]

    assert amounts("east") == [("01-31", 1), ("02-15", None)]
    assert amounts("north") == [("02-15", 1), ("02-28", 3), ("03-31", 7)]
    assert amounts("west") == amounts("north")
    assert amounts("") == amounts("firm-0") == [("01-31", 1), ("02-28", 3), ("03-31", 7)]


async def test_a_changed_rule_makes_it_anew(tree: Any) -> None:
    await define(tree, "ruled", RULES[0])
    for firm, value in [("firm-1", 3), ("firm-2", 5)]:
        await tell(tree.database, "ruled", firm, "2026-01", value)
    assert (await tree.board("ruled"))["actual"] == "8"
    await define(tree, "ruled", ("sum", "max", "amount", "亿元"))
    assert (await tree.board("ruled"))["actual"] == "5"
    assert await kept(tree.database, "ruled") == await made_anew(tree.database, "ruled")


async def test_numbers_from_before_it_was_kept_are_added_up_by_the_worker(tree: Any) -> None:
    await define(tree, "ancient", RULES[0])
    await tell(tree.database, "ancient", "firm-1", "2026-01", 3)
    wanted = await kept(tree.database, "ancient")
    async with tree.database.session() as session:
        driver = await session.driver()
        await driver.execute("DELETE FROM roll_up WHERE indicator_code = 'ancient'")
    async with tree.database.session() as session:
        await service.roll_up_what_is_not(session)
    assert await kept(tree.database, "ancient") == wanted
