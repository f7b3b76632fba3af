"""Statements that wait for the commit and leave together as one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any


@dataclass(frozen=True, slots=True)
class Deferred:
    """A statement that can stand in a WITH list, its parameters counted from `$1`.

    `name` is what later pieces may refer to; it must be unique where it is given.
    """

    sql: str
    args: tuple[Any, ...] = ()
    name: str = ""


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
