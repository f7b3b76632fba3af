"""The service's OpenAPI 3.1 document: problems, permissions and headers on every operation."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts

from servicekit.auth.permissions import Permission
from servicekit.http.errors import MEDIA_TYPE, TITLES
from servicekit.http.route import NOT_KEYED, Permitted
from servicekit.problems import Problem

PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457 problem details. `code` is stable; the texts follow Accept-Language.",
    "required": ["type", "code", "status", "title", "detail", "trace_id"],
    "properties": {
        "type": {"type": "string", "examples": ["urn:kechuang:problem:not_found"]},
        "code": {"type": "string", "examples": ["not_found"]},
        "status": {"type": "integer", "examples": [404]},
        "title": {"type": "string"},
        "detail": {"type": "string"},
        "trace_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "message"],
                "properties": {
                    "pointer": {"type": "string", "examples": ["/value"]},
                    "code": {"type": "string", "examples": ["missing"]},
                    "message": {"type": "string"},
                },
            },
        },
    },
}
KEY_HEADER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "Chosen by the caller; the same key and request have one effect.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    "example": "b0c7a0de-6d5f-4f0c-9d0e-9a4f0f9f2c11",
}


def problems(*kinds: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """`responses=problems(PeriodClosed, …)`: what an operation can answer besides the common."""
    found: dict[int | str, dict[str, Any]] = {}
    for kind in kinds:
        entry = found.setdefault(kind.status, {"description": "", "x-codes": []})
        entry["x-codes"].append(kind.code)
    for entry in found.values():
        entry["description"] = ", ".join(entry["x-codes"])
    return found


def permission_of(route: RouteContext) -> Permission | None:
    """The permission an operation declares, or none."""
    for dependant in route.dependant.dependencies:
        if isinstance(dependant.call, Permitted):
            return dependant.call.permission
    return None


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


def build(app: FastAPI) -> dict[str, Any]:
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
    components["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    }
    document["security"] = [{"bearer": []}]
    by_id = {route.unique_id: route for route in operations(app)}
    shown = (route for route in by_id.values() if route.include_in_schema)
    declared = filter(None, map(permission_of, shown))
    document["x-permissions"] = {one.name: rules_of(one) for one in declared}
    for path in document.get("paths", {}).values():
        for method, operation in path.items():
            complete(method, operation, by_id[operation["operationId"]])
    app.openapi_schema = document
    return document


def complete(method: str, operation: dict[str, Any], route: RouteContext) -> None:
    """Add the permission, the common problems and the idempotency header to one operation."""
    permission = permission_of(route)
    operation["x-permission"] = permission.name if permission else None
    operation.setdefault("description", operation.get("summary", ""))
    keyed = method == "post" and not operation.pop(NOT_KEYED, False)
    if keyed:
        operation.setdefault("parameters", []).append(KEY_HEADER)
    statuses = {401, 403, 422, 500, 503}
    if "{" in (route.path or ""):
        statuses.add(404)
    if method != "get":
        statuses.add(409)
    if keyed:
        statuses.add(400)
    names = {parameter["name"].lower() for parameter in operation.get("parameters", [])}
    if "if-match" in names:
        statuses |= {400, 412, 428}
    responses = operation["responses"]
    for status in statuses:
        responses.setdefault(str(status), {"description": TITLES[status]["en"]})
    for status, response in responses.items():
        if int(status) >= 400:
            response["content"] = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    operation["responses"] = dict(sorted(responses.items()))
