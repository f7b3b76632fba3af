"""The classification as a list. It is the same for everybody and changes with its edition only, so
it stands in a file and not in the database."""

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
    level: str | None,
    below: str | None,
    updated_since: datetime | None,
) -> Page[Any]:
    """One page, by code.

    Raises:
        UnknownIndustry: `below` is no code of the standard.
    """
    order = order_of(page, {"code": str}, "code", "code")
    under = None if below is None else domain.normalise_industry(below)
    found = sorted(domain.search(q, level, under), key=lambda each: each.code)
    if updated_since is not None and updated_since > domain.IN_FORCE:
        found = []
    if order[0][1]:
        found.reverse()
    after = decode_cursor(page, 1)
    rest = found if after is None else [each for each in found if beyond(each, after[0], order)]
    shown = rest[: page.limit]
    return Page(
        items=shown,
        next_cursor=next_cursor(page, [shown[-1].code]) if len(rest) > page.limit else None,
        total=len(found) if page.include_total else None,
    )


def beyond(each: Industry, last: Any, order: list[tuple[str, bool]]) -> bool:
    """Whether it comes behind the last one shown."""
    return each.code < str(last) if order[0][1] else each.code > str(last)


async def get_industry(code: str) -> Industry:
    """Raises `NotFound`."""
    found = domain.industries().get(code)
    if found is None:
        raise NotFound(what=f"industry {code}")
    return found
