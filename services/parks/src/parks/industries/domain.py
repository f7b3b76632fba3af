"""Sections and divisions of GB/T 4754-2017 (国民经济行业分类).

A code is a section's letter with two digits of a division of that section, and up to two more of
a group and a class: `C`, `C13`, `C134`, `C1340`. Groups and classes are checked by their division
alone: the standard amends them more often than the divisions.
"""

import re
import unicodedata
from collections.abc import Mapping

from servicekit.problems import Unprocessable

SECTIONS: Mapping[str, tuple[int, int, str, str]] = {
    "A": (1, 5, "农、林、牧、渔业", "Agriculture, forestry, animal husbandry and fishery"),
    "B": (6, 12, "采矿业", "Mining"),
    "C": (13, 43, "制造业", "Manufacturing"),
    "D": (44, 46, "电力、热力、燃气及水生产和供应业", "Electricity, heat, gas and water supply"),
    "E": (47, 50, "建筑业", "Construction"),
    "F": (51, 52, "批发和零售业", "Wholesale and retail trade"),
    "G": (53, 60, "交通运输、仓储和邮政业", "Transport, storage and post"),
    "H": (61, 62, "住宿和餐饮业", "Accommodation and catering"),
    "I": (63, 65, "信息传输、软件和信息技术服务业", "Information transmission and software"),
    "J": (66, 69, "金融业", "Finance"),
    "K": (70, 70, "房地产业", "Real estate"),
    "L": (71, 72, "租赁和商务服务业", "Leasing and business services"),
    "M": (73, 75, "科学研究和技术服务业", "Scientific research and technical services"),
    "N": (76, 79, "水利、环境和公共设施管理业", "Water, environment and public facilities"),
    "O": (80, 82, "居民服务、修理和其他服务业", "Household services, repair and others"),
    "P": (83, 83, "教育", "Education"),
    "Q": (84, 85, "卫生和社会工作", "Health and social work"),
    "R": (86, 90, "文化、体育和娱乐业", "Culture, sports and entertainment"),
    "S": (91, 96, "公共管理、社会保障和社会组织", "Public management and social organisations"),
    "T": (97, 97, "国际组织", "International organisations"),
}
"""Letter → first and last division, name in Chinese and English."""
_CODE = re.compile(r"([A-T])([0-9]{2,4})?", re.ASCII)


class UnknownIndustry(Unprocessable):
    code = "unknown_industry"
    zh = "不是 GB/T 4754-2017 的行业代码：{given}；应为门类字母加 2 至 4 位数字，如 C1340"
    en = "Not a code of GB/T 4754-2017: {given}. It is a section's letter and 2 to 4 digits: C1340"


def normalise_industry(text: str) -> str:
    """The code as the standard writes it, its letter found where only digits are given.

    Raises:
        UnknownIndustry: there is no such section, or its divisions do not hold this one.
    """
    code = unicodedata.normalize("NFKC", text).strip().upper()
    if re.fullmatch(r"[0-9]{2,4}", code, re.ASCII):
        code = _section_of(int(code[:2])) + code
    found = _CODE.fullmatch(code)
    if found is None:
        raise UnknownIndustry(given=text).at("/industry")
    letter, digits = found.groups()
    first, last, *_ = SECTIONS[letter]
    if digits is not None and not first <= int(digits[:2]) <= last:
        raise UnknownIndustry(given=text).at("/industry")
    return code


def _section_of(division: int) -> str:
    """The letter of the section that holds this division, or none that exists."""
    return next((k for k, (first, last, *_) in SECTIONS.items() if first <= division <= last), "")
