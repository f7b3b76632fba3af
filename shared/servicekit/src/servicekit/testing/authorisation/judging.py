"""What each cell must answer."""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from servicekit.jobs.job import Kind as JobKind
from servicekit.testing.asgi import App
from servicekit.testing.authorisation.calls import Answer, call
from servicekit.testing.authorisation.declared import UNIT, Resource, Row, Standing, Thing
from servicekit.testing.authorisation.jobs import do_jobs, drop_jobs
from servicekit.testing.authorisation.operations import Kind, Operation

STALE = '"999999999"'
"""An ETag that no row has: who may change the row is told 412, and nothing happens."""
CSV = "text/csv"
WHOLE_PAGE = {"limit": "200", "include_total": "true"}


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody of one role and of a unit in one standing to the objects' unit; `may` is false for
    those whom no rule knows."""

    role: str
    standing: Standing
    headers: Mapping[str, str]
    may: bool = True

    def where(self, operation: Operation) -> list[str]:
        """The relations in which this role may do this."""
        return operation.rules.get(self.role, []) if self.may else []

    def is_allowed(self, operation: Operation, unit: str | None) -> bool:
        """Whether it may do this to what belongs to `unit`. Who has no unit, and what has none,
        stand to everything as strangers."""
        strangers = unit is None or self.standing is Standing.NO_UNIT
        return (Standing.OTHER if strangers else self.standing) in self.where(operation)

    def __str__(self) -> str:
        return f"{self.role} ({self.standing})"


class Desk(Protocol):
    """What judging needs of the matrix."""

    app: Any
    jobs: Sequence[JobKind]

    async def body(self, resource: Resource) -> Row | None: ...
    def use_up(self, resource: Resource) -> None: ...


async def judge(desk: Desk, operation: Operation, caller: Caller, things: list[Thing]) -> list[str]:
    """Call the cells of one caller and tell what is wrong."""
    if operation.kind is Kind.LIST:
        return await judge_lists(desk.app, operation, caller, things)
    if operation.kind is Kind.BULK:
        found = [await judge_bulk(desk, operation, caller)]
    elif things:
        found = [await judge_thing(desk.app, operation, caller, thing) for thing in things]
    elif operation.kind is Kind.CREATE:
        found = [await judge_create(desk, operation, caller)]
    else:
        answer = await ask(desk.app, operation, caller, path=operation.path)
        found = [complaint(answer, allowed=bool(caller.where(operation)), good={200})]
    return [one for one in found if one is not None]


async def judge_thing(app: App, operation: Operation, caller: Caller, thing: Thing) -> str | None:
    """A call about one object that is there."""
    allowed = caller.is_allowed(operation, thing.unit)
    path, body = place(operation, thing.row), body_for(operation, thing.row)
    etag = STALE if operation.kind is Kind.CHANGE else None
    answer = await ask(app, operation, caller, path=path, body=body, etag=etag)
    sees = operation.resource.sees.get(operation.path)
    if sees is not None and caller.where(operation) and answer.status == 200:
        seen = sees(answer.json(), thing.row)
        return None if seen is allowed else f"{thing}: {'shown' if seen else 'not shown'}"
    good = {
        Kind.READ: {200},
        Kind.CHANGE: {412},
        Kind.REMOVE: {204},
        # The second one finds what the first one made; both were let in.
        Kind.CREATE: {200, 201, 202, 409},
    }[operation.kind]
    wrong = complaint(answer, allowed=allowed, good=good)
    return wrong and f"{thing}: {wrong}"


async def judge_create(desk: Desk, operation: Operation, caller: Caller) -> str | None:
    """A call that makes an object of the unit."""
    body = await desk.body(operation.resource) or body_for(operation, {})
    answer = await ask(desk.app, operation, caller, path=operation.path, body=body)
    if answer.status < 300:
        desk.use_up(operation.resource)
    allowed = caller.is_allowed(operation, UNIT)
    return complaint(answer, allowed=allowed, good={200, 201, 202})


async def judge_bulk(desk: Desk, operation: Operation, caller: Caller) -> str | None:
    """A batch or an import of one object, tried out only.

    Raises:
        LookupError: nobody says what a body of the resource looks like.
    """
    body = await desk.body(operation.resource)
    if body is None:
        raise LookupError(
            f"{operation.method} {operation.path} needs a body of its items: "
            f'Resource("{operation.resource.path}", create=…)'
        )
    if operation.step == "import":
        return await judge_import(desk, operation, caller, as_csv(body))
    query, items = {"dry_run": "true"}, {"items": [body]}
    answer = await call(desk.app, "POST", operation.path, caller.headers, query=query, body=items)
    allowed = caller.is_allowed(operation, UNIT)
    if not allowed and caller.where(operation):
        # The role may do it somewhere, so the answer names the item that is out of reach.
        codes = {error["code"] for error in answer.json().get("errors", ())}
        return None if codes == {"forbidden"} else f"{answer} does not say that it is forbidden"
    return complaint(answer, allowed=allowed, good={200, 201, 202})


async def judge_import(desk: Desk, operation: Operation, caller: Caller, file: bytes) -> str | None:
    """Whoever may create something somewhere may send a file; the job then says of every row what
    its single request would have said. Who may create all or nothing needs no job to show that."""
    where = caller.where(operation)
    answer = await call(
        desk.app, "POST", operation.path, caller.headers, query={"dry_run": "true"}, body=file,
        content_type=CSV,
    )  # fmt: skip
    wrong = complaint(answer, allowed=bool(where), good={202})
    if wrong or answer.status != 202 or Standing.OTHER in where:
        await drop_jobs(desk.app)
        return wrong
    await do_jobs(desk.app, desk.jobs)
    path = f"/jobs/{answer.json()['id']}"
    job = (await call(desk.app, "GET", path, caller.headers)).json()
    found = (await call(desk.app, "GET", f"{path}/errors", caller.headers)).json()
    codes = {error["code"] for error in found["items"]}
    wanted = (
        ("succeeded", set()) if caller.is_allowed(operation, UNIT) else ("failed", {"forbidden"})
    )
    return None if (job["state"], codes) == wanted else f"the job {job['state']}: {codes}"


def as_csv(body: Row) -> bytes:
    """A file of one row: the fields of a body as columns; what is no text, as JSON."""
    flat = flattened(body)
    file = io.StringIO()
    writer = csv.DictWriter(file, list(flat))
    writer.writeheader()
    writer.writerow(
        {k: json.dumps(v) if isinstance(v, list | bool) else v for k, v in flat.items()}
    )
    return file.getvalue().encode()


def flattened(body: Row, above: str = "") -> Row:
    """The fields of an object in it stand in columns of their own."""
    flat: Row = {}
    for name, value in body.items():
        flat |= (
            flattened(value, f"{above}{name}.")
            if isinstance(value, dict)
            else {above + name: value}
        )
    return flat


async def judge_lists(
    app: App, operation: Operation, caller: Caller, things: list[Thing]
) -> list[str]:
    """The list, narrowed by every filter that finds an object, and as a file. Who sees all or
    nothing, wherever it stands, cannot be shown too much: one of them is enough for that."""
    wrong: list[str] = []
    where = caller.where(operation)
    sees_a_part = bool(where) and Standing.OTHER not in where
    paths = {place(operation, thing.row) for thing in things}
    for path in paths:
        there = [thing for thing in things if place(operation, thing.row) == path]
        wrong += await judge_list(app, operation, caller, path, there, {})
        if sees_a_part or caller.standing is Standing.OWN:
            wrong += await judge_file(app, operation, caller, path, there)
        for thing in {thing.way: thing for thing in there}.values() if sees_a_part else ():
            for name, value in filters(operation, thing.row).items():
                wrong += await judge_list(app, operation, caller, path, [thing], {name: value})
    return wrong


async def judge_list(
    app: App,
    operation: Operation,
    caller: Caller,
    path: str,
    things: list[Thing],
    narrow: Mapping[str, str],
) -> list[str]:
    """Every object is among the items exactly when the caller may see it, and the total counts
    what is shown."""
    shown: set[str] = set()
    total = 0
    query: dict[str, str] | None = {**WHOLE_PAGE, **narrow}
    while query is not None:
        answer = await ask(app, operation, caller, path=path, query=query)
        refused = complaint(answer, allowed=bool(caller.where(operation)), good={200})
        if refused is not None or answer.status != 200:
            return [refused] if refused else []
        page = answer.json()
        total = page["total"]
        shown |= {str(row[operation.resource.known_by]) for row in page["items"]}
        cursor = page["next_cursor"]
        query = {**query, "cursor": cursor} if cursor else None
    by = f" by {'&'.join(f'{k}={v}' for k, v in narrow.items())}" if narrow else ""
    wrong = [] if total == len(shown) else [f"{len(shown)} are listed{by}, the total says {total}"]
    return wrong + compare(operation, caller, things, shown, f"listed{by}")


async def judge_file(
    app: App, operation: Operation, caller: Caller, path: str, things: list[Thing]
) -> list[str]:
    """The list as a file shows what the list shows."""
    headers = {**caller.headers, "Accept": CSV}
    answer = await call(app, "GET", path, headers, query=operation.resource.queries.get(path))
    wrong = complaint(answer, allowed=bool(caller.where(operation)), good={200})
    if wrong is not None or answer.status != 200:
        return [f"as a file: {wrong}"] if wrong else []
    shown = set(re.split(r'[,\r\n"]', answer.body.decode("utf-8-sig")))
    return compare(operation, caller, things, shown, "in the file")


def compare(
    operation: Operation, caller: Caller, things: Iterable[Thing], shown: set[str], where: str
) -> list[str]:
    wrong: list[str] = []
    for thing in things:
        seen = str(thing.row[operation.resource.known_by]) in shown
        if seen != caller.is_allowed(operation, thing.unit):
            wrong.append(f"{thing} is {'' if seen else 'not '}{where}")
    return wrong


async def judge_step(
    app: App, operation: Operation, headers: Mapping[str, str], thing: Thing
) -> str | None:
    """A step by somebody who may take it, based on the current version: success from the states of
    the table, 409 from all others."""
    possible = thing.state in operation.resource.steps[operation.step]
    etag = f'"{thing.row["version"]}"'
    answer = await call(
        app, operation.method, place(operation, thing.row), {**headers, "If-Match": etag},
        body=body_for(operation, thing.row),
    )  # fmt: skip
    if possible and answer.status < 300:
        return None
    refusals = {"invalid_transition", *operation.resource.refusals}
    if not possible and answer.status == 409 and answer.code in refusals:
        return None
    wanted = "a success" if possible else f"409 {' or '.join(sorted(refusals))}"
    return f"from {thing.state}: {answer} instead of {wanted}"


async def ask(
    app: App,
    operation: Operation,
    caller: Caller,
    *,
    path: str,
    query: Mapping[str, str] | None = None,
    body: Any = None,
    etag: str | None = None,
) -> Answer:
    """The operation, called by this caller."""
    headers = {**caller.headers, "If-Match": etag} if etag else caller.headers
    wanted = {**operation.resource.queries.get(operation.path, {}), **(query or {})}
    kind = "application/octet-stream" if isinstance(body, bytes) else "application/json"
    return await call(
        app, operation.method, path, headers, query=wanted, body=body, content_type=kind
    )


def complaint(answer: Answer, *, allowed: bool, good: set[int]) -> str | None:
    """What is wrong with an answer, if anything is."""
    if allowed:
        fine, wanted = answer.status in good, " or ".join(map(str, sorted(good)))
    else:
        fine, wanted = str(answer) == "403 forbidden", "403 forbidden"
    return None if fine else f"{answer} instead of {wanted}"


def place(operation: Operation, row: Row) -> str:
    """The operation's path, for one object."""
    return re.sub(r"\{(\w+)\}", lambda match: str(row.get(match[1], row.get("id"))), operation.path)


def body_for(operation: Operation, row: Row) -> Any:
    """What is sent: as declared; to replace an object, what it is; or the document's example."""
    if operation.step in operation.resource.bodies:
        return operation.resource.bodies[operation.step]
    if operation.method == "PUT":
        return {name: row[name] for name in operation.body_fields() if name in row}
    return operation.example()


def filters(operation: Operation, row: Row) -> dict[str, str]:
    """Every filter of a list that the object's own values pass."""
    texts = {name: row[name] for name in operation.query if isinstance(row.get(name), str)}
    flags = {
        name: str(row[name]).lower()
        for name in operation.query
        if isinstance(row.get(name), bool | int)
    }
    return texts | flags
