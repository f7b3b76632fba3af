"""A list as a file holds what the list holds, and nothing a spreadsheet would run."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import openpyxl
import pytest
import pytest_asyncio
from pydantic import BaseModel
from servicekit.http.exports import export
from servicekit.http.exports.accept import CSV, XLSX, wanted_file
from servicekit.http.exports.columns import columns_of
from servicekit.http.exports.neutral import neutral
from servicekit.http.exports.workbook import Workbook
from servicekit.testing.server import served
from servicekit.types import Day, Moment, Money, Quantity
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

ROWS = 450
HOSTILE = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\tx", "\r=1"]


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def filled(notes_database: Any) -> AsyncIterator[None]:
    """More notes than two pages hold, hostile titles among them."""
    connection = await asyncpg.connect(notes_database.migrator_url)
    titles = [*HOSTILE, "中文，带“引号”\n与换行", *(f"note {n:04d}" for n in range(ROWS - 7))]
    await connection.executemany(
        """INSERT INTO note (id, title, unit, rank, state, version, updated_at)
        VALUES ($1, $2, $3, $4, 'draft', 1, now())""",
        [(uuid4(), title, "st-bureau", n) for n, title in enumerate(titles)],
    )
    yield
    await connection.execute("DELETE FROM note")
    await connection.close()


async def rows_of(client: httpx.AsyncClient, path: str) -> list[list[str]]:
    answer = await client.get(path, headers={"Accept": CSV})
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("path", ["/api/v1/notes", "/api/v1/hot-notes"])
async def test_every_row_is_there_once_in_the_order_asked_for(
    path: str, office: httpx.AsyncClient
) -> None:
    heads, *rows = await rows_of(office, f"{path}?sort=rank")
    ranks = [int(row[heads.index("rank")]) for row in rows]
    assert ranks == list(range(ROWS))


async def test_filters_are_the_list_s(office: httpx.AsyncClient) -> None:
    heads, *rows = await rows_of(office, "/api/v1/hot-notes?state=sent&limit=1")
    assert "title" in heads
    assert rows == []


async def test_only_what_the_caller_may_see(notes_app: Any, api_client: Any) -> None:
    stranger = await api_client(notes_app, "unit_reporter", "another-bureau")
    own = await api_client(notes_app, "unit_reporter", "st-bureau")
    leader = await api_client(notes_app, "leader")
    assert len(await rows_of(stranger, "/api/v1/notes")) == 1
    assert len(await rows_of(own, "/api/v1/notes")) == ROWS + 1
    refused = await leader.get("/api/v1/notes", headers={"Accept": CSV})
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")


async def test_no_cell_is_a_formula(office: httpx.AsyncClient) -> None:
    heads, *rows = await rows_of(office, "/api/v1/notes?sort=rank")
    titles = [row[heads.index("title")] for row in rows]
    assert titles[:6] == [f"'{title}" for title in HOSTILE]
    assert titles[6] == "中文，带“引号”\n与换行"


async def test_a_workbook_has_texts_where_formulas_were_tried(office: httpx.AsyncClient) -> None:
    answer = await office.get("/api/v1/notes?sort=rank", headers={"Accept": XLSX})
    assert answer.headers["content-type"] == XLSX
    heads, *rows = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0].iter_rows()
    names = [cell.value for cell in heads]
    assert "标识" in names
    title = names.index("title")
    assert [row[title].data_type for row in rows[:7]] == ["s"] * 7
    assert [row[title].value for row in rows[:4]] == HOSTILE[:4]
    assert len(rows) == ROWS


async def test_an_export_is_audited(office: httpx.AsyncClient, notes_database: Any) -> None:
    await rows_of(office, "/api/v1/hot-notes?state=draft")
    connection = await asyncpg.connect(notes_database.superuser_url)
    row = await connection.fetchrow(
        "SELECT * FROM audit_entry WHERE action = 'exports.create' ORDER BY occurred_at DESC"
    )
    await connection.close()
    assert row is not None
    assert (row["object_id"], row["outcome"]) == ("/api/v1/hot-notes", "ok")
    assert "state=draft" in row["detail"]


async def test_a_wrong_filter_is_refused_before_a_byte_leaves(office: httpx.AsyncClient) -> None:
    answer = await office.get("/api/v1/notes?sort=nothing", headers={"Accept": CSV})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def remote(notes_app: Any, office: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """The office over a socket, where an answer arrives as it is sent."""
    async with (
        served(notes_app, lifespan="off") as url,
        httpx.AsyncClient(base_url=url, headers=office.headers, trust_env=False) as client,
    ):
        yield client


async def test_rows_written_meanwhile_are_not_seen(notes_app: Any, notes_database: Any) -> None:
    """All pages are of one moment, whichever way the driver is asked, and nothing is written."""
    count = "SELECT count(*) FROM note WHERE rank >= 0"
    connection = await asyncpg.connect(notes_database.migrator_url)
    async with export.snapshot(notes_app.state.database) as session:
        before = (await session.fetch(count))[0][0]
        await connection.execute("UPDATE note SET rank = rank - 1000")
        by_driver = (await session.fetch(count))[0][0]
        by_mapper = await session.scalar(text(count))
        with pytest.raises(DBAPIError, match="read-only"):
            await session.execute(text("DELETE FROM note"))
    await connection.execute("UPDATE note SET rank = rank + 1000")
    await connection.close()
    assert (before, by_driver, by_mapper) == (ROWS, ROWS, ROWS)


async def test_callers_that_hang_up_leave_no_connection_behind(
    remote: httpx.AsyncClient, notes_app: Any
) -> None:
    for _ in range(20):
        async with remote.stream("GET", "/api/v1/notes", headers={"Accept": CSV}) as answer:
            async for _ in answer.aiter_raw():
                break
    async with asyncio.timeout(5):
        while notes_app.state.database.engine.pool.checkedout():  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    assert not notes_app.state.exports.locked()
    assert len(await rows_of(remote, "/api/v1/notes")) == ROWS + 1


async def test_a_workbook_that_would_be_too_long_is_refused(
    office: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "LONGEST_WORKBOOK", ROWS - 1)
    answer = await office.get("/api/v1/notes", headers={"Accept": XLSX, "Accept-Language": "en"})
    assert (answer.status_code, answer.json()["code"]) == (422, "export_too_large")
    assert "CSV" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", None),
        ("*/*", None),
        ("application/json", None),
        ("text/html, */*;q=0.8", None),
        ("text/csv", CSV),
        ("TEXT/CSV; charset=utf-8", CSV),
        ("text/csv, */*;q=0.1", CSV),
        ("application/json;q=0.2, text/csv;q=0.9", CSV),
        ("application/json, text/csv;q=0.9", None),
        (XLSX, XLSX),
        (f"text/csv;q=0.5, {XLSX}", XLSX),
        ("text/csv;q=0", None),
        ("text/csv;q=nonsense", None),
        (",;,;q=,", None),
    ],
)
def test_the_form_the_caller_prefers(accept: str, expected: str | None) -> None:
    assert wanted_file(accept) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("-12.50", "-12.50"),
        ("-", "'-"),
        ("+1", "'+1"),
        ("=A1", "'=A1"),
        ("@x", "'@x"),
        ("a=b", "a=b"),
    ],
)
def test_a_negative_number_is_no_formula(cell: str, expected: str) -> None:
    assert neutral(cell) == expected


class Inner(BaseModel):
    value: Quantity
    year: int


class Line(BaseModel):
    amount: Money
    due: Day | None
    at: Moment
    open: bool
    inner: Inner | None
    tags: list[str]
    parts: list[Inner]


@pytest.fixture
def sheet(tmp_path: Path) -> list[list[Any]]:
    book = Workbook(tmp_path / "a.xlsx", columns_of(Line), {"amount": "金额（元）"})
    line: dict[str, Any] = {
        "amount": "-1234567.89",
        "due": "2026-07-31",
        "at": "2026-07-31T16:30:00Z",
        "open": True,
        "inner": {"value": "36.1", "year": 2026},
        "tags": ["甲", "乙"],
        "parts": [{"value": "1", "year": 2026}],
    }
    longest = {**line, "amount": "9999999999999999.99", "due": None, "inner": None}
    book.add([line, longest])
    book.close()
    loaded = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    return [[cell.value for cell in row] for row in loaded.iter_rows()]


def test_a_cell_has_the_type_its_field_has(sheet: list[list[Any]]) -> None:
    heads, line, longest = sheet
    assert heads == [
        "金额（元）",
        "due",
        "at",
        "open",
        "inner.value",
        "inner.year",
        "tags",
        "parts",
    ]
    assert Decimal(str(line[0])) == Decimal("-1234567.89")
    assert str(line[1]) == "2026-07-31 00:00:00"
    assert str(line[2]) == "2026-08-01 00:30:00", "the time in China"
    assert line[3:7] == [True, 36.1, 2026, "甲; 乙"]
    assert line[7] == '[{"value":"1","year":2026}]'
    assert longest[0] == "9999999999999999.99", "no double holds it"
    assert longest[1] is None
    assert longest[4:6] == [None, None]
