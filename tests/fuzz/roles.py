"""Who asks what: what the document says of operations and of roles."""

from collections.abc import Collection, Mapping
from typing import Any
from zlib import crc32

METHODS = ("get", "put", "post", "patch", "delete")
NOBODY = "nobody"
"""Who has no token."""

Asked = Mapping[str, str]
"""Who asks each operation, `POST /api/v1/parks`."""


def allowed(document: Mapping[str, Any]) -> dict[str, list[str]]:
    """The roles that may call each operation; nobody where no permission is needed."""
    granted = document["x-permissions"]
    return {
        f"{method.upper()} {path}": sorted(granted.get(operation.get("x-permission"), [NOBODY]))
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if method in METHODS
    }


def by_one_each(document: Mapping[str, Any], seed: int) -> Asked:
    """Every operation by one role that may call it; by another with another seed."""
    return {
        operation: roles[(crc32(operation.encode()) + seed) % len(roles)]
        for operation, roles in allowed(document).items()
    }


def by(role: str, operations: Collection[str], document: Mapping[str, Any]) -> tuple[Asked, Asked]:
    """These operations by one role: those that it may call, and those that it may not. What needs
    no permission anybody may."""
    may, may_not = dict[str, str](), dict[str, str]()
    granted = allowed(document)
    for operation in operations:
        mine = may if {role, NOBODY} & {*granted[operation]} else may_not
        mine[operation] = role
    return may, may_not


def part(document: Mapping[str, Any], number: int, parts: int) -> list[str]:
    """The operations of the `number`th part of so many; those of a resource stay together."""
    every = list(allowed(document))
    return every[len(every) * (number - 1) // parts : len(every) * number // parts]
