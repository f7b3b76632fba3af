"""Lists: `{"items": […], "next_cursor": …}` by keyset, never by offset.

A cursor is opaque, names the last row by its sort values and is bound to the sort and the filters
it was made with.
"""

import base64
import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import urlencode

import orjson
from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select

from servicekit.db import Session
from servicekit.problems import FieldError, Unprocessable

T = TypeVar("T")

DEFAULT_LIMIT = 50
MAX_LIMIT = 200


class Page(BaseModel, Generic[T]):
    """One page of a list. `total` only with `include_total=true`."""

    model_config = ConfigDict(from_attributes=True)

    items: list[T]
    next_cursor: str | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class PageRequest:
    """What the caller asked for; `sort` holds `(name, descending)` pairs."""

    limit: int
    cursor: str | None
    sort: tuple[tuple[str, bool], ...]
    sortable: tuple[str, ...]
    """What the list can be sorted by."""
    include_total: bool
    bound_to: str
    """A digest of the path and every filter: a cursor of another list is refused."""
    link_next: Callable[[str], None]
    """Puts `Link: <…>; rel="next"` with this cursor on the answer."""


def _invalid(name: str, zh: str, en: str) -> Unprocessable:
    return Unprocessable(errors=(FieldError(f"query/{name}", f"invalid_{name}", zh, en),))


def invalid_cursor() -> Unprocessable:
    return _invalid("cursor", "游标无效，请从第一页开始", "Not a cursor of this list; start over")


class Paging:
    """Dependency that reads which page of a list is wanted. `sortable` are the names the list can
    be sorted by: what its document tells and what `order_of` refuses are one."""

    def __init__(self, sortable: Collection[str]) -> None:
        self.sortable = tuple(sortable)

    async def __call__(
        self,
        request: Request,
        response: Response,
        limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
        cursor: Annotated[str | None, Query(max_length=2000)] = None,
        sort: Annotated[str | None, Query(max_length=200)] = None,
        include_total: bool = False,
    ) -> PageRequest:
        pairs = tuple(
            (name.removeprefix("-"), name.startswith("-"))
            for name in (sort or "").split(",")
            if name
        )
        return PageRequest(
            limit=limit,
            cursor=cursor,
            sort=pairs,
            sortable=self.sortable,
            include_total=include_total,
            bound_to=digest(request),
            link_next=partial(link_next, request, response),
        )


def sorted_by(sortable: Collection[str]) -> Any:
    """`page: Annotated[PageRequest, sorted_by(SORTABLE)]`."""
    return Depends(Paging(sortable))


def digest(request: Request) -> str:
    """Of the path and every filter."""
    rest = sorted(
        pair
        for pair in request.query_params.multi_items()
        if pair[0] not in ("cursor", "limit", "include_total")
    )
    return hashlib.sha256(repr((request.scope["path"], rest)).encode()).hexdigest()[:16]


def link_next(request: Request, response: Response, following: str) -> None:
    kept = [pair for pair in request.query_params.multi_items() if pair[0] != "cursor"]
    query = urlencode([*kept, ("cursor", following)])
    response.headers["Link"] = f'<{request.scope["path"]}?{query}>; rel="next"'


def order_of(page: PageRequest, default: str, key: str) -> list[tuple[str, bool]]:
    """The complete order: what was asked (or `default`), then the unique `key`.

    Raises:
        Unprocessable: a name that this list cannot be sorted by.
    """
    if any(name not in page.sortable for name, _ in page.sort):
        choices = ", ".join(page.sortable)
        raise _invalid("sort", f"可排序字段：{choices}", f"Sortable by: {choices}")
    order = list(page.sort) or [(default.removeprefix("-"), default.startswith("-"))]
    if key not in [name for name, _ in order]:
        order.append((key, order[-1][1]))
    return order


def next_cursor(page: PageRequest, values: Sequence[Any]) -> str:
    """The cursor behind the row with these sort values; the answer links to the page it opens."""
    raw = orjson.dumps([page.bound_to, *values], default=str)
    cursor = base64.urlsafe_b64encode(raw).decode().rstrip("=")
    page.link_next(cursor)
    return cursor


def decode_cursor(page: PageRequest, size: int) -> list[Any] | None:
    """The sort values in the cursor, as JSON gives them; none on the first page.

    Raises:
        Unprocessable: it is not ours, or belongs to another list, sort or filter.
    """
    if page.cursor is None:
        return None
    try:
        padded = page.cursor + "=" * (-len(page.cursor) % 4)
        values = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except ValueError:
        values = None
    if not isinstance(values, list) or len(values) != size + 1 or values[0] != page.bound_to:
        raise _invalid(
            "cursor", "游标无效，请从第一页开始", "Not a cursor of this list; start over"
        )
    return values[1:]


def given(*filters: tuple[Any, Callable[[Any], Any]]) -> list[ColumnElement[bool]]:
    """The conditions of a list whose value was given: `given((day, Item.due_on.__ge__))`.

    Nothing is in an empty list; where it is to narrow nothing, `(states or None, Item.state.in_)`.
    """
    return [condition(value) for value, condition in filters if value is not None]


async def fetch_page(
    session: Session,
    query: Select[Any],
    page: PageRequest,
    *,
    sortable: Mapping[str, Any],
    default: str,
    key: str = "id",
) -> Page[Any]:
    """One page of `query`: mapped objects or rows, whichever it selects.

    `sortable` maps public names to non-null columns; `key` is one of them and unique.
    """
    order = order_of(page, default, key)
    columns = [sortable[name] for name, _ in order]
    after = decode_cursor(page, len(order))
    paged = query
    if after is not None:
        paged = paged.where(_beyond(order, columns, after))
    paged = paged.order_by(
        *[c.desc() if d else c.asc() for c, (_, d) in zip(columns, order, strict=True)]
    )
    paged = paged.add_columns(*columns).limit(page.limit + 1)
    rows: Sequence[Row[Any]] = (await session.execute(paged)).all()
    shown = rows[: page.limit]
    more = len(rows) > page.limit
    total = len(shown) if page.include_total else None
    if page.include_total and (more or after is not None):
        total = await session.scalar(
            select(func.count()).select_from(query.order_by(None).subquery())
        )
    width = len(columns)
    return Page(
        items=[row[0] if len(row) == width + 1 else row for row in shown],
        next_cursor=next_cursor(page, list(shown[-1][-width:])) if more else None,
        total=total,
    )


def _beyond(
    order: Sequence[tuple[str, bool]], columns: Sequence[Any], after: Sequence[Any]
) -> ColumnElement[bool]:
    """The rows behind the cursor: (a > x) or (a = x and b > y) or …"""
    alternatives: list[ColumnElement[bool]] = []
    for index, ((_, descending), column) in enumerate(zip(order, columns, strict=True)):
        equal = [c == _typed(c, v) for c, v in zip(columns[:index], after[:index], strict=True)]
        value = _typed(column, after[index])
        alternatives.append(and_(*equal, column < value if descending else column > value))
    return or_(*alternatives)


def _typed(column: Any, value: Any) -> Any:
    """A cursor's JSON value as the column's Python type."""
    kind = column.type.python_type
    try:
        if value is None or isinstance(value, kind):
            return value
        return kind.fromisoformat(value) if hasattr(kind, "fromisoformat") else kind(value)
    except (ValueError, TypeError, ArithmeticError):
        raise invalid_cursor() from None
