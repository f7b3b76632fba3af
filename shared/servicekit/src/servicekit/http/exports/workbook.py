"""A list as a workbook: the form for people."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter

from servicekit.http.exports.columns import (
    Column,
    heads,
    is_day,
    is_exact,
    is_moment,
    is_number,
    text_of,
)

CHINA = ZoneInfo("Asia/Shanghai")
LONGEST_CELL = 32_767
"""Characters, the format's own limit."""
WIDTHS = {"number": 16, "day": 12, "moment": 20, "text": 24}


class Workbook:
    """Written row by row in constant memory; texts are never formulas."""

    def __init__(
        self, file: Path, columns: Sequence[Column], labels: Mapping[str, str] | None
    ) -> None:
        self._book = xlsxwriter.Workbook(
            str(file),
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self._sheet = self._book.add_worksheet()
        self._columns = columns
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._next = 1
        self._head(heads(columns, labels))

    def _head(self, titles: Sequence[str]) -> None:
        bold = self._book.add_format({"bold": True, "bottom": 1, "bg_color": "#E7EEF7"})
        for number, (column, title) in enumerate(zip(self._columns, titles, strict=True)):
            self._sheet.set_column(number, number, max(WIDTHS[_kind(column)], len(title) * 2))
            self._sheet.write_string(0, number, title, bold)
        self._sheet.freeze_panes(1, 0)

    def add(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Append these rows."""
        for row in rows:
            for number, column in enumerate(self._columns):
                value = column.value(row)
                if value is not None:
                    self._write(self._next, number, column, value)
            self._next += 1

    def _write(self, row: int, number: int, column: Column, value: Any) -> None:
        if isinstance(value, bool):
            self._sheet.write_boolean(row, number, value)
        elif is_number(column) and is_exact(text_of(value)):
            self._sheet.write_number(row, number, float(value))
        elif is_day(column):
            self._sheet.write_datetime(row, number, datetime.fromisoformat(value), self._day)
        elif is_moment(column):
            moment = datetime.fromisoformat(value).astimezone(CHINA).replace(tzinfo=None)
            self._sheet.write_datetime(row, number, moment, self._moment)
        else:
            self._sheet.write_string(row, number, text_of(value)[:LONGEST_CELL])

    def close(self) -> None:
        """Finish the file."""
        self._sheet.autofilter(0, 0, max(self._next - 1, 1), len(self._columns) - 1)
        self._book.close()


def _kind(column: Column) -> str:
    if is_number(column):
        return "number"
    return "day" if is_day(column) else "moment" if is_moment(column) else "text"
