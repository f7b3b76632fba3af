"""Numbers of Chinese patents (ZC 0006-2003): a patent keeps the number of its application.

Year (four digits, or two until September 2003), one digit for the type, serial number, and a check
character behind a point: `ZL202010123456.2`, `ZL85100001.0`.
"""

import re
import unicodedata
from dataclasses import dataclass

from servicekit.problems import Conflict, Unprocessable

TYPES = {
    "1": "invention",
    "2": "utility_model",
    "3": "design",
    "8": "invention",
    "9": "utility_model",
}
"""By the digit; 8 and 9 came in through the PCT."""
NAMES = {"invention": "发明", "utility_model": "实用新型", "design": "外观设计"}
FIRST_YEAR = 1985
LONG_SINCE = 2003
_SEPARATORS = re.compile(r"[\s.\-‐-―·]")
_NUMBER = re.compile(r"(?:ZL|CN)?([0-9]{8}|[0-9]{12})([0-9X])")


class InvalidPatentNumber(Unprocessable):
    code = "invalid_patent_number"
    zh = "专利号无效（应为申请号 8 或 12 位加校验位，如 ZL202010123456.2）"
    en = "Not a patent number: 8 or 12 digits and a check character, as in ZL202010123456.2"


class PatentAlreadySubsidised(Conflict):
    code = "patent_already_subsidised"
    zh = "专利 {number} 已申报或已获资助，每件专利只资助一次"
    en = "The patent {number} was subsidised or asked for already; each is subsidised once"


@dataclass(frozen=True, slots=True)
class Patent:
    """`number` as it is kept, the type it says, and the year it was applied for."""

    number: str
    type: str
    year: int


def check_character(digits: str) -> str:
    """Of the 8 or 12 digits before it: weights 2 to 9 over and over, modulo 11, ten is `X`."""
    total = sum(int(digit) * (2 + place % 8) for place, digit in enumerate(digits))
    return "0123456789X"[total % 11]


def patent(text: str, last_year: int) -> Patent:
    """The patent a number is of, however it is typed: full width, lower case, with `ZL` or without.

    Raises:
        InvalidPatentNumber: form, year, type or check character are wrong.
    """
    plain = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
    found = _NUMBER.fullmatch(plain)
    if found is None:
        raise InvalidPatentNumber().at("/patent_number")
    digits, check = found.groups()
    is_long = len(digits) == 12
    year = int(digits[:4]) if is_long else _century(int(digits[:2]))
    first, last = (LONG_SINCE, last_year) if is_long else (FIRST_YEAR, LONG_SINCE)
    kind = TYPES.get(digits[4 if is_long else 2])
    if kind is None or not first <= year <= last or check_character(digits) != check:
        raise InvalidPatentNumber().at("/patent_number")
    return Patent(f"ZL{digits}.{check}", kind, year)


def _century(two_digits: int) -> int:
    return two_digits + (1900 if two_digits >= FIRST_YEAR % 100 else 2000)
