"""Only the permitted get in, and only what is current is changed: asked of a real service in this
process. The whole of it is asked elsewhere (every cell of the matrix in `make conventions`, forged
tokens in servicekit and gateway); these are the questions that known mistakes are found by."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
from gateway.proxy.circuits import UpstreamFailed
from gateway.proxy.service import Call, Upstreams
from servicekit.db import Database, Session
from servicekit.embedded.ports import LOOPBACK
from servicekit.messaging.schedules import Schedule, Timekeeper
from servicekit.testing.asgi import Clients
from servicekit.testing.databases import Databases, ServiceDatabase
from servicekit.testing.tokens import Tokens
from servicekit.testing.wire import Wire
from sqlalchemy import text
from supervision.main import build
from supervision.settings import Settings

from tests.faults import planted, planted_requests
from tests.table import Caught, Tell

ITEMS = "/api/v1/supervision-items"
MINE, OTHER = "trial-unit-1", "trial-unit-2"
ROUNDS, KEEPERS = 25, 4

Role = Callable[..., Any]


@pytest_asyncio.fixture(loop_scope="module")
async def stored(postgres_server: Databases):
    database = postgres_server.migrated("supervision")
    yield database
    postgres_server.drop(database)


@pytest_asyncio.fixture(loop_scope="module")
async def role(stored: ServiceDatabase, tokens: Tokens):
    """`await role("office", "programme-office")`: a client of a supervision service."""
    app = build(Settings(database_url=stored.app_url, jwks=tokens.jwks))
    clients = Clients(tokens)

    async def make(name: str, unit: str) -> httpx.AsyncClient:
        return await clients(app, name, unit)

    yield make
    await clients.close()


async def issued(role: Role, unit: str) -> httpx.Response:
    office = await role("office", "programme-office")
    body = {"title": unit, "description": "d", "responsible_unit": unit, "due_workdays": 10}
    answer = await office.post(ITEMS, json=body, headers={"Idempotency-Key": str(uuid4())})
    assert answer.status_code == 201, answer.text
    return answer


async def seen_by_a_header(role: Role) -> list[str]:
    """What somebody may who only says in a header who it is."""
    await issued(role, OTHER)
    unit = await role("park_admin", MINE)
    body = {"title": "t", "description": "d", "responsible_unit": MINE, "due_workdays": 10}
    wrong: list[str] = []
    claims = ("x-roles", "x-role", "x-user-roles", "x-forwarded-user", "x-remote-user", "x-subject")
    for name in claims:
        headers = {name: "office", "Idempotency-Key": str(uuid4())}
        answer = await unit.post(ITEMS, json=body, headers=headers)
        if answer.status_code != 403:
            wrong.append(f"POST with {name}: office is answered with {answer.status_code}")
    return wrong


async def of_other_units(role: Role, accept: str) -> list[str]:
    """What a unit is shown that is not its own."""
    await issued(role, MINE)
    await issued(role, OTHER)
    unit = await role("park_admin", MINE)
    answer = await unit.get(ITEMS, headers={"Accept": accept})
    assert answer.status_code == 200, answer.text
    assert MINE in answer.text
    return [f"{accept}: an item of {OTHER}"] if OTHER in answer.text else []


async def changed_by_an_old_version(role: Role) -> list[str]:
    """Changes that were based on a version which is not the current one, and were made."""
    made = await issued(role, MINE)
    office = await role("office", "programme-office")
    wrong: list[str] = []
    for version in ('"0"', '"2"', '"99"'):
        headers = {"If-Match": version, "Idempotency-Key": str(uuid4())}
        path = f"{ITEMS}/{made.json()['id']}/cancel"
        answer = await office.post(path, json={"reason": "r"}, headers=headers)
        if answer.status_code != 412:
            wrong.append(f"cancel at {version} instead of version 1: {answer.status_code}")
    return wrong


QUESTIONS = {
    "header_trusted": seen_by_a_header,
    "list_without_scope": lambda role: of_other_units(role, "application/json"),
    "export_without_scope": lambda role: of_other_units(role, "text/csv"),
    "stale_etag_accepted": changed_by_an_old_version,
}


@pytest.mark.parametrize("defect", QUESTIONS)
async def test_a_request_gets_what_it_may_and_no_more(
    role: Role, defect: str, monkeypatch: pytest.MonkeyPatch, caught: Caught
) -> None:
    assert await QUESTIONS[defect](role) == []
    planted_requests.DEFECTS[defect](monkeypatch.setattr)
    wrong = await QUESTIONS[defect](role)
    assert wrong
    caught(defect, wrong[0])


async def runs(database: Database, name: str) -> list[int]:
    """How often a deadline fired, of rounds in which several looked at once."""
    fired: list[int] = []

    async def fire(session: Session) -> None:
        fired[-1] += 1
        await session.execute(text("SELECT pg_sleep(0.01)"))

    for number in range(ROUNDS):
        fired.append(0)
        schedule = Schedule(f"{name}-{number}", timedelta(hours=1), fire)
        keepers = [Timekeeper(database, schedule) for _ in range(KEEPERS)]
        await asyncio.gather(*(keeper.once() for keeper in keepers))
        await keepers[0].once()
    return fired


async def test_a_deadline_fires_once_whoever_looks(
    stored: ServiceDatabase, monkeypatch: pytest.MonkeyPatch, tell: Tell, caught: Caught
) -> None:
    async with Database(stored.app_url) as database:
        assert await runs(database, "once") == [1] * ROUNDS
        tell("deadlines", rounds=ROUNDS, looking_at_once=KEEPERS, fired_twice=0)
        planted.DEFECTS["fired_twice"](monkeypatch.setattr)
        often = await runs(database, "twice")
    assert max(often) > 1
    caught("fired_twice", f"fired {max(often)} times in {sum(n > 1 for n in often)} rounds")


class Counting:
    """A service that counts what it is asked, and answers everything."""

    def __init__(self) -> None:
        self.asked = 0
        self.port = 0
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> "Counting":
        self._server = await asyncio.start_server(self._serve, LOOPBACK, 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                self.asked += 1
                writer.write(b"HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\n{}")
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


async def sent(method: str, times: int) -> tuple[int, int]:
    """How often a service was asked, and how many calls failed, whose first answers are lost."""
    failed = 0
    answers = iter([True] * times)
    async with Counting() as behind, Wire(behind.port, drops=lambda: next(answers, False)) as wire:
        upstreams = Upstreams({"targets": f"http://{LOOPBACK}:{wire.port}"})
        for _ in range(times):
            try:
                with await upstreams.send(Call("targets", method, "/api/v1/x", [])):
                    pass
            except UpstreamFailed:
                failed += 1
        upstreams.close()
        return behind.asked, failed


async def test_a_write_whose_answer_is_lost_is_not_sent_again_by_the_gateway(
    monkeypatch: pytest.MonkeyPatch, tell: Tell, caught: Caught
) -> None:
    assert await sent("POST", 4) == (4, 4)
    tell("answers lost behind the gateway", calls=4, sent_twice=0)
    planted_requests.DEFECTS["write_sent_twice"](monkeypatch.setattr)
    asked, failed = await sent("POST", 4)
    assert asked > 4
    caught("write_sent_twice", f"4 calls were sent {asked} times, {failed} failed")


async def test_the_books_are_never_written_over(postgres_server: Databases, caught: Caught) -> None:
    """By the service's own account; `test_schema` of the funding service asks for every table."""
    books = postgres_server.migrated("funding")
    try:
        assert not await may_update(books)
        grant = "GRANT UPDATE ON journal_entry, journal_line TO funding_app"
        postgres_server.server.psql(grant, database=books.name)
        allowed = await may_update(books)
    finally:
        postgres_server.drop(books)
    assert allowed == ["journal_entry", "journal_line"]
    caught("journal_update_allowed", f"{', '.join(allowed)} can be written over")


async def may_update(books: ServiceDatabase) -> list[str]:
    """Tables that are only ever added to, and may be changed all the same."""
    async with Database(books.app_url) as database, database.session() as session:
        rows = await session.fetch(
            "SELECT name FROM unnest($1::text[]) AS name WHERE has_table_privilege(name, 'UPDATE')"
            " OR has_table_privilege(name, 'DELETE') ORDER BY name",
            ["journal_entry", "journal_line", "audit_entry"],
        )
    return [row["name"] for row in rows]
