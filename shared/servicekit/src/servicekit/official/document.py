"""What an official document says, and the measures of GB/T 9704-2012 it is laid out by."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

MARGINS_MM = {"top": 37.0, "bottom": 35.0, "left": 28.0, "right": 26.0}
"""Around the type area of 156 by 225 mm on A4 (5.2.1)."""
LINES, CHARACTERS = 22, 28
"""Lines of a page and characters of a line (5.2.3)."""
BODY_PT, TITLE_PT, SMALL_PT = 16.0, 22.0, 14.0
"""三号, 二号 and 四号 as word processors have them."""
RED = "FF0000"

_CONTROLS = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)
_UNBROKEN = re.compile(r"[!-~]{8}(?=[!-~])")


@dataclass(frozen=True, slots=True)
class Heading:
    """Level 1 is set in 黑体 (一、), level 2 in 楷体 (（一）)."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Set in 仿宋, its first line indented by two characters."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """`widths` are shares of the line, one a column."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]


Block = Heading | Paragraph | Table


@dataclass(frozen=True, slots=True)
class OfficialDocument:
    """A document with a red head. `note` stands over the head (送审稿, 已撤回); empty for none."""

    masthead: str
    number: str
    issuer: str
    issued_on: date
    title: str
    recipients: Sequence[str]
    blocks: Sequence[Block]
    copies: Sequence[str]
    note: str = ""


def printable(text: str) -> str:
    """Text as it can be printed: no control characters, and a run without a blank may be broken."""
    return _UNBROKEN.sub(lambda run: run.group() + "\u200b", _CONTROLS.sub("", text))


def chinese_date(day: date) -> str:
    """`2026年9月30日`: Arabic numerals without leading zeros (7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def recipients_line(document: OfficialDocument) -> str:
    return printable("，".join(document.recipients)) + "："


def copies_line(document: OfficialDocument) -> str:
    return f"抄送：{printable('，'.join(document.copies))}。"


def as_data(document: OfficialDocument) -> dict[str, Any]:
    """What the layout of the PDF takes; everything in it is text to be shown, nothing is code."""
    return {
        "note": printable(document.note),
        "masthead": printable(document.masthead),
        "number": printable(document.number),
        "issuer": printable(document.issuer),
        "date": chinese_date(document.issued_on),
        "title": printable(document.title),
        "recipients": recipients_line(document) if document.recipients else "",
        "copies": copies_line(document) if document.copies else "",
        "blocks": [_block(block) for block in document.blocks],
    }


def paragraphs_of(text: str) -> list[str]:
    """The lines of a text that are not blank, each a paragraph."""
    return [line for line in printable(text).splitlines() if line.strip()]


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Heading():
            return {"kind": "heading", "level": block.level, "text": printable(block.text)}
        case Paragraph():
            return {"kind": "paragraph", "lines": paragraphs_of(block.text)}
        case Table():
            return {
                "kind": "table",
                "head": [printable(cell) for cell in block.head],
                "rows": [[printable(cell) for cell in row] for row in block.rows],
                "widths": list(block.widths),
            }
