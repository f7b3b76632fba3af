"""A real parks service on a real database, a small directory, and the callers who matter."""

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from parks.main import build
from parks.settings import Settings
from servicekit.db import Database
from servicekit.testing import units
from servicekit.testing.asgi import Clients
from servicekit.testing.bus import RecordingBus
from servicekit.testing.databases import ServiceDatabase
from servicekit.testing.tokens import Tokens
from stdnum.cn import uscc

UNITS = {
    "programme-office": ("programme_office", []),
    "group-4": ("working_group", ["programme-office"]),
    "gangqu-admin": ("park_administration", ["group-4"]),
    "xuedian-town": ("town", ["group-4"]),
    "maizier-sugar": ("enterprise", []),
    "dayou-plastics": ("enterprise", []),
}
MEASURES = {
    "sales_revenue": "1000",
    "high_tech_value_added": "120",
    "high_tech_output": "400",
    "own_ip_output": "100",
    "rd_spend": "40",
    "profit_and_tax": "90",
    "employees": 120,
}
Make = Callable[..., Awaitable[dict[str, Any]]]
_numbers = itertools.count(1)


class Caller:
    """A client that keys its POSTs and bases its changes on the version it names."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def get(self, path: str, **params: Any) -> httpx.Response:
        return await self.client.get(f"/api/v1{path}", params=params)

    async def send(
        self, method: str, path: str, body: Any = None, version: int | None = None
    ) -> httpx.Response:
        headers = {"Idempotency-Key": str(uuid4())} if method == "POST" else {}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        return await self.client.request(method, f"/api/v1{path}", json=body, headers=headers)

    async def post(self, path: str, body: Any, version: int | None = None) -> httpx.Response:
        return await self.send("POST", path, body, version)

    async def put(self, path: str, body: Any, version: int | None = None) -> httpx.Response:
        return await self.send("PUT", path, body, version)

    async def patch(self, path: str, body: Any, version: int | None = None) -> httpx.Response:
        return await self.send("PATCH", path, body, version)

    async def step(self, row: dict[str, Any], name: str, body: Any = None) -> httpx.Response:
        """A transition of a return, based on the version at hand."""
        path = f"/operating-returns/{row['id']}/{name}"
        return await self.send("POST", path, body, row["version"])


def new_uscc() -> str:
    """A code nobody has, with the right check character."""
    stem = f"91410184MA{next(_numbers):07d}"
    return stem + uscc.calc_check_digit(stem + "0")


def a_park(**fields: Any) -> dict[str, Any]:
    """The body the plan sends."""
    return {
        "programme": "innovation-programme",
        "name_zh": "港区台商投资区",
        "name_en": "Gangqu Taiwan-investor park",
        "aliases": ["港区"],
        "kind": "private_st_park",
        "desired_grade": "provincial",
        "desired_by": "2028-12-31",
        "jurisdictions": ["gangqu-admin"],
        "administration_unit": "gangqu-admin",
        "focus_zh": "台商投资。",
        "focus_en": "Investment from Taiwan.",
        "open_conflict": None,
        "source_ref": "二(四)",
        **fields,
    }


@pytest.fixture(scope="module")
def database(service_database: Callable[[str], ServiceDatabase]) -> ServiceDatabase:
    return service_database("parks")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def kept(database: ServiceDatabase) -> AsyncIterator[Database]:
    """The service's own view of its database, with a small directory in it."""
    async with Database(database.app_url) as opened:
        await units.tell(opened, UNITS)
        yield opened


@pytest.fixture(scope="module")
def app(database: ServiceDatabase, kept: Database, tokens: Tokens) -> FastAPI:
    settings = Settings(database_url=database.app_url, jwks=tokens.jwks, issuer=tokens.issuer)
    return build(settings)


@pytest.fixture
async def bus(database: ServiceDatabase) -> RecordingBus:
    """What is published from here on."""
    recording = RecordingBus(database)
    await recording.since_now()
    return recording


@pytest.fixture(scope="module")
def caller(app: FastAPI, api_client: Clients) -> Callable[..., Awaitable[Caller]]:
    """`await caller("park_admin", "gangqu-admin")`."""

    async def make(role: str | None, unit: str | None = None, **claims: Any) -> Caller:
        return Caller(await api_client(app, role, unit, **claims))

    return make


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(caller: Callable[..., Awaitable[Caller]]) -> Caller:
    return await caller("office", "programme-office")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def park_admin(caller: Callable[..., Awaitable[Caller]]) -> Caller:
    return await caller("park_admin", "gangqu-admin")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def enterprise(caller: Callable[..., Awaitable[Caller]]) -> Caller:
    return await caller("enterprise", "maizier-sugar")


@pytest.fixture(scope="session")
def park_body() -> Callable[..., dict[str, Any]]:
    """`park_body(kind=…)`: the body the plan sends, but for what is named."""
    return a_park


@pytest.fixture(scope="session")
def measures() -> dict[str, Any]:
    """A month's numbers."""
    return MEASURES


@pytest.fixture(scope="session")
def fresh_uscc() -> Callable[[], str]:
    return new_uscc


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gangqu(office: Caller) -> str:
    answer = await office.put("/parks/gangqu", a_park())
    assert answer.status_code == 201, answer.text
    return "gangqu"


@pytest.fixture(scope="module")
def register(office: Caller, gangqu: str) -> Make:
    """`await register(unit_code=…)`: a new enterprise of the park."""

    async def make(**fields: Any) -> dict[str, Any]:
        code = new_uscc()
        body = {
            "uscc": code,
            "name": f"麦滋尔糖业有限公司{code[-8:]}",
            "unit_code": "maizier-sugar",
            "park_code": gangqu,
            **fields,
        }
        answer = await office.post("/enterprises", body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    return make


@pytest.fixture(scope="module")
def draw_up(enterprise: Caller) -> Make:
    """`await draw_up(enterprise_id, "2026-03", sales_revenue="5")`: its draft of a month."""

    async def make(
        enterprise_id: str, period: str, by: Caller = enterprise, **measures: Any
    ) -> dict[str, Any]:
        body = {"enterprise_id": enterprise_id, "period": period, "measures": MEASURES | measures}
        made = await by.post("/operating-returns", body)
        assert made.status_code == 201, made.text
        return made.json()

    return make


@pytest.fixture(scope="module")
def file_return(draw_up: Make, enterprise: Caller) -> Make:
    """The same, handed in."""

    async def make(
        enterprise_id: str, period: str, by: Caller = enterprise, **measures: Any
    ) -> dict[str, Any]:
        draft = await draw_up(enterprise_id, period, by, **measures)
        submitted = await by.step(draft, "submit")
        assert submitted.status_code == 200, submitted.text
        return submitted.json()

    return make


@pytest.fixture(scope="module")
def rows(database: ServiceDatabase) -> Callable[..., Awaitable[list[asyncpg.Record]]]:
    """`await rows(sql, …)`: what the database holds."""

    async def read(sql: str, *args: Any) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(database.superuser_url)
        try:
            return await connection.fetch(sql, *args)
        finally:
            await connection.close()

    return read
