"""Statements that wait for the commit and leave together as one."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Column, insert, inspect
from sqlalchemy.dialects.postgresql.asyncpg import dialect


@dataclass(frozen=True, slots=True)
class Deferred:
    """A statement that can stand in a WITH list, its parameters counted from `$1`.

    `name` is what later pieces may refer to; it must be unique where it is given.
    """

    sql: str
    args: tuple[Any, ...] = ()
    name: str = ""

    @property
    def returns(self) -> bool:
        """Whether it writes rows that a later piece can read."""
        return bool(self.name) and "RETURNING" in self.sql


def numbered(sql: str, values: Mapping[str, Any], name: str = "") -> Deferred:
    """A statement whose parameters are named, `:amount`, with the values it takes of these."""
    text, order = _numbered(sql)
    return Deferred(text, tuple(values[parameter] for parameter in order), name)


@cache
def _numbered(sql: str) -> tuple[str, tuple[str, ...]]:
    order: list[str] = []

    def number(match: re.Match[str]) -> str:
        if match[1] not in order:
            order.append(match[1])
        return f"${order.index(match[1]) + 1}"

    text = re.sub(r"(?<!:):([a-z_]+)", number, sql)
    return text, tuple(order)


def compose(pieces: Sequence[Deferred]) -> tuple[str, list[Any]]:
    """Join statements into one `WITH a AS (…), b AS (…) SELECT`, renumbering the parameters.

    The text depends on the shape alone, so the driver's prepared statements are found again.
    """
    shape = tuple((piece.name, piece.sql, len(piece.args)) for piece in pieces)
    return _text(shape), [arg for piece in pieces for arg in piece.args]


@lru_cache(maxsize=512)
def _text(shape: tuple[tuple[str, str, int], ...]) -> str:
    parts: list[str] = []
    offset = 0
    for index, (name, sql, count) in enumerate(shape):
        moved = re.sub(r"\$(\d+)", lambda m, o=offset: f"${int(m.group(1)) + o}", sql)
        parts.append(f"{name or f'deferred_{index}'} AS ({moved})")
        offset += count
    return f"WITH {', '.join(parts)} SELECT 1"


def insertion(row: Any) -> Deferred:
    """The INSERT of a mapped row, whose Python-side defaults are filled in on the way."""
    sql, columns = _insert_of(type(row))
    for name, default in columns:
        if getattr(row, name) is None and default is not None:
            setattr(row, name, default.arg(None) if default.is_callable else default.arg)
    return Deferred(sql, tuple(getattr(row, name) for name, _ in columns))


@cache
def _insert_of(mapped: type) -> tuple[str, tuple[tuple[str, Any], ...]]:
    """The statement of a mapped class and its attributes with their defaults, in order."""
    mapper = inspect(mapped)
    columns: dict[str, Column[Any]] = {
        attribute.columns[0].name: attribute.columns[0]
        for attribute in mapper.column_attrs
        if attribute.columns[0].computed is None
    }
    compiled = insert(mapper.local_table).compile(dialect=dialect(), column_keys=list(columns))
    order = [columns[name] for name in compiled.positiontup or ()]
    attributes = tuple((mapper.get_property_by_column(c).key, c.default) for c in order)
    return str(compiled), attributes
