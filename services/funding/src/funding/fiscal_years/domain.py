"""What a fiscal year's figures must satisfy."""

from decimal import Decimal

from servicekit.problems import FieldError, Unprocessable


class PartsExceedWhole(Unprocessable):
    code = "parts_exceed_whole"
    zh = "科技三项费与科学事业费之和不能超过财政预算支出"
    en = "The two S&T items together cannot exceed the budget expenditure they are part of"


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
