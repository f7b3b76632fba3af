"""The board of 1.44 million numbers against the bare SQL, and what one more number costs.

40 indicators of 1,000 enterprises in 20 towns, by month over three years. The board with 36 points
of every indicator is asked through the service, one request at a time, and its rows by bare SQL in
turn; a number is taken in a city with a tenth of the enterprises, and in this one, in turn.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from statistics import median

import asyncpg
from servicekit.db import Database
from servicekit.embedded.ports import free_ports
from servicekit.ids import new_id
from servicekit.testing.databases import Databases, ServiceDatabase
from servicekit.testing.shared_servers import SharedServers, ask_for_postgres
from servicekit.testing.tokens import Tokens
from targets import models
from targets.observations.service import Taken, record
from targets.rollups import service as rollups

from tests.bench.load import drive, request
from tests.bench.pinned import CLIENT_CORE, alone_on, process

METADATA = models.metadata  # every table is mapped before the first query
INDICATORS, TOWNS, FEW, MANY = 40, 20, 100, 1000
ROUNDS, LOOKS, NUMBERS = 7, 40, 20
SECONDS = 1.0
PATH = "/api/v1/indicator-board?limit=200&points=36"
SAID = 1000
"""How often a figure of the city was another before: with each of its enterprises' numbers."""
BARE = """
SELECT i.code, i.name_zh, i.unit, r.since, r.period, r.actual, r.units, r.reporting
FROM indicator i JOIN roll_up r ON r.indicator_code = i.code AND r.unit_code = ''
ORDER BY i.code, r.since
"""
SCAN = "SELECT indicator_code, period, sum(value) FROM current_observation GROUP BY 1, 2"
_UNITS = """
WITH made AS (
 SELECT 'town-' || t AS code, 'town' AS kind, NULL AS parent FROM generate_series(1, $1) t
 UNION ALL
 SELECT 'firm-' || n, 'enterprise', 'town-' || (n % $1 + 1) FROM generate_series(1, $2) n
), units AS (
 INSERT INTO unit (code, name_zh, name_en, kind, parent, aliases, active, version, created_at,
  updated_at) SELECT code, code, code, kind, parent, '{}', true, 1, now(), now() FROM made
), placements AS (
 INSERT INTO unit_placement SELECT code, '2000-01-01', 'infinity', parent FROM made
), moves AS (
 INSERT INTO unit_move (unit, parent, since, recorded_at)
 SELECT code, parent, '2000-01-01', now() - interval '2 hours' FROM made
)
INSERT INTO unit_node SELECT code, code, kind,
 CASE WHEN parent IS NULL THEN '{}' ELSE ARRAY[parent] END, true FROM made
"""
_PROGRAMME = """
INSERT INTO programme (code, name_zh, name_en, description_zh, description_en, anchor_year,
 starts_on, ends_on, lead_unit, office_unit, inspection_cadence, meeting_cadence, bulletin_cadence,
 standing_rules, version, created_at, updated_at)
VALUES ('p', 'p', 'p', 'p', 'p', 2026, '2026-01-01', '2028-12-31', 'town-1', 'town-1', 'monthly',
 'monthly', 'monthly', '[]', 1, now(), now())
"""
_INDICATORS = """
WITH made AS (SELECT 'indicator-' || n AS code FROM generate_series(1, $1) n), indicators AS (
 INSERT INTO indicator (code, name_zh, name_en, programme, definition_zh, definition_en, headline,
  kind, unit, comparator, amber_share, direction, frequency, time_aggregation, unit_aggregation,
  phasing, grade_ladder, source_kind, lead_unit, supporting_units, version, created_at, updated_at)
 SELECT code, code, code, 'p', 'p', 'p', true, 'amount', '亿元', 'reach', 0.9, 'increase', 'month',
  'sum', 'sum', 'linear', '{}', 'reported', 'town-1', '{}', 1, now(), now() FROM made
), milestones AS (
 INSERT INTO milestone SELECT code, year, 1000 FROM made, generate_series(2026, 2028) year
)
INSERT INTO indicator_status (indicator_code, status, reason_zh, reason_en, version, created_at,
 updated_at) SELECT code, 'unknown', '', '', 1, now(), now() FROM made
"""
_NUMBERS = """
WITH made AS (
 SELECT gen_random_uuid() AS id, 'indicator-' || i AS indicator, 'firm-' || n AS firm,
  to_char(m, 'YYYY-MM') AS period, (m + interval '1 month' - interval '1 day')::date AS ends_on,
  (n * 7 + extract(month FROM m)::int) % 100 AS value
 FROM generate_series(1, $1) i, generate_series(1, $2) n,
  generate_series('2026-01-01'::timestamp, '2028-12-01', interval '1 month') m
), taken AS (
 INSERT INTO observation (id, indicator_code, unit_code, period, ends_on, value, unit, year_to_date,
  source_kind, source_id, source_value, source_unit, after_close, recorded_at)
 SELECT id, indicator, firm, period, ends_on, value, '亿元', false, 'reported', id::text, value,
  '亿元', false, now() FROM made
)
INSERT INTO current_observation (observation_id, indicator_code, unit_code, period, ends_on, value,
 year_to_date) SELECT id, indicator, firm, period, ends_on, value, false FROM made
"""
_SAME_FOR_ALL = """
INSERT INTO roll_up SELECT 'indicator-' || n, unit_code, since, actual, units, reporting, amount,
 numerator, denominator, period, observation_id, recorded_at
FROM roll_up, generate_series(2, $1) n WHERE indicator_code = 'indicator-1'
"""


