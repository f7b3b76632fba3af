"""What is missing, in words."""

from decimal import Decimal

import pytest
from parks.pathways.domain import (
    CriterionIncomplete,
    Step,
    UnitOfMeasure,
    check_criterion,
    in_words,
)
from parks.pathways.service import first_month
from servicekit.clock import china_date


def step(unit: str, required: str, actual: str, zh: str, en: str) -> Step:
    return Step("c", zh, en, unit, Decimal(required), Decimal(actual))


LABORATORY = step("个", "1", "0", "省级重点实验室", "provincial laboratory")
SALES = step("万元", "50000", "29000", "销售收入", "sales")
SMALL = step("万元", "100", "99.5", "销售收入", "sales")
MET = step("家", "3", "4", "高新技术企业", "high-tech enterprises")
ENTERPRISES = step("家", "10", "4", "企业", "enterprises")


@pytest.mark.parametrize(
    ("steps", "zh", "en"),
    [
        (
            [LABORATORY, MET, SALES],
            "还需1个省级重点实验室、2.1亿元销售收入",
            "needs 1 provincial laboratory and 2.1亿元 sales",
        ),
        (
            [LABORATORY, SALES, ENTERPRISES],
            "还需1个省级重点实验室、2.1亿元销售收入、6家企业",
            "needs 1 provincial laboratory, 2.1亿元 sales and 6 enterprises",
        ),
        ([SMALL], "还需0.5万元销售收入", "needs 0.5万元 sales"),
        ([MET], "条件均已满足", "all criteria are met"),
        ([], "尚未设定该级别的条件", "no criteria are set for this grade"),
    ],
)
def test_the_gap_is_said_in_both_languages(steps: list[Step], zh: str, en: str) -> None:
    assert in_words(steps, "zh") == zh
    assert in_words(steps, "en") == en


def test_a_criterion_is_complete_and_counted_in_what_it_is_counted_in() -> None:
    check_criterion("platforms", "key_laboratory", "provincial", "个")
    check_criterion("sales_revenue", None, None, "万元")
    for wrong in (("platforms", None, None, "个"), ("enterprises", "incubator", None, "家"),
                  ("enterprises", None, "national", "家")):  # fmt: skip
        with pytest.raises(CriterionIncomplete):
            check_criterion(*wrong)
    for measure, unit in (("sales_revenue", "个"), ("enterprises", "万元")):
        with pytest.raises(UnitOfMeasure):
            check_criterion(measure, None, None, unit)


def test_twelve_months_end_with_the_one_that_runs() -> None:
    today = china_date()
    assert first_month(today.replace(year=2026, month=7, day=1)) == "2025-08"
    assert first_month(today.replace(year=2026, month=11, day=1)) == "2025-12"
    assert first_month(today.replace(year=2026, month=12, day=1)) == "2026-01"
