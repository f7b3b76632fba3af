"""`POST /api/v1/<resource>/batch`: up to 200 creations that happen together or not at all.

Every item goes through the operation that creates a single one, in a savepoint of its own, so one
refusal does not hide the next: the answer names all of them.
"""

from collections.abc import Awaitable, Callable, Sequence
from types import GenericAlias
from typing import Annotated, Any, TypeVar, get_type_hints

from fastapi import APIRouter, Query, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field, create_model

from servicekit import audit, context
from servicekit.auth.principal import Principal
from servicekit.db import Session, constraint_name, driver_error
from servicekit.http.errors import from_database
from servicekit.http.openapi import permission_of, problems
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import FieldError, Forbidden, Problem
from servicekit.types import ApiModel

MAX_ITEMS = 200

Row = TypeVar("Row", bound=BaseModel)

Create = Callable[[Any, Session, Response, Principal], Awaitable[Any]]
"""The operation that creates one: `(body, session, response, principal)`."""

After = Callable[[Session], Awaitable[None]]
"""What is done once when all items are there."""

DryRun = Annotated[
    bool, Query(description="Answer as if it were done, or all that is wrong; nothing is stored.")
]


Partial = Annotated[
    bool,
    Query(description="Do what can be done, and say of the others why not; else all or none."),
]


class BatchRefused(Problem):
    """`errors` names each wrong item, `/items/3`, or the fields of it, `/items/3/uscc`."""

    status = 422
    code = "batch_refused"
    zh = "有条目未被接受，因此全部未保存；各条目的原因见 errors"
    en = "Some items were refused, so nothing was stored; `errors` names each"


class BatchDenied(Forbidden):
    """A refused batch with an item the caller has no right to: told as `BatchRefused`, but a denial
    to the room, which audits it and answers no such request from a record."""

    status = BatchRefused.status
    code = BatchRefused.code
    zh = BatchRefused.zh
    en = BatchRefused.en


class Items(ApiModel):
    """What is to be created, in this order."""

    items: list[Any]


def add_batch(
    router: APIRouter, create: Create, *, one: Create | None = None, after: After | None = None
) -> None:
    """Give the resource of the operation `create` its batch: same permission, same rules.

    Where `create` does something that is enough once for all of them, `one` creates one without it
    and `after` does it.
    """
    route = next(r for r in router.routes if isinstance(r, APIRoute) and r.endpoint is create)
    permission = permission_of(route)
    assert permission is not None, f"{route.path} declares no permission"
    taken, given = batch_models(get_type_hints(create)["body"], route.response_model)

    async def create_all(
        body: Items,
        session: SessionDep,
        dry_run: DryRun = False,
        principal: Principal = permitted(permission),
    ) -> Any:
        if dry_run:
            session.discard()
        made = await create_items(
            session, principal, one or create, route.response_model, body.items
        )
        if after is not None:
            await after(session)
        return {"items": made, "dry_run": dry_run}

    create_all.__annotations__["body"] = taken
    router.add_api_route(
        f"{route.path}/batch",
        create_all,
        methods=["POST"],
        name=f"create_{route.path.strip('/').replace('-', '_')}",
        response_model=given,
        responses=problems(BatchRefused),
        summary=f"{route.summary} (batch)",
        description=f"As a POST to `{route.path}`, up to {MAX_ITEMS} at once, all or none.",
    )


def batch_models(one: type[BaseModel], read: type[BaseModel]) -> tuple[type[Items], type[ApiModel]]:
    """The bodies of a batch: of `EnterpriseCreate` `EnterpriseBatch` and `EnterpriseBatchRead`."""
    stem = one.__name__.removesuffix("Create")
    taken = create_model(
        f"{stem}Batch",
        __base__=Items,
        __doc__=Items.__doc__,
        items=(list_of(one), Field(min_length=1, max_length=MAX_ITEMS)),
    )
    given = create_model(
        f"{stem}BatchRead",
        __base__=ApiModel,
        __doc__="What was created, in the order of the items.",
        items=(list_of(read), ...),
        dry_run=(bool, Field(description="Nothing of this was stored.", examples=[False])),
    )
    return taken, given


