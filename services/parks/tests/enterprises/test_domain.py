"""Codes and classes of enterprises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parks.enterprises.domain import (
    InvalidUscc,
    effective_class,
    name_key,
    name_keys,
    normalise_uscc,
)
from stdnum.cn.uscc import calc_check_digit

GOOD = "91110000600037341L"


@pytest.mark.parametrize(
    "written",
    [
        GOOD,
        GOOD.lower(),
        f" {GOOD} ",
        "91110000 6000 37341L",
        "９１１１００００６０００３７３４１Ｌ",
    ],
)
def test_a_code_is_one_however_it_is_typed(written: str) -> None:
    assert normalise_uscc(written) == GOOD


@pytest.mark.parametrize("letter", "IOZSV")
def test_letters_that_look_like_digits_are_no_part_of_a_code(letter: str) -> None:
    """GB 32100 leaves them out, so that nobody reads 1, 0, 2, 5 or U for them."""
    for place in (0, 8, 17):
        with pytest.raises(InvalidUscc) as caught:
            normalise_uscc(GOOD[:place] + letter + GOOD[place + 1 :])
        assert f"第 {place + 1} 位不能是“{letter}”" in caught.value.text("zh")
        assert f"its character {place + 1} cannot be {letter}" in caught.value.text("en")


@pytest.mark.parametrize(
    ("wrong", "zh", "en"),
    [
        (GOOD[:-1], "应为 18 位，现为 17 位", "it has 17 characters, not 18"),
        (f"{GOOD}0", "应为 18 位，现为 19 位", "it has 19 characters, not 18"),
        (f"{GOOD[:8]}O{GOOD[9:]}", "可能是“0”", "it may be 0"),
        (f"{GOOD[:8]}统{GOOD[9:]}", "第 9 位不能是“统”", "its character 9 cannot be 统"),
        (f"{GOOD[:3]}A{GOOD[4:]}", "应为数字", "are digits"),
        (f"{GOOD[:-1]}M", "校验码不符", "the check character does not fit"),
        (f"{GOOD[:9]}1{GOOD[10:]}", "校验码不符", "the check character does not fit"),
    ],
)
def test_what_is_wrong_with_a_code_is_said(wrong: str, zh: str, en: str) -> None:
    with pytest.raises(InvalidUscc) as caught:
        normalise_uscc(wrong)
    assert zh in caught.value.text("zh")
    assert en in caught.value.text("en")
    assert caught.value.errors[0].zh == caught.value.text("zh")


@pytest.mark.parametrize("stem", ["N2410184MF1234567", "Y1410184MF1234567", "93410184MF1234567"])
def test_who_registered_it_may_be_a_letter(stem: str) -> None:
    """A rural collective (N), others (Y), a farmers' cooperative (93)."""
    code = stem + calc_check_digit(stem + "0")
    assert normalise_uscc(code.lower()) == code


def test_names_are_compared_without_what_they_are_written_with() -> None:
    keys = name_keys("麦滋尔（郑州）糖业 有限公司", ["Maizier  Sugar", "麦滋尔(郑州)糖业有限公司"])
    assert keys == ["麦滋尔郑州糖业有限公司", "maiziersugar"]
    assert name_key("——") == "——"


@pytest.mark.parametrize(
    "wrong", ["91110000600037341M", "91110000600037341", "A1110000600037341L", "", "９", "I" * 18]
)
def test_a_code_that_cannot_be_is_refused(wrong: str) -> None:
    with pytest.raises(InvalidUscc) as caught:
        normalise_uscc(wrong)
    assert [error.pointer for error in caught.value.errors] == ["/uscc"]


@given(st.text(max_size=30))
def test_whatever_is_typed_is_a_code_or_refused(text: str) -> None:
    try:
        code = normalise_uscc(text)
    except InvalidUscc:
        return
    assert len(code) == 18
    assert normalise_uscc(code) == code


@pytest.mark.parametrize(
    ("declared", "recognised", "counts_as"),
    [
        ("ordinary", set(), "ordinary"),
        ("science_type", set(), "science_type"),
        ("ordinary", {"science_type"}, "science_type"),
        ("ordinary", {"high_tech"}, "high_tech"),
        ("science_type", {"high_tech", "science_type"}, "high_tech"),
    ],
)
def test_recognitions_lift_the_declared_class(
    declared: str, recognised: set[str], counts_as: str
) -> None:
    assert effective_class(declared, recognised) == counts_as
