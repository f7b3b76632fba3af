"""Whatever was reported, corrected, ruled, revised, assigned or moved: who asks by a moment gone
by is told what was told then."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest_asyncio
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from servicekit.clock import china_date, now
from servicekit.types import plain
from sqlalchemy import select
from targets.indicators import repository as indicators
from targets.observations.domain import Reading
from targets.observations.models import Observation
from targets.observations.repository import reading
from targets.observations.service import Taken, record
from targets.rollups.domain import CITY, Course, roll_up
from targets.rollups.service import rule_of
from targets.totals.domain import result

API = "/api/v1"
TODAY = china_date()
YEAR = TODAY.year
TOWNS = ["t-east", "t-west"]
FIRMS = ["t-firm-1", "t-firm-2", "t-firm-3"]
RULES = [
    ("sum", "sum", "amount", "亿元"),
    ("latest", "latest", "count", "家"),
    ("max", "max", "amount", "亿元"),
    ("ratio_of_sums", "ratio_of_sums", "ratio", "%"),
]
PERIODS = [f"{YEAR - 1}-12", f"{YEAR}-01", f"{YEAR}-02", f"{YEAR}"]
"""The last is a year that is not over: what has been told of it by then."""
DAYS = st.dates(date(YEAR, 1, 1), TODAY)
NUMBERS = st.integers(0, 9)
units = st.sampled_from([None, "t-east", *FIRMS])
EVENTS = {
    "tell": st.tuples(units, st.sampled_from(PERIODS), NUMBERS),
    "settle": st.tuples(units, st.sampled_from(PERIODS), NUMBERS),
    "revise": st.tuples(DAYS, st.integers(30, 60)),
    "move": st.tuples(st.sampled_from(FIRMS), st.sampled_from(TOWNS), DAYS),
    "assign": st.tuples(st.sampled_from(TOWNS), st.integers(1, 20)),
}
KINDS = ["tell", "tell", "tell", "tell", "settle", "revise", "move", "assign"]
events = st.sampled_from(KINDS).flatmap(lambda kind: st.tuples(st.just(kind), EVENTS[kind]))
codes = (f"then-{number}" for number in count())
slow = settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def here(world: Any) -> tuple[Any, asyncio.AbstractEventLoop]:
    for unit in (*TOWNS, *FIRMS):
        kind, parent = ("town", None) if unit in TOWNS else ("enterprise", "t-east")
        await world.put(f"units/{unit}", {**world.names(unit), "kind": kind, "parent": parent})
    return world, asyncio.get_running_loop()


async def define(world: Any, rule: tuple[str, str, str, str]) -> str:
    code = next(codes)
    over_time, over_units, kind, unit = rule
    await world.indicator(
        code, kind=kind, unit=unit, time_aggregation=over_time, unit_aggregation=over_units,
        milestones=[{"year": YEAR, "value": "33"}, {"year": YEAR + 1, "value": "40"}],
        baseline={"year": YEAR - 1, "value": "27"},
    )  # fmt: skip
    return code


async def tell(
    world: Any, code: str, unit: str | None, period: str, value: int, kind: str = "reported"
) -> None:
    async with world.database.session() as session:
        indicator = await indicators.get(session, code)
        assert indicator is not None
        parts = (Decimal(value), Decimal(value % 3 + 1)) if indicator.kind == "ratio" else ()
        source, number = f"{code}/{now().isoformat()}", Decimal(value)
        taken = Taken(kind, source, period, number, indicator.unit, *parts, unit_code=unit)
        await record(session, code, taken)


async def settle(world: Any, code: str, unit: str | None, period: str, value: int) -> None:
    """A ruling: what is told after it is kept and does not count."""
    await tell(world, code, unit, period, value, "ruling")


async def revise(world: Any, code: str, day: date, value: int) -> None:
    body = {"year": YEAR, "value": str(value), "effective_on": day.isoformat()}
    body |= {"document_no": "科发〔2027〕3号", "reason": "省下达指标调整"}
    path = f"{API}/indicators/{code}/revisions"
    made = await (await world.office()).post(path, json=body, headers=world.key())
    assert made.status_code == 201, made.text


async def move(world: Any, _: str, firm: str, town: str, day: date) -> None:
    body = {**world.names(firm), "kind": "enterprise", "parent": town}
    await world.put(f"units/{firm}", {**body, "parent_since": day.isoformat()})


async def assign(world: Any, code: str, town: str, value: int) -> None:
    """Give the town a part; one it has is changed, and an equal one taken back."""
    office, path = await world.office(), f"{API}/assignments"
    query = {"indicator_code": code, "unit_code": town, "state": "in_force"}
    had = (await world.get("assignments", **query))["items"]
    body: dict[str, Any] = {"document_no": f"科指办〔{YEAR}〕{value}号"}
    if not had:
        body |= {"indicator_code": code, "year": YEAR, "unit_code": town, "reason": "年初分解"}
        done = await office.post(path, json={**body, "value": str(value)}, headers=world.key())
    elif had[0]["value"] == str(value):
        path = f"{path}/{had[0]['id']}/withdraw"
        done = await office.post(path, json=body, headers=world.etag(had[0]))
    else:
        done = await office.patch(
            f"{path}/{had[0]['id']}", json={**body, "value": str(value)},
            headers=world.etag(had[0]),
        )  # fmt: skip
    assert done.status_code < 300, done.text


DO: dict[str, Callable[..., Awaitable[None]]] = {
    "tell": tell,
    "settle": settle,
    "revise": revise,
    "move": move,
    "assign": assign,
}


async def answers(world: Any, code: str, **then: Any) -> dict[str, Any]:
    """Everything that can be asked of an indicator. When a row was last changed is left out where
    the definition, which is today's, has a part in it."""
    own = {"indicator_code": code, "limit": 200, **then}
    seen: dict[str, Any] = {"series": await world.get(f"indicators/{code}/series", **then)}
    for node in (None, TOWNS[0]):
        of = {"unit_code": node} if node else {}
        page = await world.get("indicator-board", points=12, **own, **of)
        seen[f"board {node}"] = dated_no_more(page["items"])
        page = await world.get(f"indicators/{code}/breakdown", limit=200, **of, **then)
        seen[f"breakdown {node}"] = (page["whole"], dated_no_more(page["items"]))
    seen["series of a town"] = await world.get(
        f"indicators/{code}/series", unit_code=TOWNS[0], **then
    )
    path = f"indicators/{code}/observations"
    seen["numbers"] = await world.get(path, include_superseded=True, sort="seq", **then)
    seen["valid"] = await world.get(path, sort="-ends_on", **then)
    seen["parts"] = await world.get("assignments", **own)
    seen["targets"] = (await world.get(f"indicators/{code}", **then))["milestones"]
    board = await world.get("status-board", limit=200, **then)
    row = next(row for row in board["items"] if row["indicator_code"] == code)
    names = ("period", "actual", "expected", "status", "reason_zh", "reason_en")
    seen["light"] = {name: row[name] for name in names}
    return seen


