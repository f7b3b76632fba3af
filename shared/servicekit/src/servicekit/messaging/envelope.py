"""CloudEvents 1.0 in structured JSON: what goes over the wire and how it is read back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

CONTENT_TYPE = "application/cloudevents+json"

AGAIN = "Kechuang-Again"
"""Header of a message that had a place in the same stream before, which it left unread."""


class Malformed(ValueError):
    """The message is not one of our envelopes, so nobody can say what it is about."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """One event as it was received; `data` is not validated yet."""

    id: UUID
    source: str
    type: str
    aggregate_id: str
    aggregate_version: int
    time: datetime
    data: dict[str, Any]
    correlation_id: str
    causation_id: str | None
    traceparent: str | None


def encode(row: Mapping[str, Any], *, source: str, schemas: str) -> bytes:
    """The envelope of one outbox row; the data is copied as it was serialised.

    `schemas` is the address below which the JSON Schema of every event type is published.
    """
    optional = {"causationid": row["causation_id"], "traceparent": row["traceparent"]}
    return orjson.dumps(
        {
            "specversion": "1.0",
            "id": str(row["id"]),
            "source": source,
            "type": row["type"],
            "subject": row["aggregate_id"],
            "time": row["time"],
            "datacontenttype": "application/json",
            "dataschema": f"{schemas}/{row['type']}.json",
            "aggregateversion": row["aggregate_version"],
            "correlationid": row["correlation_id"] or str(row["id"]),
            **{name: value for name, value in optional.items() if value},
            "data": orjson.Fragment(row["data"]),
        },
        option=orjson.OPT_UTC_Z,
    )


def decode(raw: bytes) -> Envelope:
    """Read an envelope.

    Raises:
        Malformed: it is not JSON, or an attribute is missing or of the wrong kind.
    """
    try:
        body = orjson.loads(raw)
        version = body["aggregateversion"]
        if body["specversion"] != "1.0" or type(version) is not int or version < 1:
            raise Malformed(f"specversion or aggregateversion: {version!r}")
        if not isinstance(body["data"], dict):
            raise Malformed("data is not an object")
        event_id = UUID(body["id"])
        return Envelope(
            id=event_id,
            source=_text(body["source"]),
            type=_text(body["type"]),
            aggregate_id=_text(body["subject"]),
            aggregate_version=version,
            time=datetime.fromisoformat(body["time"]),
            data=body["data"],
            correlation_id=_text(body.get("correlationid") or str(event_id)),
            causation_id=body.get("causationid"),
            traceparent=body.get("traceparent"),
        )
    except Malformed:
        raise
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Malformed(f"{type(error).__name__}: {error}") from error


def _text(value: Any) -> str:
    """A string that Postgres can hold."""
    if not isinstance(value, str) or not value or "\x00" in value or len(value) > 1000:
        raise Malformed(f"not a usable text: {value!r:.100}")
    return value
