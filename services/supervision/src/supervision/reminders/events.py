"""Reminder → published event."""

from collections.abc import Mapping
from typing import Any

from contracts.supervision import ItemReminded


def item_reminded(reminder: Mapping[str, Any]) -> ItemReminded:
    """Of the values a reminder is written with."""
    return ItemReminded.model_validate({**reminder, "number": reminder["item_number"]})
