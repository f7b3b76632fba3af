"""The room every request of a service passes: one request, one transaction.

Token → context → session → the operation → audit, outbox and idempotency record → commit → answer.
The commit comes before the answer leaves, so an acknowledged write is stored. A refusal rolls
everything back and leaves only its own audit row.
"""

import math
from collections.abc import Awaitable, Callable, Container, Coroutine, Iterable
from typing import Annotated, Any, get_args

import structlog
from fastapi import Depends, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from servicekit import audit, context
from servicekit.auth.permissions import NONE, Permission
from servicekit.auth.principal import ANONYMOUS, Principal
from servicekit.db import (
    Database,
    Session,
    constraint_name,
    driver_error,
    is_lost_connection,
)
from servicekit.http import idempotency
from servicekit.http.errors import from_database, language_of, to_problem
from servicekit.http.exports.accept import wanted_file
from servicekit.http.exports.export import export
from servicekit.http.paging import Page
from servicekit.ids import new_id
from servicekit.problems import FieldError, Forbidden, Problem, Unauthenticated, Unprocessable
from servicekit.replica import Replica

log = structlog.get_logger()

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
NOT_KEYED = "x-not-keyed"
"""`openapi_extra={NOT_KEYED: True}`: a POST without effect, which needs no key."""
MAY_BE_STALE = "x-may-be-stale"
"""`openapi_extra={MAY_BE_STALE: True}`: a GET that a standby may answer, seconds behind. It writes
nothing, and nobody decides by it what is written next."""
WRITES = {"POST", "PUT", "PATCH", "DELETE"}


async def get_session(request: Request) -> Session:
    return request.state.session


SessionDep = Annotated[Session, Depends(get_session)]
"""The session of this request; the room commits it, an operation never does."""


class Permitted:
    """Dependency that declares an operation's permission and gives the caller.

    Refuses callers none of whose roles has it at all; the relation to the object is checked
    where the object is known (`directory.require`, `directory.visible_units`).
    """

    def __init__(self, permission: Permission) -> None:
        self.permission = permission

    async def __call__(self, request: Request) -> Principal:
        principal: Principal = request.state.principal
        if self.permission.relations(principal) == NONE:
            raise Forbidden(permission=self.permission.name)
        return principal


def permitted(permission: Permission) -> Any:
    """`principal: Principal = permitted(READ_PARK)`."""
    return Depends(Permitted(permission))


class Route(APIRoute):
    """A route whose operation runs in one transaction. POSTs need an `Idempotency-Key`."""

    def get_route_handler(self) -> Handler:
        operation = super().get_route_handler()
        keyed = "POST" in (self.methods or ()) and NOT_KEYED not in (self.openapi_extra or {})
        may_be_stale = MAY_BE_STALE in (self.openapi_extra or {})
        known = query_names(self.dependant)
        row = row_model(self.response_model)

        async def handle(request: Request) -> Response:
            with context.using(await make_context(request)):
                try:
                    if request.scope["query_string"]:
                        refuse_unknown(request.query_params, known)
                    file = wanted_file(request.headers.get("accept", "")) if row else None
                    if row is not None and file is not None:
                        return await export(request, operation, row, file)
                    stale = await from_replica(request, operation) if may_be_stale else None
                    return stale or await in_transaction(request, operation, keyed=keyed)
                except (Problem, RequestValidationError, HTTPException):
                    raise
                except Exception as error:
                    raise to_problem(error) from error

        return handle


async def make_context(request: Request) -> context.Context:
    """Verify the caller and collect what is known of the request.

    Raises:
        Unauthenticated: see `TokenVerifier.verify`.
    """
    state = request.app.state
    try:
        principal: Principal = await state.verifier.verify(request.headers.get("authorization"))
    except Unauthenticated as error:
        with context.using(context.Context(principal=ANONYMOUS)):
            await audit_refusal(state.database, request, error)
        raise
    request.state.principal = principal
    request_id = request.scope.get("request_id") or str(new_id())
    return context.Context(
        principal=principal,
        request_id=request_id,
        correlation_id=request.headers.get("x-correlation-id", "")[:64] or request_id,
        traceparent=request.scope.get("traceparent"),
        language=language_of(request),
    )


def row_model(model: Any) -> type[BaseModel] | None:
    """What a list is a list of; none for anything but a list."""
    if not (isinstance(model, type) and issubclass(model, Page)):
        return None
    (row,) = get_args(model.model_fields["items"].annotation)
    return row


