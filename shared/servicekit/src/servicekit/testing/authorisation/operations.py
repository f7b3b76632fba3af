"""The operations of an app, and what its document says of each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from fastapi import FastAPI

from servicekit.auth.principal import Role
from servicekit.http.app import PREFIX
from servicekit.testing.authorisation.declared import Resource, Standing

Document = Mapping[str, Any]
JSON = "application/json"
STATES = ("state", "status")
"""The fields of an object that hold the state of a state machine."""


class Kind(Enum):
    """How the right to an operation shows in its answer."""

    LIST = auto()
    """The object is among the items exactly when it is permitted."""
    READ = auto()
    """200 or 403."""
    CHANGE = auto()
    """412 for a stale `If-Match`, or 403: nothing changes."""
    CREATE = auto()
    """201 or 403."""
    BULK = auto()
    """A batch or an import, tried out (`dry_run`), or 403."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the matrix."""

    operation: str
    role: str
    standing: str
    state: str


@dataclass(frozen=True)
class Operation:
    """One operation of the document and the resource it belongs to."""

    method: str
    path: str
    spec: Document
    document: Document
    resource: Resource

    def __str__(self) -> str:
        return self.spec["operationId"]

    @property
    def permission(self) -> str:
        return self.spec["x-permission"]

    @property
    def rules(self) -> Mapping[str, list[str]]:
        """Role → the relations that are enough."""
        return self.document["x-permissions"][self.permission]

    @property
    def step(self) -> str:
        """The name of the step: the path's last segment, or the method."""
        return self.path.rpartition("/")[2] if self.method == "POST" else self.method

    @property
    def query(self) -> set[str]:
        parameters = self.spec.get("parameters", ())
        return {one["name"] for one in parameters if one["in"] == "query"}

    @property
    def is_step(self) -> bool:
        """It changes an object of a state machine, in some of its states."""
        return self.kind is Kind.CHANGE and self.method in ("POST", "PATCH") and bool(self.states)

    @property
    def about_one(self) -> bool:
        """It is about an object that exists, so a caller's relation and its state count."""
        return self.kind is Kind.LIST or "{" in self.path or self.path in self.resource.sees

    @property
    def kind(self) -> Kind:
        if self.method == "GET":
            is_list = self.path == self.resource.path and "cursor" in self.query
            return Kind.LIST if is_list else Kind.READ
        if self.step in ("batch", "import"):
            return Kind.BULK
        named = {one["name"] for one in self.spec.get("parameters", ())}
        return Kind.CHANGE if "If-Match" in named else Kind.CREATE

    @property
    def states(self) -> list[str]:
        """The states of the objects it is about; empty without a state machine."""
        if self.resource.states is not None:
            return list(self.resource.states)
        return states_of(self.document, self.resource)

    def cells(self) -> set[Cell]:
        """Everything that must be tested of it."""
        states = (self.states if self.about_one else []) or [""]
        return {
            Cell(str(self), role, standing, state)
            for role in Role
            for standing in Standing
            for state in states
        }

    def example(self) -> Any:
        """The body that the document shows, or none."""
        content = self.spec.get("requestBody", {}).get("content", {})
        return content.get(JSON, {}).get("example")

    def body_fields(self) -> set[str]:
        """The fields its body can have."""
        content = self.spec.get("requestBody", {}).get("content", {})
        return set(resolve(self.document, content[JSON]["schema"]).get("properties", {}))


def operations_of(app: FastAPI, resources: Iterable[Resource]) -> list[Operation]:
    """Every operation of the app, reads first and creations last.

    Raises:
        LookupError: nobody declares the resource of an operation.
    """
    document = app.openapi()
    known = list(resources)
    found: list[Operation] = []
    for full, item in document["paths"].items():
        path = full.removeprefix(PREFIX)
        for method, spec in item.items():
            resource = resource_of(known, path)
            if resource is None:
                raise LookupError(
                    f"{method.upper()} {path} is not in the authorisation matrix: add "
                    f'Resource("{path}", …) to tests/test_authorisation.py '
                    "(servicekit.testing.authorisation tells how)"
                )
            found.append(Operation(method.upper(), path, spec, document, resource))
    return sorted(found, key=lambda each: each.kind.value)


def operation_ids(app: FastAPI) -> list[str]:
    """The names of every operation of the app, as a test's parameters."""
    paths: Document = app.openapi()["paths"]
    return [spec["operationId"] for item in paths.values() for spec in item.values()]


def resource_of(resources: Iterable[Resource], path: str) -> Resource | None:
    """The resource whose path, or whose object's path, is the longest beginning of this one."""

    def length(resource: Resource) -> int:
        begins = [resource.path, resource.one or resource.path]
        return max(
            (len(each) for each in begins if path == each or path.startswith(f"{each}/")),
            default=0,
        )

    best = max(resources, key=length, default=None)
    return best if best is not None and length(best) else None


def states_of(document: Document, resource: Resource) -> list[str]:
    """The states that an object of this resource can be in, by its schema."""
    item = document["paths"].get(PREFIX + (resource.one or resource.path), {})
    if "get" not in item:
        return []
    schema = answer_schema(document, item["get"])
    row = schema.get("properties", {}).get("items", {}).get("items", schema)
    fields = resolve(document, row).get("properties", {})
    for name in STATES:
        if name in fields and "enum" in (field := resolve(document, fields[name])):
            return list(field["enum"])
    return []


def answer_schema(document: Document, spec: Document) -> Document:
    content = spec["responses"].get("200", {}).get("content", {})
    return resolve(document, content.get(JSON, {}).get("schema", {}))


def resolve(document: Document, schema: Document) -> Document:
    """The schema a reference leads to."""
    while "$ref" in schema:
        found: Any = document
        for name in schema["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        schema = found
    return schema
