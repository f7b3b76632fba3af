"""Calls any operation of the document, on objects that exist."""

from collections.abc import Mapping
from functools import cache
from typing import Any
from uuid import uuid4

import httpx
from kechuang.client import Credentials
from kechuang.client.tokens import ClientCredentialsAuth
from local_stack.stack import Stack

from tests.journeys.actors import Actors
from tests.journeys.operations import OPERATIONS, Operation, check_answer


class Caller:
    """Calls operations with the token of a role, on objects that exist."""

    def __init__(self, system: Stack, hands: Actors) -> None:
        self._system, self._hands = system, hands
        self._http = httpx.Client(base_url=system.url, trust_env=False, timeout=30)
        self._found: dict[str, list[dict[str, Any]]] = {}

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

    @cache  # noqa: B019 - it lives as long as the module
    def _auth(self, role: str) -> ClientCredentialsAuth:
        endpoint = self._http.base_url.join("/oauth/token")
        return ClientCredentialsAuth(endpoint, Credentials(**self._system.clients[role]))

    def address(self, operation: Operation) -> str:
        """The operation's path, filled with an object that the collection before it lists."""
        path = operation.path
        for name in operation.in_path:
            template = operation.path.partition(f"/{{{name}}}")[0]
            rows = self.rows(template, path.partition(f"/{{{name}}}")[0])
            row = rows[0] if rows else {"id": str(uuid4())}
            own = name in row and not (name.endswith("_id") and "id" in row)
            value = row[name if own else "id"]
            path = path.replace(f"{{{name}}}", str(value), 1)
        return path

    def rows(self, template: str, collection: str) -> list[dict[str, Any]]:
        """What the collection at this address lists; `template` is its path in the document."""
        if collection not in self._found:
            reads = (one for one in OPERATIONS if (one.method, one.path) == ("GET", template))
            role = next((one.permitted for one in reads), None)
            resource = collection.removeprefix("/api/v1/")
            listed = self._hands(role).items(resource, limit=200) if role else ()
            self._found[collection] = list(listed)
        return self._found[collection]

    def restated(self, operation: Operation) -> Any:
        """What the object is, as a body of this change; the example where it cannot be read."""
        if operation.reading is None:
            return operation.example
        row = self(operation.reading).json()
        return {name: row.get(name, value) for name, value in operation.example.items()}

    def close(self) -> None:
        self._http.close()
