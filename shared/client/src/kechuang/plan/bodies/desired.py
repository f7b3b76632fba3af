"""A desired object, and the years of the plan made real."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from kechuang.plan.schema.common import Entry, Text, Year

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True, slots=True)
class Desired:
    """What `PUT /api/v1/{resource}/{code}` is to hold."""

    resource: str
    code: str
    body: dict[str, Json]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Programme years as calendar years: Y1 is `anchor_year`, Y0 the year before it."""

    anchor_year: int
    programme: str

    def year(self, programme_year: str) -> int:
        return self.anchor_year + int(programme_year[1:]) - 1

    def first_day(self, programme_year: str = "Y1") -> str:
        return f"{self.year(programme_year)}-01-01"

    def last_day(self, programme_year: str = "Y3") -> str:
        return f"{self.year(programme_year)}-12-31"

    def by_year(self, values: Mapping[Year, Decimal]) -> list[Json]:
        """`{Y1: 33}` as `[{"year": 2026, "value": "33"}]`, oldest first."""
        ordered = sorted(values.items())
        return [{"year": self.year(year), "value": number(value)} for year, value in ordered]


def head(entry: Entry, calendar: Calendar | None = None) -> dict[str, Json]:
    """The fields every resource has; the programme's code where a calendar is given."""
    fields: dict[str, Json] = {} if calendar is None else {"programme": calendar.programme}
    return fields | {
        "name_zh": entry.name.zh,
        "name_en": entry.name.en,
        "source_ref": entry.source.ref,
    }


def number(value: Decimal | None) -> str | None:
    """A quantity as the API writes it: plain decimal text, digits kept as the plan has them."""
    return None if value is None else format(value, "f")


def words(text: Text, prefix: str = "text") -> dict[str, Json]:
    return {f"{prefix}_zh": text.zh, f"{prefix}_en": text.en}
