"""A form is a workbook whose given cells are locked and whose asked cells are restricted."""

import time
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from servicekit.http.exports.form import Form, FormCell, FormColumn, write_form
from servicekit.http.exports.stamp import SHEET, Stamp

FORM = Form(
    title="进度填报",
    note="填写白色单元格",
    wrong_number="请填写数字",
    wrong_choice="请从列表中选择",
    columns=[
        FormColumn("指标代码", 20),
        FormColumn("年度目标", 12, shown=True, numeric=True),
        FormColumn("数值", 12, asked=True, numeric=True),
        FormColumn("说明", 40, asked=True),
    ],
    rows=[
        [FormCell("=cmd|' /C calc'!A0"), FormCell("33.5"), FormCell(), FormCell()],
        [FormCell("park-grade"), FormCell(), FormCell(choices=("1", "2")), FormCell()],
        [FormCell("share"), FormCell("1" * 16), FormCell(closed=True), FormCell()],
    ],
    marks={"kind": "progress-reports", "period": "2026-07-H1"},
)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> openpyxl.Workbook:
    file = Path(tmp_path_factory.mktemp("form")) / "form.xlsx"
    write_form(file, FORM)
    return openpyxl.load_workbook(file)


@pytest.fixture
def sheet(book: openpyxl.Workbook) -> Worksheet:
    return book[FORM.title]


def test_the_same_form_is_the_same_file_a_second_later(tmp_path: Path) -> None:
    files = tmp_path / "now.xlsx", tmp_path / "later.xlsx"
    write_form(files[0], FORM)
    time.sleep(1.01)
    write_form(files[1], FORM)
    assert files[0].read_bytes() == files[1].read_bytes()


def test_only_the_asked_cells_are_open(sheet: Worksheet) -> None:
    assert sheet.protection.sheet
    given = {cell.coordinate for row in sheet for cell in row if cell.protection.locked}
    assert {"A1", "D1", "A2", "B2", "A4", "B4", "C4"} <= given
    assert given.isdisjoint({"C2", "D2", "C3", "D3", "D4"})


def test_given_texts_are_texts_and_exact_numbers_are_numbers(sheet: Worksheet) -> None:
    assert (sheet["A2"].data_type, sheet["A2"].value) == ("s", "=cmd|' /C calc'!A0")
    assert sheet["B2"].value == 33.5
    assert sheet["B4"].value == "1" * 16, "more digits than a spreadsheet's number holds"


def test_an_asked_cell_takes_numbers_or_one_of_its_choices(sheet: Worksheet) -> None:
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    assert rules["C2"].type == "decimal"
    assert rules["C2"].error == "请填写数字"
    assert (rules["C3"].type, rules["C3"].formula1) == ("list", '"1,2"')
    assert rules["D2"].prompt == "填写白色单元格"
    assert "C4" not in rules


def test_the_stamp_stands_on_a_sheet_nobody_is_offered(book: openpyxl.Workbook) -> None:
    sheet = book[SHEET]
    assert sheet.sheet_state == "veryHidden"
    lines = [[cell.value for cell in row] for row in sheet]
    stamp = Stamp.of(lines)
    assert stamp is not None
    assert stamp == FORM.stamp
    assert (stamp.marks, stamp.shown, stamp.asked) == (FORM.marks, ["年度目标"], ["数值", "说明"])


@pytest.mark.parametrize("lines", [[], [["shown", "[]"]], [["shown", "{"], ["asked", "[]"]], [[1]]])
def test_another_sheet_of_its_name_is_no_stamp(lines: list[list[str]]) -> None:
    assert Stamp.of(lines) is None
