"""What a form carries on a sheet nobody is offered, by which it is known again when it comes back
filled in. The process that reads foreign files knows this file, and little else."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

SHEET = "_kechuang"
MOST_LINES = 50


@dataclass(frozen=True, slots=True)
class Stamp:
    """`marks` are the form's own. `shown` are the heads of columns that only tell, `asked` of those
    that are to be filled in: a row where they all are empty says nothing."""

    marks: Mapping[str, str]
    shown: Sequence[str]
    asked: Sequence[str]

    @classmethod
    def of(cls, lines: Sequence[Sequence[Any]]) -> Self | None:
        """The stamp as it was written; none if it is no such sheet."""
        found = {str(line[0]): str(line[1]) for line in lines[:MOST_LINES] if len(line) > 1}
        try:
            shown, asked = json.loads(found.pop("shown")), json.loads(found.pop("asked"))
        except (KeyError, ValueError):
            return None
        return cls(found, [*map(str, shown)], [*map(str, asked)])

    def lines(self) -> list[tuple[str, str]]:
        """As it is written: a name and a text each."""
        lists = {"shown": self.shown, "asked": self.asked}
        told = {name: json.dumps([*heads], ensure_ascii=False) for name, heads in lists.items()}
        return [*self.marks.items(), *told.items()]


def write_stamp(book: Any, stamp: Stamp) -> None:
    """Add its sheet to a workbook that is being written."""
    sheet = book.add_worksheet(SHEET)
    for row, line in enumerate(stamp.lines()):
        for column, text in enumerate(line):
            sheet.write_string(row, column, text)
    sheet.protect()
    sheet.very_hidden()
