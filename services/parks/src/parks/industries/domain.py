"""The codes of GB/T 4754-2017 (国民经济行业分类).

A code is a section's letter with two digits of a division of that section, and up to two more of
a group and a class: `C`, `C13`, `C134`, `C1340`. `gbt_4754_2017.csv` has all of them with their
names, after the list of the National Bureau of Statistics (国家统计局, in force since 2017-10-01);
ADR 78 tells how sure that is.
"""

import csv
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

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
_FILE = Path(__file__).with_name("gbt_4754_2017.csv")
IN_FORCE = datetime(2017, 10, 1, tzinfo=UTC)
"""Since when the codes are what they are."""
SORTABLE = ("code", "updated_at")
"""All are as old as the edition: by `updated_at` they stand as by their codes."""
LEVELS = {1: "section", 3: "division", 4: "group", 5: "class"}
"""By the length of a code."""


class UnknownIndustry(Unprocessable):
    code = "unknown_industry"
    zh = "不是 GB/T 4754-2017 的行业代码：{given}；应为门类、大类、中类或小类的代码，如 C1340"
    en = "Not a code of GB/T 4754-2017: {given}. It is that of a section or below, such as C1340"


@dataclass(frozen=True, slots=True)
class Industry:
    """One code of the standard."""

    code: str
    name_zh: str

    @property
    def level(self) -> str:
        return LEVELS[len(self.code)]

    @property
    def parent(self) -> str | None:
        """The code above it; none for a section."""
        return {1: None, 3: self.code[:1]}.get(len(self.code), self.code[:-1])

    @property
    def name_en(self) -> str | None:
        """Of a section alone: the standard has English names of no more."""
        return SECTIONS[self.code][3] if len(self.code) == 1 else None

    @property
    def updated_at(self) -> datetime:
        return IN_FORCE


@cache
def industries() -> Mapping[str, Industry]:
    """All of them by their codes, in the standard's order."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return {row["code"]: Industry(row["code"], row["name"]) for row in csv.DictReader(file)}


def search(text: str | None, level: Collection[str], below: str | None) -> Iterator[Industry]:
    """Those whose code or name has the text, of one of the levels, at or below a code."""
    wanted = None if text is None else unicodedata.normalize("NFKC", text).strip().casefold()
    for each in industries().values():
        if level and each.level not in level:
            continue
        if below is not None and not each.code.startswith(below):
            continue
        if wanted is None or wanted in each.code.casefold() or wanted in each.name_zh.casefold():
            yield each


def normalise_industry(text: str) -> str:
    """The code as the standard writes it, its letter found where only digits are given.

    Raises:
        UnknownIndustry: the standard has no such code.
    """
    code = unicodedata.normalize("NFKC", text).strip().upper()
    if re.fullmatch(r"[0-9]{2,4}", code, re.ASCII):
        code = _section_of(int(code[:2])) + code
    if code not in industries():
        raise UnknownIndustry(given=text).at("/industry")
    return code


def _section_of(division: int) -> str:
    """The letter of the section that holds this division, or none that exists."""
    return next((k for k, (first, last, *_) in SECTIONS.items() if first <= division <= last), "")
