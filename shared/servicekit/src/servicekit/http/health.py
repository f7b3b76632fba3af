"""`/livez`, `/readyz`, `/readyz/calls`, `/version` and `/metrics`: for the operators, not for the
public."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping

import orjson
import structlog
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from servicekit.settings import Settings

log = structlog.get_logger()

TASKS = Gauge("kechuang_tasks", "asyncio tasks under way in this process")

Check = Callable[[], Awaitable[str | None]]
"""Answers what is wrong in a few words, or none when all is well."""


async def run_check(check: Check) -> str | None:
    """A check that hangs or breaks is a failed check."""
    try:
        return await asyncio.wait_for(check(), timeout=3)
    except TimeoutError:
        return "timed out"
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:200]


def health_routes(
    settings: Settings, checks: Mapping[str, Check], behind: Collection[str] = ()
) -> list[Route]:
    """The operator routes; `checks`, as they are when asked, decide readiness and are named in its
    answer. Those named in `behind` are of a worker in the same process: callers are served without
    it, so `/readyz/calls`, which is for balancers, leaves them out."""

    async def livez(_: Request) -> Response:
        return Response(b"ok\n", media_type="text/plain")

    async def readyz(_: Request) -> Response:
        return await tell(dict(checks))

    async def calls(_: Request) -> Response:
        return await tell({name: each for name, each in checks.items() if name not in behind})

    async def tell(asked: Mapping[str, Check]) -> Response:
        found = await asyncio.gather(*(run_check(check) for check in asked.values()))
        results = {name: problem or "ok" for name, problem in zip(asked, found, strict=True)}
        ready = not any(found)
        if not ready:
            log.warning("not_ready", **results)
        return Response(
            orjson.dumps({"ready": ready, "checks": results}),
            status_code=200 if ready else 503,
            media_type="application/json",
        )

    async def version(_: Request) -> Response:
        body = {"service": settings.service, "version": settings.version}
        return Response(orjson.dumps(body), media_type="application/json")

    async def metrics(_: Request) -> Response:
        TASKS.set(len(asyncio.all_tasks()))
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return [
        Route("/livez", livez),
        Route("/readyz", readyz),
        Route("/readyz/calls", calls),
        Route("/version", version),
        Route("/metrics", metrics),
    ]
