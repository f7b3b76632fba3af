"""The child process: `python -m servicekit.imports.child read <file> <media type>`.

It has limits of memory, time and files, no environment and so no secrets, and tells on its standard
output, a line of JSON each, the heads, then some rows at a time. What is wrong with the file is a
line, too.
"""

import resource
import sys
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
BLOCK = 64 * 1024
"""Bytes of rows that make a line; one row may be longer."""


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
            "stamp": sheet.stamp and sheet.stamp.lines(),
        }
    )
    block = Block()
    try:
        for number, raw in sheet.rows:
            row = [value if type(value) is str else reading.plain(value) for value in raw]
            text = orjson.dumps([number, row])
            if len(text) > LONGEST_CELL:
                check_cells(sheet, number, row)
            block.add(text)
    finally:
        block.tell()


def check_cells(sheet: reading.Sheet, number: int, row: list[Any]) -> None:
    """Raises `CellTooLong`."""
    for column, value in enumerate(row, start=sheet.first_column):
        if isinstance(value, str) and len(value) > LONGEST_CELL:
            raise CellTooLong(cell=cell_name(column, number), most=LONGEST_CELL)


class Block:
    """The rows of one line: a line for each row would cost the reader more than the row."""

    def __init__(self) -> None:
        self._rows: list[bytes] = []
        self._size = 0

    def add(self, row: bytes) -> None:
        self._rows.append(row)
        self._size += len(row)
        if self._size > BLOCK:
            self.tell()

    def tell(self) -> None:
        if self._rows:
            sys.stdout.buffer.write(b"[" + b",".join(self._rows) + b"]\n")
            self._rows.clear()
            self._size = 0


def tell(value: object) -> None:
    sys.stdout.buffer.write(orjson.dumps(value) + b"\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
