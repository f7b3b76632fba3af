"""Operating returns brought as a file: by the code clerks know, many at once, by the same rules."""

import io
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from parks.returns import service
from parks.returns.domain import PLAIN
from parks.returns.routes import create_operating_return, return_import
from parks.returns.schemas import OperatingReturnCreate, OperatingReturnRead
from servicekit.audit import digest
from servicekit.auth.principal import Principal, Role
from servicekit.db import Database
from servicekit.imports.plain import written
from servicekit.imports.writing import single, together
from servicekit.jobs.runner import JobRunner
from servicekit.testing.twins import outcome
from servicekit.types import plain

Caller = Any
Make = Callable[..., Awaitable[dict[str, Any]]]
HEADS = ["统一社会信用代码", "报告期", "销售收入（万元）", "高新技术产业增加值（万元）",
         "高新技术产品产值（万元）", "自主知识产权产品产值（万元）", "科技投入（万元）",
         "利税（万元）", "从业人员（人）"]  # fmt: skip
GOOD = ["1000", "120", "400", "100", "40", "-90", "120"]
ONE_BY_ONE = single(create_operating_return, OperatingReturnRead)
MANY = together(service.create_returns, ONE_BY_ONE)
OFFICE = Principal("office", "office", frozenset({Role.OFFICE}), "programme-office")
PARK = Principal("park", "park", frozenset({Role.PARK_ADMIN}), "gangqu-admin")
FIRM = Principal("firm", "firm", frozenset({Role.ENTERPRISE}), "maizier-sugar")
STORED = (
    """SELECT enterprise_id, period, state, sales_revenue, high_tech_value_added, high_tech_output,
     own_ip_output, rd_spend, profit_and_tax, employees, park_code, enterprise_class, filed_by,
     decided_by, return_reason, submitted_at, decided_at, version
     FROM operating_return ORDER BY enterprise_id, period""",
    """SELECT a.actor, a.client_id, a.unit, a.roles, a.action, a.object_type, a.outcome,
     a.before_digest, a.detail, a.request_id, a.correlation_id, r.enterprise_id, r.period
     FROM audit_entry AS a JOIN operating_return AS r ON r.id::text = a.object_id
     WHERE a.request_id = 'twins' ORDER BY r.enterprise_id, r.period""",
)
MONTHS = [f"2021-{month:02}" for month in range(1, 13)]
AMOUNTS = st.decimals(-2, 3, places=2, allow_nan=False).map(plain)
ROW = st.fixed_dictionaries(
    {
        "who": st.sampled_from(["own", "own", "park", "foreign", "nobody", "wrong", "unnamed"]),
        "by": st.sampled_from(["enterprise_id", "uscc", "both", "mixed"]),
        "period": st.sampled_from(["2025-01", "2025-02", "2025-03", "2099-01"]),
        "amounts": st.lists(AMOUNTS, min_size=6, max_size=6),
    }
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def firms(
    register: Make, draw_up: Make, fresh_uscc: Callable[[], str]
) -> dict[str, dict[str, Any]]:
    """Enterprises by what they are to the callers; one has a return already."""
    own = await register()
    await draw_up(own["id"], "2025-02")
    park = await register(unit_code="dayou-plastics")
    foreign = await register(unit_code=None, park_code=None)
    nobody = {"id": str(uuid4()), "uscc": fresh_uscc()}
    return {"own": own, "park": park, "foreign": foreign, "nobody": nobody,
            "wrong": {"id": str(uuid4()), "uscc": "91410184MA44XQ1R02"}}  # fmt: skip


def body(firms: dict[str, dict[str, Any]], row: dict[str, Any]) -> OperatingReturnCreate:
    """The body of a drawn row; the numbers are as they fall."""
    names = service.domain.MEASURES
    measures: dict[str, Any] = dict(zip(names, row["amounts"], strict=False)) | {"employees": 1}
    made: dict[str, Any] = {"period": row["period"], "measures": measures}
    if firm := firms.get(row["who"]):
        if row["by"] != "uscc":
            made["enterprise_id"] = firm["id"]
        if row["by"] != "enterprise_id":
            other = firms["park"] if row["by"] == "mixed" else firm
            made["uscc"] = other["uscc"].lower()
    return OperatingReturnCreate.model_validate(made)


def without_ids(refused: Any) -> Any:
    """The one text that holds an id: that of the return which is there."""
    return {
        n: one[:2] if one[1] == "operating_return_exists" else one for n, one in refused.items()
    }


@pytest.mark.parametrize("who", [OFFICE, PARK, FIRM], ids=["office", "park", "firm"])
@settings(max_examples=12, deadline=None)
@given(rows=st.lists(ROW, max_size=24))
async def test_many_returns_come_to_what_each_alone_comes_to(
    kept: Database, firms: dict[str, Any], who: Principal, rows: list[dict[str, Any]]
) -> None:
    bodies = [body(firms, row) for row in rows]
    expected = await outcome(kept, who, ONE_BY_ONE, bodies, STORED)
    seen = await outcome(kept, who, MANY, bodies, STORED)
    assert without_ids(seen.refused) == without_ids(expected.refused)
    assert seen.stored == expected.stored


PLAIN_ROW = st.fixed_dictionaries(
    {
        "who": st.sampled_from(["own"] * 6 + ["park", "foreign", "nobody", "wrong"]),
        "period": st.sampled_from(["2021", "2021-Q1", "2021-Q2", *MONTHS, "2025-02", "2099-01"]),
        "amounts": st.lists(
            st.one_of(
                st.decimals(0, 10**11 - 1, places=4, allow_nan=False).map(plain),
                st.sampled_from(["0", "0.0", "7.50", "99999999999.9999"]),
            ),
            min_size=6,
            max_size=6,
        ),
        "ordered": st.sampled_from([True] * 9 + [False]),
        "employees": st.integers(0, 9_999_999).map(str),
    }
)


def cells(firms: dict[str, dict[str, Any]], row: dict[str, Any]) -> list[str]:
    """A drawn row as a clerk writes it; in most the parts are no more than their whole."""
    names = ["sales_revenue", "high_tech_output", "own_ip_output", "high_tech_value_added"]
    amounts = row["amounts"]
    if row["ordered"]:
        amounts = sorted(amounts, key=Decimal, reverse=True)
    told = dict(zip([*names, "rd_spend", "profit_and_tax"], amounts, strict=True))
    told |= {"profit_and_tax": "-" + told["profit_and_tax"], "employees": row["employees"]}
    measures = [told[name] for name in service.domain.MEASURES]
    return [firms[row["who"]]["uscc"], row["period"], *measures]


def as_body(row: Sequence[str]) -> OperatingReturnCreate:
    uscc, period, *amounts = row
    measures = dict(zip(service.domain.MEASURES, amounts, strict=True))
    made = {"uscc": uscc, "period": period, "measures": measures}
    return OperatingReturnCreate.model_validate(made)


@pytest.mark.parametrize("who", [OFFICE, PARK, FIRM], ids=["office", "park", "firm"])
@settings(max_examples=25, deadline=None)
@given(rows=st.lists(PLAIN_ROW, min_size=1, max_size=12, unique_by=lambda row: row["period"]))
async def test_plain_rows_are_stored_by_columns_exactly_if_each_alone_is_right(
    kept: Database, firms: dict[str, Any], who: Principal, rows: list[dict[str, Any]]
) -> None:
    table = [cells(firms, row) for row in rows]
    answers: list[bool] = []

    async def write(session: Any, principal: Principal, table: Sequence[Any]) -> dict[int, Any]:
        columns = dict(zip(PLAIN, zip(*table, strict=True), strict=True))
        assert all(written(PLAIN[name], column) for name, column in columns.items())
        answers.append(await service.create_plain_returns(session, principal, columns))
        return {}

    expected = await outcome(kept, who, ONE_BY_ONE, [as_body(row) for row in table], STORED)
    seen = await outcome(kept, who, write, table, STORED)
    before = await outcome(kept, who, MANY, [], STORED) if expected.refused else expected
    assert answers[0] is not bool(expected.refused)
    assert seen.stored == before.stored


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("uscc", ["91410184ma44xq1r01", "９1410184MA44XQ1R01", " 91410184MA44XQ1R01", ""]),
        ("period", ["1999", "2026-13", "2026-Q5", "2026-07 ", "2026-7"]),
        (
            "measures.rd_spend",
            ["-1", "1,000", "1e3", "007", "+1", "1.", ".5", "1.23456", "１", "1\n"],
        ),
        ("measures.rd_spend", ["100000000000", True, None]),
        ("measures.profit_and_tax", ["--1", "- 1", "-007"]),
        ("measures.employees", ["1.0", "-1", "10000000", "1_0", "01"]),
    ],
)
def test_what_is_not_plain_is_left_to_the_rules(name: str, texts: list[Any]) -> None:
    assert [text for text in texts if written(PLAIN[name], [text])] == []


