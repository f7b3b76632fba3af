"""The demo's clients, and the few ways it calls the API: all of them may be done again."""

import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Self, TypeVar
from uuid import uuid4

from kechuang.client import ApiError, Client, Credentials

from local_stack.errors import StackFailed

Row = dict[str, Any]
T = TypeVar("T")
STALE = "stale_version"
PATIENCE = 20.0
"""Seconds an event may take to be heard by everyone."""


class Callers:
    """One client a role, made when first asked for."""

    def __init__(self, url: str, clients_file: Path) -> None:
        self._url, self._file = url, clients_file
        self._clients: dict[str, Client] = {}

    def __call__(self, role: str) -> Client:
        if role not in self._clients:
            credentials = Credentials.from_file(self._file, role)
            self._clients[role] = Client(self._url, credentials, language="en")
        return self._clients[role]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for client in self._clients.values():
            client.close()


def first(rows: Iterable[Row], **wanted: Any) -> Row | None:
    """The first row with these values."""
    return next((r for r in rows if all(r[name] == value for name, value in wanted.items())), None)


def advance(
    client: Client,
    resource: str,
    row: Row,
    action: str,
    body: Any = None,
    *,
    correlation: str | None = None,
) -> Row:
    """Take a step of a workflow; the row after it. Events may have moved the row meanwhile: then
    the step is taken once more, on the version there is now."""
    for last in (False, True):
        headers = {"If-Match": f'"{row["version"]}"', "Idempotency-Key": str(uuid4())}
        if correlation:
            headers["X-Correlation-Id"] = correlation
        path = f"{resource}/{row['id']}"
        try:
            return client.request("POST", f"{path}/{action}", body=body, headers=headers).json()
        except ApiError as error:
            if last or error.code != STALE:
                raise
            row = client.get(path)
    raise AssertionError("the second try returns or raises")


def walk(
    row: Row,
    state: str,
    steps: Mapping[str, Callable[[Row], Row]],
) -> Row:
    """Take the steps that are left: `steps` has the one that leads on from each state."""
    while row[state] in steps:
        row = steps[row[state]](row)
    return row


def wait_for(what: str, look: Callable[[], T | None]) -> T:
    """What `look` gives as soon as it gives something.

    Raises:
        StackFailed: `what` did not happen in time.
    """
    end = time.monotonic() + PATIENCE
    while not (found := look()):
        if time.monotonic() > end:
            raise StackFailed(f"waited {PATIENCE:.0f} s in vain for {what}")
        time.sleep(0.03)
    return found
