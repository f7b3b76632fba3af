"""Rows of a file as bodies, and what is wrong with them as places in the file."""

from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from servicekit.http.validation_texts import field_errors
from servicekit.imports.cells import body_of
from servicekit.imports.heads import Heads
from servicekit.imports.plain import PLAIN_AT_ONCE, Columns, Plain
from servicekit.imports.sheet import SheetRead, Table
from servicekit.jobs.job import JobError
from servicekit.problems import FieldError, Problem

Body = TypeVar("Body", bound=BaseModel)


FORMULA = ("formula", "单元格含公式，请改为数值", "A formula; put its value")
MERGED = (
    "merged_cell",
    "单元格已合并，请取消合并并逐格填写",
    "A merged cell; take it apart and fill each one in",
)
Translate = Callable[[dict[str, Any]], dict[str, Any]]
"""A row as it was read → with the values that words in it stand for."""


def as_it_is(row: dict[str, Any]) -> dict[str, Any]:
    return row


@dataclass(slots=True)
class Chunk(Generic[Body]):
    """Some rows: the bodies of the good ones with their numbers, and the errors of the others; of
    plain ones the columns, and nothing is made of them yet."""

    rows: Table
    plain: Columns | None = None
    numbers: list[int] = field(default_factory=list)
    bodies: list[Body] = field(default_factory=list)
    errors: list[JobError] = field(default_factory=list)
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Reader(Generic[Body]):
    """Turns the rows of a sheet into bodies of `model`."""

    model: type[Body]
    sheet: SheetRead
    heads: Heads
    translate: Translate = as_it_is

    async def chunks(
        self, size: int, skip: int = 0, plain: Plain | None = None
    ) -> AsyncGenerator[Chunk[Body]]:
        """All rows but the first `skip`, so many at a time; of a form those that are filled in.
        With `plain` those that are, more at a time."""
        if (
            plain is None
            or self.translate is not as_it_is
            or not plain.fits(self.sheet, self.heads)
        ):
            async for rows in self.rows(size, skip):
                yield self.read(rows)
            return
        async for rows in self.rows(max(size, PLAIN_AT_ONCE), skip):
            columns = plain.columns_of(self.heads, rows)
            if columns is not None:
                yield Chunk(rows, columns)
                continue
            for chunk in self.parts(rows, size):
                yield chunk

    async def rows(self, size: int, skip: int) -> AsyncGenerator[Table]:
        waiting = Table([], [[] for _ in self.heads.columns])
        async for block in self.sheet.blocks:
            told = self.filled_in(block)
            waiting.add(told.part(skip) if skip else told)
            skip = max(0, skip - len(told))
            while len(waiting) >= size:
                yield waiting.part(0, size)
                waiting = waiting.part(size)
        if waiting.numbers:
            yield waiting

    def filled_in(self, block: Table) -> Table:
        if not self.heads.asked:
            return block
        told = (not self.heads.says_nothing(row) for _, row in block.rows())
        return block.kept([place for place, says in enumerate(told) if says])

    def parts(self, rows: Table, size: int) -> Iterator[Chunk[Body]]:
        """Rows that are not plain, so many at a time."""
        for first in range(0, len(rows), size):
            yield self.read(rows.part(first, first + size))

    def read(self, rows: Table) -> Chunk[Body]:
        chunk: Chunk[Body] = Chunk(rows)
        for number, row in rows.rows():
            self.add(chunk, number, row)
        return chunk

    def add(self, chunk: Chunk[Body], number: int, row: Sequence[Any]) -> None:
        errors = self.unusable(number) if self.sheet.formulas or self.sheet.merged else []
        if not errors:
            try:
                found = self.translate(body_of(self.heads.fields, row))
                body = self.model.model_validate(found)
            except ValidationError as error:
                wrong = ({**one, "loc": ("body", *one["loc"])} for one in error.errors())
                errors = [self.located(number, one) for one in field_errors(wrong)]
            else:
                chunk.numbers.append(number)
                chunk.bodies.append(body)
                return
        chunk.refused += 1
        chunk.errors += errors

    def unusable(self, number: int) -> list[JobError]:
        """Cells of the row that do not tell a value of their own."""
        found: list[JobError] = []
        for place in range(len(self.heads.columns)):
            cell = self.sheet.cell(place, number)
            if cell in self.sheet.formulas:
                found.append(self.at(number, place, *FORMULA))
            elif cell in self.sheet.merged and self.heads.columns[place] is not None:
                found.append(self.at(number, place, *MERGED))
        return found

    def refuse(self, number: int, problem: Problem) -> list[JobError]:
        """What is wrong with a row that could be read and was not accepted."""
        if problem.errors:
            return [self.located(number, one) for one in problem.errors]
        zh, en = problem.text("zh"), problem.text("en")
        return [JobError(problem.code, zh, en, sheet=self.sheet.name or None, row=number)]

    def located(self, number: int, error: FieldError) -> JobError:
        """The error of a field, at the cell that holds it."""
        path = [part for part in error.pointer.split("/") if part]
        place = self.heads.place_of(path)
        field = ".".join(path) or None
        return self.at(number, place, error.code, error.zh, error.en, field)

    def at(
        self, number: int, place: int | None, code: str, zh: str, en: str, field: str | None = None
    ) -> JobError:
        column = None if place is None else self.heads.columns[place]
        return JobError(
            code,
            zh,
            en,
            sheet=self.sheet.name or None,
            row=number,
            head=None if place is None else self.sheet.heads[place],
            cell=None if place is None else self.sheet.cell(place, number),
            field=field or (column.name if column else None),
        )
