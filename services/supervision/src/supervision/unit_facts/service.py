"""Keeping what was heard."""

from servicekit.db import Session

from supervision.unit_facts import repository
from supervision.unit_facts.domain import Fact, FactKind


async def note(session: Session, fact: Fact) -> None:
    """The newest of it counts."""
    await repository.keep(session, fact)


async def forget(session: Session, kind: FactKind, key: str) -> None:
    """It is no longer so."""
    await repository.forget(session, kind, key)
