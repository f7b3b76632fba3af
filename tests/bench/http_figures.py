"""A service's list and create against the floor, one worker each on one core, turn by turn."""

import itertools
import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median

import asyncpg
import orjson
from servicekit.embedded.ports import free_ports
from servicekit.testing.databases import Databases
from servicekit.testing.shared_servers import SharedServers, ask_for_postgres
from servicekit.testing.tokens import Tokens
from stdnum.cn import uscc as uscc_rules

from tests.bench.load import Result, drive, request
from tests.bench.pinned import CLIENT_CORE, alone_on, process

ROUNDS = 5
SECONDS = 2.0
THERE = 20_000
"""Enterprises, about as many as a city's register has."""
FILL = """INSERT INTO enterprise (id, uscc, name, aliases, name_keys, declared_class,
  enterprise_class, above_scale, active, version, created_at, updated_at)
 SELECT gen_random_uuid(), '92410184' || lpad(n::text, 10, '0'), 'register ' || n, '{}',
  ARRAY['register ' || n], 'ordinary', 'ordinary', false, true, 1, now(), now()
 FROM generate_series(1, $1::int) AS n"""


@dataclass(frozen=True, slots=True)
class HttpFigures:
    """Ratios of the service to the floor; the rates are requests per second."""

    list_ratio: float
    create_ratio: float
    list_rate: float
    create_rate: float
    failed: int


def enterprises() -> Iterator[bytes]:
    """Bodies of new enterprises with right codes, no two alike."""
    for number in itertools.count():
        first = f"91410184{number:09d}"
        code = first + uscc_rules.calc_check_digit(first)
        yield orjson.dumps({"uscc": code, "name": f"企业 {number}"})


def posts(path: str, headers: dict[str, str], bodies: Iterator[bytes]) -> Callable[[], bytes]:
    def make() -> bytes:
        key = {"Idempotency-Key": uuid.uuid4().hex, "Content-Type": "application/json"}
        return request("POST", path, headers | key, next(bodies))

    return make


async def measure() -> HttpFigures:
    servers = SharedServers()
    try:
        database = Databases(ask_for_postgres(servers.address)).migrated("parks")
        tokens = Tokens()
        floor, service = free_ports(2)
        common = {"KECHUANG_DATABASE_URL": database.app_url, "KECHUANG_LOG_LEVEL": "WARNING"}
        bare = [sys.executable, "-m", "uvicorn", "tests.bench.floor:app", "--port", str(floor)]
        quiet = ["--no-access-log", "--log-level", "warning"]
        ours = {"KECHUANG_JWKS": tokens.jwks, "KECHUANG_ISSUER": tokens.issuer}
        ours["KECHUANG_PORT"] = str(service)
        parks, at = [sys.executable, "-m", "parks", "api"], f"http://127.0.0.1:{service}/readyz"
        await fill(database.migrator_url)
        with (
            alone_on(CLIENT_CORE),
            process([*bare, *quiet], f"http://127.0.0.1:{floor}/", common),
            process(parks, at, common | ours),
        ):
            return await compare(floor, service, tokens.bearer("office", unit="programme-office"))
    finally:
        servers.close()


async def fill(url: str) -> None:
    """Enterprises that are there already, and what Postgres knows of them: to a table that was
    empty when a query was first planned it would go on as to a small one."""
    connection = await asyncpg.connect(url)
    await connection.execute(FILL, THERE)
    await connection.execute("ANALYZE enterprise")
    await connection.close()


async def compare(floor: int, service: int, bearer: dict[str, str]) -> HttpFigures:
    """Floor and service in turn, so that both meet the same weather; medians of the pairs."""
    path, bodies = "/api/v1/enterprises", enterprises()
    pairs = {
        "create": (posts("/create", {}, bodies), posts(path, bearer, bodies)),
        "list": (
            lambda: request("GET", "/list", {}),
            lambda: request("GET", f"{path}?limit=20", bearer),
        ),
    }
    results: dict[str, list[tuple[Result, Result]]] = {name: [] for name in pairs}
    for _ in range(ROUNDS):
        for name, (bare, full) in pairs.items():
            first = await drive(floor, bare, seconds=SECONDS)
            second = await drive(service, full, seconds=SECONDS)
            results[name].append((first, second))
    flat = [result for found in results.values() for pair in found for result in pair]
    return HttpFigures(
        list_ratio=median(ours.rate / bare.rate for bare, ours in results["list"]),
        create_ratio=median(ours.rate / bare.rate for bare, ours in results["create"]),
        list_rate=median(ours.rate for _, ours in results["list"]),
        create_rate=median(ours.rate for _, ours in results["create"]),
        failed=sum(result.failed for result in flat),
    )
