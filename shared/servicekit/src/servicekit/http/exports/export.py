"""Exporting a list: its own operation is run page by page, so that the file can hold nothing that
the list would not show, in its order and with its filters."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlencode

import orjson
from fastapi import Request, Response
from pydantic import BaseModel
from sqlalchemy import text
from starlette.responses import StreamingResponse

from servicekit import audit, context
from servicekit.db import Database, Session
from servicekit.http.exports.accept import CSV, SUFFIX, XLSX
from servicekit.http.exports.columns import Column, columns_of
from servicekit.http.exports.comma_separated import write_csv
from servicekit.http.exports.workbook import CHINA, Workbook
from servicekit.http.paging import MAX_LIMIT
from servicekit.problems import Unprocessable

Operation = Callable[[Request], Awaitable[Response]]
Rows = list[dict[str, Any]]

LONGEST_WORKBOOK = 100_000
"""Rows; a workbook is finished before its first byte can leave."""

PIECE = 64 * 1024
"""Bytes."""


class ExportTooLarge(Unprocessable):
    code = "export_too_large"
    zh = "超过 {rows} 行，不能导出为工作簿；请缩小筛选范围，或导出 CSV"
    en = "More than {rows} rows do not fit a workbook: narrow the filters, or ask for CSV"


async def export(
    request: Request, operation: Operation, row: type[BaseModel], media_type: str
) -> Response:
    """The list as a file. The export is audited before its first byte leaves.

    Raises:
        ExportTooLarge: for a workbook.
        Problem: whatever the list itself refuses.
    """
    database: Database = request.app.state.database
    async with database.session() as session:
        await _page(request, operation, session, limit=1)
        audit.record(
            session, "exports.create", "list", request.url.path, query=request.url.query[:500]
        )
    columns = columns_of(row)
    rows = pages(request, operation, context.current())
    headers = {"Content-Disposition": f'attachment; filename="{file_name(request, media_type)}"'}
    if media_type == CSV:
        return StreamingResponse(
            write_csv(rows, columns), media_type="text/csv; charset=utf-8", headers=headers
        )
    file = await write_workbook(request, rows, columns)
    headers["Content-Length"] = str(os.fstat(file.fileno()).st_size)
    return StreamingResponse(pieces_of(file), media_type=XLSX, headers=headers)


def file_name(request: Request, media_type: str) -> str:
    """`enterprises-20261125.csv`, by the day in China."""
    resource = request.url.path.rstrip("/").rpartition("/")[2]
    return f"{resource}-{datetime.now(CHINA):%Y%m%d}.{SUFFIX[media_type]}"


async def pages(
    request: Request, operation: Operation, here: context.Context
) -> AsyncIterator[Rows]:
    """Every page of the list, all as of one moment."""
    async with request.app.state.exports, snapshot(request.app.state.database) as session:
        cursor: str | None = None
        while True:
            with context.using(here):
                body = await _page(request, operation, session, limit=MAX_LIMIT, cursor=cursor)
            yield body["items"]
            cursor = body["next_cursor"]
            if cursor is None:
                return


@asynccontextmanager
async def snapshot(database: Database) -> AsyncIterator[Session]:
    """A session that only reads and sees nothing of what others write meanwhile."""
    session = database.new_session()
    try:
        await session.connection(
            execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        )
        # The driver is told of the transaction with its first statement only. A slow reader may
        # take its time between two pages.
        await session.execute(text("SET LOCAL idle_in_transaction_session_timeout = '5min'"))
        yield session
    finally:
        await session.close()


async def _page(
    request: Request,
    operation: Operation,
    session: Session,
    *,
    limit: int,
    cursor: str | None = None,
) -> dict[str, Any]:
    """The answer of the list's operation to the same query, for one page."""
    ours = ("limit", "cursor", "include_total")
    query = [pair for pair in request.query_params.multi_items() if pair[0] not in ours]
    query += [("limit", str(limit)), *([("cursor", cursor)] if cursor else [])]
    async with AsyncExitStack() as stack:
        stacks = dict.fromkeys(("fastapi_inner_astack", "fastapi_function_astack"), stack)
        scope = {**request.scope, **stacks, "query_string": urlencode(query).encode()}
        page = Request(scope, request.receive)
        page.state.session = session
        answer = await operation(page)
        return orjson.loads(answer.body)


async def write_workbook(
    request: Request, rows: AsyncIterator[Rows], columns: tuple[Column, ...]
) -> IO[bytes]:
    """A finished workbook in a file without a name, which is gone with its handle.

    Raises:
        ExportTooLarge: the list is longer than `LONGEST_WORKBOOK`.
    """
    with tempfile.NamedTemporaryFile(suffix=".xlsx", delete=False) as made:
        file = Path(made.name)
    labels = request.app.state.labels if context.current().language == "zh" else None
    try:
        book = Workbook(file, columns, labels)
        count = 0
        async for page in rows:
            count += len(page)
            if count > LONGEST_WORKBOOK:
                raise ExportTooLarge(rows=LONGEST_WORKBOOK)
            await asyncio.to_thread(book.add, page)
        await asyncio.to_thread(book.close)
        return await asyncio.to_thread(file.open, "rb")
    finally:
        await asyncio.to_thread(file.unlink, missing_ok=True)


async def pieces_of(file: IO[bytes]) -> AsyncIterator[bytes]:
    with file:
        while piece := await asyncio.to_thread(file.read, PIECE):
            yield piece
