"""Criteria of a grade, and what is left to do for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from servicekit.problems import Unprocessable

MEASURES = (
    "sales_revenue",
    "enterprises",
    "high_tech_enterprises",
    "above_scale_enterprises",
    "platforms",
)
"""What of a park can be counted: the sales its enterprises reported for the last twelve months
(in 万元), the enterprises that stand in it, and its platforms of one kind and level or above."""
MONEY = "万元"
_HUNDRED_MILLION = Decimal(10_000)
"""万元 in 亿元."""


class CriterionIncomplete(Unprocessable):
    code = "criterion_incomplete"
    zh = "平台类条件须给出平台类型，其他条件不得给出平台类型或级别"
    en = "A criterion of platforms names their kind; no other one names a kind or a level"


class UnitOfMeasure(Unprocessable):
    code = "criterion_unit"
    zh = "销售收入以“万元”计，其他条件以“个”或“家”计"
    en = "Sales are in 万元, everything else is counted in 个 or 家"


@dataclass(frozen=True, slots=True)
class Step:
    """One criterion with what there is of it. Amounts in `unit`."""

    code: str
    name_zh: str
    name_en: str
    unit: str
    required: Decimal
    actual: Decimal

    @property
    def gap(self) -> Decimal:
        """What is missing; nothing is never less than nothing."""
        return max(self.required - self.actual, Decimal(0))

    @property
    def is_met(self) -> bool:
        return self.gap == 0


def check_criterion(measure: str, platform_kind: str | None, level: str | None, unit: str) -> None:
    """A criterion says all that is needed to count it, and no more.

    Raises:
        CriterionIncomplete: a kind is missing, or said of what has none.
        UnitOfMeasure: it is counted in something else.
    """
    of_platforms = measure == "platforms"
    if of_platforms != (platform_kind is not None) or (level is not None and not of_platforms):
        raise CriterionIncomplete().at("/platform_kind")
    if (unit == MONEY) != (measure == "sales_revenue"):
        raise UnitOfMeasure().at("/unit")


def in_words(steps: Sequence[Step], language: str) -> str:
    """What is missing: `needs 1 provincial laboratory and 2.1亿元 sales`."""
    missing = [step for step in steps if not step.is_met]
    if not steps:
        return "尚未设定该级别的条件" if language == "zh" else "no criteria are set for this grade"
    if not missing:
        return "条件均已满足" if language == "zh" else "all criteria are met"
    if language == "zh":
        return "还需" + "、".join(f"{amount(step)}{step.name_zh}" for step in missing)
    phrases = [f"{amount(step, counted=False)} {step.name_en}" for step in missing]
    return "needs " + (" and ".join([", ".join(phrases[:-1]), phrases[-1]]).removeprefix(" and "))


def amount(step: Step, *, counted: bool = True) -> str:
    """A gap as people write it: large sums in 亿元, a count with its word in Chinese alone."""
    if step.unit == MONEY:
        large = step.gap >= _HUNDRED_MILLION
        number = step.gap / _HUNDRED_MILLION if large else step.gap
        return f"{trimmed(number)}{'亿元' if large else MONEY}"
    return f"{trimmed(step.gap)}{step.unit}" if counted else trimmed(step.gap)


def trimmed(number: Decimal) -> str:
    """Without exponent and trailing zeros."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
