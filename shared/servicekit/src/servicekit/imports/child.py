"""The child process: `python -m servicekit.imports.child read <file> <media type>`.

It has limits of memory, time and files, no environment and so no secrets, and tells on its standard
output, a line of JSON each, the heads, then some rows at a time. What is wrong with the file is a
line, too.
"""

import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from servicekit.imports import annotate, reading
from servicekit.imports.places import cell_name
from servicekit.imports.problems import LONGEST_CELL, CellTooLong, FileRefused

MEMORY = 256 * 1024 * 1024
SECONDS = 60
"""Of processor time; an honest file of the greatest size takes about ten."""
LARGEST_FILE = 64 * 1024 * 1024
BLOCK = 250
"""Rows that make a line: a line for each would cost the reader more than the row."""


def main(verb: str, *arguments: str) -> None:
    limit()
    try:
        if verb == "read":
            read(Path(arguments[0]), arguments[1])
        else:
            annotate.annotate(*arguments)
    except FileRefused as problem:
        tell({"problem": problem.code, "params": problem.params})
    except MemoryError:
        tell({"problem": "file_too_demanding", "params": {}})


def limit() -> None:
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, LARGEST_FILE),
        (resource.RLIMIT_NOFILE, 32),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def read(path: Path, media_type: str) -> None:
    sheet = reading.open_sheet(path, media_type)
    tell(
        {
            "sheet": sheet.name,
            "first_column": sheet.first_column,
            "head_row": sheet.head_row,
            "heads": [reading.plain(head) for head in sheet.heads],
            "total": sheet.total,
            "formulas": sheet.formulas,
            "merged": sheet.merged,
            "stamp": sheet.stamp and sheet.stamp.lines(),
        }
    )
    width, block = len(sheet.heads), list[tuple[int, list[Any]]]()
    try:
        for row in sheet.rows:
            block.append(row)
            if len(block) == BLOCK:
                tell_rows(sheet, width, block)
                block.clear()
    finally:
        tell_rows(sheet, width, block)


def tell_rows(sheet: reading.Sheet, width: int, rows: list[tuple[int, list[Any]]]) -> None:
    """The numbers of some rows and their cells, by the columns that have heads: the reader has a
    list for each column and not for each row.

    Raises:
        CellTooLong: these rows are not told.
    """
    numbers = [number for number, _ in rows]
    columns = [reading.plain_all(cells) for cells in columns_of(width, rows)]
    text = orjson.dumps([numbers, columns])
    if len(text) > LONGEST_CELL:
        check_cells(sheet, numbers, columns)
    if rows:
        sys.stdout.buffer.write(text + b"\n")


def columns_of(width: int, rows: list[tuple[int, list[Any]]]) -> Iterator[tuple[Any, ...]]:
    """Rows of a table may be shorter or longer than its heads."""
    cells = [row for _, row in rows]
    if any(len(row) != width for row in cells):
        cells = [[*row[:width], *[None] * (width - len(row))] for row in cells]
    return zip(*cells, strict=True)


def check_cells(sheet: reading.Sheet, numbers: list[int], columns: list[list[Any]]) -> None:
    """Raises `CellTooLong`."""
    for column, cells in enumerate(columns, start=sheet.first_column):
        for number, value in zip(numbers, cells, strict=True):
            if isinstance(value, str) and len(value) > LONGEST_CELL:
                raise CellTooLong(cell=cell_name(column, number), most=LONGEST_CELL)


def tell(value: object) -> None:
    sys.stdout.buffer.write(orjson.dumps(value) + b"\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
