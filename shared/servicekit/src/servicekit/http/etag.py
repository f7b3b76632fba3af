"""Strong ETags from the row version, and the preconditions that use them."""

import re
from typing import Annotated, Any, Protocol

from fastapi import Depends, Header, Response

from servicekit.problems import BadRequest, PreconditionFailed, PreconditionRequired


class Versioned(Protocol):
    """A row with a version; `Any`, because a mapped class declares `Mapped[int]`."""

    @property
    def version(self) -> Any: ...


class BadIfMatch(BadRequest):
    code = "bad_if_match"
    zh = "If-Match 请求头应为读取时返回的 ETag"
    en = "If-Match must be the ETag that a read returned"


async def read_if_match(
    if_match: Annotated[
        str | None,
        Header(
            alias="If-Match",
            description="The ETag of the version this change is based on.",
            examples=['"3"'],
        ),
    ] = None,
) -> int | None:
    """The row version in `If-Match`, or none without the header.

    Raises:
        BadIfMatch: it is not one of our ETags.
    """
    if if_match is None:
        return None
    match = re.fullmatch(r'"([0-9]{1,18})"', if_match.strip())
    if match is None:
        raise BadIfMatch
    return int(match.group(1))


Expected = Annotated[int | None, Depends(read_if_match)]
"""`expected: Expected`: the version that `If-Match` names, for `check_version`."""


def tag(response: Response, row: Versioned) -> None:
    """Give the answer the ETag of this row's version."""
    response.headers["ETag"] = f'"{row.version}"'


def check_version(row: Versioned, expected: int | None, *, required: bool = True) -> None:
    """Refuse a change that is not based on the current version.

    Raises:
        PreconditionRequired: no version was named and one is needed.
        PreconditionFailed: the row has moved on.
    """
    if expected is None:
        if required:
            raise PreconditionRequired
    elif row.version != expected:
        raise PreconditionFailed(current=row.version)
