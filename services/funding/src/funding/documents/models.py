"""The columns and rules of every document."""

from datetime import datetime
from uuid import UUID

from servicekit.ids import new_id
from servicekit.rows import Versioned
from sqlalchemy import CheckConstraint, DateTime
from sqlalchemy.orm import Mapped, mapped_column


class Document(Versioned):
    """`reason` is the maker's; `refusal` says why it was rejected or withdrawn."""

    __tablename__: str

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    reason: Mapped[str]
    state: Mapped[str] = mapped_column(default="draft")
    made_by: Mapped[str]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    refusal: Mapped[str | None]

    @property
    def concerns(self) -> str | None:
        """The unit that may see it besides those who read the books."""
        return None


def document_rules() -> tuple[CheckConstraint, ...]:
    """What the database insists on, for each table's own `__table_args__`."""
    return (
        CheckConstraint("state IN ('draft', 'approved', 'rejected', 'withdrawn')", name="state"),
        CheckConstraint("(state = 'draft') = (decided_by IS NULL)", name="decided"),
        CheckConstraint(
            "state IN ('draft', 'withdrawn') OR decided_by <> made_by", name="maker_decides_not"
        ),
    )
