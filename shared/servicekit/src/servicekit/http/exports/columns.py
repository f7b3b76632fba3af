"""The columns of a list, read from the model of its rows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import orjson
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from servicekit.types import OfPeriod

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
    "cell": "单元格",
    "created_by": "创建人",
    "done": "已处理行数",
    "errors": "错误数",
    "failure.code": "失败代码",
    "failure.message_en": "失败原因（英文）",
    "failure.message_zh": "失败原因",
    "field": "字段",
    "finished_at": "结束时间",
    "head": "列名",
    "input_name": "文件名",
    "message_en": "原因（英文）",
    "message_zh": "原因",
    "number": "序号",
    "parameters": "参数",
    "refused": "未接受行数",
    "result_name": "结果文件名",
    "row": "行",
    "service": "服务",
    "sheet": "工作表",
    "started_at": "开始时间",
    "total": "总行数",
    "unit": "单位",
}
"""What any service calls these in Chinese; the rest is in each service's `labels.py`."""

EXACT_DIGITS = 15
"""A spreadsheet's number is a double: what has more digits stays a text."""


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
        kind = OfPeriod if is_period(field) else plain_type(field.annotation)
        if issubclass(kind, BaseModel):
            yield from _columns(kind, (*above, name))
        else:
            yield Column((*above, name), kind)


def is_period(field: FieldInfo) -> bool:
    """Whether its text is marked as a period, also where it may be left out."""
    within = (mark for one in get_args(field.annotation) for mark in get_args(one))
    return any(isinstance(mark, OfPeriod) for mark in (*field.metadata, *within))


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


def is_number(column: Column) -> bool:
    return column.kind in (int, Decimal)


def is_exact(number: str) -> bool:
    """Whether a spreadsheet holds this number as it is written."""
    return len(number.lstrip("-").replace(".", "").lstrip("0")) <= EXACT_DIGITS


def is_moment(column: Column) -> bool:
    return column.kind is datetime


def is_day(column: Column) -> bool:
    return column.kind is date


def heads(columns: Sequence[Column], labels: Mapping[str, str] | None) -> list[str]:
    """The head of each column: its label, or the field's own name without labels."""
    if labels is None:
        return [column.name for column in columns]
    return [labels.get(column.name, column.name) for column in columns]