@pytest.fixture
async def jobs(kept: Database) -> JobRunner:
    return JobRunner(kept, [return_import])


@pytest.fixture
async def done(office: Caller, jobs: JobRunner) -> Callable[..., Awaitable[Any]]:
    """`await done(rows, mode=…)`: the job of this table, ended, with its errors."""

    async def run(rows: Sequence[Sequence[str]], **query: str) -> Any:
        content = "\r\n".join(map(",".join, [HEADS, *rows])).encode("gb18030")
        headers = {"Idempotency-Key": str(uuid4()), "Content-Type": "text/csv"}
        taken = await office.client.post(
            "/api/v1/operating-returns/import", content=content, headers=headers, params=query
        )
        assert taken.status_code == 202, taken.text
        await jobs.drain()
        path = taken.headers["location"].removeprefix("/api/v1")
        job = (await office.get(path)).json()
        errors = (await office.get(f"{path}/errors")).json()["items"]
        return job, [(one["cell"], one["code"]) for one in errors]

    return run


async def test_every_wrong_cell_of_a_file_by_codes_is_named(
    done: Any, firms: dict[str, Any], rows: Any
) -> None:
    own = firms["own"]["uscc"]
    job, errors = await done(
        [
            [own, "2024-01", *GOOD],
            [firms["nobody"]["uscc"], "2024-01", *GOOD],
            ["91410184MA44XQ1R02", "2024-01", *GOOD],
            ["", "2024-01", *GOOD],
            [own, "2024-13", *GOOD],
            [own, "2024-02", "一千", "500", *GOOD[2:]],
            [own, "2024-03", "1000", "500", "400", "-1", *GOOD[4:]],
            [own, "2024-01", *GOOD],
            [own, "2025-02", *GOOD],
        ],
        mode="atomic",
    )
    assert (job["state"], job["done"], job["refused"]) == ("failed", 9, 8)
    assert errors == [
        ("A3", "unknown_reference"),
        ("A4", "invalid_uscc"),
        ("A5", "enterprise_unnamed"),
        ("B6", "string_pattern_mismatch"),
        ("C7", "quantity_string"),
        ("F8", "negative"),
        ("D8", "exceeds_high_tech_output"),
        ("B9", "operating_return_exists"),
        ("B10", "operating_return_exists"),
    ]
    assert await rows("SELECT 1 FROM operating_return WHERE period LIKE '2024%'") == []


