"""A unit fetches its workbook, fills in the open cells and sends it back as its reports."""

import io
from typing import Any

import openpyxl
import pytest
import pytest_asyncio
from servicekit.jobs.runner import JobRunner
from targets.worker import JOBS

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PATH = "/api/v1/progress-reports"
REPORTER = "unit_reporter"
SHARE = {
    "kind": "ratio",
    "unit": "%",
    "time_aggregation": "ratio_of_sums",
    "unit_aggregation": "ratio_of_sums",
    "baseline": {"year": 2025, "value": "3"},
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def asked(world: Any) -> Any:
    """Two numbers of the bureau, one of a group it serves in, one of somebody else."""
    await world.indicator("t-trade")
    await world.indicator("t-share", **SHARE)
    await world.indicator("t-joint", lead_unit="finance-bureau", supporting_units=["st-bureau"])
    await world.indicator("t-other", lead_unit="finance-bureau")
    await world.indicator("t-monthly", frequency="month")
    for period in ("2027-Q1", "2027-Q2", "2027-Q3", "2027-Q4"):
        await world.put(f"reporting-periods/{period}", {})
    return world


async def template(
    world: Any, period: str, language: str = "zh", unit: str = "st-bureau", role: str = REPORTER
) -> Any:
    caller = await world.as_(role, "st-bureau")
    path = f"/api/v1/templates/progress-reports/{unit}/{period}"
    return await caller.get(path, headers={"Accept-Language": language})


def opened(content: bytes) -> tuple[openpyxl.Workbook, Any, dict[str, dict[str, Any]]]:
    """The workbook, its sheet, and the cells by indicator and head."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    heads = [str(cell.value) for cell in sheet[1]]
    lines: list[Any] = list(sheet.iter_rows(2))
    rows = {str(line[0].value): dict(zip(heads, line, strict=True)) for line in lines}
    return book, sheet, rows


def saved(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


async def send(world: Any, content: bytes, **query: str) -> Any:
    """The ended job."""
    reporter = await world.as_("unit_reporter", "st-bureau")
    headers = {**world.key(), "Content-Type": XLSX}
    taken = await reporter.post(f"{PATH}/import", content=content, headers=headers, params=query)
    assert taken.status_code == 202, taken.text
    await JobRunner(world.app.state.database, JOBS).drain()
    return (await reporter.get(taken.headers["Location"])).json()


async def reports(world: Any, period: str) -> dict[str, Any]:
    page = await world.get("progress-reports", period=period, unit_code="st-bureau", limit=200)
    return {row["indicator_code"]: row for row in page["items"]}


async def test_it_asks_for_what_the_unit_reports_then_and_for_nothing_else(asked: Any) -> None:
    answer = await template(asked, "2027-Q1")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == XLSX
    assert "st-bureau-2027-Q1.xlsx" in answer.headers["Content-Disposition"]
    _, sheet, rows = opened(answer.content)
    mine = {code for code in rows if code.startswith("t-")}
    assert mine == {"t-trade", "t-share", "t-joint"}
    assert sheet.protection.sheet
    trade, share = rows["t-trade"], rows["t-share"]
    assert (trade["指标名称"].value, trade["计量单位"].value) == ("名称 t-trade", "亿元")
    assert trade["年度目标"].value == 40
    assert not trade["数值"].protection.locked
    assert trade["分子"].protection.locked
    assert share["数值"].protection.locked
    assert not share["分子"].protection.locked


async def test_filled_in_it_becomes_drafts_and_rows_left_empty_do_not(asked: Any) -> None:
    book, _, rows = opened((await template(asked, "2027-Q1")).content)
    rows["t-trade"]["数值"].value = 8.5
    rows["t-trade"]["说明"].value = "新签约三家高校"
    rows["t-share"]["分子"].value, rows["t-share"]["分母"].value = 4, 100
    job = await send(asked, saved(book))
    assert (job["state"], job["done"], job["errors"]) == ("succeeded", 2, 0), job
    made = await reports(asked, "2027-Q1")
    assert set(made) == {"t-trade", "t-share"}
    assert (made["t-trade"]["value"], made["t-trade"]["state"]) == ("8.5", "draft")
    assert made["t-trade"]["explanation"] == "新签约三家高校"
    assert made["t-share"]["value"] == "4"


async def test_in_english_its_heads_are_the_fields(asked: Any) -> None:
    book, sheet, rows = opened((await template(asked, "2027-Q2", "en")).content)
    assert [cell.value for cell in sheet[1]][-4:] == [
        "value", "numerator", "denominator", "explanation",
    ]  # fmt: skip
    rows["t-trade"]["value"].value = 3
    assert (await send(asked, saved(book)))["state"] == "succeeded"


GRADE = {
    "kind": "grade",
    "unit": "级",
    "grade_ladder": ["municipal", "provincial", "national"],
    "time_aggregation": "max",
    "unit_aggregation": "max",
    "baseline": None,
    "milestones": [{"year": 2028, "value": "2"}],
}
BUILT = {
    "kind": "built",
    "unit": "个",
    "time_aggregation": "any",
    "unit_aggregation": "sum",
    "baseline": None,
    "milestones": [{"year": 2028, "value": "1"}],
}


@pytest.mark.parametrize(
    ("period", "language", "grade", "built", "heads"),
    [
        ("2028-Q1", "zh", "2 省级", "建成", ("计量单位", "年度目标", "数值")),
        ("2028-Q2", "en", "2 provincial grade", "built", ("unit", "milestone", "value")),
    ],
)
async def test_a_grade_is_chosen_by_name(
    asked: Any, period: str, language: str, grade: str, built: str, heads: tuple[str, str, str]
) -> None:
    await asked.indicator("t-grade", **GRADE)
    await asked.indicator("t-built", **BUILT)
    unit, milestone, value = heads
    book, sheet, rows = opened((await template(asked, period, language)).content)
    row = rows["t-grade"]
    assert str(row[unit].value).split(" < ")[1] == grade
    assert row[milestone].value == grade
    assert rows["t-built"][milestone].value == built
    lists = {str(each.sqref): each for each in sheet.data_validations.dataValidation}
    offered = lists[row[value].coordinate]
    assert (offered.type, grade in offered.formula1) == ("list", True)
    row[value].value, rows["t-built"][value].value = grade, built
    job = await send(asked, saved(book))
    assert (job["state"], job["done"]) == ("succeeded", 2), job
    made = await reports(asked, period)
    assert {code: made[code]["value"] for code in made} == {"t-grade": "2", "t-built": "1"}


async def test_a_plain_table_may_name_the_grade_as_well(asked: Any) -> None:
    await asked.indicator("t-grade", **GRADE)
    await asked.indicator("t-number")
    told = {
        "2028-Q3": "国家级",
        "2028-Q4": "Provincial",
        "2026-Q1": "municipal grade",
        "2026-Q2": "3",
        "2026-Q3": "大省级",
    }
    rows = [f"t-grade,st-bureau,{period},{word}" for period, word in told.items()]
    rows.append("t-number,st-bureau,2028-Q3,省级")
    table = "\n".join(["indicator_code,unit_code,period,value", *rows]).encode()
    reporter = await asked.as_("unit_reporter", "st-bureau")
    headers = {**asked.key(), "Content-Type": "text/csv"}
    query = {"mode": "partial", "filename": "t.csv"}
    taken = await reporter.post(f"{PATH}/import", content=table, headers=headers, params=query)
    await JobRunner(asked.app.state.database, JOBS).drain()
    errors = (await reporter.get(f"{taken.headers['Location']}/errors")).json()["items"]
    assert [one["cell"] for one in errors] == ["D6", "D7"]
    made = await asked.get("progress-reports", indicator_code="t-grade", limit=200)
    values = {row["period"]: row["value"] for row in made["items"] if row["period"] in told}
    assert values == {"2028-Q3": "3", "2028-Q4": "2", "2026-Q1": "1", "2026-Q2": "3"}


async def test_each_wrong_cell_is_named_and_the_mended_result_is_taken(asked: Any) -> None:
    book, _, rows = opened((await template(asked, "2027-Q3")).content)
    rows["t-trade"]["数值"].value = "约八亿"
    rows["t-joint"]["数值"].value = 2
    job = await send(asked, saved(book), mode="partial")
    assert (job["state"], job["refused"], job["done"]) == ("succeeded", 1, 2), job
    reporter = await asked.as_("unit_reporter", "st-bureau")
    path = f"/api/v1/jobs/{job['id']}"
    [error] = (await reporter.get(f"{path}/errors")).json()["items"]
    wrong = rows["t-trade"]["数值"].coordinate
    assert (error["sheet"], error["cell"]) == ("进度填报", wrong)
    book, sheet, _ = opened((await reporter.get(f"{path}/result")).content)
    sheet[wrong].value = 8
    for row in sheet.iter_rows(2):
        if row[0].value == "t-joint":
            row[6].value = None
    again = await send(asked, saved(book))
    assert (again["state"], again["done"]) == ("succeeded", 1), again
    assert set(await reports(asked, "2027-Q3")) == {"t-trade", "t-joint"}


async def test_a_template_of_something_else_or_of_before_is_refused(asked: Any) -> None:
    answer = await template(asked, "2027-Q4")
    book, _, rows = opened(answer.content)
    rows["t-trade"]["数值"].value = 1
    stamp = book["_kechuang"]
    kind: Any = next(row[1] for row in stamp.iter_rows() if row[0].value == "kind")
    kind.value = "operating-returns"
    foreign = await send(asked, saved(book))
    assert (foreign["state"], foreign["failure"]["code"]) == ("failed", "foreign_template")

    book, _, rows = opened(answer.content)
    rows["t-trade"]["数值"].value = 1
    await asked.indicator("t-new")
    outdated = await send(asked, saved(book))
    assert (outdated["state"], outdated["failure"]["code"]) == ("failed", "outdated_template")
    assert await reports(asked, "2027-Q4") == {}


async def test_it_is_for_those_who_report_and_for_open_periods(asked: Any) -> None:
    other = await template(asked, "2027-Q4", unit="finance-bureau")
    assert (other.status_code, other.json()["code"]) == (403, "forbidden")
    unknown = await template(asked, "2031-Q4")
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_period")
    leader = await template(asked, "2027-Q4", role="leader")
    assert leader.status_code == 403