def dated_no_more(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: row[name] for name in row if name != "updated_at"} for row in rows]


def test_a_moment_gone_by_is_answered_as_it_was(here: Any) -> None:
    world, loop = here

    @slow
    @given(rule=st.sampled_from(RULES), happens=st.lists(events, min_size=5, max_size=9))
    def holds(rule: tuple[str, str, str, str], happens: list[Any]) -> None:
        loop.run_until_complete(course(rule, happens))

    async def course(rule: tuple[str, str, str, str], happens: list[Any]) -> None:
        code = await define(world, rule)
        told: list[tuple[datetime, dict[str, Any]]] = []
        for kind, what in happens:
            await DO[kind](world, code, *what)
            told.append((now(), await answers(world, code)))
        for moment, then in told:
            asked = {"known_at": moment.isoformat()}
            assert await answers(world, code, **asked) == then
        assert await answers(world, code, as_of=TODAY.isoformat()) == told[-1][1]

    holds()


def test_a_day_gone_by_has_the_periods_that_were_over_as_they_were_known(here: Any) -> None:
    world, loop = here

    @slow
    @given(
        rule=st.sampled_from(RULES), told=st.lists(EVENTS["tell"], min_size=3, max_size=8),
        day=DAYS.map(lambda day: min(day, TODAY - timedelta(1))), known=st.integers(1, 8),
    )  # fmt: skip
    def holds(rule: tuple[str, str, str, str], told: list[Any], day: date, known: int) -> None:
        loop.run_until_complete(course(rule, told, day, known))

    async def course(rule: Any, told: list[Any], day: date, known: int) -> None:
        code = await define(world, rule)
        moments: list[datetime] = []
        for what in told:
            await tell(world, code, *what)
            moments.append(now())
        moment = moments[min(known, len(moments)) - 1]
        asked = {"as_of": day.isoformat(), "known_at": moment.isoformat()}
        page = await world.get("indicator-board", indicator_code=code, **asked)
        assert page["items"][0]["actual"] == await added_up(world, code, day, moment)

    holds()


async def added_up(world: Any, code: str, day: date, moment: datetime) -> str | None:
    """What the numbers of periods over on a day come to, from nothing, as known at a moment."""
    valid: dict[tuple[str | None, str], Reading] = {}
    async with world.database.session() as session:
        indicator = await indicators.get(session, code)
        assert indicator is not None
        query = select(Observation).where(
            Observation.indicator_code == code,
            Observation.recorded_at <= moment,
            Observation.ends_on <= day,
        )
        for row in await session.scalars(query.order_by(Observation.seq)):
            valid[row.unit_code, row.period] = reading(row)
    rule = rule_of(indicator)
    course = Course(rule, roll_up(rule, valid.values(), {}).get(CITY, {}))
    days = [each for each in course.totals if each <= day]
    total = course.totals[max(days)] if days else None
    return None if total is None else plain(result(rule, total))
