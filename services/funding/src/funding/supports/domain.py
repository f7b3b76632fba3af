"""How an amount came about, exact to the fen."""

import math
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from servicekit.problems import Conflict, Unprocessable


class NoRate(Unprocessable):
    code = "no_rate"
    zh = "{year} 年没有该类支持的标准：{grade}"
    en = "There is no rate of this kind for {grade} in {year}"


class NoLine(Conflict):
    code = "no_line"
    zh = "资金 {fund} 在 {year} 年没有预算科目 {line}"
    en = "The fund {fund} has no budget line {line} in {year}"


class NothingToSupport(Unprocessable):
    code = "nothing_to_support"
    zh = "按标准计算，支持金额为零"
    en = "By the rate there is nothing to pay"


@dataclass(frozen=True, slots=True)
class Computed:
    """An amount, yuan, by a formula in words whose every input is there."""

    amount: Decimal
    formula: str
    inputs: dict[str, str]


def fixed(amount: Decimal, grade: str) -> Computed:
    """What the rate of a grade says, yuan."""
    return Computed(amount, "amount of the grade", {"grade": grade, "amount": f"{amount:.2f}"})


def fen(yuan: Fraction) -> Decimal:
    """An exact amount rounded half up to the fen. It is not negative."""
    return Decimal(math.floor(yuan * 100 + Fraction(1, 2))).scaleb(-2)


def squeezed(text: str) -> str:
    """What a number that people type is compared by: one width, upper case, letters and digits of
    any script only."""
    return "".join(each for each in unicodedata.normalize("NFKC", text).upper() if each.isalnum())
