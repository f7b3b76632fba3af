"""Who is nominated: a person by an identity number (GB 11643), or a collective by its name."""

import re
import unicodedata
from datetime import date
from enum import StrEnum

from servicekit.problems import Conflict, Unprocessable

from funding.supports.domain import squeezed

_NUMBER = re.compile(r"[1-9][0-9]{16}[0-9X]")
_SEPARATORS = re.compile(r"[\s-]")


class NomineeKind(StrEnum):
    PERSON = "person"
    COLLECTIVE = "collective"


class InvalidIdNumber(Unprocessable):
    """The number itself is in no message."""

    code = "invalid_id_number"
    zh = "公民身份号码无效（应为 18 位，出生日期和校验码正确，GB 11643）"
    en = "Not an identity number (18 characters with a real birthday and check character, GB 11643)"


class IdNumberMissing(Unprocessable):
    code = "id_number_missing"
    zh = "个人须填写公民身份号码，集体不填写"
    en = "A person is nominated by an identity number, a collective without one"


class AlreadyNominated(Conflict):
    code = "already_nominated"
    zh = "该个人或集体在 {year} 年已被提名"
    en = "This person or collective is nominated in {year} already"


def check_character(digits: str) -> str:
    """Of the seventeen digits before it: ISO 7064 MOD 11-2."""
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(digits))
    return "10X98765432"[total % 11]


def id_number(text: str, today: date) -> str:
    """The number as it is kept, however it is typed.

    Raises:
        InvalidIdNumber: form, birthday or check character are wrong.
    """
    number = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
    if _NUMBER.fullmatch(number) is None or check_character(number[:17]) != number[17]:
        raise InvalidIdNumber().at("/nominee/id_number")
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise InvalidIdNumber().at("/nominee/id_number") from None
    if not date(1880, 1, 1) <= born <= today:
        raise InvalidIdNumber().at("/nominee/id_number")
    return number


def check_nominee(kind: NomineeKind, given: str | None) -> None:
    """Raises `IdNumberMissing`."""
    if (kind is NomineeKind.PERSON) != (given is not None):
        raise IdNumberMissing().at("/nominee/id_number")


def nominee_key(payee_unit: str, name: str, number: str | None) -> str:
    """What nominees are compared by: a person's number, a collective's unit and name."""
    return number or f"{payee_unit}/{squeezed(name)}"


def masked_id_number(number: str) -> str:
    """`410184199001011234` → `410*************34`: no birthday."""
    return f"{number[:3]}{'*' * (len(number) - 5)}{number[-2:]}"


def masked_account(account: str) -> str:
    """The last four characters."""
    return "*" * (len(account) - 4) + account[-4:]
