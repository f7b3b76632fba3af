"""The funding service as a process of its own, on a real database, called over HTTP."""

import asyncio
import http.client
import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
from servicekit.embedded import http as probe
from servicekit.embedded.child import Child, Command, tail
from servicekit.embedded.ports import LOOPBACK, free_ports
from servicekit.embedded.warm import Warm, python
from servicekit.testing.databases import ServiceDatabase
from servicekit.testing.tokens import LIFETIME, Tokens

ROOT = Path(__file__).parents[4]
PREFIX = "/api/v1"
STARTS = 180.0
"""Seconds the process may take until it serves: a machine may have much else to do."""
IDLE = 30.0
"""Seconds after which a kept connection is not used again: the server ends it after 75."""
PAYEES = ("payee-one", "payee-two")
FUNDS = ("fund-one", "fund-two")
HOME = "finance-bureau"
KEPT = ("alembic_version", "unit_node", "fund")
"""Tables that every run finds as the one before left them; the rest is emptied."""

_WORLD = """
INSERT INTO unit_node (code, name, kind, parents, active)
 SELECT code, code, 'bureau', '{}', true
 FROM unnest(ARRAY['finance-bureau', 'payee-one', 'payee-two']) code;
INSERT INTO fund (code, programme, name_zh, name_en, kind, purpose_zh, purpose_en, manager_unit,
 counts_towards_floor, version, created_at, updated_at)
 SELECT code, 'p', code, code, 'special', 'f', 'f', 'finance-bureau', true, 1, now(), now()
 FROM unnest(ARRAY['fund-one', 'fund-two']) code;
"""
_YEAR = """
INSERT INTO fiscal_year (year, budget_expenditure, three_st_expenses, science_operating_expenses,
 version, created_at, updated_at) VALUES ({year}, 0, 0, 0, 1, now(), now());
"""
_TABLES = """
SELECT quote_ident(table_name) AS name FROM information_schema.tables
WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name <> ALL($1)
"""


@dataclass(frozen=True, slots=True)
class Request:
    """A call by one person of a role. A key of its own, unless it repeats another one."""

    role: str
    path: str
    body: Mapping[str, Any] | None = None
    version: int | None = None
    person: str = ""
    method: str = "POST"
    key: str = field(default_factory=lambda: str(uuid4()))

    def __str__(self) -> str:
        version = "" if self.version is None else f" If-Match {self.version}"
        by = f" as {self.person}" if self.person else ""
        body = "" if self.body is None else " " + json.dumps(dict(self.body), ensure_ascii=False)
        return f"{self.role}{by}: {self.method} {self.path}{version}{body}"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: dict[str, Any]
    is_replay: bool = False

    @property
    def ok(self) -> bool:
        return self.status < 300

    @property
    def code(self) -> str:
        """Of a refusal; nothing when it was done."""
        return "" if self.ok else str(self.body.get("code", self.status))


class Connection(http.client.HTTPConnection):
    """A kept one; after `close` it is opened again by its next request."""

    last_used = 0.0


