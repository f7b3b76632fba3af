"""The document as calls one can make: each operation with the examples it gives."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from servicekit.files.kinds import SUFFIXES

from gateway.document.domain import METHODS, Document

FORM = "application/x-www-form-urlencoded"
STAND_INS = {
    "date": "2026-07-01",
    "date-time": "2026-07-01T00:00:00Z",
    "uuid": "0197a3d4-7c1e-7000-8000-000000000001",
}
"""By format, where the document has no example."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A place in the path or the query, with a value for it as text."""

    name: str
    value: str
    required: bool


@dataclass(frozen=True, slots=True)
class Call:
    """One operation. `keyed` and `versioned`: whether it takes `Idempotency-Key` and `If-Match`;
    `body` is an example of what it takes, none if it takes nothing."""

    tag: str
    name: str
    summary: str
    method: str
    path: str
    places: tuple[Parameter, ...]
    query: tuple[Parameter, ...]
    keyed: bool
    versioned: bool
    media_type: str | None
    body: Any

    @property
    def file(self) -> str | None:
        """The name of the file that is sent, if the body is one: `enterprises.xlsx`."""
        suffix = SUFFIXES.get(self.media_type or "")
        return f"{self.path.split('/')[3]}{suffix}" if suffix else None


def calls(document: Document) -> Iterator[Call]:
    """Every operation, by path and method."""
    for path, item in sorted(document["paths"].items()):
        for method in METHODS:
            if method in item:
                yield call(document, path, method, item[method])


def call(document: Document, path: str, method: str, operation: Document) -> Call:
    parameters = [resolve(document, one) for one in operation.get("parameters", [])]
    headers = {one["name"].lower() for one in parameters if one["in"] == "header"}
    content = resolve(document, operation.get("requestBody", {})).get("content", {})
    media_type = next(iter(content), None)
    is_file = media_type in SUFFIXES
    return Call(
        tag=operation["tags"][0],
        name=operation["operationId"],
        summary=operation.get("summary", operation["operationId"]),
        method=method.upper(),
        path=path,
        places=tuple(
            replace(one, value=own_value(document, path, one.name) or one.value)
            for one in places(document, parameters, "path")
        ),
        query=places(document, parameters, "query"),
        keyed="idempotency-key" in headers,
        versioned="if-match" in headers,
        media_type=media_type,
        body=given(document, content[media_type]) if media_type and not is_file else None,
    )


def places(document: Document, parameters: list[Document], kind: str) -> tuple[Parameter, ...]:
    """The parameters of one kind, in the document's order."""
    return tuple(
        Parameter(one["name"], text(given(document, one)), one.get("required", False))
        for one in parameters
        if one["in"] == kind
    )


def own_value(document: Document, path: str, name: str) -> str:
    """What the resource that is read at this place of the path shows as its own `name` or `id`;
    empty if it shows none."""
    place = f"{{{name}}}"
    read = document["paths"].get(path[: path.index(place) + len(place)], {}).get("get", {})
    content = read.get("responses", {}).get("200", {}).get("content", {})
    schema = resolve(document, content.get("application/json", {}).get("schema", {}))
    shown = schema.get("properties", {})
    found = next((shown[each] for each in (name, "id") if each in shown), {})
    return text(next(iter(found.get("examples", ())), ""))


def text(value: Any) -> str:
    """A value as it stands in an address."""
    if isinstance(value, list):
        value = value[0] if value else ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def resolve(document: Document, node: Document) -> Document:
    """What a `$ref` within the document refers to."""
    while "$ref" in node:
        target: Any = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part.replace("~1", "/").replace("~0", "~")]
        node = target
    return node


def given(document: Document, node: Document) -> Any:
    """The example that a parameter or a body gives itself, else that of its schema."""
    if "example" in node:
        return node["example"]
    if examples := node.get("examples"):
        return next(iter(examples.values()))["value"]
    return example(document, node.get("schema", {}))


def example(document: Document, schema: Document) -> Any:
    """An example of a schema: its own, or one put together from those of its parts. What may be
    left out and has none is left out."""
    schema = resolve(document, schema)
    for found in ("example", "default", "const"):
        if schema.get(found) is not None:
            return schema[found]
    for several in ("examples", "enum"):
        if schema.get(several):
            return schema[several][0]
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            return example(document, schema[choice][0])
    match schema.get("type"):
        case "object":
            return members(document, schema)
        case "array":
            return [example(document, schema.get("items", {}))]
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return True
        case _:
            return STAND_INS.get(schema.get("format", ""), "text")


def members(document: Document, schema: Document) -> dict[str, Any]:
    """The members of an object that are required or have an example of their own."""
    required = schema.get("required", ())
    return {
        name: example(document, member)
        for name, member in schema.get("properties", {}).items()
        if name in required or "examples" in resolve(document, member)
    }
