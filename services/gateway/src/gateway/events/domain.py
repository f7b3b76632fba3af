"""Which events a caller asked for, and how one looks in a stream."""

import base64
import re
from collections.abc import Iterable, Sequence
from typing import Annotated, NamedTuple

import orjson
from pydantic import Field, StringConstraints
from servicekit.problems import Problem, TooManyRequests

TypePattern = Annotated[
    str,
    StringConstraints(
        max_length=200, pattern=r"^(\*|kechuang(\.[a-z_]+){1,3}(\.v[0-9]+|\.\*)|kechuang\.\*)$"
    ),
    Field(examples=["kechuang.targets.*", "kechuang.supervision.item.opened.v1"]),
]
"""An event type, or the beginning of one and `.*`; `*` alone is every type."""

_POSITION = re.compile(r"[0-9]{1,18}")


class PositionGone(Problem):
    """What came right after this position is no longer kept: going on would leave a hole."""

    status = 410
    code = "events_gone"
    zh = "位置 {position} 之后的部分事件已清理，请用列表重新同步后再订阅"
    en = "Events after position {position} are no longer kept; sync from the lists, then start over"


class TooManyStreams(TooManyRequests):
    code = "too_many_streams"
    zh = "该客户端已打开 {limit} 个事件流，请先关闭一个"
    en = "This client has {limit} streams open; close one first"
    retry_after = 15


class Logged(NamedTuple):
    """One event of the log; `frame` is how it is sent."""

    position: int
    type: str
    subject: str
    permission: str | None
    units: Sequence[str]
    frame: bytes


def frame(position: int, kind: str, body: bytes) -> bytes:
    """One event of a stream (WHATWG HTML, server-sent events). `body` has no line break."""
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (position, kind.encode(), body)


def matches(patterns: Iterable[str], kind: str) -> bool:
    """Whether any pattern is this type or the beginning of it."""
    return any(
        kind.startswith(pattern[:-1]) if pattern.endswith("*") else kind == pattern
        for pattern in patterns
    )


def read_position(text: str) -> int | None:
    """A position as a caller gives it back, or none if it is not one of ours."""
    return int(text) if _POSITION.fullmatch(text) else None


def expiry(authorization: str) -> float:
    """When a token that was already verified expires, in seconds since 1970."""
    payload = authorization.split(".")[1]
    return float(orjson.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["exp"])
