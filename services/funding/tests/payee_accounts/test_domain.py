"""What others see of an account number."""

import pytest
from funding.payee_accounts.domain import masked_account


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("1702021409000012345", "***************2345"),
        ("12345678", "****5678"),
        ("1234567", "*******"),
    ],
)
def test_only_the_last_digits_are_shown(number: str, shown: str) -> None:
    assert masked_account(number) == shown
