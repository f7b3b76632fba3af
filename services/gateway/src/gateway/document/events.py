"""The AsyncAPI document and the events' schemas: built from the contracts, not from files."""

from typing import Any

import orjson
from contracts.snapshots import asyncapi, events, schema_of


def asyncapi_document() -> bytes:
    """Every event with its schema, complete in itself."""
    return _compact(asyncapi(list(events())))


def schemas() -> dict[str, bytes]:
    """JSON Schema of each event type's `data`."""
    return {event.type: _compact(schema_of(event)) for event in events()}


def _compact(document: Any) -> bytes:
    return orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
