"""Who sees a bank account whole, and what everybody else sees of it."""

SHOWN = 4
"""The last digits, by which a payee knows the account again."""


def masked_account(number: str) -> str:
    """`1234567890` → `******7890`; a short one shows nothing."""
    hidden = len(number) - SHOWN if len(number) >= 2 * SHOWN else len(number)
    return "*" * hidden + number[hidden:]
