"""SQL of the dossiers."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from servicekit.db import Session
from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert

from parks.achievements.models import Achievement
from parks.dossiers.models import DossierEntry
from parks.enterprises.models import Enterprise
from parks.platforms.models import Platform
from parks.rd_projects.models import RdProject
from parks.recognitions.models import Recognition
from parks.returns.models import OperatingReturn
from parks.standings.models import Standing
from parks.technology_contracts.models import TechnologyContract

MOST = 100
"""Of each kind, the latest; a list of its own has all."""
MONTHS = 12


async def put(session: Session, values: Mapping[str, Any]) -> None:
    """Store what was told, whether or not it was there."""
    statement = insert(DossierEntry).values(**values)
    await session.execute(
        statement.on_conflict_do_update(index_elements=["kind", "source_id"], set_=dict(values))
    )


async def close(session: Session, kind: str, source_id: UUID) -> None:
    one = (DossierEntry.kind == kind) & (DossierEntry.source_id == source_id)
    await session.execute(update(DossierEntry).where(one).values(is_open=False))


async def entries(session: Session, enterprise_id: UUID) -> Sequence[DossierEntry]:
    """What was told of the enterprise's units: its own, and those of its duplicates."""
    units = select(Enterprise.unit_code).where(
        or_(Enterprise.id == enterprise_id, Enterprise.merged_into == enterprise_id),
        Enterprise.unit_code.is_not(None),
    )
    found = await session.scalars(
        select(DossierEntry)
        .where(DossierEntry.unit_code.in_(units))
        .order_by(DossierEntry.day.desc(), DossierEntry.source_id)
    )
    return found.all()


async def own(session: Session, enterprise_id: UUID) -> dict[str, Sequence[Any]]:
    """What the register itself has of it, the latest first."""
    wanted: dict[str, tuple[Any, Any, int]] = {
        "standings": (Standing, Standing.id.desc(), MOST),
        "recognitions": (Recognition, Recognition.valid_from.desc(), MOST),
        "platforms": (Platform, Platform.established_on.desc(), MOST),
        "projects": (RdProject, RdProject.starts_on.desc(), MOST),
        "contracts": (TechnologyContract, TechnologyContract.registered_on.desc(), MOST),
        "achievements": (Achievement, Achievement.transferred_on.desc(), MOST),
        "returns": (OperatingReturn, OperatingReturn.period.desc(), MONTHS),
    }
    found: dict[str, Sequence[Any]] = {}
    for name, (model, order, limit) in wanted.items():
        of_it = select(model).where(model.enterprise_id == enterprise_id)
        found[name] = (await session.scalars(of_it.order_by(order, model.id).limit(limit))).all()
    return found