def query_names(dependant: Dependant) -> set[str]:
    """The query parameters of an operation and of everything it depends on."""
    own = {field.alias for field in dependant.query_params}
    return own.union(*map(query_names, dependant.dependencies))


def refuse_unknown(given: Iterable[str], known: Container[str]) -> None:
    """A filter that is spelled wrong must not look like one that lets everything through.

    Raises:
        Unprocessable: a query parameter that the operation does not have.
    """
    errors = tuple(
        FieldError(f"query/{name}"[:200], "unknown_parameter", "不认识的参数", "Unknown parameter")
        for name in given
        if name not in known
    )
    if errors:
        raise Unprocessable(errors=errors)


async def from_replica(
    request: Request, operation: Callable[[Request], Awaitable[Response]]
) -> Response | None:
    """The answer as a fresh enough standby knows it, with its `Age` in seconds. None when there is
    no such standby, when the caller asks for the newest (`Cache-Control: no-cache`), and whenever
    it is no success: only the primary refuses."""
    replica: Replica | None = request.app.state.replica
    if replica is None or not replica.is_fresh() or wants_newest(request):
        return None
    age = math.ceil(replica.behind())
    session = request.state.session = replica.database.new_session()
    try:
        answer = await operation(request)
    except Exception as error:
        await replica.database.give_up(session, error)
        if is_lost_connection(error):
            replica.distrust()
            log.warning("replica_lost", error=repr(error))
        return None
    finally:
        if session.in_transaction():
            await session.close()
    assert not session.deferred, "a read that may be stale writes nothing"
    assert not session.events, "a read that may be stale tells nothing"
    answer.headers["Age"] = str(age)
    return not_modified(request, answer) or answer


def wants_newest(request: Request) -> bool:
    """By its own word, or because it copies what changed since it last asked: what a standby does
    not have yet, the next copy would not ask for again."""
    wish = request.headers.get("cache-control", "").lower()
    return "no-cache" in wish or "updated_since" in request.query_params


async def in_transaction(
    request: Request, operation: Callable[[Request], Awaitable[Response]], *, keyed: bool
) -> Response:
    """Run the operation in a transaction that is committed before its answer is returned, or
    rolled back if the operation discarded it."""
    database: Database = request.app.state.database
    if keyed:
        idempotency.read_key(request)
    session = request.state.session = database.new_session()
    try:
        answer = await operation(request)
        writes = request.method in WRITES or session.deferred or session.events
        if writes and not session.is_discarded:
            if keyed:
                await idempotency.remember(session, request, request.state.principal, answer)
            await database.commit(session)
    except Exception as error:
        await database.give_up(session, error)
        effective = keyed and not session.is_discarded
        again = await answer_again(request, error, database) if effective else None
        if again is not None:
            return again
        if isinstance(error, Forbidden):
            await audit_refusal(database, request, error)
        refusal = session.refusals.get(constraint_name(driver_error(error)))
        if refusal is not None:
            raise refusal from error
        raise
    finally:
        if session.in_transaction():
            await session.close()
    return not_modified(request, answer) or answer


async def answer_again(request: Request, error: Exception, database: Database) -> Response | None:
    """The stored answer when this failed request repeats one that succeeded: it ran into the key,
    or into what the first one had changed."""
    problem = error if isinstance(error, Problem) else from_database(error)
    if problem is None or problem.status >= 500 or isinstance(problem, Forbidden):
        return None
    return await idempotency.replay(database, request, request.state.principal)


def not_modified(request: Request, answer: Response) -> Response | None:
    """304 when the caller's copy is still current."""
    etag = answer.headers.get("etag")
    known = request.headers.get("if-none-match")
    if etag is None or known is None or request.method != "GET":
        return None
    if etag not in [part.strip() for part in known.split(",")]:
        return None
    return Response(status_code=304, headers={"ETag": etag})


async def audit_refusal(database: Database, request: Request, error: Problem) -> None:
    """Note a denial in a transaction of its own; a database that is down must not hide it."""
    try:
        async with database.session() as session:
            audit.record(
                session,
                error.code,
                "operation",
                f"{request.method} {request.url.path}"[:200],
                outcome="denied",
                **error.params,
            )
    except Exception as failure:
        log.warning("denial_not_audited", path=request.url.path, error=repr(failure))
