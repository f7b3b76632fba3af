"""Imports: a file of rows is a job, every wrong cell is named, all or what is right is kept."""

import csv
import io
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import asyncpg
import httpx
import openpyxl
import pytest
import pytest_asyncio
import xlsxwriter
from servicekit.http.exports.stamp import Stamp, write_stamp
from servicekit.jobs.runner import JobRunner
from servicekit.testing.databases import ServiceDatabase

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
Rows = list[list[Any]]
Send = Callable[..., Awaitable[httpx.Response]]
Done = Callable[..., Awaitable[dict[str, Any]]]
HEADS = ["标题", "单位代码", "序号"]


def workbook(rows: Rows, sheet: str = "便条") -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"strings_to_formulas": True}) as book:
        page = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return file.getvalue()


def stamped(rows: Rows) -> bytes:
    """A workbook that was handed out as a form."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        page = book.add_worksheet("便条")
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
        write_stamp(book, Stamp({"kind": "something-else"}, shown=[], asked=["序号"]))
    return file.getvalue()


def commas(rows: Rows, encoding: str = "utf-8") -> bytes:
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue().encode(encoding)


@pytest.fixture(scope="module")
def send(office: httpx.AsyncClient) -> Send:
    async def post(
        content: bytes, kind: str = XLSX, by: httpx.AsyncClient | None = None, **query: Any
    ) -> httpx.Response:
        headers = {"Idempotency-Key": query.pop("key", str(uuid.uuid4())), "Content-Type": kind}
        return await (by or office).post(
            "/api/v1/notes/import", content=content, headers=headers, params=query
        )

    return post


@pytest.fixture(scope="module")
def done(send: Send, jobs: JobRunner, office: httpx.AsyncClient) -> Done:
    """`await done(file, …)`: the job when it has ended."""

    async def run(content: bytes, kind: str = XLSX, **query: Any) -> Any:
        taken = await send(content, kind, **query)
        assert taken.status_code == 202, taken.text
        await jobs.drain()
        return (await office.get(taken.headers["location"])).json()

    return run


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sql(notes_database: ServiceDatabase) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(notes_database.superuser_url)
    yield connection
    await connection.close()


@pytest.fixture(scope="module")
def titles(sql: asyncpg.Connection) -> Callable[[str], Awaitable[list[str]]]:
    """The titles that begin so, as they are stored."""

    async def read(begin: str) -> list[str]:
        rows = await sql.fetch(
            "SELECT title FROM note WHERE title LIKE $1 ORDER BY id", f"{begin}%"
        )
        return [row["title"] for row in rows]

    return read


async def errors(office: httpx.AsyncClient, job: Any) -> list[tuple[Any, ...]]:
    found = (await office.get(f"/api/v1/jobs/{job['id']}/errors")).json()["items"]
    return [(one["cell"], one["field"], one["code"]) for one in found]


async def test_a_workbook_is_taken_as_a_job_and_stored(
    send: Send, jobs: JobRunner, office: httpx.AsyncClient, titles: Any
) -> None:
    rows = [HEADS, ["甲一", "st-bureau", 1], ["甲二", "st-bureau", None], ["甲三", "st-bureau", 3]]
    taken = await send(workbook(rows), filename="便条.xlsx")
    assert taken.status_code == 202, taken.text
    assert taken.headers["location"] == f"/api/v1/jobs/{taken.json()['id']}"
    assert (taken.json()["state"], taken.json()["input_name"]) == ("queued", "便条.xlsx")
    assert taken.json()["id"].startswith("scratch-")
    await jobs.drain()
    job = (await office.get(taken.headers["location"])).json()
    assert (job["state"], job["total"], job["done"], job["refused"]) == ("succeeded", 3, 3, 0)
    assert job["result_name"] is None
    assert await titles("甲") == ["甲一", "甲二", "甲三"]
    assert (await office.get(f"{taken.headers['location']}/result")).status_code == 404


@pytest.mark.parametrize(
    ("encoding", "begin"), [("utf-8", "乙"), ("utf-8-sig", "丙"), ("gb18030", "丁")]
)
async def test_a_csv_is_read_in_any_encoding_that_is_used_here(
    done: Done, titles: Any, encoding: str, begin: str
) -> None:
    rows = [["title", "unit", "rank"], [f"{begin}：科技局，一号便条", "st-bureau", "7"]]
    job = await done(commas(rows, encoding), CSV)
    assert job["state"] == "succeeded", job
    assert await titles(begin) == [f"{begin}：科技局，一号便条"]


async def test_every_wrong_cell_is_named_and_nothing_is_stored(
    done: Done, office: httpx.AsyncClient, titles: Any
) -> None:
    rows = [
        HEADS,
        ["戊一", "st-bureau", 1],
        ["戊二", "科技局", "许多"],
        ["戊一", "st-bureau", 2],
        [None, "st-bureau", 2.5],
    ]
    job = await done(workbook(rows), filename="清单.xlsx")
    assert (job["state"], job["failure"]["code"]) == ("failed", "import_refused")
    assert (job["total"], job["done"], job["refused"], job["errors"]) == (4, 4, 3, 5)
    assert await errors(office, job) == [
        ("B3", "unit", "string_pattern_mismatch"),
        ("C3", "rank", "int_parsing"),
        (None, None, "already_exists"),
        ("A5", "title", "missing"),
        ("C5", "rank", "int_parsing"),
    ]
    assert await titles("戊") == []
    result = await office.get(f"/api/v1/jobs/{job['id']}/result")
    assert "%E6%B8%85%E5%8D%95-%E9%94%99%E8%AF%AF.xlsx" in result.headers["content-disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(result.content)).active
    assert sheet is not None
    assert [sheet.cell(1, n).value for n in (1, 2, 3, 4)] == [*HEADS, "错误"]
    assert sheet["B3"].fill.fgColor.rgb == "FFFFC7CE"
    assert sheet["B3"].comment is not None
    assert sheet["D3"].value == "单位代码: 格式不符合要求; 序号: 应为整数"
    assert (sheet["C2"].value, sheet["D2"].value) == (1, "")
    again = await done(result.content)
    assert again["errors"] == 5, "what was given back can be sent again"
    result = await office.get(f"/api/v1/jobs/{again['id']}/result")
    heads = openpyxl.load_workbook(io.BytesIO(result.content)).worksheets[0][1]
    assert [head.value for head in heads] == [*HEADS, "错误"]


async def test_what_is_right_is_kept_when_parts_will_do(
    done: Done, office: httpx.AsyncClient, titles: Any, sql: asyncpg.Connection
) -> None:
    rows = [HEADS, *[[f"己{n:04}", "st-bureau" if n % 50 else "?", n] for n in range(1, 251)]]
    job = await done(commas(rows), CSV, mode="partial")
    assert (job["state"], job["done"], job["refused"], job["errors"]) == ("succeeded", 250, 5, 5)
    assert len(await titles("己")) == 245
    assert [cell for cell, _, _ in await errors(office, job)] == [
        f"B{n}" for n in (51, 101, 151, 201, 251)
    ]
    result = await office.get(f"/api/v1/jobs/{job['id']}/result")
    lines = list(csv.reader(io.StringIO(result.content.decode("utf-8-sig"))))
    assert len(lines) == 251
    assert [line[3] != "" for line in lines[1:]] == [n % 50 == 0 for n in range(1, 251)]
    audited = "SELECT count(*) FROM audit_entry WHERE action = $1 AND object_id = $2"
    assert await sql.fetchval(audited, "notes.import", job["id"]) == 1
    assert await sql.fetchval(audited, "jobs.succeeded", job["id"]) == 1


@pytest.mark.parametrize("mode", ["atomic", "partial"])
async def test_a_dry_run_tells_the_same_and_stores_nothing(
    done: Done, office: httpx.AsyncClient, titles: Any, mode: str
) -> None:
    rows = [HEADS, ["庚一", "st-bureau", 1], ["庚二", "?", 1]]
    job = await done(workbook(rows), mode=mode, dry_run="true")
    assert (job["state"], job["refused"]) == ("failed" if mode == "atomic" else "succeeded", 1)
    assert await errors(office, job) == [("B3", "unit", "string_pattern_mismatch")]
    job = await done(workbook(rows[:2]), mode=mode, dry_run="true")
    assert (job["state"], job["done"], job["errors"]) == ("succeeded", 1, 0)
    assert await titles("庚") == []


async def test_the_same_key_is_one_job(
    send: Send, jobs: JobRunner, titles: Any, sql: asyncpg.Connection
) -> None:
    file, key = workbook([HEADS, ["辛一", "st-bureau", 1]]), str(uuid.uuid4())
    first, again = await send(file, key=key), await send(file, key=key)
    assert (again.status_code, again.json()) == (202, first.json())
    assert again.headers["idempotency-replayed"] == "true"
    assert again.headers["location"] == first.headers["location"]
    await jobs.drain()
    assert await titles("辛") == ["辛一"]


async def test_a_row_out_of_the_callers_reach_is_refused_as_its_single_request_would_be(
    send: Send, jobs: JobRunner, notes_app: Any, api_client: Any
) -> None:
    reporter = await api_client(notes_app, "unit_reporter", "st-bureau", sub="reporter")
    rows = [HEADS, ["壬一", "st-bureau", 1], ["壬二", "other-bureau", 1]]
    taken = await send(workbook(rows), by=reporter)
    await jobs.drain()
    job = (await reporter.get(taken.headers["location"])).json()
    assert (job["state"], job["created_by"]) == ("failed", "reporter")
    assert await errors(reporter, job) == [(None, None, "forbidden")]


async def test_who_may_not_create_one_may_not_import(
    send: Send, notes_app: Any, api_client: Any
) -> None:
    leader = await api_client(notes_app, "leader", "city")
    assert (await send(workbook([HEADS]), by=leader)).status_code == 403


@pytest.mark.parametrize(
    ("rows", "code", "wrong"),
    [
        (
            [["标题", "title", "单位代码", "序号"], ["a", "b", "c", 1]],
            "heads_refused",
            "duplicate_head",
        ),
        ([["标题", "单位代码", "颜色"], ["a", "b", "c"]], "heads_refused", "unknown_head"),
        ([["标题", "序号"], ["a", 1]], "heads_refused", "missing_head"),
        ([HEADS], "empty_sheet", None),
        ([], "empty_sheet", None),
        ([[f"h{n}" for n in range(101)], ["x"]], "too_many_columns", None),
    ],
)
async def test_heads_that_do_not_fit_are_named(
    done: Done, office: httpx.AsyncClient, rows: Rows, code: str, wrong: str | None
) -> None:
    job = await done(workbook(rows))
    assert (job["state"], job["failure"]["code"]) == ("failed", code), job
    assert [one for _, _, one in await errors(office, job)] == ([wrong] if wrong else [])


async def test_a_formula_is_named_by_its_cell(done: Done, office: httpx.AsyncClient) -> None:
    job = await done(workbook([HEADS, ["癸一", "st-bureau", "=1+1"]]))
    assert await errors(office, job) == [("C2", "rank", "formula")]


async def test_what_a_merged_cell_covers_is_named_and_not_taken_for_empty(
    done: Done, office: httpx.AsyncClient, titles: Any
) -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        page = book.add_worksheet("便条")
        for number, row in enumerate(
            [HEADS, ["丑一", "st-bureau"], ["丑二"], ["丑三", "st-bureau"]]
        ):
            page.write_row(number + 1, 1, row)
        page.merge_range("D3:D4", 7)
        page.merge_range("C3:C4", "st-bureau")
        page.merge_range("F3:G9", "说明")
    job = await done(file.getvalue(), mode="partial")
    assert (job["state"], job["done"], job["refused"]) == ("succeeded", 3, 1), job
    assert await errors(office, job) == [
        ("C4", "unit", "merged_cell"), ("D4", "rank", "merged_cell"),
    ]  # fmt: skip
    assert await titles("丑") == ["丑一", "丑三"]


@pytest.mark.parametrize("kind", [XLSX, CSV])
async def test_rows_of_nothing_but_blanks_are_no_rows(done: Done, titles: Any, kind: str) -> None:
    begin = "寅" if kind == XLSX else "卯"
    rows = [[" "], HEADS, ["", " ", "\u3000"], [f"{begin}一", "st-bureau", 1], [" ", "", ""]]
    job = await done((workbook if kind == XLSX else commas)(rows), kind)
    assert (job["state"], job["done"], job["errors"]) == ("succeeded", 1, 0), job
    assert await titles(begin) == [f"{begin}一"]


async def test_numbers_and_blanks_in_cells_of_text_are_what_people_see(
    done: Done, titles: Any
) -> None:
    job = await done(workbook([["标题 *", "单位代码", "序 号"], [20260731, " st-bureau ", "12"]]))
    assert job["state"] == "succeeded", job
    assert await titles("20260731") == ["20260731"]


async def test_errors_come_as_a_file_too(done: Done, office: httpx.AsyncClient) -> None:
    job = await done(workbook([HEADS, ["子一", "?", "?"]]))
    answer = await office.get(f"/api/v1/jobs/{job['id']}/errors", headers={"Accept": "text/csv"})
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [line["cell"] for line in lines] == ["B2", "C2"]
    assert lines[0]["message_zh"] == "格式不符合要求"


@pytest.mark.parametrize("mode", ["atomic", "partial"])
async def test_a_file_of_another_form_altogether_is_not_looked_at_to_its_end(
    done: Done, office: httpx.AsyncClient, mode: str
) -> None:
    job = await done(commas([HEADS, *[["", "?", "?"]] * 5000]), CSV, mode=mode)
    assert (job["state"], job["failure"]["code"]) == ("failed", "too_many_errors")
    assert (job["errors"], job["total"]) == (10_000, 5000)
    assert job["done"] < 5000
    assert (await office.get(f"/api/v1/jobs/{job['id']}/result")).status_code == 200


async def test_a_form_for_something_else_is_refused(done: Done, titles: Any) -> None:
    job = await done(stamped([HEADS, ["外来", "st-bureau", 1]]))
    assert (job["state"], job["failure"]["code"]) == ("failed", "foreign_form")
    assert await titles("外来%") == []
