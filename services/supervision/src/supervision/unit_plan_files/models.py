"""The table of the files of plans."""

from uuid import UUID

from servicekit.files.attaching import AttachedFile, Attachments
from sqlalchemy import ForeignKey, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from supervision.db import Base


class UnitPlanFile(AttachedFile, Base):
    """A file of one edition of a plan."""

    __tablename__ = "unit_plan_file"
    __table_args__ = (UniqueConstraint("plan_id", "edition", "file_sha256"),)

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("unit_plan.id"))
    edition: Mapped[int] = mapped_column(Integer)


FILES = Attachments(UnitPlanFile, added="unit_plan_files.add", removed="unit_plan_files.remove")