@pytest.mark.parametrize("plain", [True, False])
async def test_the_code_of_a_merged_enterprise_brings_returns_of_the_other(
    done: Any, office: Caller, register: Make, rows: Any, *, plain: bool
) -> None:
    gone, into = await register(), await register()
    merge = {"into_id": into["id"], "reason": "同一企业"}
    merged = await office.post(f"/enterprises/{gone['id']}/merge", merge, 1)
    assert merged.status_code == 200, merged.text
    twice = [] if plain else [[into["uscc"], "2018-01", *GOOD]]
    table = [[gone["uscc"], "2018-01", *GOOD], [into["uscc"], "2018-02", *GOOD], *twice]
    job, errors = await done(table, mode="partial")
    assert (job["done"], job["refused"]) == (len(table), len(twice))
    assert errors == [("B4", "operating_return_exists")] * len(twice)
    kept = await rows(
        "SELECT enterprise_id FROM operating_return WHERE period LIKE '2018-%'"
        " AND enterprise_id = ANY($1)", [gone["id"], into["id"]],
    )  # fmt: skip
    assert [row["enterprise_id"] for row in kept] == [UUID(into["id"])] * 2


async def test_fields_of_a_form_come_in_one_column(
    office: Caller, jobs: JobRunner, firms: dict[str, Any], rows: Any
) -> None:
    own = firms["own"]["uscc"]
    lines = [
        ",".join([*HEADS, "附加指标"]),
        ",".join([own, "2022-Q1", *GOOD, '"{""exports"": ""31.5""}"']),
        ",".join([own, "2022-Q2", *GOOD, "31.5"]),
        ",".join([own, "2022-Q3", *GOOD, ""]),
    ]
    headers = {"Idempotency-Key": str(uuid4()), "Content-Type": "text/csv"}
    taken = await office.client.post(
        "/api/v1/operating-returns/import?mode=partial",
        content="\r\n".join(lines).encode(),
        headers=headers,
    )
    await jobs.drain()
    path = taken.headers["location"].removeprefix("/api/v1")
    errors = (await office.get(f"{path}/errors")).json()["items"]
    assert [(one["cell"], one["code"]) for one in errors] == [("J3", "dict_type")]
    kept = await rows(
        "SELECT period, extra FROM operating_return WHERE period LIKE '2022-Q%' ORDER BY period"
    )
    assert [(row["period"], row["extra"]) for row in kept] == [
        ("2022-Q1", '{"exports": "31.5"}'),
        ("2022-Q3", None),
    ]


