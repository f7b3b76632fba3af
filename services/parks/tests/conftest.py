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
from servicekit.auth import directory
from servicekit.db import Database
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


def key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


def new_uscc() -> str:
    """A code nobody has, with the right check character."""
    stem = f"91410184MA{next(_numbers):07d}"
    return stem + uscc.calc_check_digit(stem + "0")


def park_body(**fields: Any) -> dict[str, Any]:
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
        async with opened.session() as session:
            for code, (kind, parents) in UNITS.items():
                await directory.upsert_unit(
                    session, code=code, name=code, kind=kind, parents=parents, active=True
                )
        yield opened


@pytest.fixture(scope="module")
def app(database: ServiceDatabase, kept: Database, tokens: Tokens) -> FastAPI:
    settings = Settings(
        database_url=database.app_url, jwks=tokens.jwks, issuer=tokens.issuer
    )
    return build(settings)


@pytest.fixture
async def bus(database: ServiceDatabase) -> RecordingBus:
    """What is published from here on."""
    recording = RecordingBus(database)
    await recording.since_now()
    return recording


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(app: FastAPI, api_client: Clients) -> httpx.AsyncClient:
    return await api_client(app, "office", "programme-office")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def park_admin(app: FastAPI, api_client: Clients) -> httpx.AsyncClient:
    return await api_client(app, "park_admin", "gangqu-admin")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def enterprise(app: FastAPI, api_client: Clients) -> httpx.AsyncClient:
    return await api_client(app, "enterprise", "maizier-sugar")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gangqu(office: httpx.AsyncClient) -> str:
    answer = await office.put("/api/v1/parks/gangqu", json=park_body())
    assert answer.status_code == 201, answer.text
    return "gangqu"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def register(office: httpx.AsyncClient, gangqu: str) -> Make:
    """`await register(unit_code=…)`: a new enterprise of the park."""

    async def make(**fields: Any) -> dict[str, Any]:
        body = {
            "uscc": new_uscc(),
            "name": "麦滋尔糖业有限公司",
            "unit_code": "maizier-sugar",
            "park_code": gangqu,
            **fields,
        }
        answer = await office.post("/api/v1/enterprises", json=body, headers=key())
        assert answer.status_code == 201, answer.text
        return answer.json()

    return make


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def file_return(enterprise: httpx.AsyncClient) -> Make:
    """`await file_return(enterprise_id, "2026-03", sales_revenue="5")`: submitted by it."""

    async def make(
        enterprise_id: str, period: str, client: httpx.AsyncClient = enterprise, **measures: Any
    ) -> dict[str, Any]:
        body = {
            "enterprise_id": enterprise_id,
            "period": period,
            "measures": MEASURES | measures,
        }
        made = await client.post("/api/v1/operating-returns", json=body, headers=key())
        assert made.status_code == 201, made.text
        path = f"{made.headers['location']}/submit"
        submitted = await client.post(
            path, headers=key() | {"If-Match": made.headers["etag"]}
        )
        assert submitted.status_code == 200, submitted.text
        return submitted.json()

    return make


async def step(
    client: httpx.AsyncClient, row: dict[str, Any], name: str, body: Any = None
) -> httpx.Response:
    """One transition, based on the version at hand."""
    headers = key() | {"If-Match": f'"{row["version"]}"'}
    return await client.post(
        f"/api/v1/operating-returns/{row['id']}/{name}", headers=headers, json=body
    )


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
