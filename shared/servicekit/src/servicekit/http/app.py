"""The app of a service: everything the four have in common, so `main.py` fits on one screen."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cached_property
from typing import Any

import orjson
from fastapi import APIRouter, FastAPI
from fastapi.routing import RouteContext, iter_route_contexts
from sqlalchemy import text
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import ASGIApp, Receive, Scope, Send

from servicekit.auth.tokens import Issuer, TokenVerifier
from servicekit.db import Database
from servicekit.http import errors, openapi
from servicekit.http.envelope import Envelope
from servicekit.http.exports.columns import COMMON_LABELS
from servicekit.http.health import Check, health_routes
from servicekit.http.platform import platform_router
from servicekit.http.route import Route
from servicekit.jobs.routes import job_list_router, jobs_router
from servicekit.messaging.nudge import Nudger
from servicekit.messaging.tasks import end
from servicekit.migrations import Migrations
from servicekit.replica import Replica
from servicekit.settings import Settings

PREFIX = "/api/v1"
MAX_BODY = 1024 * 1024
EXPORTS_AT_ONCE = 2
"""Each holds a connection while it runs; the others wait."""


class App(FastAPI):
    """A framework app whose envelope is outermost: what stands between the two and answers by
    itself spares a request every layer of the framework."""

    envelope: Envelope

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope["app"] = self
            await self.envelope(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)

    async def framework(self, scope: Scope, receive: Receive, send: Send) -> None:
        await super().__call__(scope, receive, send)

    def put_before(self, door: Callable[[ASGIApp], ASGIApp]) -> None:
        """Let every request meet `door` before the framework, and after the envelope."""
        self.envelope.app = door(self.envelope.app)


class UndeclaredPermission(Exception):
    """An operation without a permission: the service refuses to start."""


class Router(APIRouter):
    """One resource's operations. It is looked through for paths that begin like one of them only:
    to try every pattern of a service's fifty routers was a sixth of a request."""

    @cached_property
    def beginnings(self) -> tuple[str, ...]:
        """What each path has before its first parameter; known when the app is whole."""
        paths = (route.path or "" for route in iter_route_contexts(self.routes))
        return tuple({PREFIX + path.partition("{")[0] for path in paths})

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if not scope["path"].startswith(self.beginnings):
            return Match.NONE, {}
        return super().matches(scope)


def router(tag: str) -> Router:
    """A router of one resource; every operation on it runs in one transaction."""
    return Router(tags=[tag], route_class=Route)


def create_app(
    settings: Settings,
    *,
    title: str,
    description: str,
    routers: Sequence[APIRouter],
    migrations: Migrations | None = None,
    labels: Mapping[str, str] | None = None,
    resources: Mapping[str, str] | None = None,
    max_body: int = MAX_BODY,
    platform: bool = True,
) -> App:
    """The complete ASGI app. `max_body` in bytes; `platform` adds the routes of `http.platform`
    and of jobs; `labels` are the fields' names in Chinese, `resources` what each tag of the
    document is.

    Raises:
        UndeclaredPermission: an operation declares none.
    """
    app = _framework(settings, title, description, resources or {})
    app.state.settings = settings
    app.state.migrations = migrations
    app.state.labels = {**COMMON_LABELS, **(labels or {})}
    app.state.exports = asyncio.Semaphore(EXPORTS_AT_ONCE)
    app.state.replica = None
    app.state.farewells = []  # called when the server begins to stop, so that streams end
    own = (platform_router(), job_list_router(), jobs_router()) if platform else ()
    for each in (*routers, *own):
        app.include_router(each, prefix=PREFIX)
    check_permissions(app)
    errors.install(app)
    serve_document(app)
    app.state.checks = readiness(app)
    app.state.behind = set[str]()  # the checks that callers do not depend on
    if not settings.ops_port:
        app.router.routes.extend(health_routes(settings, app.state.checks, app.state.behind))
    app.envelope = Envelope(app.framework, max_body)
    return app


def _framework(
    settings: Settings, title: str, description: str, resources: Mapping[str, str]
) -> App:
    """An app without routes."""
    return App(
        telemetry={"tracing": False, "metrics": False},
        title=title,
        description=description,
        version=settings.version,
        lifespan=lifespan,
        openapi_tags=[{"name": name, "description": said} for name, said in resources.items()],
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        separate_input_output_schemas=False,
        generate_unique_id_function=operation_id,
    )


def serve_document(app: FastAPI) -> None:
    """The service's own part of the API document, for the gateway to merge."""
    app.openapi = lambda: openapi.build(app)
    once, made = asyncio.Lock(), list[bytes]()

    async def document() -> Response:
        # Made once, however many ask, and beside what is asked meanwhile: it takes as long as a
        # thousand requests.
        async with once:
            if not made:
                made.append(await asyncio.to_thread(lambda: orjson.dumps(app.openapi())))
                app.openapi_schema = None  # many times as large as what is sent
        return Response(made[0], media_type="application/json")

    app.add_api_route(f"{PREFIX}/openapi.json", document, include_in_schema=False)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Open the pool, the key set and the relay's bell; close them in turn."""
    settings: Settings = app.state.settings
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(
            Database(
                settings.database_url,
                pool_size=settings.database_pool_size,
                application_name=f"{settings.service}-api",
            )
        )
        nudger = Nudger(database)
        await nudger.start()
        stack.push_async_callback(nudger.close)
        database.on_commit = nudger.poke
        app.state.database = database
        app.state.replica = await follow(stack, database, settings)
        app.state.verifier = TokenVerifier(
            Issuer(settings.issuer, settings.audience, settings.jwks_url, settings.jwks)
        )
        # What start-up made lives as long as the process: keep it out of every later collection.
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, 20, 50)
        yield


async def follow(stack: AsyncExitStack, primary: Database, settings: Settings) -> Replica | None:
    """The standby that the settings name, looked at until the stack is closed."""
    if not settings.replica_database_url:
        return None
    database = await stack.enter_async_context(
        Database(
            settings.replica_database_url,
            pool_size=settings.database_pool_size,
            application_name=f"{settings.service}-api",
        )
    )
    replica = Replica(primary, database, settings.replica_most_behind)
    looking = asyncio.create_task(replica.run())
    stack.push_async_callback(end, [looking])
    return replica


def readiness(app: FastAPI) -> dict[str, Check]:
    """Ready means: the database answers and its schema is the one this code was written for."""

    async def database() -> str | None:
        async with app.state.database.session() as session:
            await session.execute(text("SELECT 1"))
        return None

    async def schema() -> str | None:
        migrations: Migrations | None = app.state.migrations
        if migrations is None:
            return None
        async with app.state.database.session() as session:
            return await migrations.difference(session)

    return {"database": database, "schema": schema}


def operation_id(route: Any) -> str:
    """`submit_progress_report` -> `submitProgressReport`."""
    first, *rest = route.name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def check_permissions(app: FastAPI) -> None:
    """Raises `UndeclaredPermission` if any operation declares no permission."""
    naked: list[RouteContext] = [
        found for found in openapi.operations(app) if openapi.permission_of(found) is None
    ]
    if naked:
        raise UndeclaredPermission(", ".join(f"{r.methods} {r.path}" for r in naked))