async def test_a_month_that_a_spreadsheet_made_a_day_of_is_the_month(
    office: Caller, jobs: JobRunner, firms: dict[str, Any], rows: Any
) -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        page, as_month = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm"})
        page.write_row(0, 0, HEADS)
        for row, day in enumerate((date(2019, 1, 1), date(2019, 2, 1), date(2019, 3, 31)), start=1):
            page.write_row(row, 0, [firms["own"]["uscc"], None, *map(float, GOOD)])
            page.write_datetime(row, 1, datetime.combine(day, time()), as_month)
    media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    taken = await office.client.post(
        "/api/v1/operating-returns/import?mode=partial",
        content=file.getvalue(),
        headers={"Idempotency-Key": str(uuid4()), "Content-Type": media},
    )
    await jobs.drain()
    path = taken.headers["location"].removeprefix("/api/v1")
    [error] = (await office.get(f"{path}/errors")).json()["items"]
    assert (error["cell"], error["code"]) == ("B4", "string_pattern_mismatch")
    assert error["message_zh"] == "应为报告期，例如 2026-07、2026-Q3、2026"
    kept = await rows("SELECT period FROM operating_return WHERE period LIKE '2019%' ORDER BY 1")
    assert [row["period"] for row in kept] == ["2019-01", "2019-02"]


@pytest.mark.parametrize(("year", "wrong"), [(2023, 1), (2020, 0)], ids=["bodies", "columns"])
async def test_what_is_right_is_stored_and_audited_as_single_requests_would_be(
    done: Any, firms: dict[str, Any], rows: Any, year: int, wrong: int
) -> None:
    own = firms["own"]
    right = [[own["uscc"], f"{year}-{month:02}", *GOOD] for month in range(1, 13)]
    unknown = [["?", f"{year}-01", *GOOD]] * wrong
    job, errors = await done([*right, *unknown], mode="partial")
    assert (job["state"], job["done"], job["refused"]) == ("succeeded", 12 + wrong, wrong)
    assert errors == [("A14", "invalid_uscc")] * wrong
    found = await rows(
        "SELECT r.*, a.after_digest FROM operating_return AS r JOIN audit_entry AS a"
        f" ON a.object_id = r.id::text WHERE r.period LIKE '{year}%'"
    )
    assert len(found) == 12
    for one in map(dict, found):
        told = one.pop("after_digest")
        row = one | {name: plain(one[name]) for name in one if isinstance(one[name], Decimal)}
        assert (row["enterprise_id"], row["state"]) == (UUID(own["id"]), "draft")
        assert told == digest(row)


async def test_a_recognition_is_brought_by_code_as_well(office: Caller, register: Make) -> None:
    made = await register()
    body = {"uscc": made["uscc"].lower(), "kind": "science_type", "number": f"KJ-{made['uscc']}",
            "authority": "河南省科学技术厅", "valid_from": "2026-01-01",
            "valid_to": "2028-12-31"}  # fmt: skip
    answer = await office.post("/recognitions", body)
    assert (answer.status_code, answer.json()["enterprise_id"]) == (201, made["id"]), answer.text
    unnamed = await office.post("/recognitions", body | {"uscc": None})
    assert (unnamed.status_code, unnamed.json()["code"]) == (422, "enterprise_unnamed")
    both = body | {"enterprise_id": (await register())["id"]}
    assert (await office.post("/recognitions", both)).json()["code"] == "enterprises_differ"
