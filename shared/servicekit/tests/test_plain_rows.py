"""Rows of a file that go by their columns, and those that do not."""

import math
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel
from servicekit.http.exports.columns import columns_of
from servicekit.imports.child import columns_of as columns_told
from servicekit.imports.heads import Heads
from servicekit.imports.plain import PLAIN_AT_ONCE, Plain
from servicekit.imports.reading import plain, plain_all
from servicekit.imports.rows import Reader
from servicekit.imports.sheet import SheetRead, Table


class Thing(BaseModel):
    code: str
    number: int


async def nothing(*_: Any) -> bool:
    return True


PLAIN = Plain({"code": re.compile("[a-z]+"), "number": re.compile("[0-9]+")}, nothing)
COLUMNS = columns_of(Thing)
HEADS = Heads(COLUMNS, ())


def sheet(rows: list[list[Any]], formulas: frozenset[str] = frozenset()) -> SheetRead:
    async def blocks() -> AsyncIterator[Table]:
        for first in range(0, len(rows), 700):
            some = rows[first : first + 700]
            yield Table(
                list(range(first + 2, first + 2 + len(some))),
                [list(cells) for cells in zip(*some, strict=True)],
            )

    return SheetRead("", 0, 1, ["code", "number"], len(rows), formulas, None, blocks())


async def chunks(rows: list[list[Any]], skip: int = 0) -> list[Any]:
    reader = Reader(Thing, sheet(rows), HEADS)
    return [chunk async for chunk in reader.chunks(1000, skip, PLAIN)]


async def test_plain_rows_come_as_columns_many_at_a_time() -> None:
    seen = await chunks([["a", str(n)] for n in range(PLAIN_AT_ONCE + 10)], skip=4)
    assert [len(chunk.rows) for chunk in seen] == [PLAIN_AT_ONCE, 6]
    assert seen[0].plain["number"][0] == "4"
    assert seen[1].plain == {
        "code": ["a"] * 6,
        "number": [str(PLAIN_AT_ONCE + n) for n in range(4, 10)],
    }
    assert seen[0].bodies == []


@pytest.mark.parametrize("odd", [["a", "１"], ["a", None], ["a", True], ["A", "1"], ["a", " 1"]])
async def test_among_others_every_row_is_a_body_or_an_error_in_its_place(odd: list[Any]) -> None:
    rows = [["a", str(n)] for n in range(1500)]
    rows[1200] = odd
    seen = await chunks(rows)
    assert [len(chunk.rows) for chunk in seen] == [1000, 500]
    assert [chunk.plain for chunk in seen] == [None, None]
    told = [body.number for chunk in seen for body in chunk.bodies]
    refused = [error.row for chunk in seen for error in chunk.errors]
    assert len(told) + len(refused) == 1500
    assert refused in ([], [1202])


def test_a_file_with_other_columns_or_formulas_has_no_plain_rows() -> None:
    assert PLAIN.fits(sheet([]), HEADS)
    assert not PLAIN.fits(sheet([]), Heads((*COLUMNS, None), ()))
    assert not PLAIN.fits(sheet([]), Heads(COLUMNS[:1], ()))
    assert not PLAIN.fits(sheet([]), Heads(COLUMNS, (), asked=(1,)))
    assert not PLAIN.fits(sheet([], frozenset({"B2"})), HEADS)
    assert not PLAIN.fits(replace(sheet([]), merged=frozenset({"B2"})), HEADS)


NUMBERS = st.one_of(st.floats(), st.floats(-1e6, 1e6).map(lambda number: round(number, 2)))


@given(st.lists(st.one_of(NUMBERS, st.integers().map(float)), min_size=1))
def test_a_column_of_numbers_is_written_as_each_of_them_alone(numbers: list[float]) -> None:
    finite = [number for number in numbers if math.isfinite(number)]
    assert plain_all(finite) == [plain(number) for number in finite]


def test_a_column_of_many_kinds_is_written_as_each_alone() -> None:
    cells = ["甲", 1.5, 7, True, None, date(2026, 7, 1), 1e22, -0.0]
    assert plain_all(cells) == [plain(cell) for cell in cells]


def test_rows_are_told_as_wide_as_their_heads() -> None:
    rows = [(2, ["a", "b", "c"]), (3, ["d"]), (5, ["e", "f"])]
    assert list(columns_told(2, rows)) == [("a", "d", "e"), ("b", None, "f")]
