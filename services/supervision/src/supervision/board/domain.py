"""The ages the board counts open items by, without a database."""

from datetime import date, timedelta

YOUNG_DAYS, MIDDLE_DAYS = 10, 30
"""Calendar days since an item was issued: up to the one, up to the other, or older."""


def ages(today: date) -> tuple[date, date]:
    """The first day of issue of a young item, and of a middle one."""
    return today - timedelta(days=YOUNG_DAYS), today - timedelta(days=MIDDLE_DAYS)
