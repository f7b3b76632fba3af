"""Numbers of Chinese patents."""

from typing import Any

import pytest
from funding.patent_subsidies.domain import InvalidPatentNumber, check_character, patent
from hypothesis import given
from hypothesis import strategies as st

SPELLED_OUT = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
"""The weights as ZC 0006-2003 writes them out; the eight digits before it used the first eight."""
digits = st.text("0123456789", min_size=12, max_size=12) | st.text(
    "0123456789", min_size=8, max_size=8
)


@pytest.mark.parametrize(
    ("written", "number", "type_", "year"),
    [
        ("200310102344.5", "ZL200310102344.5", "invention", 2003),
        ("ZL 2020 1 0123456.2", "ZL202010123456.2", "invention", 2020),
        ("zl202020123456.8", "ZL202020123456.8", "utility_model", 2020),
        ("ＺＬ２０２０３０１２３４５６．３", "ZL202030123456.3", "design", 2020),
        ("CN85100001.0", "ZL85100001.0", "invention", 1985),
        ("8510-0001-0", "ZL85100001.0", "invention", 1985),
    ],
)
def test_a_number_is_one_however_it_is_typed(
    written: str, number: str, type_: str, year: int
) -> None:
    found = patent(written, 2026)
    assert (found.number, found.type, found.year) == (number, type_, year)


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "202010123456.3",
        "202010123456",
        "ZLZL202010123456.2",
        "CN112345678B",
        "202040123456.4",
        "198510123456.9",
        "ZL202010123456.2\x00",
        "二〇二〇10123456.2",
        "٢٠٢٠10123456.2",
        "9" * 200,
    ],
)
def test_a_number_that_cannot_be_is_refused(wrong: str) -> None:
    with pytest.raises(InvalidPatentNumber) as caught:
        patent(wrong, 2026)
    assert [error.pointer for error in caught.value.errors] == ["/patent_number"]


def test_a_patent_is_not_of_a_year_to_come() -> None:
    assert patent("202010123456.2", 2020).year == 2020
    with pytest.raises(InvalidPatentNumber):
        patent("202010123456.2", 2019)


@given(digits)
def test_the_check_character_is_that_of_the_standard(text: str) -> None:
    total = 0
    for weight, digit in zip(SPELLED_OUT, text, strict=False):
        total += weight * int(digit)
    rest = total - total // 11 * 11
    assert check_character(text) == ("X" if rest == 10 else str(rest))


@given(digits, st.data())
def test_one_wrong_digit_or_two_exchanged_are_always_found(text: str, data: Any) -> None:
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from("0123456789").filter(lambda digit: digit != text[place]))
    assert check_character(text[:place] + other + text[place + 1 :]) != check_character(text)
    place = data.draw(st.integers(0, len(text) - 2))
    first, second = text[place], text[place + 1]
    exchanged = text[:place] + second + first + text[place + 2 :]
    assert (check_character(exchanged) == check_character(text)) == (first == second)


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_number_or_refused(text: str) -> None:
    try:
        found = patent(text, 2026)
    except InvalidPatentNumber:
        return
    assert patent(found.number, 2026) == found
