"""Codes of the national classification."""

import pytest
from parks.industries.domain import (
    SECTIONS,
    UnknownIndustry,
    industries,
    normalise_industry,
    search,
)


def test_the_divisions_of_the_sections_follow_each_other() -> None:
    ends = [0, *(last for _, last, *_ in SECTIONS.values())]
    assert [first for first, *_ in SECTIONS.values()] == [last + 1 for last in ends[:-1]]
    assert ends[-1] == 97


def test_the_file_has_every_level_and_nothing_without_what_is_above_it() -> None:
    known = industries()
    levels = [each.level for each in known.values()]
    assert [levels.count(level) for level in ("section", "division", "group")] == [20, 97, 473]
    assert levels.count("class") == 1381
    assert [each.code for each in known.values() if each.parent not in {None, *known}] == []
    assert {code: known[code].name_zh for code in SECTIONS} == {
        code: section[2] for code, section in SECTIONS.items()
    }
    for each in known.values():
        if each.level == "division":
            first, last, *_ = SECTIONS[each.code[0]]
            assert first <= int(each.code[1:]) <= last, each
    assert {each.code[:4] for each in known.values() if each.level == "class"} == {
        each.code for each in known.values() if each.level == "group"
    }


def test_it_is_searched_by_name_and_by_code() -> None:
    assert [each.code for each in search("制糖", [], None)] == ["C134", "C1340"]
    assert [each.code for each in search(None, ["group"], "C13")][:2] == ["C131", "C132"]
    assert [each.name_zh for each in search("c1340", [], None)] == ["制糖业"]


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
    "wrong", ["", "U", "C1", "C44", "A13", "98", "00", "C13400", "制造业", "C٣٤", "C138", "C1342"]
)
def test_a_code_that_the_standard_does_not_have_is_refused(wrong: str) -> None:
    with pytest.raises(UnknownIndustry) as caught:
        normalise_industry(wrong)
    assert [error.pointer for error in caught.value.errors] == ["/industry"]
