"""The committed description of every event: `python -m contracts.snapshots [--check]`.

One JSON Schema per event in `schemas/` and one AsyncAPI 3 document, `asyncapi.json`. Within a
version a schema may only gain optional fields; `--check` fails when a file is missing or differs
from the code, so every change of a published shape is seen in review.
"""

import importlib
import inspect
import json
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import contracts
from contracts.base import Event, publisher_of

HOME = Path(__file__).parents[2]


def events() -> Iterator[type[Event]]:
    """Every published event, in the order of its type."""
    for module in pkgutil.iter_modules(contracts.__path__):
        if module.name != "snapshots":
            importlib.import_module(f"contracts.{module.name}")
    yield from sorted(Event.__subclasses__(), key=lambda event: event.type)


def schema_of(event: type[Event]) -> dict[str, Any]:
    schema = event.model_json_schema(mode="serialization")
    return {
        **schema,
        "$id": event.type,
        "x-subject": event.subject_field,
        "x-permission": event.permission,
        "x-unit-fields": list(event.unit_fields),
    }


def asyncapi(published: list[type[Event]]) -> dict[str, Any]:
    """AsyncAPI 3.0: a channel per event type, whose address is the NATS subject. It holds every
    payload's schema, so that it can be read without the files beside it."""
    channels: dict[str, Any] = {}
    operations: dict[str, Any] = {}
    messages: dict[str, Any] = {}
    schemas: dict[str, Any] = {}
    for event in published:
        name = event.type
        schemas[name] = schema_of(event)
        messages[name] = {
            "name": name,
            "contentType": "application/cloudevents+json",
            "summary": (event.__doc__ or name).strip().splitlines()[0],
            "payload": {"$ref": f"#/components/schemas/{name}"},
            "x-permission": event.permission,
            "x-unit-fields": list(event.unit_fields),
        }
        channels[name] = {
            "address": name,
            "messages": {"event": {"$ref": f"#/components/messages/{name}"}},
        }
        operations[f"{publisher_of(name)}.publish.{event.__name__}"] = {
            "action": "send",
            "summary": f"{publisher_of(name)} tells that this has happened",
            "description": inspect.cleandoc(event.__doc__ or name),
            "tags": [{"name": publisher_of(name)}],
            "channel": {"$ref": f"#/channels/{name}"},
        }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Kechuang events",
            "version": "1.0.0",
            "description": "CloudEvents 1.0 in structured JSON over NATS JetStream; the payload "
            "shown is the event's `data`. Events of one subject are delivered in order. An event "
            "is seen by who has its `x-permission` in relation to a unit in its `x-unit-fields`.",
            "license": {
                "name": "Apache-2.0",
                "url": "https://www.apache.org/licenses/LICENSE-2.0",
            },
            "tags": [{"name": name} for name in sorted({publisher_of(e.type) for e in published})],
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages, "schemas": schemas},
    }


def files() -> dict[Path, str]:
    """Every snapshot as it should be."""
    published = list(events())
    wanted: dict[Path, Any] = {
        HOME / "schemas" / f"{event.type}.json": schema_of(event) for event in published
    }
    wanted[HOME / "asyncapi.json"] = asyncapi(published)
    return {
        path: json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
        for path, content in wanted.items()
    }


def main(*, check: bool) -> int:
    """Write the snapshots, or with `check` say which are not current."""
    wanted = files()
    present = {*HOME.glob("schemas/*.json"), *HOME.glob("asyncapi.json")}
    if not check:
        for path in present - wanted.keys():
            path.unlink()
        for path, text in wanted.items():
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return 0
    stale = [p for p, text in wanted.items() if not p.exists() or p.read_text("utf-8") != text]
    stale += present - wanted.keys()
    if stale:
        names = ", ".join(sorted(path.name for path in stale))
        sys.stderr.write(f"event descriptions not current (make contracts): {names}\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv))
