"""A targets API on a real database with a small plan in it: two groups, a handful of units."""

import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest_asyncio
from contracts.base import Event
from fastapi import FastAPI
from servicekit import context
from servicekit.clock import now
from servicekit.db import Database
from servicekit.messaging.subscriptions import Received
from servicekit.testing.asgi import Clients
from servicekit.testing.bus import RecordingBus
from servicekit.testing.databases import ServiceDatabase
from servicekit.testing.tokens import Tokens
from targets.main import build
from targets.settings import Settings
from targets.worker import SUBSCRIPTIONS

API = "/api/v1"
UNITS: list[tuple[str, str, str | None]] = [
    ("headquarters", "headquarters", None),
    ("programme-office", "programme_office", "headquarters"),
    ("st-bureau", "bureau", "headquarters"),
    ("finance-bureau", "bureau", "headquarters"),
    ("group-1", "working_group", "programme-office"),
    ("group-4", "working_group", "programme-office"),
    ("xuedian-town", "town", None),
]


def key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid.uuid4())}


def etag(row: dict[str, Any]) -> dict[str, str]:
    """The headers of a POST that is based on this row."""
    return {**key(), "If-Match": f'"{row["version"]}"'}


def names(code: str) -> dict[str, Any]:
    return {"name_zh": f"名称 {code}", "name_en": f"Name of {code}", "source_ref": "一"}


def indicator_body(code: str, **changes: Any) -> dict[str, Any]:
    """A yearly flow in 亿元, 27 → 33 → 40 → 54, reported by quarter by the S&T bureau."""
    body: dict[str, Any] = {
        **names(code),
        "programme": "innovation-programme",
        "definition_zh": "定义",
        "definition_en": "definition",
        "headline": True,
        "kind": "amount",
        "unit": "亿元",
        "comparator": "reach",
        "tolerance": None,
        "direction": "increase",
        "frequency": "quarter",
        "time_aggregation": "sum",
        "unit_aggregation": "sum",
        "phasing": "linear",
        "baseline": {"year": 2025, "value": "27"},
        "milestones": [
            {"year": 2026, "value": "33"},
            {"year": 2027, "value": "40"},
            {"year": 2028, "value": "54"},
        ],
        "grade_ladder": [],
        "source_kind": "reported",
        "source_metric": None,
        "lead_unit": "st-bureau",
        "supporting_units": [],
        "working_group": None,
        "open_conflict": None,
    }
    return body | changes


def programme_body() -> dict[str, Any]:
    return {
        **names("programme"),
        "description_zh": "三年行动计划",
        "description_en": "three-year plan",
        "anchor_year": 2026,
        "starts_on": "2026-01-01",
        "ends_on": "2028-12-31",
        "lead_unit": "headquarters",
        "office_unit": "programme-office",
        "inspection_cadence": "monthly",
        "meeting_cadence": "half_monthly",
        "bulletin_cadence": "monthly",
        "standing_rules": [],
    }


def group_body(number: int, *members: str) -> dict[str, Any]:
    return {
        **names(f"group-{number}"),
        "programme": "innovation-programme",
        "number": number,
        "members": [{"unit": unit, "role": "member"} for unit in members],
        "goals": [{"text_zh": "目标", "text_en": "goal"}],
        "duties": [],
        "leaders": [],
    }


