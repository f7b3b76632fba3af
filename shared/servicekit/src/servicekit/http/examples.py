"""Examples of the API document: one whole body, made from the examples of its fields.

So an example is written once, beside the field it belongs to, and every operation that takes or
gives the schema shows it.
"""

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]

BY_FORMAT = {
    "uuid": "0197a3d4-7c1e-7000-8000-000000000001",
    "date": "2026-07-15",
    "date-time": "2026-07-15T02:30:00Z",
}
BY_TYPE: dict[str, Any] = {"boolean": True, "null": None}


class NoExample(Exception):
    """A field says nothing from which an example could be made; the text names it."""


def example_of(schema: Schema, schemas: Mapping[str, Schema], where: str = "") -> Any:
    """A value that fits the schema. `schemas` are the document's components.

    A field's own example comes first, then its default; a field that may be null and has neither
    is null.

    Raises:
        NoExample: a text or a number without an example, a default or a choice.
    """
    if schema.get("examples"):
        return schema["examples"][0]
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return example_of(schemas[name], schemas, where or name)
    for key in ("example", "default", "const"):
        if key in schema:
            return schema[key]
    if "enum" in schema:
        return schema["enum"][0]
    if variants := schema.get("anyOf") or schema.get("oneOf"):
        if {"type": "null"} in variants:
            return None
        return example_of(variants[0], schemas, where)
    return _of_type(schema, schemas, where)


def _of_type(schema: Schema, schemas: Mapping[str, Schema], where: str) -> Any:
    kind = schema.get("type")
    if kind == "object":
        fields: Mapping[str, Schema] = schema.get("properties", {})
        return {name: example_of(one, schemas, f"{where}.{name}") for name, one in fields.items()}
    if kind == "array":
        return [example_of(schema.get("items", {}), schemas, f"{where}[]")]
    if schema.get("format") in BY_FORMAT:
        return BY_FORMAT[schema["format"]]
    if kind in BY_TYPE:
        return BY_TYPE[kind]
    raise NoExample(where)
