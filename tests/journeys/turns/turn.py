"""What a turn says, and how a script of them is played."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

from tests.journeys.actors import Actors, Row
from tests.journeys.caller import Caller
from tests.journeys.operations import OPERATIONS, Operation

BY_NAME = {one.name: one for one in OPERATIONS}


def table(*rows: dict[str, Any]) -> str:
    """Rows as a file."""
    lines = [",".join(rows[0]), *(",".join(map(str, row.values())) for row in rows)]
    return "\n".join([*lines, ""])


@dataclass(frozen=True)
class Turn:
    """One call that succeeds.

    `on` names the object it is done to, kept by an earlier turn: its fields fill the path, and its
    version is what the turn is based on. `keep` names what it leaves. Texts in `body` and `path`
    may name fields of kept objects, `{budget[id]}`. `tells` are the events it publishes, without
    `kechuang.` and the version. `file` is sent in the place of a body, as what `file_type` says.
    """

    operation: str
    role: str
    body: Any = None
    on: str = ""
    keep: str = ""
    path: Mapping[str, str] = field(default_factory=dict[str, str])
    file: str = ""
    file_type: str = "text/csv"
    tells: Sequence[str] = ()


@dataclass(frozen=True)
class Look:
    """The first object of a list that the system has made by itself."""

    keep: str
    role: str
    resource: str
    filters: Mapping[str, str]


@dataclass(frozen=True)
class Done:
    """A turn as it went: its answer, the answer to the same request again, and what stands where
    the answer says that the new object is. What is told of a case carries the correlation id that
    the case began with."""

    turn: Turn
    operation: Operation
    correlation_id: str
    answer: httpx.Response
    again: httpx.Response | None
    located: httpx.Response | None


class Script:
    """Plays turns through the gateway; `done` is how they went, up to the first that did not
    succeed."""

    def __init__(self, call: Caller, actors: Actors) -> None:
        self._call, self._actors = call, actors
        self._kept: dict[str, Row] = {}
        self.done: list[Done] = []

    def play(self, turns: Sequence[Turn | Look]) -> None:
        for turn in turns:
            if isinstance(turn, Look):
                filters = self._filled(dict(turn.filters))
                found = self._actors(turn.role).items(self._filled(turn.resource), **filters)
                self._kept[turn.keep] = next(iter(found))
                continue
            done = self._take(turn)
            self.done.append(done)
            if not done.answer.is_success:
                return

    def _take(self, turn: Turn) -> Done:
        operation, correlation_id = BY_NAME[turn.operation], f"turn-{len(self.done)}"
        url = self._address(operation, turn)
        headers = {"X-Correlation-Id": correlation_id}
        if operation.is_keyed:
            headers["Idempotency-Key"] = str(uuid4())
        if turn.on and operation.is_versioned:
            headers["If-Match"] = f'"{self._kept[turn.on]["version"]}"'
        if turn.file:
            headers["Content-Type"] = turn.file_type
        options: dict[str, Any] = {"url": url, "headers": headers, **self._body(operation, turn)}
        role, case = turn.role or None, self._kept.get(turn.on, {}).get("correlation_id")
        answer = self._call(operation, role, **options)
        again = self._call(operation, role, **options) if operation.is_keyed else None
        if answer.is_success and answer.content:
            self._keep(turn, answer.json())
        located = self._look(turn, answer) if answer.status_code == 201 else None
        told_under = case or correlation_id
        return Done(turn, operation, told_under, answer, again, located)

    def _keep(self, turn: Turn, row: Row) -> None:
        if turn.keep:
            self._kept[turn.keep] = row
        elif turn.on and "version" in row:
            self._kept[turn.on] = self._kept[turn.on] | row

    def _look(self, turn: Turn, answer: httpx.Response) -> httpx.Response | None:
        location = answer.headers.get("Location")
        return self._call.read(location, turn.role) if location else None

    def _address(self, operation: Operation, turn: Turn) -> str:
        """The operation's path, filled by what the turn says and then by the object itself."""
        row = self._kept.get(turn.on, {})
        own = {name: str(row.get(name, row.get("id"))) for name in operation.in_path}
        return operation.path.format(**own | self._filled(dict(turn.path)))

    def _body(self, operation: Operation, turn: Turn) -> dict[str, Any]:
        if turn.file:
            return {"content": self._filled(turn.file).encode()}
        if turn.body is None:
            return {}
        return {"json" if operation.has_token else "data": self._filled(turn.body)}

    def _filled(self, value: Any) -> Any:
        if isinstance(value, str):
            return value.format(**self._kept)
        if isinstance(value, dict):
            return {name: self._filled(one) for name, one in value.items()}
        if isinstance(value, list):
            return [self._filled(one) for one in value]
        return value
