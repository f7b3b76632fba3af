"""Who acts in a journey, and the ways of acting: a step on a version, a refusal, a wait."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar
from uuid import uuid4

import pytest
from kechuang.client import ApiError, Client, Credentials

Row = dict[str, Any]
T = TypeVar("T")


class Actors:
    """The API's clients of one system, by role; `alone` may do everything with money."""

    def __init__(self, url: str, clients: Mapping[str, Mapping[str, str]]) -> None:
        self.url = url
        self._clients = clients
        self._made: dict[tuple[str, str], Client] = {}

    def __call__(self, role: str, language: str = "en") -> Client:
        if (role, language) not in self._made:
            credentials = self.credentials(role)
            self._made[role, language] = Client(self.url, credentials, language=language)
        return self._made[role, language]

    def credentials(self, role: str) -> Credentials:
        return Credentials(**self._clients[role])

    def subject(self, role: str) -> str:
        """The name under which its deeds are recorded."""
        return self._clients[role]["client_id"]

    def close(self) -> None:
        for client in self._made.values():
            client.close()


def step(
    client: Client, resource: str, row: Row, action: str, body: Any = None, **headers: str
) -> Row:
    """Take one step of a workflow, based on the version of the row at hand; the row after it."""
    given = {
        "If-Match": f'"{row["version"]}"',
        "Idempotency-Key": str(uuid4()),
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    path = f"{resource}/{row['id']}/{action}"
    return client.request("POST", path, body=body, headers=given).json()


def patch(client: Client, path: str, row: Row, body: Any) -> Row:
    """Change what the body names, based on the version of the row at hand; the row after it."""
    headers = {"If-Match": f'"{row["version"]}"'}
    return client.request("PATCH", path, body=body, headers=headers).json()


@contextmanager
def refused(status: int, code: str) -> Iterator[pytest.ExceptionInfo[ApiError]]:
    """What is tried inside is refused in exactly this way."""
    with pytest.raises(ApiError) as caught:
        yield caught
    assert (caught.value.status, caught.value.code) == (status, code), str(caught.value)


def until(look: Callable[[], T | None], seconds: float = 20.0) -> T:
    """What `look` gives as soon as it gives something: events need a moment to travel."""
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.03)
    return found


def board_row(client: Client, indicator: str) -> Row:
    """An indicator on the status board."""
    rows = client.items("status-board")
    return next(row for row in rows if row["indicator_code"] == indicator)


def turned(client: Client, indicator: str, status: str, period: str) -> Callable[[], Row | None]:
    """A look at whether the indicator has this status at this period."""

    def look() -> Row | None:
        row = board_row(client, indicator)
        return row if (row["status"], row["period"]) == (status, period) else None

    return look


def cases_of(client: Client, indicator: str) -> list[Row]:
    """The supervision items that an indicator's fall has opened."""
    items = client.items("supervision-items", indicator_code=indicator)
    return [item for item in items if item["origin"] == "indicator"]


def case_of(client: Client, indicator: str) -> Callable[[], Row | None]:
    """A look for the one item that an indicator's fall has opened."""
    return lambda: next(iter(cases_of(client, indicator)), None)
