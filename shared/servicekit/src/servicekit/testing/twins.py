"""One use case written twice, for one and for many: the same bodies through both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from servicekit import context
from servicekit.auth.principal import Principal
from servicekit.db import Database
from servicekit.imports.writing import Write
from servicekit.problems import Problem


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is wrong with each refused body, by its index, and what was stored of the others."""

    refused: Mapping[int, Any]
    stored: Sequence[Sequence[Mapping[str, Any]]]


async def outcome(
    database: Database,
    principal: Principal,
    write: Write,
    bodies: Sequence[Any],
    queries: Sequence[str],
) -> Outcome:
    """What becomes of the bodies, told by these queries in the transaction; all is rolled back."""
    async with database.new_session() as session:
        with context.using(context.Context(principal=principal, request_id="twins")):
            refused = await write(session, principal, bodies)
        await session.flush_deferred()
        # With an open transaction, or nothing is to be seen of it.
        await session.connection()
        stored = [list(map(dict, await session.fetch(query))) for query in queries]
        await session.rollback()
    return Outcome({index: told(problem) for index, problem in sorted(refused.items())}, stored)


def told(problem: Problem) -> Any:
    """A problem as the caller hears of it."""
    return (problem.status, problem.code, problem.text("zh"), problem.text("en"), problem.errors)
