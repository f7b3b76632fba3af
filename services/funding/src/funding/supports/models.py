"""The columns and rules of every kind of support."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from funding.awards.domain import AwardKind
from funding.db import YUAN
from funding.documents.models import Document, document_rules

LIVE = "state IN ('draft', 'approved') AND award_state IS DISTINCT FROM 'cancelled'"
"""What counts against filing the same thing again: the award of an approved one, if it was
cancelled before anything was paid, lets it be filed again."""


class Support(Document):
    """What a unit asks for and is awarded, yuan, from the line that the rate named when it was
    filed. `award_state` follows the award by the foreign key."""

    kind: AwardKind

    payee_unit: Mapped[str] = mapped_column(index=True)
    fiscal_year: Mapped[int] = mapped_column(ForeignKey("fiscal_year.year"), index=True)
    fund_code: Mapped[str] = mapped_column(ForeignKey("fund.code"))
    line: Mapped[str]
    amount: Mapped[Decimal] = mapped_column(YUAN)
    formula: Mapped[str]
    inputs: Mapped[dict[str, Any]] = mapped_column(JSONB)
    award_id: Mapped[UUID | None] = mapped_column(unique=True)
    award_state: Mapped[str | None]

    @property
    def concerns(self) -> str | None:
        return self.payee_unit

    @property
    def award_title(self) -> str:
        """What its award is called; everybody who reads awards reads it."""
        raise NotImplementedError


def support_rules() -> tuple[Any, ...]:
    """What the database insists on, for each table's own `__table_args__`."""
    return (
        *document_rules(),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint(
            "(award_id IS NULL) = (award_state IS NULL)"
            " AND (award_id IS NULL OR state = 'approved')",
            name="award",
        ),
        ForeignKeyConstraint(
            ["award_id", "award_state"], ["award.id", "award.state"], onupdate="CASCADE"
        ),
    )
