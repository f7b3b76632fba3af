"""Periods as people and spreadsheets write them."""

from typing import Annotated

import pytest
from pydantic import BaseModel, Field, ValidationError
from servicekit.http.exports.columns import columns_of
from servicekit.http.validation_texts import field_errors
from servicekit.imports.cells import body_of, field_of
from servicekit.types import Period


class Filed(BaseModel):
    period: Annotated[Period, Field(description="Whose numbers these are.")]
    other: Period | None = None
    note: str = ""


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-07", "2026-07"),
        ("2026-07-01", "2026-07"),
        ("2026-7", "2026-07"),
        ("2026/07", "2026-07"),
        ("2026.7", "2026-07"),
        ("2026年7月", "2026-07"),
        ("2026年", "2026"),
        ("2026", "2026"),
        ("2026年第三季度", "2026-Q3"),
        ("2026年3季度", "2026-Q3"),
        ("2026-Q3", "2026-Q3"),
        ("2026-07-H1", "2026-07-H1"),
    ],
)
def test_a_period_is_one_however_it_is_written(written: str, meant: str) -> None:
    fields = [field_of(column) for column in columns_of(Filed)]
    body = Filed.model_validate(body_of(fields, [written, written, written]))
    assert (body.period, body.other, body.note) == (meant, meant, written)


@pytest.mark.parametrize(
    "wrong", ["1900-01-02", "2026-07-31", "2026-13", "202607", "七月", "20267", "２０２６-07"]
)
def test_what_is_no_period_is_refused_with_what_it_should_be(wrong: str) -> None:
    fields = [field_of(column) for column in columns_of(Filed)]
    with pytest.raises(ValidationError) as caught:
        Filed.model_validate(body_of(fields, [wrong, None, None]))
    [error] = field_errors({**one, "loc": ("body", *one["loc"])} for one in caught.value.errors())
    assert (error.pointer, error.code) == ("/period", "string_pattern_mismatch")
    assert error.zh == "应为报告期，例如 2026-07、2026-Q3、2026、2026-07-H1"
    assert error.en == "Input should be a period such as 2026-07, 2026-Q3, 2026, 2026-07-H1"
