"""SQL of the report templates."""

from collections.abc import Sequence

from servicekit.db import Session
from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload
from targets.indicators.models import Indicator


async def reported_by(
    session: Session, units: Sequence[str], frequency: str
) -> Sequence[Indicator]:
    """The indicators that one of these answers for and that are reported at this frequency."""
    found = await session.scalars(
        select(Indicator)
        .options(selectinload(Indicator.milestones))
        .where(
            Indicator.source_kind == "reported",
            Indicator.frequency == frequency,
            or_(
                Indicator.lead_unit.in_(units),
                Indicator.working_group.in_(units),
                Indicator.supporting_units.overlap(units),
            ),
        )
        .order_by(Indicator.code)
    )
    return found.all()


async def told_in_words(session: Session) -> Sequence[Indicator]:
    """The indicators whose numbers stand for words, a grade or whether something is built."""
    of_words = Indicator.kind.in_(("grade", "built")), Indicator.source_kind == "reported"
    return (await session.scalars(select(Indicator).where(*of_words))).all()
