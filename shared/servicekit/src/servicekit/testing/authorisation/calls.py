"""Calls of an app in this process, as cheap as they get: the matrix makes many thousands."""

import asyncio
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from servicekit.http.app import PREFIX
from servicekit.testing.asgi import App, Message


@dataclass
class Answer:
    """Status and body; of a stream only that it began."""

    status: int = 0
    streams: bool = False
    body: bytearray = field(default_factory=bytearray)

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The code of a problem, or nothing."""
        return self.json().get("code", "") if self.status >= 400 else ""

    def __str__(self) -> str:
        return f"{self.status} {self.code}".strip()


async def call(
    app: App,
    method: str,
    path: str,
    headers: Mapping[str, str],
    *,
    query: Mapping[str, Any] | None = None,
    body: Any = None,
    content_type: str = "application/json",
) -> Answer:
    """One request below `/api/v1`. `body` is sent as JSON unless it is bytes already."""
    content = (
        body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    )
    sent = {**headers, "content-type": content_type, "content-length": str(len(content))}
    if method == "POST":
        sent.setdefault("Idempotency-Key", str(uuid.uuid4()))
    full = PREFIX + path
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method,
        "scheme": "http", "path": full, "raw_path": full.encode(), "root_path": "",
        "query_string": urlencode(query or {}, doseq=True).encode(),
        "headers": [(n.lower().encode(), v.encode()) for n, v in sent.items()],
        "client": ("127.0.0.1", 1), "server": ("service.test", 80), "state": {},
    }  # fmt: skip
    answer = Answer()
    gone = asyncio.Event()
    waiting = [{"type": "http.request", "body": content, "more_body": False}]

    async def receive() -> Message:
        if waiting:
            return waiting.pop()
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.streams = is_stream(message)
        else:
            answer.body += message.get("body", b"")
        if answer.streams or not message.get("more_body", True):
            gone.set()

    await app(scope, receive, send)
    return answer


def is_stream(start: Message) -> bool:
    """Whether the answer goes on until the caller leaves."""
    return (b"content-type", b"text/event-stream") in [
        (name.lower(), value.partition(b";")[0]) for name, value in start["headers"]
    ]
