"""How the demo speaks: short lines in both languages, and the board as a table."""

import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

MARKS = {"green": "●", "amber": "◐", "red": "○", "unknown": "·"}
COLOURS = {"green": "绿 green", "amber": "黄 amber", "red": "红 red", "unknown": "未知 unknown"}


def say(line: str = "") -> None:
    """One line, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def shown(value: Any) -> str:
    """A quantity with at most two places, or a dash."""
    if value is None:
        return "–"
    text = format(Decimal(value).quantize(Decimal("0.01"), ROUND_HALF_UP), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def width(text: str) -> int:
    """Columns on a terminal, where a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def padded(text: str, columns: int) -> str:
    return text + " " * (columns - width(text))


def table(rows: Sequence[Sequence[str]]) -> Iterable[str]:
    """The rows in columns, each as wide as its widest cell."""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(map(padded, row, widths)).rstrip()


def board_lines(rows: Sequence[Mapping[str, Any]], summary: Mapping[str, int]) -> Iterable[str]:
    """The status board: every indicator with a number, and the counts over all."""
    head = ("", "状态 status", "指标 indicator", "实际", "应达", "单位", "报告期")
    lines = [
        (
            MARKS[row["status"]],
            COLOURS[row["status"]],
            f"{row['name_zh']} {row['name_en']}",
            shown(row["actual"]),
            shown(row["expected"]),
            row["unit"],
            row["period"],
        )
        for row in rows
        if row["period"] is not None
    ]
    yield from table([head, *lines])
    counts = "  ".join(f"{MARKS[name]} {COLOURS[name]} {summary[name]}" for name in MARKS)
    yield f"{counts}   未结督办 open items {summary['open_items']}"
