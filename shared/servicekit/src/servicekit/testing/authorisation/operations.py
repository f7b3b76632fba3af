"""The operations of an app, and what its document says of each."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from fastapi import FastAPI
from fastapi.routing import RouteContext

from servicekit.auth.permissions import Permission
from servicekit.auth.principal import Role
from servicekit.http.app import PREFIX
from servicekit.http.openapi import operations, permission_of, rules_of
from servicekit.http.route import query_names
from servicekit.testing.authorisation.declared import Resource, Standing
from servicekit.testing.authorisation.jobs import jobs_of

Document = Mapping[str, Any]
JSON = "application/json"
STATES = ("state", "status")
"""The fields of an object that hold the state of a state machine."""
PLATFORM = (
    Resource("/audit-entries", asked_only=True),
    Resource("/parked-events", asked_only=True, bodies={"replay": {}}),
)
"""What every service shows of its own workings (`servicekit.http.platform`)."""


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
    REMOVE = auto()
    """204 or 403, by no version: the object is gone, the next caller gets another."""
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
    """One operation of the app and the resource it belongs to. `spec` is its part of the document;
    of one that the document leaves out, what matters here."""

    name: str
    method: str
    path: str
    permission: str
    rules: Mapping[str, list[str]]
    """Role → the relations that are enough."""
    spec: Document
    document: Document
    resource: Resource

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
            is_list = is_list and not self.resource.asked_only
            return Kind.LIST if is_list else Kind.READ
        if self.step in ("batch", "import"):
            return Kind.BULK
        named = {one["name"] for one in self.spec.get("parameters", ())}
        if "If-Match" in named:
            return Kind.CHANGE
        return Kind.REMOVE if self.method == "DELETE" else Kind.CREATE

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
            Cell(self.name, role, standing, state)
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
    document, known = app.openapi(), [*resources, *PLATFORM, jobs_of(app)]
    found: list[Operation] = []
    for route, permission in guarded(app):
        path = (route.path or "").removeprefix(PREFIX)
        method = min(route.methods or ())
        resource = resource_of(known, path)
        if resource is None:
            raise LookupError(
                f"{method} {path} is not in the authorisation matrix: add "
                f'Resource("{path}", …) to tests/test_authorisation.py '
                "or tests/matrix (servicekit.testing.authorisation tells how)"
            )
        spec = document["paths"].get(route.path, {}).get(method.lower()) or unshown(route)
        found.append(
            Operation(
                name=route.unique_id,
                method=method,
                path=path,
                permission=permission.name,
                rules=document["x-permissions"].get(permission.name) or rules_of(permission),
                spec=spec,
                document=document,
                resource=resource,
            )
        )
    return sorted(found, key=lambda each: each.kind.value)


def guarded(app: FastAPI) -> Iterator[tuple[RouteContext, Permission]]:
    """Every operation with the permission it declares; the API document itself needs none."""
    for route in operations(app):
        permission = permission_of(route)
        if permission is not None:
            yield route, permission


def unshown(route: RouteContext) -> Document:
    """What would stand in the document of an operation that is left out of it."""
    return {"parameters": [{"name": n, "in": "query"} for n in query_names(route.dependant)]}


def operation_ids(app: FastAPI) -> list[str]:
    """The names of every operation of the app, as a test's parameters."""
    return [route.unique_id for route, _ in guarded(app)]


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
    shown = (
        document["paths"].get(PREFIX + path, {}) for path in (resource.one, resource.path) if path
    )
    item = next((item for item in shown if "get" in item), None)
    if item is None:
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
