"""Rows of a file as bodies, and what is wrong with them as places in the file."""

from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from servicekit.http.validation_texts import field_errors
from servicekit.imports.cells import body_of
from servicekit.imports.heads import Heads
from servicekit.imports.sheet import SheetRead
from servicekit.jobs.job import JobError
from servicekit.problems import FieldError, Problem

Body = TypeVar("Body", bound=BaseModel)


Translate = Callable[[dict[str, Any]], dict[str, Any]]
"""A row as it was read → with the values that words in it stand for."""


def as_it_is(row: dict[str, Any]) -> dict[str, Any]:
    return row


@dataclass(slots=True)
class Chunk(Generic[Body]):
    """Some rows: the bodies of the good ones with their numbers, and the errors of the others."""

    numbers: list[int]
    bodies: list[Body]
    errors: list[JobError]
    rows: int = 0
    """All of them."""
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Reader(Generic[Body]):
    """Turns the rows of a sheet into bodies of `model`."""

    model: type[Body]
    sheet: SheetRead
    heads: Heads
    translate: Translate = as_it_is

    async def chunks(self, size: int, skip: int = 0) -> AsyncGenerator[Chunk[Body]]:
        """All rows but the first `skip`, so many at a time; of a form those that are filled in."""
        chunk: Chunk[Body] = Chunk([], [], [])
        async for block in self.sheet.blocks:
            for number, row in block:
                if self.heads.says_nothing(row):
                    continue
                if skip:
                    skip -= 1
                    continue
                self.add(chunk, number, row)
                if chunk.rows == size:
                    yield chunk
                    chunk = Chunk([], [], [])
        if chunk.rows:
            yield chunk

    def add(self, chunk: Chunk[Body], number: int, row: Sequence[Any]) -> None:
        chunk.rows += 1
        errors = self.formulas(number) if self.sheet.formulas else []
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

    def formulas(self, number: int) -> list[JobError]:
        return [
            self.at(
                number, place, "formula", "单元格含公式，请改为数值", "A formula; put its value"
            )
            for place in range(len(self.heads.columns))
            if self.sheet.cell(place, number) in self.sheet.formulas
        ]

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