@dataclass
class World:
    """The service under test and those who call it."""

    app: FastAPI
    clients: Clients
    database: Database
    bus: RecordingBus
    _made: dict[tuple[str, str | None, str], httpx.AsyncClient] = field(default_factory=dict)

    async def as_(
        self, role: str, unit: str | None = None, who: str = "", scope: str = ""
    ) -> httpx.AsyncClient:
        """A client of this role; `who` tells several people of one role apart."""
        who = who or f"{role}-{unit}"
        key = (role, unit, who + scope)
        if key not in self._made:
            claims: dict[str, Any] = {"sub": who, "client_id": who, "scope": scope}
            self._made[key] = await self.clients(self.app, role, unit, **claims)
        return self._made[key]

    async def office(self) -> httpx.AsyncClient:
        return await self.as_("office", "programme-office")

    async def put(self, path: str, body: dict[str, Any], status: int | None = None) -> Any:
        """PUT by the office; the answer's body."""
        answer = await (await self.office()).put(f"{API}/{path}", json=body)
        wanted = {200, 201} if status is None else {status}
        assert answer.status_code in wanted, answer.text
        return answer.json()

    async def get(self, path: str, **query: Any) -> Any:
        """GET by the office."""
        answer = await (await self.office()).get(f"{API}/{path}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def board(self, code: str) -> Any:
        """The indicator's row of the status board."""
        page = await self.get("status-board", limit=200)
        return next(row for row in page["items"] if row["indicator_code"] == code)

    key = staticmethod(key)
    etag = staticmethod(etag)
    names = staticmethod(names)
    indicator_body = staticmethod(indicator_body)
    programme_body = staticmethod(programme_body)
    group_body = staticmethod(group_body)

    async def indicator(self, code: str, **changes: Any) -> Any:
        """Put an indicator; the answer's body."""
        return await self.put(f"indicators/{code}", indicator_body(code, **changes))

    async def draft(self, indicator: str, period: str, **fields: Any) -> Any:
        """A report of the S&T bureau, by its reporter."""
        reporter = await self.as_("unit_reporter", "st-bureau")
        body = {"indicator_code": indicator, "unit_code": "st-bureau", "period": period}
        answer = await reporter.post(f"{API}/progress-reports", json=body | fields, headers=key())
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def step(self, client: httpx.AsyncClient, row: Any, verb: str, **body: Any) -> Any:
        """One transition of a report, based on the row given; the whole answer."""
        path = f"{API}/progress-reports/{row['id']}/{verb}"
        return await client.post(path, json=body or None, headers=etag(row))

    async def verified(self, indicator: str, period: str, **fields: Any) -> Any:
        """A report from draft to verified; the answer's body."""
        row = await self.draft(indicator, period, **fields)
        reporter = await self.as_("unit_reporter", "st-bureau")
        row = (await self.step(reporter, row, "submit")).json()
        answer = await self.step(await self.office(), row, "verify")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def hear(self, data: Event, **changes: Any) -> uuid.UUID:
        """Apply an event as the worker does; gives its id."""
        event_id = uuid.uuid4()
        received = Received(
            id=event_id,
            type=data.type,
            publisher=data.type.split(".")[1],
            aggregate_id=data.subject,
            aggregate_version=1,
            time=now(),
            data=data,
            correlation_id=changes.get("correlation_id", "case-1"),
            causation_id=None,
            traceparent=None,
        )
        handlers = [each.handler for each in SUBSCRIPTIONS if each.event is type(data)]
        assert handlers, f"nobody hears {data.type}"
        here = context.Context(correlation_id=received.correlation_id, causation_id=str(event_id))
        with context.using(here):
            async with self.database.session() as session:
                for handler in handlers:
                    await handler(session, received)
        return event_id


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def empty_world(
    service_database: Callable[[str], ServiceDatabase], tokens: Tokens, api_client: Clients
) -> AsyncIterator[World]:
    """The service with nothing in it."""
    made = service_database("targets")
    app = build(Settings(database_url=made.app_url, jwks=tokens.jwks))
    async with Database(made.app_url) as database:
        yield World(app, api_client, database, RecordingBus(made))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(empty_world: World) -> World:
    """The service with the units, the programme (its periods too) and groups 1 and 4."""
    for code, kind, parent in UNITS:
        body = {**names(code), "kind": kind, "parent": parent, "aliases": [], "active": True}
        await empty_world.put(f"units/{code}", body)
    await empty_world.put("programmes/innovation-programme", programme_body())
    await empty_world.put("working-groups/group-1", group_body(1, "st-bureau"))
    await empty_world.put("working-groups/group-4", group_body(4, "xuedian-town"))
    return empty_world
