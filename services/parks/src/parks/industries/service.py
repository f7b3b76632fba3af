"""The classification as a list. It is the same for everybody and changes with its edition only, so
it stands in a file and not in the database."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from servicekit.http.paging import Page, PageRequest, decode_cursor, next_cursor, order_of
from servicekit.problems import NotFound

from parks.industries import domain
from parks.industries.domain import Industry


async def list_industries(
    page: PageRequest,
    *,
    q: str | None,
    level: Collection[str],
    below: str | None,
    updated_since: datetime | None,
) -> Page[Any]:
    """One page, by code.

    Raises:
        UnknownIndustry: `below` is no code of the standard.
    """
    order = order_of(page, "code", "code")
    descending = dict(order)["code"]
    under = None if below is None else domain.normalise_industry(below)
    found = sorted(domain.search(q, level, under), key=lambda each: each.code, reverse=descending)
    if updated_since is not None and updated_since > domain.IN_FORCE:
        found = []
    after = decode_cursor(page, len(order))
    rest = found
    if after is not None:
        last = str(after[[name for name, _ in order].index("code")])
        rest = [each for each in found if (each.code < last if descending else each.code > last)]
    shown = rest[: page.limit]
    more = len(rest) > page.limit
    values = [getattr(shown[-1], name) for name, _ in order] if more else []
    return Page(
        items=shown,
        next_cursor=next_cursor(page, values) if more else None,
        total=len(found) if page.include_total else None,
    )


async def get_industry(code: str) -> Industry:
    """Raises `NotFound`."""
    found = domain.industries().get(code)
    if found is None:
        raise NotFound(what=f"industry {code}")
    return found
