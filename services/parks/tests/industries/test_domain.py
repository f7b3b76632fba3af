"""Codes of the national classification."""

import pytest
from parks.industries.domain import SECTIONS, UnknownIndustry, normalise_industry


def test_the_divisions_of_the_sections_follow_each_other() -> None:
    ends = [0, *(last for _, last, *_ in SECTIONS.values())]
    assert [first for first, *_ in SECTIONS.values()] == [last + 1 for last in ends[:-1]]
    assert ends[-1] == 97


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("C", "C"),
        ("c13", "C13"),
        ("134", "C134"),
        ("１３４０", "C1340"),
        (" I65 ", "I65"),
        ("01", "A01"),
    ],
)
def test_a_code_is_one_however_it_is_written(written: str, code: str) -> None:
    assert normalise_industry(written) == code


@pytest.mark.parametrize(
    "wrong", ["", "U", "C1", "C44", "A13", "98", "00", "C13400", "制造业", "C٣٤"]
)
def test_a_code_that_the_standard_does_not_have_is_refused(wrong: str) -> None:
    with pytest.raises(UnknownIndustry) as caught:
        normalise_industry(wrong)
    assert [error.pointer for error in caught.value.errors] == ["/industry"]
