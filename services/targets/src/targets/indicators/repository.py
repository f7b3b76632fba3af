"""SQL of the indicators."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import select
from sqlalchemy.orm import selectinload
from targets.indicators.models import Indicator

SORTABLE = {"code": Indicator.code, "updated_at": Indicator.updated_at}
WHOLE = [selectinload(Indicator.milestones)]


async def get(session: Session, code: str) -> Indicator | None:
    return await session.get(Indicator, code, options=WHOLE)


async def get_all(session: Session, codes: Iterable[str]) -> list[Indicator]:
    """The indicators themselves, without their milestones."""
    return list(await session.scalars(select(Indicator).where(Indicator.code.in_(set(codes)))))


async def get_for_update(session: Session, code: str) -> Indicator | None:
    return await session.get(
        Indicator,
        code,
        options=WHOLE,
        with_for_update={"of": Indicator, "key_share": True},
        populate_existing=True,
    )


async def all_of(session: Session, codes: Sequence[str]) -> Sequence[Indicator]:
    found = select(Indicator).options(*WHOLE).where(Indicator.code.in_(codes))
    return (await session.scalars(found)).all()


async def codes_fed_by(session: Session, source_kind: str, metrics: Iterable[str]) -> list[str]:
    """Indicators that one of these metrics feeds, in the order in which they are to be locked."""
    found = await session.scalars(
        select(Indicator.code)
        .where(Indicator.source_kind == source_kind, Indicator.source_metric.in_(list(metrics)))
        .order_by(Indicator.code)
    )
    return list(found)


async def unknown_indicators(session: Session, codes: Iterable[str]) -> set[str]:
    wanted = set(codes)
    known = await session.scalars(select(Indicator.code).where(Indicator.code.in_(wanted)))
    return wanted - set(known)


async def list_indicators(
    session: Session,
    page: PageRequest,
    *,
    programme: str | None,
    kind: list[str],
    source_kind: Sequence[str] | None,
    lead_unit: str | None,
    headline: bool | None,
    known_at: datetime | None,
    updated_since: datetime | None,
) -> Page:
    conditions = given(
        (programme, Indicator.programme.__eq__),
        (kind or None, Indicator.kind.in_),
        (source_kind, Indicator.source_kind.in_),
        (lead_unit, Indicator.lead_unit.__eq__),
        (headline, Indicator.headline.__eq__),
        (known_at, Indicator.created_at.__le__),
        (updated_since, Indicator.updated_at.__ge__),
    )
    query = select(Indicator).options(*WHOLE).where(*conditions)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="code", key="code")
