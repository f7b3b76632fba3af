"""Pages of the hottest lists: one SQL text, run by the driver, rows as they come.

`paging.fetch_page` builds its query with SQLAlchemy and is right for most lists. Here the text is
put together by hand from a constant SELECT and the conditions in use, so that the driver finds its
prepared statement again and no object is built but the answer's own.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from servicekit.db import Session
from servicekit.http.paging import (
    PageRequest,
    decode_cursor,
    invalid_cursor,
    next_cursor,
    order_of,
)

Parse = Callable[[Any], Any]
"""Makes a sort value of what a cursor holds: `str`, `int`, `UUID`, `datetime.fromisoformat`."""

PARSE: dict[type, Parse] = {
    str: str,
    int: int,
    UUID: UUID,
    date: date.fromisoformat,
    datetime: datetime.fromisoformat,
}


@dataclass(slots=True)
class Conditions:
    """The WHERE of a list. `?` in a condition stands for its value."""

    parts: list[str] = field(default_factory=list)
    args: list[Any] = field(default_factory=list)

    def add(self, condition: str, value: Any) -> None:
        self.parts.append(condition.replace("?", self.bind(value)))

    def given(self, *conditions: tuple[str, Any]) -> None:
        """Add each whose value was given."""
        for condition, value in conditions:
            if value is not None:
                self.add(condition, value)

    def bind(self, value: Any) -> str:
        self.args.append(value)
        return f"${len(self.args)}"

    def text(self) -> str:
        return f" WHERE {' AND '.join(self.parts)}" if self.parts else ""


def selection(row: type[BaseModel], table: str, **computed: str) -> str:
    """The SELECT of an answer's row: its fields are the table's columns, or `computed` by SQL."""
    fields = (
        f"{computed[name]} AS {name}" if name in computed else name for name in row.model_fields
    )
    return f"SELECT {', '.join(fields)} FROM {table}"


async def fetch_hot_page(
    session: Session,
    select: str,
    where: Conditions,
    page: PageRequest,
    *,
    sortable: Mapping[str, type],
    default: str,
    key: str = "id",
    sums: Sequence[str] = (),
) -> dict[str, Any]:
    """One page as a plain dictionary, for the response model to validate.

    `select` is everything before WHERE; `sortable` maps names, which are also the columns, to
    their types; `key` is one of them and unique; `sums` are columns whose sums over the whole list
    are told with every page.
    """
    order = order_of(page, default, key)
    after = decode_cursor(page, len(order))
    unpaged, args = f"{select}{where.text()}", list(where.args)
    if after is not None:
        where.parts.append(_beyond(order, sortable, after, where))
    by = ", ".join(f"{name} {'DESC' if descending else 'ASC'}" for name, descending in order)
    limit = where.bind(page.limit + 1)
    rows = await session.fetch(f"{select}{where.text()} ORDER BY {by} LIMIT {limit}", *where.args)
    more = len(rows) > page.limit
    shown = rows[: page.limit]
    cursor = next_cursor(page, [shown[-1][name] for name, _ in order]) if more else None
    whole: dict[str, Any] = {"total": len(shown) if page.include_total else None}
    is_counted = not page.include_total or (after is None and not more)
    if sums or not is_counted:
        wanted = [f"coalesce(sum({name}), 0) AS {name}" for name in sums]
        counted = ", ".join(["count(*) AS total"] * (not is_counted) + wanted)
        row = await session.fetch_row(f"SELECT {counted} FROM ({unpaged}) AS counted", *args)
        whole |= dict(row or {})
    return {"items": [dict(row) for row in shown], "next_cursor": cursor, **whole}


def _beyond(
    order: Sequence[tuple[str, bool]],
    sortable: Mapping[str, type],
    after: Sequence[Any],
    where: Conditions,
) -> str:
    """The rows behind the cursor: (a > x) or (a = x and b > y) or …"""
    try:
        values = [
            where.bind(PARSE[sortable[name]](value))
            for (name, _), value in zip(order, after, strict=True)
        ]
    except (ValueError, TypeError) as error:
        raise invalid_cursor() from error
    alternatives: list[str] = []
    for index, (name, descending) in enumerate(order):
        equal = [f"{order[i][0]} = {values[i]}" for i in range(index)]
        step = f"{name} {'<' if descending else '>'} {values[index]}"
        alternatives.append("(" + " AND ".join([*equal, step]) + ")")
    return "(" + " OR ".join(alternatives) + ")"
