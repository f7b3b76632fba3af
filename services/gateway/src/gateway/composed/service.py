"""Asking several services at once, and one list out of their pages."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
import structlog
from fastapi import Request
from servicekit.http.hot_page import PARSE
from servicekit.http.paging import PageRequest, decode_cursor, next_cursor, order_of
from servicekit.problems import Problem

from gateway.proxy.answer import BrokenOff
from gateway.proxy.domain import Headers
from gateway.proxy.service import Call, Upstreams

log = structlog.get_logger()

TIMEOUT = 2.0
"""Seconds that one service may take; what takes longer is marked as missing."""
_PASSED = (b"authorization", b"accept-language")


@dataclass(frozen=True, slots=True)
class Combined:
    """A list every service has under `path`. `sortable` maps names to types; `key` is unique over
    all services; `default` is the order when none is asked for."""

    path: str
    sortable: Mapping[str, type]
    default: str
    key: str = "id"


def passed_on(request: Request) -> Headers:
    """The caller's own token and language, and the request's ids."""
    headers = [(name, value) for name, value in request.headers.raw if name in _PASSED]
    return [
        *headers,
        (b"x-request-id", request.scope["request_id"].encode()),
        (b"traceparent", request.scope["traceparent"].encode()),
        (b"accept", b"application/json"),
        (b"accept-encoding", b"identity"),
    ]


async def ask(
    upstreams: Upstreams, service: str, target: str, headers: Headers
) -> tuple[Any, str | None]:
    """What the service answers and none, or none and the code of what went wrong."""
    call = Call(service, "GET", target, headers)
    try:
        async with asyncio.timeout(TIMEOUT):
            with await upstreams.send(call) as answer:
                body = orjson.loads(await answer.read())
                if answer.status == 200:
                    return body, None
                return None, str(body.get("code", answer.status))
    except Problem as problem:
        return None, problem.code
    except TimeoutError:
        return None, "service_timeout"
    except (BrokenOff, ValueError, AttributeError) as error:
        log.warning("part_failed", upstream=service, target=target, error=repr(error))
        return None, "service_failed"


async def combine(
    upstreams: Upstreams,
    request: Request,
    listed: Combined,
    page: PageRequest,
    own: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """One page over all services and the gateway's `own` page, with `missing` for those that did
    not answer. Every service gets the caller's query as it came, the cursor included.

    Raises:
        Unprocessable: the cursor is not one of this list.
    """
    order = order_of(page, listed.default, listed.key)
    # Every service would refuse a cursor that is not ours, and all would seem to be missing.
    decode_cursor(page, len(order))
    target = f"{listed.path}?{request.url.query}"
    headers = passed_on(request)
    services = [*upstreams.addresses]
    answers = await asyncio.gather(*(ask(upstreams, one, target, headers) for one in services))
    found: dict[str, Any] = {} if own is None else {"gateway": own}
    missing: dict[str, str] = {}
    for service, (body, code) in zip(services, answers, strict=True):
        if code is None and isinstance(body, dict) and "items" in body:
            found[service] = body
        else:
            missing[service] = code or "service_failed"
    items = [{**item, "service": one} for one, body in found.items() for item in body["items"]]
    for name, descending in reversed(order):
        items.sort(key=lambda item, n=name: _value(listed, n, item[n]), reverse=descending)
    shown = items[: page.limit]
    more = len(items) > len(shown) or any(body["next_cursor"] for body in found.values())
    return {
        "items": shown,
        "next_cursor": next_cursor(page, [shown[-1][n] for n, _ in order]) if more else None,
        "total": sum(body["total"] for body in found.values()) if page.include_total else None,
        "missing": missing,
    }


def _value(listed: Combined, name: str, value: Any) -> Any:
    """A sort value as its type, whether it came from the database or as JSON."""
    kind = listed.sortable[name]
    return value if isinstance(value, kind) else PARSE[kind](value)