# Every number of an hour's reporting made the figure of the city another one.
_PAST = """
INSERT INTO roll_up_past SELECT r.indicator_code, r.unit_code, r.since,
 r.recorded_at - (3600.0 * (n - 1) / $1) * interval '1 second',
 r.recorded_at - (3600.0 * n / $1) * interval '1 second',
 r.actual - n, greatest(r.units - n, 1), greatest(r.reporting - n, 1), r.period
FROM roll_up r, generate_series(1, $1) n WHERE r.unit_code = ''
"""


@dataclass(frozen=True, slots=True)
class BoardFigures:
    """Milliseconds at the median, and ratios."""

    board: float
    past: float
    bare: float
    scan: float
    ratio: float
    number: float
    growth: float
    failed: int


async def fill(database: ServiceDatabase, firms: int) -> None:
    """A city with this many enterprises and all their numbers, added up."""
    # What is loaded is right by itself: nobody has to look up five million references.
    trusted = {"session_replication_role": "replica"}
    connection = await asyncpg.connect(database.superuser_url, server_settings=trusted)
    await plan(connection, firms)
    await connection.execute(_NUMBERS.replace("$1", str(INDICATORS)).replace("$2", str(firms)))
    async with Database(database.app_url) as service, service.session() as session:
        await rollups.rebuild(session, "indicator-1")
    # Every indicator has the same numbers.
    await connection.execute(_SAME_FOR_ALL.replace("$1", str(INDICATORS)))
    await connection.execute("UPDATE indicator SET created_at = now() - interval '2 hours'")
    await connection.execute("UPDATE programme SET created_at = now() - interval '2 hours'")
    await connection.execute(
        "INSERT INTO target_value (id, indicator_code, year, baseline, value, known_from)"
        " SELECT gen_random_uuid(), indicator_code, year, false, value,"
        " now() - interval '2 hours' FROM milestone"
    )
    await connection.execute(_PAST.replace("$1", str(SAID)))
    await connection.execute("VACUUM ANALYZE")
    await connection.close()


