"""Asking the four services at once and marking what did not answer."""

import asyncio
from collections.abc import Sequence
from typing import Any

import aiohttp
import orjson
import structlog
from servicekit.clock import now
from servicekit.problems import Problem

from gateway.overview.domain import SECTIONS, Section
from gateway.overview.schemas import OverviewPart, OverviewRead
from gateway.proxy.service import Call, Upstreams

log = structlog.get_logger()

TIMEOUT = 2.0
"""Seconds that one section may take."""


async def compose(upstreams: Upstreams, headers: Sequence[tuple[str, str]]) -> OverviewRead:
    """The overview as this caller may see it; `headers` carry the token and the request's ids."""
    answers = await asyncio.gather(*(read(upstreams, one, headers) for one in SECTIONS))
    parts: dict[str, OverviewPart] = {}
    for section, (data, missing) in zip(SECTIONS, answers, strict=True):
        part = parts.setdefault(section.service, OverviewPart(available=False, data={}, missing={}))
        if missing is None:
            part.data[section.name] = data
            part.available = True
        else:
            part.missing[section.name] = missing
    complete = not any(part.missing for part in parts.values())
    return OverviewRead(generated_at=now(), complete=complete, parts=parts)


async def read(
    upstreams: Upstreams, section: Section, headers: Sequence[tuple[str, str]]
) -> tuple[Any, str | None]:
    """The section's data and none, or none and the code of what went wrong."""
    call = Call(section.service, "GET", section.target, [*headers])
    try:
        async with asyncio.timeout(TIMEOUT), await upstreams.send(call) as answer:
            body = orjson.loads(await answer.read())
            if answer.status == 200:
                return body, None
            return None, str(body.get("code", answer.status))
    except Problem as problem:
        return None, problem.code
    except TimeoutError:
        return None, "service_timeout"
    except (aiohttp.ClientError, ValueError, AttributeError) as error:
        log.warning("overview_section_failed", section=section.name, error=repr(error))
        return None, "service_failed"
