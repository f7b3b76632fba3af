"""Which column of a file is which field of the body."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import BaseModel

from servicekit.http.exports.columns import Column, columns_of, plain_type
from servicekit.imports.cells import CellField, field_of
from servicekit.imports.places import is_errors_head
from servicekit.imports.sheet import SheetRead
from servicekit.jobs.job import JobError


@dataclass(frozen=True)
class Heads:
    """The columns of the file in their order, none for one that stands empty, and `errors`. Of a
    form, the places of the columns that are `asked`."""

    columns: tuple[Column | None, ...]
    errors: tuple[JobError, ...]
    asked: tuple[int, ...] = ()

    @cached_property
    def fields(self) -> list[CellField | None]:
        """How the cell of each column is read."""
        return [column and field_of(column) for column in self.columns]

    def says_nothing(self, row: Sequence[Any]) -> bool:
        """Whether a form was not filled in here."""
        return bool(self.asked) and all(row[n] in ("", None) for n in self.asked if n < len(row))

    def place_of(self, path: Sequence[str]) -> int | None:
        """The column that holds this field, or the one that the field lies in."""
        for number, column in enumerate(self.columns):
            if column is not None and column.path == tuple(path[: len(column.path)]):
                return number
        return None


def match_heads(model: type[BaseModel], labels: Mapping[str, str], sheet: SheetRead) -> Heads:
    """Match each head with a field of the body, by the field's own name or its Chinese one."""
    known = names_of(model, labels)
    shown = sheet.stamp.shown if sheet.stamp else ()
    columns: list[Column | None] = []
    errors: list[JobError] = []
    for number, head in enumerate(sheet.heads):
        column = known.get(normal(head)) if head not in shown else None
        if column is not None and column in columns:
            errors.append(
                wrong(sheet, number, "duplicate_head", "列名重复", "The head is there twice")
            )
        elif column is None and head and head not in shown and not is_errors_head(head):
            choices = ", ".join(labels.get(one.name, one.name) for one in columns_of(model))
            zh, en = f"不认识的列名；可用：{choices}", f"Unknown head; there are: {choices}"
            errors.append(wrong(sheet, number, "unknown_head", zh, en))
        columns.append(column)
    present = {column.path for column in columns if column is not None}
    for path in required(model):
        if path not in present:
            name = ".".join(path)
            zh, en = f"缺少列“{labels.get(name, name)}”", f"The column {name} is missing"
            errors.append(
                JobError(
                    "missing_head", zh, en, sheet=sheet.name or None, row=sheet.head_row, field=name
                )
            )
    asked = sheet.stamp.asked if sheet.stamp else ()
    places = (number for number, head in enumerate(sheet.heads) if head in asked)
    return Heads(tuple(columns), tuple(errors), tuple(places))


def wrong(sheet: SheetRead, number: int, code: str, zh: str, en: str) -> JobError:
    return JobError(
        code, zh, en,
        sheet=sheet.name or None,
        row=sheet.head_row,
        head=sheet.heads[number],
        cell=sheet.cell(number, sheet.head_row),
    )  # fmt: skip


def names_of(model: type[BaseModel], labels: Mapping[str, str]) -> dict[str, Column]:
    """Every way to write a head; of two fields with one Chinese name the first has it."""
    columns = columns_of(model)
    chinese = {normal(labels.get(one.name, one.name)): one for one in reversed(columns)}
    return chinese | {normal(one.name): one for one in columns}


def normal(head: str) -> str:
    """Blanks, letter case, full-width forms and the asterisk of a required column do not count."""
    return "".join(unicodedata.normalize("NFKC", head).split()).strip("*").casefold()


def required(model: type[BaseModel], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The fields that a body cannot do without."""
    for name, field in model.model_fields.items():
        kind = plain_type(field.annotation)
        if not field.is_required():
            continue
        if issubclass(kind, BaseModel):
            yield from required(kind, (*above, name))
        else:
            yield (*above, name)
