"""Giving a file back."""

from typing import Any

from fastapi import Response
from starlette.responses import StreamingResponse

from servicekit.db import Session
from servicekit.files.names import disposition
from servicekit.files.store import find, pieces_of

HEADERS = {
    "Content-Disposition": {
        "description": "The file's name; it is always saved and never shown in place.",
        "schema": {"type": "string"},
        "example": disposition("合同.pdf"),
    },
    "ETag": {
        "description": "The SHA-256 of the content.",
        "schema": {"type": "string"},
        "example": '"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"',
    },
}


def gives(*media_types: str) -> dict[int | str, dict[str, Any]]:
    """`responses=gives(PNG, JPEG)` of an operation that answers with a file."""
    binary = {"type": "string", "format": "binary"}
    content = {kind: {"schema": binary} for kind in media_types}
    return {200: {"description": "The file", "content": content, "headers": HEADERS}}


async def attachment(session: Session, sha256: str, name: str) -> Response:
    """The stored file under this name. The caller has decided that it may be read.

    Raises:
        NotFound: there is no such file.
    """
    file = await find(session, sha256)
    return StreamingResponse(
        pieces_of(session.database, file),
        media_type=file.media_type,
        headers={
            "Content-Length": str(file.size),
            "Content-Disposition": disposition(name),
            "X-Content-Type-Options": "nosniff",
            "ETag": f'"{file.sha256}"',
        },
    )
