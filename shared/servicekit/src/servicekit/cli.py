"""`python -m <service> api | worker | all | migrate | bootstrap | …`: the same for all."""

import argparse
import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from fastapi import FastAPI

from servicekit import logs
from servicekit.db import Database
from servicekit.http.health import Check, health_routes
from servicekit.http.server import serve
from servicekit.messaging import parked
from servicekit.messaging.bootstrap import Durables, bootstrap
from servicekit.migrations import Migrations
from servicekit.settings import Settings
from servicekit.worker import Worker

VERBS = {
    "api": "serve the API",
    "worker": "publish, consume and keep the schedules",
    "all": "both in one process",
    "migrate": "bring the database to this version",
    "bootstrap": "make the streams and durables",
    "openapi": "print the API document",
    "revision": "write a migration from the models",
    "parked": "print the events that could not be applied, one JSON object a line",
    "replay": "ask the worker to apply parked events again",
}


@dataclass(frozen=True, slots=True)
class Service:
    """What the command needs to know of a service."""

    name: str
    load_settings: Callable[[], Settings]
    build_app: Callable[[Any], FastAPI]
    build_worker: Callable[[Any], Worker]
    migrations: Migrations
    durables: Durables
    """The streams it publishes to and reads from."""


def main(service: Service, arguments: Sequence[str] | None = None) -> int:
    """Run one verb; the exit code is the process's."""
    parser = argparse.ArgumentParser(prog=f"python -m {service.name}")
    parser.add_argument("verb", choices=[*VERBS])
    parser.add_argument("-m", "--message", default="", help="of a new revision")
    parser.add_argument("--event", type=UUID, action="append", help="to replay; default all")
    parser.epilog = "; ".join(f"{verb}: {meaning}" for verb, meaning in VERBS.items())
    chosen = parser.parse_args(arguments)
    settings = service.load_settings()
    settings.service = settings.service or service.name
    match chosen.verb:
        case "migrate":
            service.migrations.upgrade(settings.migrator_database_url)
        case "revision":
            service.migrations.revise(settings.migrator_database_url, chosen.message)
        case "bootstrap":
            asyncio.run(bootstrap(settings, service.durables))
        case "openapi":
            document = service.build_app(settings).openapi()
            json.dump(document, sys.stdout, ensure_ascii=False, indent=2, sort_keys=True)
            sys.stdout.write("\n")
        case "parked":
            asyncio.run(show_parked(settings))
        case "replay":
            asyncio.run(ask_for_replay(settings, chosen.event))
        case verb:
            logs.configure(f"{service.name}-{verb}", settings.log_level)
            serve(compose(service, settings, verb), settings)
    return 0


async def show_parked(settings: Settings) -> None:
    """Every parked event that waits, with its error."""
    async with Database(settings.database_url) as database, database.session() as session:
        after: UUID | None = None
        while page := await parked.list_parked(session, after=after):
            for event in page:
                sys.stdout.buffer.write(orjson.dumps(event) + b"\n")
            after = page[-1].event_id


async def ask_for_replay(settings: Settings, events: Sequence[UUID] | None) -> None:
    """Mark these parked events, or all, for the worker; prints how many."""
    async with Database(settings.database_url) as database, database.session() as session:
        asked = await parked.request_replay(session, events)
    sys.stdout.write(f"replay asked for {asked} events\n")


def compose(service: Service, settings: Settings, verb: str) -> FastAPI:
    """The app of this process: the API, the worker behind its health routes, or both in one."""
    if verb == "api":
        return service.build_app(settings)
    worker = service.build_worker(settings)
    if verb == "worker":
        return worker_app(settings, worker)
    app = service.build_app(settings)
    app.state.checks.update(worker.checks())
    app.state.behind.update(worker.checks())
    app.router.lifespan_context = both(app.router.lifespan_context, worker)
    return app


def both(serving: Callable[..., Any], worker: Worker) -> Callable[..., Any]:
    """A lifespan that runs the worker beside the API."""

    @asynccontextmanager
    async def run(app: FastAPI) -> AsyncIterator[None]:
        async with serving(app):
            await worker.start()
            try:
                yield
            finally:
                await worker.stop()

    return run


def worker_app(settings: Settings, worker: Worker) -> FastAPI:
    """Only the operator routes, so that a worker can be asked how it is."""

    @asynccontextmanager
    async def run(_: FastAPI) -> AsyncIterator[None]:
        await worker.start()
        try:
            yield
        finally:
            await worker.stop()

    checks: dict[str, Check] = dict(worker.checks())
    app = FastAPI(lifespan=run, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.checks, app.state.behind = checks, set[str]()
    if not settings.ops_port:
        app.router.routes.extend(health_routes(settings, checks))
    return app
