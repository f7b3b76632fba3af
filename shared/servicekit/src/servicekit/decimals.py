"""Decimals as they are written, for whoever knows no API types."""

from decimal import Decimal


def plain(value: Decimal) -> str:
    """A decimal without exponent and without trailing zeros behind the point: `33`, `36.1`."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
