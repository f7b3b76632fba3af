"""The parent's side of the child process: a file's heads and rows as they come."""

import asyncio
import contextlib
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from servicekit.http.exports.stamp import Stamp
from servicekit.imports.places import cell_name
from servicekit.imports.problems import TooDemanding, by_code

PATIENCE = 120.0
"""Seconds until the next line; the child's own limit of processor time is reached before."""
LONGEST_LINE = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Table:
    """Some rows by their columns: the numbers of the rows, and of each head the cells."""

    numbers: list[int]
    columns: list[list[Any]]

    def __len__(self) -> int:
        return len(self.numbers)

    def rows(self) -> Iterator[tuple[int, tuple[Any, ...]]]:
        return zip(self.numbers, zip(*self.columns, strict=True), strict=True)

    def add(self, more: "Table") -> None:
        self.numbers.extend(more.numbers)
        for cells, new in zip(self.columns, more.columns, strict=True):
            cells.extend(new)

    def part(self, first: int, last: int | None = None) -> "Table":
        return Table(self.numbers[first:last], [cells[first:last] for cells in self.columns])

    def kept(self, places: Sequence[int]) -> "Table":
        """Only the rows at these places."""
        columns = [[cells[place] for place in places] for cells in self.columns]
        return Table([self.numbers[place] for place in places], columns)


@dataclass(frozen=True, slots=True)
class SheetRead:
    """The first line of the child."""

    name: str
    first_column: int
    head_row: int
    heads: list[str]
    total: int
    formulas: frozenset[str]
    stamp: Stamp | None
    blocks: AsyncIterator["Table"]
    """The rows, some at a time."""
    merged: frozenset[str] = frozenset()
    """The cells that a merged one covers."""

    def cell(self, column: int, row: int) -> str:
        """`C17`; `column` counts from the first head."""
        return cell_name(self.first_column + column, row)


@asynccontextmanager
async def opened(path: Path, media_type: str) -> AsyncIterator[SheetRead]:
    """The sheet of a file, read in a child process that is gone at the end.

    Raises:
        FileRefused: also while the rows are read.
    """
    async with child("read", str(path), media_type) as process:
        first = await line(process)
        assert isinstance(first, dict)
        yield SheetRead(
            name=first["sheet"],
            first_column=first["first_column"],
            head_row=first["head_row"],
            heads=[str(head if head is not None else "").strip() for head in first["heads"]],
            total=first["total"],
            formulas=frozenset(first["formulas"]),
            stamp=Stamp.of(first["stamp"]) if first["stamp"] else None,
            blocks=blocks_of(process),
            merged=frozenset(first["merged"]),
        )


async def blocks_of(process: Process) -> AsyncIterator[Table]:
    while (block := await line(process)) is not None:
        yield Table(*block)


async def annotated(
    source: Path, media_type: str, errors: Path, target: Path, language: str
) -> None:
    """Write the file with its errors. Raises `FileRefused`."""
    words = ("annotate", str(source), media_type, str(errors), str(target), language)
    async with child(*words) as process:
        await line(process)


@asynccontextmanager
async def child(*words: str) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "servicekit.imports.child", *words,
        stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL, env={}, limit=LONGEST_LINE,
    )  # fmt: skip
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def line(process: Process) -> Any:
    """The next line, none at the end.

    Raises:
        FileRefused: the child says what is wrong, or has died of its limits.
    """
    assert process.stdout is not None
    try:
        async with asyncio.timeout(PATIENCE):
            raw = await process.stdout.readline()
            if not raw:
                if await process.wait() != 0:
                    raise TooDemanding
                return None
    except (TimeoutError, ValueError):
        raise TooDemanding from None
    found = orjson.loads(raw)
    if isinstance(found, dict) and "problem" in found:
        raise by_code()[found["problem"]](**found["params"])
    return found
