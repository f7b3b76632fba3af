"""The audit trail and the parked events of all services, asked for in one place."""

import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest_asyncio
from servicekit.http.app import create_app
from servicekit.settings import Settings
from servicekit.testing.databases import ServiceDatabase
from servicekit.testing.tokens import Tokens

START = datetime(2026, 7, 1, 8, tzinfo=UTC)
ENTRY = """INSERT INTO audit_entry (id, occurred_at, actor, client_id, roles, action, object_type,
 object_id, outcome, request_id, correlation_id)
 VALUES ($1, $2, 'someone', 'c', '{}', 'tried', 'note', $3, 'ok', 'r', $4)"""
EVENT = """INSERT INTO parked_event (event_id, publisher, subject, reason, error, attempts,
 envelope, stream_seq, parked_at) VALUES ($1, 'targets', 's', 'failed', 'e', 3, '{}', 1, $2)"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def city(
    gateway_with: Any,
    served_at: Any,
    service_database: Callable[[str], ServiceDatabase],
    tokens: Tokens,
) -> AsyncIterator[Any]:
    """A gateway before the platform routes of `parks` and `supervision`; `funding` is down
    and `targets` answers what is no list."""
    async with AsyncExitStack() as stack:
        addresses: dict[str, str] = {}
        for number, name in enumerate(("parks", "supervision")):
            url = service_database(name).app_url
            await fill(url, number)
            settings = Settings(
                service=name, database_url=url, jwks=tokens.jwks, issuer=tokens.issuer
            )
            app = create_app(settings, title=name, description=name, routers=[])
            addresses[name] = await stack.enter_async_context(served_at(app))
        running = await stack.enter_async_context(gateway_with(None, funding=None, **addresses))
        yield running


async def fill(url: str, offset: int) -> None:
    """Ten entries two seconds apart, so that two services alternate, and three parked events."""
    connection = await asyncpg.connect(url)
    for number in range(10):
        moment = START + timedelta(seconds=2 * number + offset)
        await connection.execute(ENTRY, uuid4(), moment, str(number), f"case-{offset}")
    for number in range(3):
        await connection.execute(EVENT, uuid4(), START + timedelta(seconds=2 * number + offset))
    await connection.close()


async def pages(client: Any, path: str, **params: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while True:
        answer = await client.get(path, params=params)
        assert answer.status_code == 200, answer.text
        found.append(answer.json())
        if answer.json()["next_cursor"] is None:
            return found
        assert "cursor=" in answer.headers["link"]
        params["cursor"] = answer.json()["next_cursor"]


async def test_the_trail_of_all_services_is_one_list_in_the_order_of_time(city: Any) -> None:
    async with city.client("auditor") as client:
        found = await pages(client, "/api/v1/audit-entries", action="tried", limit=7)
    entries = [entry for page in found for entry in page["items"]]
    assert [len(page["items"]) for page in found] == [7, 7, 6]
    moments = [datetime.fromisoformat(entry["occurred_at"]) for entry in entries]
    assert moments == [START + timedelta(seconds=s) for s in reversed(range(20))]
    assert [entry["service"] for entry in entries] == ["supervision", "parks"] * 10


async def test_a_service_that_is_down_is_named_and_the_rest_is_there(city: Any) -> None:
    async with city.client("ops") as client:
        page = (await client.get("/api/v1/audit-entries", params={"object_id": "3"})).json()
    assert page["missing"] == {"funding": "service_unavailable", "targets": "service_failed"}
    assert {entry["service"] for entry in page["items"]} == {"parks", "supervision"}


async def test_filters_reach_every_service_and_totals_add_up(city: Any) -> None:
    async with city.client("office") as client:
        params = {
            "action": "tried",
            "occurred_gte": "2026-07-01T08:00:04Z",
            "occurred_lte": "2026-07-01T16:00:09+08:00",
            "include_total": "true",
        }
        page = (await client.get("/api/v1/audit-entries", params=params)).json()
        assert page["total"] == len(page["items"]) == 6
        case = (
            await client.get("/api/v1/audit-entries", params={"correlation_id": "case-1"})
        ).json()
    assert {entry["service"] for entry in case["items"]} == {"supervision"}
    assert len(case["items"]) == 10


async def test_reading_the_trail_is_an_entry_of_it_in_every_service(city: Any) -> None:
    async with city.client("auditor") as client:
        await client.get("/api/v1/audit-entries", params={"object_id": "no-such"})
        page = (
            await client.get("/api/v1/audit-entries", params={"action": "audit_entries.read"})
        ).json()
    assert {"gateway", "parks", "supervision"} == {entry["service"] for entry in page["items"]}


async def test_who_may_not_read_the_trail_is_refused(city: Any) -> None:
    for role in ("enterprise", "unit_reporter", "leader"):
        async with city.client(role) as client:
            assert (await client.get("/api/v1/audit-entries")).status_code == 403
            assert (await client.get("/api/v1/parked-events")).status_code == 403


async def test_bad_filters_and_a_cursor_of_another_list_are_refused(city: Any) -> None:
    async with city.client("auditor") as client:
        first = (await client.get("/api/v1/audit-entries", params={"limit": 1})).json()
        for params in (
            {"cursor": first["next_cursor"], "actor": "someone"},
            {"cursor": "nonsense"},
            {"sort": "actor"},
            {"occurred_gte": "yesterday"},
            {"actor": "a\x00b"},
        ):
            answer = await client.get("/api/v1/audit-entries", params=params)
            assert answer.status_code == 422, params


async def test_parked_events_are_listed_and_a_replay_is_asked_of_their_service(
    city: Any, service_database: Callable[[str], ServiceDatabase]
) -> None:
    async with city.client("ops") as client:
        found = await pages(client, "/api/v1/parked-events", limit=4)
        events = [event for page in found for event in page["items"]]
        assert [event["service"] for event in events] == ["supervision", "parks"] * 3
        mine = [event["event_id"] for event in events if event["service"] == "parks"]
        key = {"Idempotency-Key": str(uuid4())}
        body = {"service": "parks", "event_ids": mine[:2]}
        answers = [
            await client.post("/api/v1/parked-events/replay", json=body, headers=key)
            for _ in range(2)
        ]
        assert [answer.json() for answer in answers] == [{"requested": 2}] * 2
        assert answers[1].headers["idempotency-replayed"] == "true"
        again = (await client.get("/api/v1/parked-events")).json()["items"]
        asked = {event["event_id"] for event in again if event["replay_requested_at"]}
        assert asked == set(mine[:2])
    assert all(UUID(one) for one in mine)


async def test_a_replay_at_a_service_that_is_unknown_or_down_says_so(city: Any) -> None:
    for service, status in (("nobody", 404), ("funding", 503)):
        async with city.client("ops") as client:
            answer = await client.post(
                "/api/v1/parked-events/replay",
                json={"service": service},
                headers={"Idempotency-Key": str(uuid4())},
            )
        assert answer.status_code == status
    async with city.client("auditor") as client:
        answer = await client.post(
            "/api/v1/parked-events/replay",
            json={"service": "parks"},
            headers={"Idempotency-Key": str(uuid4())},
        )
    assert answer.status_code == 403


async def test_a_key_used_for_something_else_at_the_service_is_no_fault_of_the_service(
    city: Any,
) -> None:
    path, key = "/api/v1/parked-events/replay", str(uuid4())
    at_parks = f"{city.settings.upstreams['parks']}{path}"
    async with city.client("ops") as client:

        async def ask(url: str, key: str, **body: Any) -> Any:
            return await client.post(url, json=body, headers={"Idempotency-Key": key})

        straight = await ask(at_parks, key, event_ids=[str(uuid4())])
        through = await ask(path, key, service="parks", event_ids=[str(uuid4())])
        other = str(uuid4())
        taken = hashlib.sha256(f"{path}\n{other}".encode()).hexdigest()
        await ask(at_parks, taken, event_ids=[str(uuid4())])
        refused = await ask(path, other, service="parks", event_ids=[str(uuid4())])
    assert (straight.status_code, through.status_code) == (200, 200)
    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")
