"""The columns of a list, read from the model of its rows."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import orjson
from pydantic import BaseModel

COMMON_LABELS: Mapping[str, str] = {
    "id": "标识",
    "code": "代码",
    "name": "名称",
    "name_zh": "名称",
    "name_en": "英文名称",
    "kind": "类型",
    "state": "状态",
    "status": "状态",
    "version": "版本",
    "created_at": "创建时间",
    "updated_at": "更新时间",
}
"""What any service calls these in Chinese; the rest is in each service's `labels.py`."""

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: where its value stands in a row, and what Python type it is."""

    path: tuple[str, ...]
    kind: type

    @property
    def name(self) -> str:
        """`baseline.value`: the field, below the fields it belongs to."""
        return ".".join(self.path)

    def value(self, row: Mapping[str, Any]) -> Any:
        """The value as JSON holds it."""
        found: Any = row
        for part in self.path:
            found = found.get(part) if isinstance(found, dict) else None
        return found


@cache
def columns_of(model: type[BaseModel]) -> tuple[Column, ...]:
    """Every field of a row; those of an object in it stand in columns of their own."""
    return tuple(_columns(model, ()))


def _columns(model: type[BaseModel], above: tuple[str, ...]) -> Iterator[Column]:
    for name, field in model.model_fields.items():
        kind = plain_type(field.annotation)
        if issubclass(kind, BaseModel):
            yield from _columns(kind, (*above, name))
        else:
            yield Column((*above, name), kind)


def plain_type(annotation: Any) -> type:
    """The type under `Annotated`, `Optional` and generics; `object` where there are several."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return plain_type(get_args(annotation)[0])
    if origin in (Union, UnionType):
        kinds = [kind for kind in get_args(annotation) if kind is not type(None)]
        return plain_type(kinds[0]) if len(kinds) == 1 else object
    found = origin or annotation
    return found if isinstance(found, type) else object


def text_of(value: Any) -> str:
    """A value as the text of one cell."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case list() if not any(isinstance(one, dict | list) for one in value):
            return "; ".join(map(text_of, value))
    return orjson.dumps(value).decode()


def neutral(text: str) -> str:
    """The text so that no spreadsheet program takes it for a formula; a number stays one."""
    if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def is_number(column: Column) -> bool:
    return column.kind in (int, Decimal)


def is_moment(column: Column) -> bool:
    return column.kind is datetime


def is_day(column: Column) -> bool:
    return column.kind is date


def heads(columns: Sequence[Column], labels: Mapping[str, str] | None) -> list[str]:
    """The head of each column: its label, or the field's own name without labels."""
    if labels is None:
        return [column.name for column in columns]
    return [labels.get(column.name, column.name) for column in columns]