def list_of(model: type[BaseModel]) -> Any:
    """`list[model]`, of a model that is known at run time only."""
    return GenericAlias(list, model)


async def create_items(
    session: Session, principal: Principal, create: Create, read: type[BaseModel], items: list[Any]
) -> list[BaseModel]:
    """Create every item; answers them as `read`.

    Raises:
        BatchRefused, BatchDenied: after all were tried.
        Exception: what is no item's fault, at once.
    """
    return require_all(await try_items(session, principal, create, read, items))


async def try_items(
    session: Session, principal: Principal, act: Create, read: type[Row], items: Sequence[Any]
) -> list[Row | Problem]:
    """What `try_one` makes of each item, in their order."""
    return [await try_one(session, principal, act, read, item) for item in items]


async def try_steps(
    session: Session,
    principal: Principal,
    act: Create,
    read: type[Row],
    items: Sequence[Any],
    *,
    partial: bool,
) -> list[Row | Problem]:
    """What came of a step of each item; all of them must be right unless `partial`.

    Raises:
        BatchRefused, BatchDenied: after all were tried.
    """
    outcomes = await try_items(session, principal, act, read, items)
    if not partial:
        require_all(outcomes)
    return outcomes


def refusal_of(
    session: Session, outcome: BaseModel | Problem, kind: str, object_id: object
) -> dict[str, str] | None:
    """Why a step of this object was not taken, in the caller's language; none where it was. A
    denial is audited although the others are stored."""
    if not isinstance(outcome, Problem):
        return None
    if isinstance(outcome, Forbidden):
        audit.record(session, outcome.code, kind, object_id, outcome="denied", **outcome.params)
    return {"code": outcome.code, "detail": outcome.text(context.current().language)}


def require_all(outcomes: Sequence[Row | Problem]) -> list[Row]:
    """The items, if nothing is wrong with any.

    Raises:
        BatchRefused, BatchDenied.
    """
    wrong = {n: one for n, one in enumerate(outcomes) if isinstance(one, Problem)}
    errors = tuple(e for n, one in wrong.items() for e in located(one, f"/items/{n}"))
    denied = next((one for one in wrong.values() if isinstance(one, Forbidden)), None)
    if denied is not None:
        raise BatchDenied(errors=errors, **denied.params)
    if errors:
        raise BatchRefused(errors=errors)
    return [one for one in outcomes if not isinstance(one, Problem)]


async def try_one(
    session: Session, principal: Principal, act: Create, read: type[Row], item: Any
) -> Row | Problem:
    """Do one of many in a savepoint: what came of it as `read`, or what is wrong with the item, of
    which nothing is left then.

    Raises:
        Exception: what is not the item's fault.
    """
    savepoint = await session.begin_nested()
    try:
        row = await act(item, session, Response(), principal)
        made = read.model_validate(row)
        # Written here, so that a violated constraint is this item's and no other's.
        await session.flush_deferred()
        await savepoint.commit()
    except Exception as error:
        problem = fault(session, error)
        await savepoint.rollback()
        return problem
    finally:
        session.forget_pending()
    return made


def fault(session: Session, error: Exception) -> Problem:
    """What is wrong with the item that failed so. Raises `error` if it is not the item's fault."""
    problem = session.refusals.get(constraint_name(driver_error(error)))
    if problem is None:
        problem = error if isinstance(error, Problem) else from_database(error)
    if problem is None or problem.retry_after is not None:
        raise error
    return problem


def located(problem: Problem, place: str) -> list[FieldError]:
    """The problem as errors of this item: of its fields where it names them, else of the whole."""
    if problem.errors:
        return [FieldError(place + e.pointer, e.code, e.zh, e.en) for e in problem.errors]
    return [FieldError(place, problem.code, problem.text("zh"), problem.text("en"))]
