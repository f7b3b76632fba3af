"""Keeping and looking up what is referred to."""

from collections.abc import Collection, Mapping

from servicekit.db import Session

from supervision.references import repository
from supervision.references.domain import Referred


async def note(
    session: Session, kind: Referred, code: str, name: str, *, active: bool = True
) -> None:
    """It is called so from now on."""
    await repository.keep(session, kind, code, name, active=active)


async def unknown(
    session: Session, wanted: Collection[tuple[str, str]]
) -> frozenset[tuple[str, str]]:
    """Those of the kinds and codes that nobody has told of, or that are no longer active."""
    return frozenset(wanted) - await repository.active(session, wanted)


async def names(
    session: Session, wanted: Collection[tuple[str, str]]
) -> Mapping[tuple[str, str], str]:
    """The Chinese names by kind and code, as far as they are known."""
    return await repository.names(session, wanted)
