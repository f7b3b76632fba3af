"""Taking a file: the body of the request is the file, written to disk as it arrives."""

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import IO, Annotated, Any, cast

from fastapi import Depends, Query, Request

from servicekit.files.kinds import check_kind
from servicekit.files.names import clean_name
from servicekit.http.envelope import raise_limit
from servicekit.problems import PayloadTooLarge, Unprocessable
from servicekit.types import Text

MIB = 1024 * 1024
IN_MEMORY = 256 * 1024
"""Bytes of a file that are kept in memory; what is larger is on disk."""


class EmptyFile(Unprocessable):
    code = "empty_file"
    zh = "文件为空"
    en = "The file is empty"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that has arrived whole. `name` is fit to be shown, `media_type` is what it is."""

    name: str
    media_type: str
    size: int
    sha256: str
    file: IO[bytes]


class Uploading:
    """Dependency that takes the request's body as a file."""

    def __init__(self, media_types: tuple[str, ...], limit: int) -> None:
        self.media_types, self.limit = media_types, limit

    async def __call__(
        self,
        request: Request,
        filename: Annotated[
            Text | None,
            Query(description="The file's name as people know it.", examples=["名单.xlsx"]),
        ] = None,
    ) -> AsyncIterator[Upload]:
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as spooled:
            file = cast(IO[bytes], spooled)
            size, sha256 = await receive(request, file, self.limit)
            declared = request.headers.get("content-type", "").partition(";")[0].strip().lower()
            kind = await asyncio.to_thread(check_kind, file, declared, self.media_types)
            name = clean_name(filename or "", kind)
            file.seek(0)
            yield Upload(name, kind, size, sha256, file)


def uploaded(*media_types: str, limit: int) -> Any:
    """`upload: Upload = uploaded(PDF, PNG, limit=10 * MIB)`. State it after the permission, which
    is then asked before the first byte is read."""
    return Depends(Uploading(media_types, limit))


async def receive(request: Request, file: IO[bytes], limit: int) -> tuple[int, str]:
    """Write the body to `file`; answers its bytes and their SHA-256.

    Raises:
        PayloadTooLarge: more than `limit` bytes were announced, or came.
        EmptyFile: none came.
    """
    raise_limit(request.scope, limit)
    # What was read here cannot be read again to recognise a repeated request.
    request.state.body_digest = ""
    announced = request.headers.get("content-length", "0")
    if announced.isdigit() and int(announced) > limit:
        raise PayloadTooLarge
    digest, size = hashlib.sha256(), 0
    async for piece in request.stream():
        size += len(piece)
        if size > limit:
            raise PayloadTooLarge
        digest.update(piece)
        file.write(piece)
    if not size:
        raise EmptyFile
    request.state.body_digest = digest.hexdigest()
    return size, request.state.body_digest
