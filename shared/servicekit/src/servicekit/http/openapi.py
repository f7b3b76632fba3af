"""The service's OpenAPI 3.1 document: on every operation its permission, problems and headers,
and an example of what it takes and gives."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts

from servicekit.auth.permissions import Permission
from servicekit.files.upload import Uploading
from servicekit.http.errors import MEDIA_TYPE
from servicekit.http.examples import example_of
from servicekit.http.exports.accept import CSV, JSON, XLSX
from servicekit.http.openapi_parts import (
    ALWAYS,
    BY_STATUS,
    COMMON,
    HEADERS,
    PROBLEM_SCHEMA,
    common_responses,
    header_refs,
    parameter_description,
    problem_response,
    refer,
    sort_parameter,
)
from servicekit.http.paging import Paging
from servicekit.http.route import MAY_BE_STALE, NOT_KEYED, Permitted
from servicekit.problems import Problem

Document = dict[str, Any]

KEY_HEADER: Document = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "Chosen by the caller; the same key and request have one effect.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    "example": "b0c7a0de-6d5f-4f0c-9d0e-9a4f0f9f2c11",
}
KNOWN_COPY: Document = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of the caller's copy; 304 while it is current.",
    "schema": {"type": "string"},
    "example": '"3"',
}
NEWEST: Document = {
    "name": "Cache-Control",
    "in": "header",
    "required": False,
    "description": "`no-cache`: the newest rows, not those of a standby that may be seconds old.",
    "schema": {"type": "string"},
    "example": "no-cache",
}
BINARY: Document = {"type": "string", "format": "binary"}
FILES: Document = {
    CSV: {"schema": {"type": "string", "description": "All rows, not only a page."}},
    XLSX: {"schema": BINARY},
}
"""What every list gives besides JSON."""
UNCHANGED: Document = {
    "description": "The caller's copy is current",
    "headers": {**ALWAYS, **header_refs("ETag")},
}
BEARER: Document = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "An access token: a system's from `/oauth/token`, a person's from one of the "
    "OpenID Connect providers that `/.well-known/oauth-protected-resource` names.",
}


def problems(*kinds: type[Problem]) -> dict[int | str, Document]:
    """`responses=problems(PeriodClosed, …)`: what an operation can answer besides the common."""
    by_status: dict[int, list[Problem]] = {}
    for kind in kinds:
        by_status.setdefault(kind.status, []).append(kind())
    return {
        status: problem_response([*own, *COMMON.get(BY_STATUS.get(status, ""), ())])
        for status, own in by_status.items()
    }


def permission_of(route: RouteContext | APIRoute) -> Permission | None:
    """The permission an operation declares, or none."""
    for dependant in route.dependant.dependencies:
        if isinstance(dependant.call, Permitted):
            return dependant.call.permission
    return None


def upload_of(route: RouteContext) -> Uploading | None:
    """The file an operation takes as its body, or none."""
    calls = (dependant.call for dependant in route.dependant.dependencies)
    return next((call for call in calls if isinstance(call, Uploading)), None)


def sortable_of(route: RouteContext) -> tuple[str, ...]:
    """The names a list can be sorted by; none for anything but a list."""
    calls = (dependant.call for dependant in route.dependant.dependencies)
    return next((call.sortable for call in calls if isinstance(call, Paging)), ())


def rules_of(permission: Permission) -> dict[str, list[str]]:
    """Role → the relations of the caller's unit to the object's unit that are enough."""
    return {
        str(role): [(one.name or "").lower() for one in relations]
        for role, relations in sorted(permission.rules.items())
    }


def operations(app: FastAPI) -> Iterator[RouteContext]:
    """Every operation of the app, however deep its router was included."""
    for found in iter_route_contexts(app.routes):
        if isinstance(found.original_route, APIRoute):
            yield found


def build(app: FastAPI) -> Document:
    """The document, completed with what every operation shares."""
    if app.openapi_schema:
        return app.openapi_schema
    document = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes,
        openapi_version="3.1.0", tags=app.openapi_tags,
    )  # fmt: skip
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    schemas["Problem"] = PROBLEM_SCHEMA
    components["headers"] = HEADERS
    components["responses"] = common_responses()
    components["securitySchemes"] = {"bearer": BEARER}
    document["security"] = [{"bearer": []}]
    by_id = {route.unique_id: route for route in operations(app)}
    shown = (route for route in by_id.values() if route.include_in_schema)
    declared = filter(None, map(permission_of, shown))
    document["x-permissions"] = {one.name: rules_of(one) for one in declared}
    for path in document.get("paths", {}).values():
        for method, operation in path.items():
            complete(method, operation, by_id[operation["operationId"]], schemas)
    app.openapi_schema = document
    return document


def complete(method: str, operation: Document, route: RouteContext, schemas: Document) -> None:
    """Add to one operation what it does not say itself."""
    permission = permission_of(route)
    operation["x-permission"] = permission.name if permission else None
    operation.setdefault("description", operation.get("summary", ""))
    keyed = method == "post" and not operation.pop(NOT_KEYED, False)
    parameters = operation.setdefault("parameters", [])
    sortable = sortable_of(route)
    for parameter in parameters:
        if parameter["name"] == "sort" and sortable:
            parameter |= sort_parameter(sortable)
        meaning = parameter_description(parameter["name"], parameter["in"])
        parameter.setdefault("description", meaning)
    if keyed:
        parameters.append(KEY_HEADER)
    upload = upload_of(route)
    if upload is not None:
        content = {kind: {"schema": BINARY} for kind in upload.media_types}
        operation["requestBody"] = {"required": True, "content": content}
    show_examples(operation, schemas)
    for status, answer in list(operation["responses"].items()):
        if int(status) < 400:
            head(method, status, answer, keyed, schemas)
    if MAY_BE_STALE in operation:
        operation["responses"]["200"]["headers"] |= header_refs("Age")
        parameters.append(NEWEST)
    if method == "get" and "ETag" in operation["responses"].get("200", {}).get("headers", {}):
        operation["responses"]["304"] = UNCHANGED
        parameters.append(KNOWN_COPY)
    if not parameters:
        del operation["parameters"]
    refuse(method, operation, route.path or "")


def show_examples(operation: Document, schemas: Document) -> None:
    """An example of the body it takes and of the one it gives.

    Raises:
        NoExample: a field of a body has none.
    """
    answers = [one for status, one in operation["responses"].items() if int(status) < 400]
    bodies = [operation.get("requestBody", {}), *answers]
    for body in bodies:
        shown = body.get("content", {}).get(JSON)
        if shown and "example" not in shown:
            shown["example"] = example_of(shown["schema"], schemas)


def head(method: str, status: str, answer: Document, keyed: bool, schemas: Document) -> None:
    """The headers of a success, by what its body holds."""
    schema = answer.get("content", {}).get(JSON, {}).get("schema", {})
    fields = schemas.get(schema.get("$ref", "").rpartition("/")[2], {}).get("properties", {})
    names: list[str] = []
    if "version" in fields:
        names.append("ETag")
    if "next_cursor" in fields:
        names.append("Link")
        answer["content"] |= FILES
    if status in ("201", "202"):
        names.append("Location")
    if keyed and method == "post":
        names.append("Idempotency-Replayed")
    answer["headers"] = {**ALWAYS, **header_refs(*names), **answer.get("headers", {})}


def refuse(method: str, operation: Document, path: str) -> None:
    """The problems an operation can answer: its own ones, and those of everything like it."""
    responses = operation["responses"]
    names = {parameter["name"] for parameter in operation.get("parameters", [])}
    statuses = {400, 401, 403, 414, 422, 429, 500, 502, 503, 504}
    # What a PUT makes need not be there; what it is made for must.
    makes_it = method == "put" and "201" in responses and path.endswith("}")
    if path.count("{") > makes_it:
        statuses.add(404)
    if method != "get":
        statuses.add(409)
    if "requestBody" in operation:
        statuses.add(413)
    if "If-Match" in names:
        statuses |= {412, 428} if method == "post" else {412}
    # The framework's own validation error is not what is answered here.
    if MEDIA_TYPE not in responses.get("422", {}).get("content", {}):
        responses.pop("422", None)
    for status in statuses:
        responses.setdefault(str(status), refer("responses", BY_STATUS[status]))
    operation["responses"] = dict(sorted(responses.items()))
