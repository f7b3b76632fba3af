"""What a fiscal year's figures must satisfy."""

from decimal import Decimal

from servicekit.problems import Conflict, FieldError, Unprocessable


class PartsExceedWhole(Unprocessable):
    code = "parts_exceed_whole"
    zh = "科技三项费与科学事业费之和不能超过财政预算支出"
    en = "The two S&T items together cannot exceed the budget expenditure they are part of"


class YearClosed(Conflict):
    code = "year_closed"
    zh = "该财政年度已结账，不能再记账；更正请记入下一年度"
    en = "The fiscal year is closed: nothing more is booked in it; correct it in the next one"


class NoOpenYear(Conflict):
    code = "no_open_year"
    zh = "{year} 年之后没有未结账的财政年度，请先建立下一年度"
    en = "No fiscal year after {year} is open: open the next one first"


def check_parts(budget_expenditure: Decimal, three_st: Decimal, operating: Decimal) -> None:
    """Both S&T items are parts of the budget expenditure (plan, section 一). Yuan.

    Raises:
        PartsExceedWhole: they add up to more.
    """
    if three_st + operating > budget_expenditure:
        where = FieldError(
            "/budget_expenditure",
            PartsExceedWhole.code,
            PartsExceedWhole.zh,
            PartsExceedWhole.en,
        )
        raise PartsExceedWhole(errors=(where,))
