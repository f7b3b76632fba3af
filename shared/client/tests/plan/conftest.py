"""The real plan file, and a server that keeps what is PUT as the real services do."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from kechuang import Client, Credentials
from kechuang.plan import Plan, PlanInvalid, load_plan
from kechuang.plan.errors import PlanError
from kechuang.plan.loader import parse_plan
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

PLAN_FILE = Path(__file__).parents[4] / "deploy" / "plans" / "innovation-programme.yaml"


@pytest.fixture(scope="session")
def plan_file() -> Path:
    return PLAN_FILE


@pytest.fixture(scope="session")
def plan() -> Plan:
    return load_plan(PLAN_FILE)


@pytest.fixture(scope="session")
def plan_text() -> str:
    return PLAN_FILE.read_text("utf-8")


@pytest.fixture
def errors_of() -> Callable[[str], list[PlanError]]:
    """Reads a text as a plan and gives the errors, none if it is valid."""

    def read(text: str) -> list[PlanError]:
        try:
            parse_plan(text.encode())
        except PlanInvalid as error:
            return list(error.errors)
        return []

    return read


class Registry:
    """Keeps objects by natural key; answers with other scales, orders and more fields than sent."""

    def __init__(self) -> None:
        self.objects: dict[str, dict[str, dict[str, Any]]] = {}
        self.versions: dict[tuple[str, str], int] = {}
        self.writes: list[tuple[str, str, str | None]] = []
        self.url = ""

    def asgi(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/oauth/token", self.token, methods=["POST"]),
                Route("/api/v1/{resource}", self.list),
                Route("/api/v1/{resource}/{code}", self.read, methods=["GET"]),
                Route("/api/v1/{resource}/{code}", self.write, methods=["PUT"]),
            ]
        )

    async def token(self, request: Request) -> Response:
        form = (await request.body()).decode()
        if "client_secret=right" not in form:
            return JSONResponse({"error": "invalid_client"}, 401)
        return JSONResponse({"access_token": "t", "token_type": "Bearer", "expires_in": 300})

    async def list(self, request: Request) -> Response:
        # A page smaller than asked for is allowed, and makes every list take several calls.
        start = int(request.query_params.get("cursor", "0"))
        found = list(self.objects.get(request.path_params["resource"], {}).items())
        items = [{"code": code} | _as_stored(body) for code, body in found[start : start + 7]]
        following = str(start + 7) if start + 7 < len(found) else None
        return JSONResponse({"items": items, "next_cursor": following})

    async def read(self, request: Request) -> Response:
        resource, code = request.path_params["resource"], request.path_params["code"]
        body = _as_stored(self.objects[resource][code])
        etag = f'"{self.versions[resource, code]}"'
        return JSONResponse({"code": code} | body, headers={"ETag": etag})

    async def write(self, request: Request) -> Response:
        resource, code = request.path_params["resource"], request.path_params["code"]
        given = request.headers.get("If-Match")
        self.writes.append((resource, code, given))
        version = self.versions.get((resource, code))
        if version is not None and given != f'"{version}"':
            status, problem = (412, "stale") if given else (428, "if_match_required")
            return JSONResponse({"code": problem, "title": problem}, status)
        self.objects.setdefault(resource, {})[code] = await request.json()
        self.versions[resource, code] = (version or 0) + 1
        return JSONResponse({"code": code}, 200 if version else 201)


def _as_stored(value: Any) -> Any:
    if isinstance(value, dict):
        stored = {key: _as_stored(item) for key, item in value.items()}
        for key in ("value", "quantity"):
            if isinstance(stored.get(key), str):
                stored[key] += ".00" if "." not in stored[key] else "00"
        return stored | {"updated_at": "2026-01-01T00:00:00Z", "state": "open"}
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return value if "municipal" in value else sorted(value)
    if isinstance(value, list):
        return [_as_stored(item) for item in value]
    return value


@pytest.fixture
def registry() -> Iterator[Registry]:
    registry = Registry()
    config = uvicorn.Config(
        registry.asgi(), host="127.0.0.1", port=0, log_level="error", ws="none", lifespan="off"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    registry.url = f"http://127.0.0.1:{port}"
    yield registry
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def client(registry: Registry) -> Iterator[Client]:
    with Client(registry.url, Credentials("office", "right")) as client:
        yield client
