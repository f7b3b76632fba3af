"""Calls any operation of the document, on objects that exist."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from uuid import uuid4

import httpx
from kechuang.client import Credentials
from kechuang.client.tokens import ClientCredentialsAuth
from local_stack.stack import Stack

from tests.journeys.actors import Actors
from tests.journeys.operations import OPERATIONS, Operation, check_answer

ELSEWHERE = {
    "unit_code": ("units", "code", "active", True),
    "period": ("reporting-periods", "period", "state", "open"),
}
"""Parameter → the resource it names, by which field, and of which of its objects."""


class Caller:
    """Calls operations with the token of a role, on objects that exist."""

    def __init__(self, system: Stack, hands: Actors) -> None:
        self._system, self._hands = system, hands
        self._http = httpx.Client(base_url=system.url, trust_env=False, timeout=30)
        self._found: dict[tuple[str, str], list[dict[str, Any]]] = {}

    def __call__(
        self,
        operation: Operation,
        role: str | None = "",
        *,
        url: str = "",
        headers: Mapping[str, str] | None = None,
        **options: Any,
    ) -> httpx.Response:
        """The answer; it is held against the document. `role` none: no token."""
        sent = {"Accept-Language": "en", **(headers or {})}
        auth = None if role is None else self._auth(role or operation.permitted)
        answer = self._http.request(
            operation.method, url or self.address(operation), headers=sent, auth=auth, **options
        )
        check_answer(operation, answer)
        return answer

    def read(self, url: str, role: str) -> httpx.Response:
        """What stands at an address that an answer gave."""
        return self._http.get(url, auth=self._auth(role), headers={"Accept-Language": "en"})

    @cache  # noqa: B019 - it lives as long as the module
    def _auth(self, role: str) -> ClientCredentialsAuth:
        endpoint = self._http.base_url.join("/oauth/token")
        return ClientCredentialsAuth(endpoint, Credentials(**self._system.clients[role]))

    def address(self, operation: Operation) -> str:
        """The operation's path, filled with objects that are there."""
        return self.existing(operation) or re.sub(r"\{\w+\}", str(uuid4()), operation.path)

    def existing(self, operation: Operation) -> str | None:
        """The address of something that is there; none where nothing is."""
        return self._filled(operation.path, operation.path, operation.in_path, operation.permitted)

    def _filled(self, template: str, path: str, names: Sequence[str], role: str) -> str | None:
        """The first of what the collection before each name lists, to `role` or else to anybody,
        under which there is something for the next one; none where there is nothing."""
        if not names:
            return path
        name = names[0]
        end = f"/{{{name}}}"
        collection = (template.partition(end)[0], path.partition(end)[0])
        rows = self.rows(*collection, role) or self.rows(*collection) or self._named(name)
        for row in rows:
            own = name in row and not (name.endswith("_id") and "id" in row)
            value = row[name if own else "id"]
            further = path.replace(f"{{{name}}}", str(value), 1)
            found = self._filled(template, further, names[1:], role)
            if found is not None:
                return found
        return None

    def _named(self, name: str) -> list[dict[str, Any]]:
        """Objects of another resource than the one the path begins with."""
        if name not in ELSEWHERE:
            return []
        resource, known_by, field, wanted = ELSEWHERE[name]
        rows = self.rows(f"/api/v1/{resource}", f"/api/v1/{resource}")
        return [{name: row[known_by]} for row in rows if row[field] == wanted]

    def rows(self, template: str, collection: str, role: str = "") -> list[dict[str, Any]]:
        """What the collection at this address lists to a role, or to one that sees most;
        `template` is its path in the document."""
        known = (collection, role)
        if known not in self._found:
            read = next(
                (one for one in OPERATIONS if (one.method, one.path) == ("GET", template)), None
            )
            self._found[known] = []
            if read is not None and (not role or role in read.rules):
                resource = collection.removeprefix("/api/v1/")
                listed = self._hands(role or read.permitted).items(resource, limit=200)
                self._found[known] = list(listed)
        return self._found[known]

    def restated(self, operation: Operation) -> Any:
        """What the object is, as a body of this change; the example where it cannot be read."""
        if operation.reading is None:
            return operation.example
        row = self(operation.reading).json()
        return {
            name: shaped(row.get(name, value), value) for name, value in operation.example.items()
        }

    def close(self) -> None:
        self._http.close()


def shaped(value: Any, example: Any) -> Any:
    """A list of objects without the fields that are only read."""
    if not (isinstance(value, list) and example and isinstance(example[0], dict)):
        return value
    return [{name: one[name] for name in example[0] if name in one} for one in value]