async def plan(connection: asyncpg.Connection, firms: int) -> None:
    """The towns with this many enterprises, and the indicators."""
    await connection.execute(_UNITS.replace("$1", str(TOWNS)).replace("$2", str(firms)))
    await connection.execute(_PROGRAMME)
    await connection.execute(_INDICATORS.replace("$1", str(INDICATORS)))


@contextmanager
def two_cities() -> Iterator[tuple[ServiceDatabase, ServiceDatabase]]:
    with ExitStack() as stack:
        postgres = SharedServers()
        stack.callback(postgres.close)
        databases = Databases(ask_for_postgres(postgres.address))
        yield databases.migrated("targets"), databases.migrated("targets")


async def measure() -> BoardFigures:
    with two_cities() as (small, large):
        await fill(small, FEW)
        await fill(large, MANY)
        board, past, bare, scan, failed = await read(large)
        few, many = await take(small, large)
    return BoardFigures(board, past, bare, scan, board / bare, many, many / few, failed)


async def read(city: ServiceDatabase) -> tuple[float, float, float, float, int]:
    """The board, that of half an hour ago, its rows by bare SQL, and a sum over all numbers, in
    ms; answers in error."""
    (port,) = free_ports(1)
    tokens = Tokens()
    env = {
        "KECHUANG_DATABASE_URL": city.app_url,
        "KECHUANG_LOG_LEVEL": "WARNING",
        "KECHUANG_JWKS": tokens.jwks,
        "KECHUANG_ISSUER": tokens.issuer,
        "KECHUANG_PORT": str(port),
    }
    bearer = tokens.bearer("office", unit="town-1")
    command = [sys.executable, "-m", "targets", "api"]
    failed, boards, pasts = 0, list[float](), list[float]()
    bares, scans = list[float](), list[float]()
    moment = datetime.now(UTC) - timedelta(minutes=30)
    then = f"{PATH}&known_at={moment:%Y-%m-%dT%H:%M:%SZ}"
    with alone_on(CLIENT_CORE), process(command, f"http://127.0.0.1:{port}/readyz", env):
        connection = await asyncpg.connect(city.app_url)
        for _ in range(ROUNDS):
            seen = await drive(
                port, lambda: request("GET", PATH, bearer), seconds=SECONDS, connections=1
            )
            failed += seen.failed
            boards.append(seen.p50)
            seen = await drive(
                port, lambda: request("GET", then, bearer), seconds=SECONDS, connections=1
            )
            failed += seen.failed
            pasts.append(seen.p50)
            bares.append(await timed(connection, BARE, LOOKS))
            scans.append(await timed(connection, SCAN, 1))
        await connection.close()
    return median(boards), median(pasts), median(bares), median(scans), failed


async def timed(connection: asyncpg.Connection, sql: str, times: int) -> float:
    """Milliseconds of a statement at the median."""
    seen: list[float] = []
    for _ in range(times):
        begun = time.perf_counter()
        await connection.fetch(sql)
        seen.append((time.perf_counter() - begun) * 1000)
    return median(seen)


async def take(small: ServiceDatabase, large: ServiceDatabase) -> tuple[float, float]:
    """What a new month's number of an enterprise costs in both cities, in ms, turn by turn."""
    few, many = list[float](), list[float]()
    async with Database(small.app_url) as one, Database(large.app_url) as other:
        for turn in range(ROUNDS * NUMBERS):
            for database, seen in ((one, few), (other, many)):
                begun = time.perf_counter()
                await one_number(database, f"firm-{turn % FEW + 1}", turn)
                seen.append((time.perf_counter() - begun) * 1000)
    return median(few), median(many)


async def one_number(database: Database, firm: str, turn: int) -> None:
    """An enterprise's number of one of the months after those that are there."""
    async with database.session() as session:
        period = f"2029-{turn // FEW + 1:02}"
        taken = Taken("reported", str(new_id()), period, Decimal(turn + 1), "亿元", unit_code=firm)
        await record(session, f"indicator-{turn % INDICATORS + 1}", taken)
