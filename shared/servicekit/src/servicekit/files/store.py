"""The files in the database: stored with the caller's transaction, read piece by piece."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import IO

from sqlalchemy import text

from servicekit.db import Database, Session
from servicekit.files.upload import Upload
from servicekit.problems import NotFound

PIECE = 256 * 1024
"""Bytes of one row of content: all that is held in memory of a file."""

_FILE = text("""INSERT INTO stored_file AS kept (sha256, size, media_type)
 VALUES (:sha256, :size, :media_type)
 ON CONFLICT (sha256) DO UPDATE SET stored_at = now() RETURNING kept.xmax = 0""")
_PIECE = text("""INSERT INTO stored_file_piece (sha256, number, content)
 VALUES (:sha256, :number, :content)""")
_FIND = "SELECT sha256, size, media_type FROM stored_file WHERE sha256 = $1"
_READ = "SELECT content FROM stored_file_piece WHERE sha256 = $1 AND number = $2"

# The columns of other tables that refer to a file; its own pieces go with it.
_REFERRERS = """SELECT quote_ident(c.relname) AS name, quote_ident(a.attname) AS field
 FROM pg_constraint AS f JOIN pg_class AS c ON c.oid = f.conrelid
 JOIN pg_attribute AS a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[1]
 WHERE f.contype = 'f' AND f.confrelid = 'stored_file'::regclass AND f.confdeltype <> 'c'"""
_UNUSED = """DELETE FROM stored_file AS kept WHERE sha256 IN (
 SELECT sha256 FROM stored_file AS old WHERE stored_at < now() - interval '1 day' {unused}
 ORDER BY stored_at LIMIT 100 FOR UPDATE SKIP LOCKED)"""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What is known of a file; its name belongs to whatever refers to it."""

    sha256: str
    size: int
    media_type: str

    @property
    def pieces(self) -> int:
        return -(-self.size // PIECE)


async def keep(session: Session, upload: Upload) -> str:
    """Store the file with this transaction, once however often it comes; answers its SHA-256."""
    return await keep_file(
        session, upload.file, StoredFile(upload.sha256, upload.size, upload.media_type)
    )


async def keep_file(session: Session, content: IO[bytes], file: StoredFile) -> str:
    """The same for content that was made here."""
    # A file that is there already is marked as stored now, which holds its cleaning off.
    values = {"sha256": file.sha256, "size": file.size, "media_type": file.media_type}
    is_new = await session.scalar(_FILE, values)
    if is_new:
        content.seek(0)
        for number in range(file.pieces):
            piece = {"sha256": file.sha256, "number": number, "content": content.read(PIECE)}
            await session.execute(_PIECE, piece)
    return file.sha256


async def find(session: Session, sha256: str) -> StoredFile:
    """Raises `NotFound`."""
    row = await session.fetch_row(_FIND, sha256)
    if row is None:
        raise NotFound(what=f"file {sha256}")
    return StoredFile(**row)


async def pieces_of(database: Database, file: StoredFile) -> AsyncIterator[bytes]:
    """The content. No transaction is held meanwhile: what stands under a hash never changes.

    Raises:
        NotFound: the file was removed while it was read.
    """
    for number in range(file.pieces):
        rows = await database.fetch(_READ, (file.sha256, number))
        if not rows:
            raise NotFound(what=f"file {file.sha256}")
        yield rows[0]["content"]


async def prune(session: Session) -> None:
    """Remove files that nothing refers to, a hundred at a time. One that is being stored again
    meanwhile is locked, or its reference fails: it is never missing behind a reference."""
    referrers = await session.fetch(_REFERRERS)
    unused = "".join(
        f" AND NOT EXISTS (SELECT FROM {one['name']} WHERE {one['field']} = old.sha256)"
        for one in referrers
    )
    await session.execute(text(_UNUSED.format(unused=unused)))
