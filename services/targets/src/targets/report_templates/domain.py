"""The form a unit fills in for a period: what it asks, and by what it is known again."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from servicekit.problems import Conflict, Unprocessable

KIND = "progress-reports"
LAYOUT = "1"
"""Of the columns; a workbook of another layout is refused."""


class ForeignTemplate(Unprocessable):
    code = "foreign_template"
    zh = "该工作簿不是本系统的进度填报模板"
    en = "The workbook is no template for progress reports of this system"


class OutdatedTemplate(Conflict):
    code = "outdated_template"
    zh = "模板已过期：{unit} 在 {period} 的填报内容已变化，请重新下载"
    en = "The template is outdated: what {unit} reports for {period} has changed; fetch it again"


@dataclass(frozen=True, slots=True)
class Asked:
    """An indicator whose number is asked; `parts` where it is numerator and denominator. Of a grade
    `ladder` names the grades, the lowest first; `choices` are the only numbers there are, with
    their words, where not any number will do."""

    code: str
    name: str
    unit: str
    milestone: Decimal | None
    parts: bool
    ladder: tuple[str, ...]
    choices: Mapping[Decimal, str]


def marks(unit: str, period: str, asked: Sequence[Asked]) -> dict[str, str]:
    """By what a filled workbook is known: it holds as long as the same is asked."""
    content = "\n".join(
        f"{one.code}|{one.unit}|{one.milestone}|{one.parts}|{'/'.join(one.ladder)}" for one in asked
    )
    return {
        "kind": KIND,
        "layout": LAYOUT,
        "unit_code": unit,
        "period": period,
        "content": hashlib.sha256(content.encode()).hexdigest()[:16],
    }


def check_kind(found: Mapping[str, str]) -> None:
    """Raises `ForeignTemplate` for a workbook that was not made as this template."""
    if found.get("kind") != KIND or not {"layout", "unit_code", "period", "content"} <= {*found}:
        raise ForeignTemplate


def check_current(found: Mapping[str, str], wanted: Mapping[str, str]) -> None:
    """Raises `OutdatedTemplate` if something else is asked by now."""
    if dict(found) != dict(wanted):
        raise OutdatedTemplate(unit=found["unit_code"], period=found["period"])
