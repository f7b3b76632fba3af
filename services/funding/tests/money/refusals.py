"""What the books do not allow, and how it is answered."""

from collections.abc import Mapping
from typing import Any


class Refused(Exception):
    """A step that the books do not allow, with the answer's status and code."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code = status, code


def conflict(code: str) -> Refused:
    return Refused(409, code)


def check(now: int, based_on: int, is_possible: bool, is_another: bool = True) -> None:
    """The order of refusals of a step: its version, its state, its hand."""
    if now != based_on:
        raise Refused(412, "stale_version")
    if not is_possible:
        raise conflict("invalid_transition")
    if not is_another:
        raise Refused(403, "separation_of_duties")


def need(fen: int, free: int) -> None:
    if fen > free:
        raise conflict("insufficient_funds")


def referred(rows: Mapping[Any, Any], handle: object) -> Any:
    """What a body refers to."""
    if handle not in rows:
        raise Refused(422, "unknown_reference")
    return rows[handle]


def at_path(rows: Mapping[Any, Any], handle: object) -> Any:
    """What a path names."""
    if handle not in rows:
        raise Refused(404, "not_found")
    return rows[handle]
