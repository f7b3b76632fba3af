"""How the bodies of an import are stored: one by one, or many by a few statements."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.http.batch import Create, fault, try_one
from servicekit.problems import Problem

Write = Callable[[Session, Principal, Sequence[Any]], Awaitable[Mapping[int, Problem]]]
"""`await write(session, principal, bodies)`: store all of them but those whose index it answers,
with what is wrong with each. It neither commits nor leaves anything of a refused one."""

ONE_BY_ONE = 100
"""Rows at a time of the single create: about a second's work."""
MANY = 1000
FEW = 16
"""So many rows cost no more one by one."""


@dataclass(frozen=True, slots=True)
class Writer:
    """How bodies are stored, so many at a time."""

    write: Write
    at_once: int


def writer_of(create: Create, read: Any, create_many: Write | None) -> Writer:
    """By the use case that creates many, where there is one; else by the single create."""
    one_by_one = single(create, read)
    if create_many is None:
        return Writer(one_by_one, ONE_BY_ONE)
    return Writer(together(create_many, one_by_one), MANY)


def single(create: Create, read: Any) -> Write:
    """Runs the single operation for each, in a savepoint of its own."""

    async def write(
        session: Session, principal: Principal, bodies: Sequence[Any]
    ) -> dict[int, Problem]:
        refused: dict[int, Problem] = {}
        for index, body in enumerate(bodies):
            made = await try_one(session, principal, create, read, body)
            if isinstance(made, Problem):
                refused[index] = made
        return refused

    return write


def together(create_many: Write, one_by_one: Write) -> Write:
    """Runs `create_many`. What the database refuses for one row it refuses for all of a statement,
    and names one of them at most: then each half is tried by itself, down to a few rows, which the
    single create tells apart. Rows that others store meanwhile are the usual reason."""

    async def write(
        session: Session, principal: Principal, bodies: Sequence[Any]
    ) -> Mapping[int, Problem]:
        if not bodies:
            return {}
        refused = await tried(session, create_many, principal, bodies)
        if refused is not None:
            return refused
        if len(bodies) <= FEW:
            return await one_by_one(session, principal, bodies)
        half = len(bodies) // 2
        first = await write(session, principal, bodies[:half])
        second = await write(session, principal, bodies[half:])
        return {**first, **{half + index: problem for index, problem in second.items()}}

    return write


Bodies = TypeVar("Bodies")
Outcome = TypeVar("Outcome")


async def tried(
    session: Session,
    create_many: Callable[[Session, Principal, Bodies], Awaitable[Outcome]],
    principal: Principal,
    bodies: Bodies,
) -> Outcome | None:
    """What `create_many` answers; none, and nothing is left of it, if a row is in its way.

    Raises:
        Exception: what is no row's fault.
    """
    savepoint = await session.begin_nested()
    try:
        refused = await create_many(session, principal, bodies)
        await session.flush_deferred()
        await savepoint.commit()
    except Exception as error:
        fault(session, error)
        await savepoint.rollback()
        return None
    finally:
        session.forget_pending()
    return refused
