"""A list as comma-separated values (RFC 4180), written as the pages come."""

import csv
import io
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any

from servicekit.http.exports.columns import Column, heads, text_of
from servicekit.http.exports.neutral import neutral

MARK = "\ufeff"
"""Tells spreadsheet programs that the file is UTF-8; without it Chinese is garbled there."""


async def write_csv(
    pages: AsyncIterator[list[dict[str, Any]]], columns: Sequence[Column]
) -> AsyncIterator[bytes]:
    """Bytes of the file. The heads are the fields' own names: this is the form for programs."""
    yield (MARK + _lines([heads(columns, None)])).encode()
    async for rows in pages:
        yield _lines(
            [neutral(text_of(column.value(row))) for column in columns] for row in rows
        ).encode()


def table_of(rows: Iterable[Iterable[str]]) -> bytes:
    """A whole file of these texts, its heads among them."""
    return (MARK + _lines([neutral(text) for text in row] for row in rows)).encode()


def _lines(rows: Any) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue()
