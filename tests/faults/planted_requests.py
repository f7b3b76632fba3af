"""Known mistakes with requests, to prove that the trials would notice them: see `planted`."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import replace
from typing import Any

from fastapi import Request, Response
from servicekit import audit, context
from servicekit.auth import directory, tokens
from servicekit.auth.permissions import Permission
from servicekit.auth.principal import Principal, Role
from servicekit.db import Session
from servicekit.http import etag, idempotency, route

from tests.faults.planted import WINDOW, Plant

Operation = Callable[[Request], Awaitable[Response]]
SHORT = 0.05
"""Seconds between looking and writing, so that two at once meet."""
HOARDED = 256 * 1024
"""Bytes: so many that less than a minute shows them."""


def read_then_insert(plant: Plant) -> None:
    """The key is looked up first; that it is new is not asked again when it is written."""
    in_transaction = route.in_transaction

    async def careless(request: Request, operation: Operation, *, keyed: bool) -> Response:
        if keyed:
            database, principal = request.app.state.database, request.state.principal
            known = await idempotency.replay(database, request, principal)
            await asyncio.sleep(SHORT)
            if known is not None:
                return known
        return await in_transaction(request, operation, keyed=keyed)

    plant(route, "in_transaction", careless)
    plant(idempotency, "_INSERT", f"{idempotency._INSERT} ON CONFLICT DO NOTHING")


def key_outside_the_transaction(plant: Plant) -> None:
    """The key is written when the effect has long been committed."""
    in_transaction, remember = route.in_transaction, idempotency.remember

    async def not_yet(*_: Any) -> None: ...

    async def afterwards(request: Request, operation: Operation, *, keyed: bool) -> Response:
        if keyed:
            database, principal = request.app.state.database, request.state.principal
            known = await idempotency.replay(database, request, principal)
            if known is not None:
                return known
        answer = await in_transaction(request, operation, keyed=keyed)
        if keyed:
            await asyncio.sleep(WINDOW)
            async with request.app.state.database.session() as session:
                await remember(session, request, request.state.principal, answer)
        return answer

    plant(idempotency, "remember", not_yet)
    plant(route, "in_transaction", afterwards)


def audit_outside_the_transaction(plant: Plant) -> None:
    """What is done is noted by itself, whether it is done in the end or not."""
    flush_deferred = Session.flush_deferred

    async def apart(self: Session) -> None:
        entries = [piece for piece in self.deferred if piece.sql == audit._INSERT]
        self.deferred = [piece for piece in self.deferred if piece.sql != audit._INSERT]
        if entries:
            async with self.database.new_session() as beside:
                beside.deferred.extend(entries)
                await flush_deferred(beside)
        await flush_deferred(self)

    plant(Session, "flush_deferred", apart)


def never_forgets(plant: Plant) -> None:
    """Something is kept of every request that changes something."""
    in_transaction, kept = route.in_transaction, list[bytes]()

    async def hoarding(request: Request, operation: Operation, *, keyed: bool) -> Response:
        kept.append(b"x" * HOARDED)  # of zeros the system would keep only the promise
        return await in_transaction(request, operation, keyed=keyed)

    plant(route, "in_transaction", hoarding)


def header_trusted(plant: Plant) -> None:
    """Who says in a header what it may do is believed."""
    make_context = route.make_context

    async def believing(request: Request) -> context.Context:
        here = await make_context(request)
        claimed = request.headers.get("x-roles")
        if claimed:
            roles = frozenset(Role(name) for name in claimed.split(","))
            here = replace(here, principal=replace(here.principal, roles=roles))
            request.state.principal = here.principal
        return here

    plant(route, "make_context", believing)


def boundless_leeway(plant: Plant) -> None:
    """A token of the future is good: clocks differ, and by how much is not asked."""
    plant(tokens, "LEEWAY", 10 * 24 * 3600)


async def _everything(_session: Session, _who: Principal, _permission: Permission) -> None:
    """Units whose objects are seen: all of them."""


def list_without_scope(plant: Plant) -> None:
    """A list shows what there is, to whoever may see lists."""
    plant(directory, "visible_units", _everything)


def export_without_scope(plant: Plant) -> None:
    """A list is bounded on the screen and not in the file."""
    visible_units, export = directory.visible_units, route.export
    exporting: ContextVar[bool] = ContextVar("exporting", default=False)

    async def bounded(session: Session, who: Principal, permission: Permission) -> Any:
        return None if exporting.get() else await visible_units(session, who, permission)

    async def unbounded(*args: Any) -> Response:
        exporting.set(True)
        return await export(*args)

    plant(directory, "visible_units", bounded)
    plant(route, "export", unbounded)


def stale_etag_accepted(plant: Plant) -> None:
    """A change based on an older version overwrites what came after it."""
    check_version = etag.check_version

    def lenient(*_: Any, **__: Any) -> None: ...

    for module in [*sys.modules.values()]:
        if getattr(module, "check_version", None) is check_version:
            plant(module, "check_version", lenient)


def write_sent_twice(plant: Plant) -> None:
    """The gateway asks again whatever it had no answer to."""
    from gateway.proxy.circuits import UpstreamFailed
    from gateway.proxy.service import Upstreams

    send_once = Upstreams._send_once

    async def insisting(self: Upstreams, call: Any) -> Any:
        try:
            return await send_once(self, call)
        except UpstreamFailed:
            return await send_once(self, call)

    plant(Upstreams, "_send_once", insisting)


DEFECTS: dict[str, Callable[[Plant], None]] = {
    defect.__name__: defect
    for defect in (
        read_then_insert,
        key_outside_the_transaction,
        audit_outside_the_transaction,
        never_forgets,
        header_trusted,
        boundless_leeway,
        list_without_scope,
        export_without_scope,
        stale_etag_accepted,
        write_sent_twice,
    )
}
