"""The table of what other services told of an enterprise's unit."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from parks.db import Base


class DossierEntry(Base):
    """One award, payment or supervision item as it was last told, by the unit it concerns: the
    others know no enterprises. Amounts in yuan."""

    __tablename__ = "dossier_entry"
    __table_args__ = (
        CheckConstraint("kind IN ('award', 'payment', 'refund', 'rectification')", name="kind"),
    )

    kind: Mapped[str] = mapped_column(primary_key=True)
    source_id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_code: Mapped[str] = mapped_column(index=True)
    title: Mapped[str | None]
    fund_code: Mapped[str | None]
    amount: Mapped[Decimal | None] = mapped_column(Numeric(20, 2))
    day: Mapped[date]
    """When it was granted or paid; until when it is due."""
    is_open: Mapped[bool]
