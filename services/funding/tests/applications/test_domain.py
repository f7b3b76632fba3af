"""What makes an application complete, and what is masked of it."""

from decimal import Decimal

import pytest
from funding.applications import domain
from hypothesis import given
from hypothesis import strategies as st

REQUIRED = [
    {"code": "proposal", "name_zh": "申报书", "name_en": "Proposal"},
    {"code": "licence", "name_zh": "营业执照", "name_en": "Licence"},
]


def missing(amount: str, attached: list[str | None]) -> list[str]:
    try:
        domain.check_complete(Decimal(amount), Decimal(10), Decimal(20), REQUIRED, attached)
    except domain.ApplicationIncomplete as problem:
        return [error.pointer for error in problem.errors]
    return []


def test_everything_that_is_missing_is_named() -> None:
    assert missing("15.00", ["proposal", "licence", None]) == []
    assert missing("20.01", [None]) == [
        "/amount",
        "/attachments/proposal",
        "/attachments/licence",
    ]
    assert missing("9.99", ["licence", "proposal"]) == ["/amount"]
    assert missing("10.00", ["licence"]) == ["/attachments/proposal"]


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=50))
def test_of_a_name_only_the_first_character_is_left(name: str) -> None:
    masked = domain.masked_name(name)
    assert masked[0] == name[0]
    assert masked[1:] == "*" * (len(name) - 1)


@given(st.from_regex(r"[0-9+ -]{6,20}", fullmatch=True))
def test_of_a_phone_at_most_seven_characters_are_left(phone: str) -> None:
    masked = domain.masked_phone(phone)
    assert len(masked) == len(phone)
    assert len(masked) - masked.count("*") <= 7
    assert masked.count("*") >= 1


@pytest.mark.parametrize(
    ("phone", "masked"), [("13812345678", "138****5678"), ("123456", "******")]
)
def test_a_phone_is_masked_in_the_middle(phone: str, masked: str) -> None:
    assert domain.masked_phone(phone) == masked
