"""Tables of the parks and the grades they obtained."""

from datetime import date, datetime
from uuid import UUID

from servicekit.clock import now
from servicekit.ids import new_id
from servicekit.rows import Versioned
from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from parks.db import Base

_GRADE = "IN ('municipal', 'provincial', 'national')"


class Park(Versioned, Base):
    """A park. Its jurisdictions are towns and subdistricts of the directory, many to many."""

    __tablename__ = "park"
    __table_args__ = (
        CheckConstraint("kind IN ('private_st_park', 'circular_economy_park')", name="kind"),
        CheckConstraint(f"desired_grade {_GRADE}", name="desired_grade"),
        CheckConstraint(f"current_grade {_GRADE}", name="current_grade"),
        Index("ix_park_jurisdictions", "jurisdictions", postgresql_using="gin"),
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    programme: Mapped[str | None]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    aliases: Mapped[list[str]]
    kind: Mapped[str]
    desired_grade: Mapped[str]
    desired_by: Mapped[date]
    current_grade: Mapped[str | None]
    jurisdictions: Mapped[list[str]]
    administration_unit: Mapped[str | None]
    focus_zh: Mapped[str | None]
    focus_en: Mapped[str | None]
    open_conflict: Mapped[str | None]
    source_ref: Mapped[str | None]

    @property
    def units(self) -> list[str]:
        """The units that answer for the park: its administration and its jurisdictions."""
        administration = [self.administration_unit] if self.administration_unit else []
        return [*administration, *self.jurisdictions]


class ParkGrade(Base):
    """A grade a park has obtained, with the document that says so. Nothing of it changes but how
    long it holds: to `valid_to` unless a review renews it, and no longer once it is lost."""

    __tablename__ = "park_grade"
    __table_args__ = (
        CheckConstraint(f"grade {_GRADE}", name="grade"),
        CheckConstraint("(lost_on IS NULL) = (lost_reason IS NULL)", name="lost"),
        CheckConstraint("lost_reason IN ('expired', 'revoked')", name="lost_reason"),
        Index(
            "uq_park_grade_held",
            "park_code",
            "grade",
            unique=True,
            postgresql_where=text("lost_on IS NULL"),
        ),
        Index("ix_park_grade_due", "valid_to", postgresql_where=text("lost_on IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    park_code: Mapped[str] = mapped_column(ForeignKey("park.code"))
    grade: Mapped[str]
    obtained_on: Mapped[date]
    document_no: Mapped[str]
    authority: Mapped[str | None]
    valid_to: Mapped[date | None]
    lost_on: Mapped[date | None]
    lost_reason: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, index=True)
