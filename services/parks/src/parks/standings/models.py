"""The table of standings."""

from datetime import date
from uuid import UUID

from servicekit.ids import new_id
from servicekit.rows import Versioned
from sqlalchemy import CheckConstraint, ForeignKey, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from parks.db import Base


class Standing(Versioned, Base):
    """What held of an enterprise on its days, both included: without a first one since before it
    was registered, without a last one until further notice. No day has two."""

    __tablename__ = "enterprise_standing"
    __table_args__ = (
        CheckConstraint("declared_class IN ('science_type', 'ordinary')", name="declared_class"),
        CheckConstraint("valid_to >= valid_from", name="validity"),
        ExcludeConstraint(
            ("enterprise_id", "="),
            (text("daterange(valid_from, valid_to, '[]')"), "&&"),
            name="ex_enterprise_standing_overlap",
            using="gist",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    enterprise_id: Mapped[UUID] = mapped_column(ForeignKey("enterprise.id"))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    park_code: Mapped[str | None] = mapped_column(ForeignKey("park.code"))
    declared_class: Mapped[str]
    above_scale: Mapped[bool]
    document_no: Mapped[str | None]
