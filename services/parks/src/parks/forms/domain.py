"""What a form asks, of whom, and which version of which form asks it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from servicekit.periods import parse
from servicekit.problems import FieldError, Unprocessable

USUAL_WORKDAYS = {"month": 7, "quarter": 10, "year": 20}
"""Workdays after a period's end until its returns are due, unless the form says otherwise."""


class WrongFrequency(Unprocessable):
    code = "wrong_frequency"
    zh = "适用起始报告期 {period} 与报表频率“{frequency}”不符"
    en = "{period} is no period of the form's frequency, {frequency}"


class FieldsRepeated(Unprocessable):
    code = "fields_repeated"
    zh = "字段代码 {field} 重复，或与固定指标同名"
    en = "The field code {field} is there twice, or is that of one of the fixed measures"


class NotAsked(Unprocessable):
    code = "return_not_asked"
    zh = "没有要求该企业填报 {period} 的报表"
    en = "No form asks this enterprise for a return of {period}"


class Form(Protocol):
    """A version of a form; `Any`, because a mapped class declares `Mapped[str]`."""

    code: Any
    enterprise_classes: Any
    above_scale: Any
    active: Any
    fields: Any


@dataclass(frozen=True, slots=True)
class Filer:
    """What decides which form an enterprise files by: its class and scale on the period's end."""

    enterprise_class: str
    above_scale: bool


def check_form(
    frequency: str, applies_from: str, fields: Iterable[str], fixed: Collection[str]
) -> None:
    """A version begins with a period of its own frequency and names each field once.

    Raises:
        WrongFrequency, FieldsRepeated.
    """
    if parse(applies_from).kind != frequency:
        wrong = WrongFrequency(period=applies_from, frequency=frequency)
        raise wrong.at("/applies_from")
    seen = set(fixed)
    for number, code in enumerate(fields):
        if code in seen:
            raise FieldsRepeated(field=code).at(f"/fields/{number}/code")
        seen.add(code)


def is_asked(form: Form, filer: Filer) -> bool:
    """Whether the form asks this enterprise."""
    return (
        form.active
        and (not form.enterprise_classes or filer.enterprise_class in form.enterprise_classes)
        and form.above_scale in (None, filer.above_scale)
    )


F = TypeVar("F", bound=Form)


def choose(forms: Iterable[F], filer: Filer) -> F | None:
    """The form that asks this enterprise; one that is meant for fewer goes before one for all."""

    def place(form: F) -> tuple[bool, bool, str]:
        return (not form.enterprise_classes, form.above_scale is None, form.code)

    return min((one for one in forms if is_asked(one, filer)), key=place, default=None)


def wrong_fields(
    fields: Sequence[Mapping[str, Any]], given: Collection[str], enterprise_class: str
) -> list[FieldError]:
    """What is missing of what the form asks, and what is given that it does not ask."""
    known = {field["code"]: field for field in fields}
    missing = [
        FieldError(
            f"/extra_measures/{code}",
            "field_missing",
            f"缺少必填项“{field['name_zh']}”",
            f"{field['name_en']} is missing",
        )
        for code, field in known.items()
        if field["required"]
        and code not in given
        and (not field["enterprise_classes"] or enterprise_class in field["enterprise_classes"])
    ]
    unknown = [
        FieldError(
            f"/extra_measures/{code}", "field_not_asked", "报表没有此项", "The form does not ask it"
        )
        for code in sorted(set(given) - known.keys())
    ]
    return missing + unknown
