"""A row of a file as the body of a request."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson

from servicekit.http.exports.columns import Column
from servicekit.types import OfPeriod

TRUE, FALSE = {"true", "yes", "1", "是", "有"}, {"false", "no", "0", "否", "无"}
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_MONTH = re.compile(r"(\d{4})(?:[-/.](\d{1,2})|年(\d{1,2})月?)")
_QUARTER = re.compile(r"(\d{4})年第?([1-4一二三四])季度?")
_YEAR = re.compile(r"(\d{4})年")
_FIRST = re.compile(r"(\d{4}-\d{2})-01")
_QUARTERS = {"一": "1", "二": "2", "三": "3", "四": "4"}
_SEPARATOR = re.compile(r"[;；]")


@dataclass(frozen=True, slots=True)
class CellField:
    """The field that a column's cells are of: the objects it lies in, its name, and how the text
    of a cell is written in JSON for its type. What cannot be that is left as it is, for the field's
    own check to refuse."""

    above: tuple[str, ...]
    name: str
    value: Callable[[str], Any]


def field_of(column: Column) -> CellField:
    readings: dict[type, Callable[[str], Any]] = {
        bool: truth_of,
        list: list_of,
        dict: object_of,
        date: day_of,
        OfPeriod: period_of,
    }
    return CellField(column.path[:-1], column.path[-1], readings.get(column.kind, text_of))


def body_of(fields: Sequence[CellField | None], row: Sequence[Any]) -> dict[str, Any]:
    """The body with a field for every cell that is not empty: an empty one leaves the default."""
    body: dict[str, Any] = {}
    inner, above = body, ()
    for field, cell in zip(fields, row, strict=False):
        if field is None or cell is None:
            continue
        text = cell.strip() if isinstance(cell, str) else "true" if cell else "false"
        if not text:
            continue
        if field.above != above:
            inner, above = body, field.above
            for part in above:
                inner = inner.setdefault(part, {})
        inner[field.name] = field.value(text)
    return body


def text_of(text: str) -> str:
    """An export puts a mark before what a spreadsheet would take for a formula."""
    return text[1:] if text[0] == "'" and text[1:2] in ("=", "+", "-", "@") else text


def truth_of(text: str) -> Any:
    word = text.casefold()
    return True if word in TRUE else False if word in FALSE else text


def day_of(text: str) -> str:
    if match := _DAY.fullmatch(text):
        year, month, day = match.groups()
        return f"{year}-{month:0>2}-{day:0>2}"
    return text_of(text)


def period_of(text: str) -> str:
    """A period as people write it; `2026-07` that a spreadsheet has made the first of July of."""
    if match := _FIRST.fullmatch(text) or _YEAR.fullmatch(text):
        return match[1]
    if match := _MONTH.fullmatch(text):
        return f"{match[1]}-{match[2] or match[3]:0>2}"
    if match := _QUARTER.fullmatch(text):
        return f"{match[1]}-Q{_QUARTERS.get(match[2], match[2])}"
    return text_of(text)


def object_of(text: str) -> Any:
    """JSON, as an export writes what has no columns of its own."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text


def list_of(text: str) -> Any:
    if text.startswith("["):
        return object_of(text)
    return [part.strip() for part in _SEPARATOR.split(text) if part.strip()]
