"""Asking the four services at once and marking what did not answer."""

import asyncio

import orjson
from servicekit.clock import now

from gateway.composed.service import ask
from gateway.overview.domain import SECTIONS
from gateway.overview.kept import Made
from gateway.overview.schemas import OverviewPart, OverviewRead
from gateway.proxy.domain import Headers
from gateway.proxy.service import Upstreams


async def compose(upstreams: Upstreams, headers: Headers) -> Made:
    """The overview as this caller may see it; `headers` carry the token and the request's ids."""
    begun = now()
    answers = await asyncio.gather(
        *(ask(upstreams, one.service, one.target, headers) for one in SECTIONS)
    )
    parts: dict[str, OverviewPart] = {}
    for section, (data, missing) in zip(SECTIONS, answers, strict=True):
        part = parts.setdefault(section.service, OverviewPart(available=False, data={}, missing={}))
        if missing is None:
            part.data[section.name] = data
            part.available = True
        else:
            part.missing[section.name] = missing
    complete = not any(part.missing for part in parts.values())
    told = OverviewRead(generated_at=begun, complete=complete, parts=parts)
    return Made(orjson.dumps(told.model_dump(), option=orjson.OPT_UTC_Z), complete)
