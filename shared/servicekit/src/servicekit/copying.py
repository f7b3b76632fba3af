"""Many new rows of one table, written by COPY in the open transaction."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from functools import cache
from operator import attrgetter
from typing import Any

import orjson
from sqlalchemy import ARRAY, JSON, Table, Uuid, inspect
from sqlalchemy.types import TypeEngine

from servicekit.db import Session

Encode = Callable[[Any], str]
_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


async def copy(session: Session, model: type, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows of a mapped class; each has all its columns (`servicekit.rows.filled`).

    Raises:
        asyncpg.PostgresError: the database refuses one of the rows, and so all.
    """
    if not rows:
        return
    table, columns = _columns_of(model)
    cells = [cells_of([row[key] for row in rows], encode) for key, _, encode in columns]
    lines = "".join(["\t".join(line) + "\n" for line in zip(*cells, strict=True)])

    async def content() -> AsyncIterator[bytes]:
        yield lines.encode()

    driver = await session.driver()
    names = [name for _, name, _ in columns]
    await driver.copy_to_table(table.name, source=content(), columns=names)


async def copy_texts(
    session: Session, model: type, fixed: Mapping[str, Any], texts: Mapping[str, Sequence[str]]
) -> None:
    """Write rows of a mapped class that have the values of `fixed` in common and differ in `texts`,
    the columns as they are written, without a tab, a backslash or the end of a line.

    Raises:
        asyncpg.PostgresError: the database refuses one of the rows, and so all.
    """
    table, columns = _columns_of(model)
    known = {key: (name, encode) for key, name, encode in columns}
    shared = [r"\N" if value is None else known[key][1](value) for key, value in fixed.items()]
    end = "\t".join(["", *shared]) + "\n"
    lines = end.join(map("\t".join, zip(*texts.values(), strict=True))) + end

    async def content() -> AsyncIterator[bytes]:
        yield lines.encode()

    driver = await session.driver()
    names = [known[key][0] for key in (*texts, *fixed)]
    await driver.copy_to_table(table.name, source=content(), columns=names)


def cells_of(values: Sequence[Any], encode: Encode) -> Sequence[str]:
    """A column of values as COPY's text format has them."""
    first = values[0]
    if all(value is first for value in values):
        return [r"\N" if first is None else encode(first)] * len(values)
    return [r"\N" if value is None else encode(value) for value in values]


@cache
def _columns_of(model: type) -> tuple[Table, tuple[tuple[str, str, Encode], ...]]:
    """The table, and of each column the attribute's name, its own and how values are written."""
    mapper = inspect(model)
    columns = ((attribute.key, attribute.columns[0]) for attribute in mapper.column_attrs)
    return mapper.local_table, tuple((k, c.name, encoder_of(c.type)) for k, c in columns)


def encoder_of(kind: TypeEngine[Any]) -> Encode:
    """How the values of a column are written; `str` is right for numbers, dates and identifiers."""
    if isinstance(kind, ARRAY):
        return array
    if isinstance(kind, JSON):
        return json
    if isinstance(kind, Uuid):
        return attrgetter("hex")  # a third of what the hyphens cost
    return text if kind.python_type is str else str


def text(value: str) -> str:
    return value.translate(_ESCAPES) if _has_escapes(value) else value


def _has_escapes(value: str) -> bool:
    return "\\" in value or "\n" in value or "\t" in value or "\r" in value


def array(values: Sequence[Any]) -> str:
    """Every element quoted, so that none is taken for NULL."""
    quoted = (str(one).replace("\\", r"\\").replace('"', r"\"") for one in values)
    return text("{" + ",".join(f'"{one}"' for one in quoted) + "}")


def json(value: Any) -> str:
    return text(orjson.dumps(value).decode())
