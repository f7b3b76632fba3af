"""Every published event says who may see it, in words the services know."""

import json
from pathlib import Path

import pytest
from contracts.base import Event
from contracts.snapshots import events

SERVICES = Path(__file__).parents[2] / "services"


def declared() -> set[str]:
    """The permissions of the committed documents."""
    documents = [json.loads(file.read_bytes()) for file in SERVICES.glob("*/openapi.json")]
    return {name for document in documents for name in document["x-permissions"]}


@pytest.mark.parametrize("event", list(events()), ids=lambda event: event.type)
def test_an_event_is_seen_by_a_permission_that_exists(event: type[Event]) -> None:
    assert event.permission in declared()
    assert event.permission.endswith(".read")


@pytest.mark.parametrize("event", list(events()), ids=lambda event: event.type)
def test_the_units_of_an_event_are_fields_of_it(event: type[Event]) -> None:
    assert set(event.unit_fields) <= set(event.model_fields)