class Service:
    """`with serving(database, tokens) as service:`; its kept connections serve as many requests at
    once as there are in one `together`."""

    def __init__(self, stored: ServiceDatabase, tokens: Tokens, port: int) -> None:
        self.stored, self.port = stored, port
        self.requests = 0
        self._tokens = tokens
        self._minted: dict[tuple[str, str], tuple[str, float]] = {}
        self._connections: list[Connection] = []
        self._runner = asyncio.Runner()
        self._empty = ""
        self._opened: asyncpg.Connection | None = None

    def send(self, request: Request) -> Answer:
        return self.together(request)[0]

    def together(self, *requests: Request) -> list[Answer]:
        """The answers to requests that are all on their way before the first is read."""
        while len(self._connections) < len(requests):
            self._connections.append(Connection(LOOPBACK, self.port, timeout=60))
        used = self._connections[: len(requests)]
        for connection, request in zip(used, requests, strict=True):
            if time.monotonic() - connection.last_used > IDLE:
                connection.close()
            connection.last_used = time.monotonic()
            self._put(connection, request)
        self.requests += len(requests)
        return [self._take(connection) for connection in used]

    def _put(self, connection: http.client.HTTPConnection, request: Request) -> None:
        headers = {
            "Authorization": f"Bearer {self._token(request.role, request.person)}",
            "Accept-Language": "en",
        }
        body = None
        if request.method != "GET":
            headers["Idempotency-Key"] = request.key
        if request.body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(dict(request.body)).encode()
        if request.version is not None:
            headers["If-Match"] = f'"{request.version}"'
        connection.request(request.method, PREFIX + request.path, body, headers)

    @staticmethod
    def _take(connection: http.client.HTTPConnection) -> Answer:
        answer = connection.getresponse()
        content = json.loads(answer.read())
        return Answer(answer.status, content, answer.getheader("Idempotency-Replayed") == "true")

    def get(self, path: str, role: str = "auditor") -> dict[str, Any]:
        """What is read; it must be there."""
        answer = self.send(Request(role, path, method="GET"))
        assert answer.ok, f"GET {path}: {answer.status} {answer.body}"
        return answer.body

    def items(self, path: str) -> list[dict[str, Any]]:
        """Everything a list has, page by page."""
        found: list[dict[str, Any]] = []
        cursor: str | None = ""
        while cursor is not None:
            more = f"&cursor={cursor}" if cursor else ""
            page = self.get(f"{path}{'&' if '?' in path else '?'}limit=200{more}")
            found += page["items"]
            cursor = page["next_cursor"]
        return found

    def _token(self, role: str, person: str) -> str:
        token, ends = self._minted.get((role, person), ("", 0.0))
        if time.monotonic() > ends:
            token = self._tokens.mint(role, unit=HOME, sub=person or f"test-{role}")
            self._minted[role, person] = token, time.monotonic() + LIFETIME / 2
        return token

    def begin_anew(self, years: Sequence[int]) -> None:
        """Nothing in the books but these years, open: each run is the only one there ever was."""
        self._runner.run(self._reset(years))

    async def _reset(self, years: Sequence[int]) -> None:
        owner = await self._owner()
        opened = "".join(_YEAR.format(year=year) for year in years)
        await owner.execute(self._empty + opened)

    async def _owner(self) -> asyncpg.Connection:
        """A connection that is held to nothing: not to append only, not to references."""
        if self._opened is not None:
            return self._opened
        owner = await asyncpg.connect(
            self.stored.superuser_url, server_settings={"session_replication_role": "replica"}
        )
        await owner.execute(_WORLD)
        tables = await owner.fetch(_TABLES, list(KEPT))
        self._empty = "".join(f"DELETE FROM {row['name']};" for row in tables)
        self._opened = owner
        return owner

    def hang_up(self) -> None:
        """Keep no connection: the process at their other end is another one now."""
        for connection in self._connections:
            connection.close()

    def close(self) -> None:
        self.hang_up()
        if self._opened is not None:
            self._runner.run(self._opened.close())
        self._runner.close()


@contextmanager
def serving(
    stored: ServiceDatabase,
    tokens: Tokens,
    directory: Path,
    argv: Sequence[str] = (),
    warm: Warm | None = None,
) -> Iterator[Service]:
    """The service's API, as `python -m funding api` starts it, until the end of the block; or what
    `argv` starts instead, in the same environment. Forked by `warm` where that is possible."""
    (port,) = free_ports(1)
    environment = {name: value for name, value in os.environ.items() if name[:9] != "KECHUANG_"}
    environment |= {
        "KECHUANG_DATABASE_URL": stored.app_url,
        "KECHUANG_JWKS": tokens.jwks,
        "KECHUANG_PORT": str(port),
        "KECHUANG_LOG_LEVEL": "WARNING",
        "PYTHONPATH": str(ROOT),
    }
    log = directory / "funding.log"
    child = Child(Command("funding", argv or python("funding", "api"), log, environment), warm)
    service = Service(stored, tokens, port)
    try:
        wait_until_ready(port, child, log)
        yield service
    finally:
        service.close()
        child.stop()


def wait_until_ready(port: int, child: Child, log: Path) -> None:
    """Raises `RuntimeError` if it does not serve in time."""
    end = time.monotonic() + STARTS
    while probe.status(f"http://{LOOPBACK}:{port}/livez") != 200:
        if time.monotonic() > end or not child.alive:
            raise RuntimeError(f"the service does not start:\n{tail(log)}")
        time.sleep(0.05)
