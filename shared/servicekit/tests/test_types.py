"""Dates, moments and booleans are taken in the one way they are documented."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError
from servicekit.types import ApiModel, Day, Moment

DAYS = TypeAdapter(Day)
MOMENTS = TypeAdapter(Moment)


@pytest.mark.parametrize("written", ["2026-07-01", "0001-01-01", "9999-12-31"])
def test_a_day_is_an_iso_date(written: str) -> None:
    assert DAYS.validate_python(written).isoformat() == written


@pytest.mark.parametrize("wrong", ["0", "0.5", 0, 1.0, True, "2026-7-1", "2026-07-01T00:00:00Z"])
def test_seconds_since_1970_are_no_day(wrong: Any) -> None:
    for check in (DAYS.validate_python, lambda value: DAYS.validate_strings(str(value))):
        with pytest.raises(ValidationError):
            check(wrong)


@pytest.mark.parametrize(
    "written", ["2026-07-01T08:00:00Z", "2026-07-01T08:00:00.25+08:00", "2026-07-01t08:00:00z"]
)
def test_a_moment_has_its_offset(written: str) -> None:
    assert MOMENTS.validate_python(written).utcoffset() is not None


@pytest.mark.parametrize(
    "wrong", ["0.5", "-1", 0, "2026-07-01", "2026-07-01T08:00:00", "2026-07-01T08:00:00 08:00"]
)
def test_a_moment_without_an_offset_or_as_a_number_is_refused(wrong: Any) -> None:
    with pytest.raises(ValidationError):
        MOMENTS.validate_python(wrong)


def test_a_day_beyond_its_month_is_refused() -> None:
    with pytest.raises(ValidationError):
        DAYS.validate_python("2026-02-30")


class Ruling(ApiModel):
    workday: bool
    lead: bool | None = None


class Rulings(ApiModel):
    items: list[Ruling]


@pytest.mark.parametrize("wrong", [0, 1, 0.0, "true", "yes", "off", []])
def test_what_only_looks_like_a_boolean_is_refused(wrong: Any) -> None:
    for item in ({"workday": wrong}, {"workday": True, "lead": wrong}):
        with pytest.raises(ValidationError):
            Ruling.model_validate(item)
        with pytest.raises(ValidationError):
            Rulings.model_validate({"items": [item]})


def test_true_false_and_nothing_where_it_may_be_are_taken() -> None:
    taken = Rulings.model_validate({"items": [{"workday": False, "lead": None}]})
    assert (taken.items[0].workday, taken.items[0].lead) == (False, None)
