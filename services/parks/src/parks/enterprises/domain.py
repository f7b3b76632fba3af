"""What an enterprise is called, numbered and classed by."""

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any

from servicekit.problems import Conflict, Unprocessable
from stdnum.cn import uscc as standard

from parks.industries.domain import normalise_industry

LENGTH = 18
ALPHABET = frozenset("0123456789ABCDEFGHJKLMNPQRTUWXY")
LOOK_ALIKES = {"I": "1", "O": "0", "Z": "2", "S": "5", "V": "U"}
"""Letters that GB 32100 leaves out, and what is meant where one is read."""
HIGH_TECH = "high_tech"
SCIENCE_TYPE = "science_type"


class InvalidUscc(Unprocessable):
    code = "invalid_uscc"
    zh = "统一社会信用代码无效（GB 32100）：{why_zh}"
    en = "Not a valid Unified Social Credit Code (GB 32100): {why_en}"


class UsccTaken(Conflict):
    code = "uscc_taken"
    zh = "统一社会信用代码 {uscc} 已登记"
    en = "The Unified Social Credit Code {uscc} is registered already"


class EnterpriseNameTaken(Conflict):
    code = "enterprise_name_taken"
    zh = "名称“{name}”已由统一社会信用代码 {uscc} 登记；确为另一家同名企业时，请填 namesake=true"
    en = (
        "The name {name} is registered already, with the code {uscc}; if this is another "
        "enterprise of the same name, say namesake=true"
    )


class EnterpriseMerged(Conflict):
    code = "enterprise_merged"
    zh = "该企业已并入 {into}，请修改后者"
    en = "The enterprise was merged into {into}; change that one"


class EnterpriseUnnamed(Unprocessable):
    code = "enterprise_unnamed"
    zh = "须提供企业标识 enterprise_id 或统一社会信用代码 uscc"
    en = "Name the enterprise by enterprise_id or uscc"


class EnterprisesDiffer(Unprocessable):
    code = "enterprises_differ"
    zh = "enterprise_id 与 uscc 不是同一企业"
    en = "enterprise_id and uscc are of two enterprises"


def name_key(name: str) -> str:
    """A name as it is compared: without the width, case, blanks and brackets it is written with."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(each for each in folded if each.isalnum()) or folded


def check_name(name: str, other: str | None) -> None:
    """Raises `EnterpriseNameTaken` where another enterprise, with this code, has it."""
    if other is not None:
        raise EnterpriseNameTaken(name=name, uscc=other).at("/name")


def check_stands(merged_into: object) -> None:
    """Raises `EnterpriseMerged` where another one has all that was its."""
    if merged_into is not None:
        raise EnterpriseMerged(into=merged_into)


def name_keys(name: str, aliases: Iterable[str]) -> list[str]:
    """Of all names of an enterprise, its own first."""
    return [*dict.fromkeys(name_key(each) for each in (name, *aliases))]


def followed(changes: Mapping[str, Any], known: Any) -> dict[str, Any]:
    """Changes with what follows from them: the industry as the standard writes it, and the names
    as they are compared. `known` has the names that are not changed."""
    after = dict(changes)
    if after.get("industry") is not None:
        after["industry"] = normalise_industry(after["industry"])
    if {"name", "aliases"} & after.keys():
        names = [after.get(each, getattr(known, each)) for each in ("name", "aliases")]
        after["name_keys"] = name_keys(*names)
    return after


@lru_cache(maxsize=20_000)
def normalise_uscc(text: str) -> str:
    """The code as GB 32100 writes it: full-width forms, lower case, blanks and hyphens mended.

    Raises:
        InvalidUscc: length, alphabet or check character are wrong, and which it is.
    """
    code = standard.compact(unicodedata.normalize("NFKC", text))
    why = flaw_of(code)
    if why is not None:
        raise InvalidUscc(why_zh=why[0], why_en=why[1]).at("/uscc")
    return code


def flaw_of(code: str) -> tuple[str, str] | None:
    """What keeps a text from being a code, in Chinese and English; none if it is one.

    The first two places tell who registered it and as what, and may be letters: those of rural
    collectives begin with N. The six after them are the division's digits.
    """
    if len(code) != LENGTH:
        return f"应为 18 位，现为 {len(code)} 位", f"it has {len(code)} characters, not 18"
    for place, letter in enumerate(code, start=1):
        if letter not in ALPHABET:
            return stranger(place, letter)
    if not code[2:8].isdigit():
        return "第 3 至 8 位是行政区划，应为数字", "its characters 3 to 8, the division, are digits"
    if code[-1] != standard.calc_check_digit(code):
        return (
            "校验码不符，请核对是否录错",
            "the check character does not fit the others, so one of them is mistyped",
        )
    return None


def stranger(place: int, letter: str) -> tuple[str, str]:
    """A character that no code has: most often one of the letters that look like digits."""
    zh, en = f"第 {place} 位不能是“{letter}”", f"its character {place} cannot be {letter}"
    meant = LOOK_ALIKES.get(letter)
    if meant is None:
        return zh, en
    return (
        f"{zh}：不使用易混淆的 I、O、Z、S、V，可能是“{meant}”",
        f"{en}: I, O, Z, S and V are never used, it may be {meant}",
    )


def effective_class(declared: str, recognised: Collection[str]) -> str:
    """The class an enterprise counts in: what it declares, lifted by its valid recognitions.

    Nobody is a high-tech enterprise (高新技术企业) by declaration: that takes a recognition.
    """
    if HIGH_TECH in recognised:
        return HIGH_TECH
    return SCIENCE_TYPE if SCIENCE_TYPE in recognised else declared
