"""Files that hang on an object: their table's columns, and what a room does with its rows.

A room says whose the files are and when they may change; how they are kept, listed and removed is
the same everywhere and is here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from servicekit import audit
from servicekit.auth.principal import Principal
from servicekit.clock import now
from servicekit.db import Session
from servicekit.files import store
from servicekit.files.kinds import (
    DOCX,
    JPEG,
    PDF,
    PNG,
    XLSX,
    FileTypeMismatch,
    UnexpectedFileType,
)
from servicekit.files.upload import MIB, EmptyFile, Upload, uploaded
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from servicekit.ids import new_id
from servicekit.problems import Conflict, NotFound, PayloadTooLarge

MOST = 20
"""Files of one object: what needs more is an archive."""

DOCUMENTS = (PDF, PNG, JPEG, DOCX, XLSX)
"""Scans, photos and Office documents, as people hand them in."""

LIMIT = 20 * MIB
"""Bytes of one file."""


class TooManyFiles(Conflict):
    code = "too_many_files"
    zh = "附件不能超过 {most} 份"
    en = "There can be at most {most} files"


class SameFile(Conflict):
    code = "same_file"
    zh = "已上传内容相同的文件“{name}”"
    en = "A file with the same content is attached already: {name}"


REFUSALS = (
    TooManyFiles,
    SameFile,
    PayloadTooLarge,
    EmptyFile,
    UnexpectedFileType,
    FileTypeMismatch,
)
"""What attaching a file may answer in every room."""


def document(*kinds: str) -> Any:
    """The parameter of an operation whose body is a file: a document, or one of `kinds`."""
    return uploaded(*(kinds or DOCUMENTS), limit=LIMIT)


class AttachedFile:
    """The columns of a table of files, beside those that say whose they are. The size is in
    bytes; the content lies in `stored_file` by its SHA-256."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    file_sha256: Mapped[str] = mapped_column(ForeignKey("stored_file.sha256"), index=True)
    file_name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    added_by: Mapped[str]
    added_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)


File = TypeVar("File", bound=AttachedFile)
Owner = Mapping[str, Any]
"""The columns that say whose a file is, such as `{"acceptance_id": …}`."""


@dataclass(frozen=True, slots=True)
class Attachments(Generic[File]):
    """The rows of one such table; `added` and `removed` are the audit's words for the two acts."""

    table: type[File]
    added: str
    removed: str

    @property
    def sortable(self) -> dict[str, Any]:
        """By what a list may be sorted; a file never changes."""
        added_at = self.table.added_at
        return {"id": self.table.id, "added_at": added_at, "updated_at": added_at}

    async def add(
        self, session: Session, principal: Principal, upload: Upload, owner: Owner, **more: Any
    ) -> File:
        """Attach a file to an object the caller has locked; `more` are further columns.

        Raises:
            SameFile, TooManyFiles.
        """
        check_room(upload, await self.all_of(session, owner))
        columns = {
            **owner,
            **more,
            "file_sha256": await store.keep(session, upload),
            "file_name": upload.name,
            "media_type": upload.media_type,
            "size": upload.size,
            "added_by": principal.subject,
        }
        row = self.table(**columns)
        session.add(row)
        await session.flush()
        self._record(session, self.added, row)
        return row

    async def remove(self, session: Session, row: File) -> None:
        """Take a file off; its content is cleaned away when nothing else refers to it."""
        await session.delete(row)
        await session.flush()
        self._record(session, self.removed, row)

    async def get(self, session: Session, file_id: UUID, owner: Owner) -> File:
        """Raises `NotFound`, also for a file of something else."""
        row = await session.scalar(select(self.table).filter_by(id=file_id, **owner))
        if row is None:
            raise NotFound(what=f"file {file_id}")
        return row

    async def all_of(self, session: Session, owner: Owner) -> list[File]:
        """The oldest first."""
        query = select(self.table).filter_by(**owner).order_by(self.table.id)
        return list(await session.scalars(query))

    async def page_of(
        self, session: Session, page: PageRequest, owner: Owner, updated_since: datetime | None
    ) -> Page[Any]:
        """One page, the oldest first if nothing else is asked for."""
        conditions = given((updated_since, self.table.added_at.__ge__))
        query = select(self.table).filter_by(**owner).where(*conditions)
        return await fetch_page(session, query, page, sortable=self.sortable, default="id")

    def _record(self, session: Session, action: str, row: File) -> None:
        kind = str(getattr(self.table, "__tablename__"))  # noqa: B009 - the base is each service's
        audit.record(session, action, kind, row.id, sha256=row.file_sha256)


def check_room(upload: Upload, there: Sequence[AttachedFile]) -> None:
    """Whether a file may join those of an object that is locked.

    Raises:
        SameFile, TooManyFiles.
    """
    same = next((each for each in there if each.file_sha256 == upload.sha256), None)
    if same is not None:
        raise SameFile(name=same.file_name)
    if len(there) >= MOST:
        raise TooManyFiles(most=MOST)
