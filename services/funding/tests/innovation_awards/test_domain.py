"""Identity numbers, and what is shown of them."""

from datetime import date
from typing import Any

import pytest
from funding.innovation_awards import domain
from funding.innovation_awards.domain import InvalidIdNumber, check_character, id_number
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

TODAY = date(2026, 3, 1)
GOOD = "11010519491231002X"
digits = st.text("0123456789", min_size=17, max_size=17)


@pytest.mark.parametrize(
    "written",
    [
        GOOD,
        GOOD.lower(),
        f" {GOOD} ",
        "110105-19491231-002x",
        "１１０１０５１９４９１２３１００２Ｘ",
    ],
)
def test_a_number_is_one_however_it_is_typed(written: str) -> None:
    assert id_number(written, TODAY) == GOOD


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        GOOD[:-1] + "1",
        "110105194912310",
        "X" * 18,
        "0" + GOOD[1:],
        "9" * 200,
        "11010519491231002Ｘ\x00",
    ],
)
def test_a_number_that_cannot_be_is_refused(wrong: str) -> None:
    with pytest.raises(InvalidIdNumber) as caught:
        id_number(wrong, TODAY)
    assert [error.pointer for error in caught.value.errors] == ["/nominee/id_number"]
    assert wrong not in str(caught.value) or not wrong


@pytest.mark.parametrize("born", ["19900230", "18790101", "20260302", "19901301", "00000000"])
def test_the_birthday_has_been(born: str) -> None:
    seventeen = f"110105{born}002"
    with pytest.raises(InvalidIdNumber):
        id_number(seventeen + check_character(seventeen), TODAY)


@given(digits)
def test_the_check_character_is_that_of_others(text: str) -> None:
    assert check_character(text) == ric.calc_check_digit(text + "0")


@given(digits, st.data())
def test_one_wrong_digit_or_two_exchanged_are_always_found(text: str, data: Any) -> None:
    place = data.draw(st.integers(0, 16))
    other = data.draw(st.sampled_from("0123456789").filter(lambda digit: digit != text[place]))
    assert check_character(text[:place] + other + text[place + 1 :]) != check_character(text)
    place = data.draw(st.integers(0, 15))
    first, second = text[place], text[place + 1]
    exchanged = text[:place] + second + first + text[place + 2 :]
    assert (check_character(exchanged) == check_character(text)) == (first == second)


@given(st.dates(date(1900, 1, 1), TODAY), st.integers(0, 999))
def test_no_birthday_is_seen_through_the_mask(born: date, serial: int) -> None:
    number = f"410184{born:%Y%m%d}{serial:03}0"
    masked = domain.masked_id_number(number)
    assert (len(masked), masked[3:16]) == (18, "*" * 13)


def test_nominees_are_compared_by_number_or_by_unit_and_name() -> None:
    assert domain.nominee_key("u", "张三", GOOD) == GOOD
    same = {domain.nominee_key("u", name, None) for name in ("甜菊糖 团队", "甜菊糖（团队）")}
    assert same == {"u/甜菊糖团队"}
