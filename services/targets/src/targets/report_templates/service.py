"""Use cases of the report templates."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from servicekit import context
from servicekit.auth import directory
from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.http.exports.form import Form, FormCell, FormColumn
from servicekit.imports.rows import Translate
from targets.directory import repository as units
from targets.directory.service import require_units
from targets.indicators.models import Indicator
from targets.labels import LABELS
from targets.periods import service as periods
from targets.permissions import CREATE_REPORT
from targets.report_templates import domain, repository
from targets.report_templates.domain import Asked
from targets.status import domain as judgements
from targets.status import service as status

GIVEN = ("indicator_code", "indicator_name", "unit", "milestone", "unit_code", "period")
SHOWN = {"indicator_name": "指标名称", "unit": "计量单位", "milestone": "年度目标"}
"""What only helps to fill in the rest, with its Chinese head."""
ASKED = ("value", "numerator", "denominator", "explanation")
NUMERIC = ("milestone", "value", "numerator", "denominator")
WIDTHS = {"indicator_name": 36, "explanation": 48, "indicator_code": 28}

TEXTS = {
    "zh": {
        "title": "进度填报",
        "note": "填写白色单元格；数值为本期数，单位见“计量单位”。比率类指标填写分子和分母，"
        "等级类、建设类指标从列表中选择。",
        "wrong_number": "请填写数字，不要带单位或文字。",
        "wrong_choice": "请从列表中选择。",
    },
    "en": {
        "title": "Progress report",
        "note": "Fill in the white cells: the number of this period, in the unit shown. "
        "Of a ratio give numerator and denominator; choose a grade, or whether it is built.",
        "wrong_number": "A number, without unit or words.",
        "wrong_choice": "Choose one of the list.",
    },
}


async def make_template(
    session: Session, principal: Principal, unit_code: str, period: str
) -> Form:
    """The form for all numbers a unit reports for a period.

    Raises:
        Forbidden: the caller does not report for the unit.
        UnknownReference, UnknownPeriod, PeriodClosed.
    """
    await directory.require(session, principal, CREATE_REPORT, unit_code)
    await require_units(session, [unit_code])
    row = await periods.require_open(session, period, unit_code)
    asked = await ask(session, unit_code, row.kind, row.ends_on.year)
    language = context.current().language
    return Form(
        **TEXTS[language],
        columns=[column(name, language) for name in (*GIVEN, *ASKED)],
        rows=[cells(one, unit_code, period) for one in asked],
        marks=domain.marks(unit_code, period, asked),
    )


async def check_template(session: Session, principal: Principal, found: Mapping[str, str]) -> None:
    """A filled-in template counts as long as the same is asked of its unit.

    Raises:
        ForeignTemplate: it was made for something else.
        OutdatedTemplate: what the unit reports for the period has changed since.
        Forbidden, UnknownPeriod, PeriodClosed.
    """
    domain.check_kind(found)
    unit_code, period = found["unit_code"], found["period"]
    await directory.require(session, principal, CREATE_REPORT, unit_code)
    row = await periods.require_open(session, period, unit_code)
    asked = await ask(session, unit_code, row.kind, row.ends_on.year)
    domain.check_current(found, domain.marks(unit_code, period, asked))


async def ask(session: Session, unit_code: str, frequency: str, year: int) -> list[Asked]:
    """What the unit is asked for a period of this frequency and year."""
    answers_for = [unit_code, *await units.groups_of(session, unit_code)]
    found = await repository.reported_by(session, answers_for, frequency)
    return [asked_of(indicator, year) for indicator in found]


def asked_of(indicator: Indicator, year: int) -> Asked:
    """What is asked of one indicator."""
    language = context.current().language
    return Asked(
        code=indicator.code,
        name=indicator.name_zh if language == "zh" else indicator.name_en,
        unit=indicator.unit,
        milestone=indicator.targets.get(year),
        parts=indicator.has_parts,
        ladder=tuple(indicator.grade_ladder),
        choices=choices_of(indicator, language),
    )


def choices_of(indicator: Indicator, language: str) -> dict[Decimal, str]:
    """The only numbers a report of this indicator can have, in words: `2 省级`; empty for any."""
    plan = status.promised(indicator, (), None)
    words = judgements.zh if language == "zh" else judgements.en
    if indicator.kind == "built":
        return {Decimal(is_built): words(plan, Decimal(is_built)) for is_built in (1, 0)}
    places = map(Decimal, range(1, len(plan.ladder) + 1))
    return {place: f"{place} {words(plan, place)}" for place in places}


async def in_words(session: Session) -> Translate:
    """How an import reads what is chosen: a grade by its name, or its code, with its place on the
    ladder or without; whether something is built by yes or no in words."""
    known = {each.code: words_of(each) for each in await repository.told_in_words(session)}

    def translate(row: dict[str, Any]) -> dict[str, Any]:
        words = known.get(str(row.get("indicator_code")), {})
        value = words.get(str(row.get("value")).casefold())
        return row if value is None else {**row, "value": value}

    return translate


def words_of(indicator: Indicator) -> dict[str, str]:
    """Everything that may be written for a value of the indicator, and the value."""
    ladder = indicator.grade_ladder if indicator.kind == "grade" else []
    found = {code.casefold(): str(place) for place, code in enumerate(ladder, start=1)}
    for language in ("zh", "en"):
        for value, text in choices_of(indicator, language).items():
            found |= dict.fromkeys((text.casefold(), text.removeprefix(f"{value} ")), str(value))
    return found


def column(name: str, language: str) -> FormColumn:
    """A column of the form; its head is read again as the field of a report."""
    return FormColumn(
        head={**LABELS, **SHOWN}[name] if language == "zh" else name,
        width=WIDTHS.get(name, 16),
        asked=name in ASKED,
        shown=name in SHOWN,
        numeric=name in NUMERIC,
    )


def cells(asked: Asked, unit_code: str, period: str) -> list[FormCell]:
    """The cells of one indicator."""
    milestone = "" if asked.milestone is None else f"{asked.milestone.normalize():f}"
    if asked.milestone is not None:
        milestone = asked.choices.get(asked.milestone, milestone)
    unit = " < ".join(asked.choices.values()) if asked.ladder else asked.unit
    given = (asked.code, asked.name, unit, milestone, unit_code, period)
    return [
        *map(FormCell, given),
        FormCell(choices=tuple(asked.choices.values()), closed=asked.parts),
        *[FormCell(closed=not asked.parts)] * 2,
        FormCell(),
    ]
