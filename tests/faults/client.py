"""A caller who takes nothing for granted: no answer means unknown, and the same key is used until
there is one."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import aiohttp

from tests.faults.history import NO_ANSWER, History, Operation

TIMEOUT = 8.0
"""Seconds after which a call counts as not answered."""
PAUSE = 0.15
"""Seconds between two attempts."""
UNDECIDED = frozenset({NO_ANSWER, 401, 408, 425, 429, 500, 502, 503, 504})
"""Answers that do not tell what became of the write, or ask to come again."""


@dataclass(frozen=True, slots=True)
class Request:
    """A write. `effect` is the mark by which its effect is found in the database; for most that
    is the key itself."""

    kind: str
    role: str
    method: str
    path: str
    body: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


class Client:
    """Calls the gateway, which is at `address()` now, as any of the demo clients."""

    def __init__(
        self,
        address: Callable[[], str],
        clients: Mapping[str, Mapping[str, str]],
        timeout: float = TIMEOUT,
    ) -> None:
        self._address, self._clients, self._timeout = address, clients, timeout
        self._tokens: dict[str, tuple[str, float]] = {}
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        timeout = aiohttp.ClientTimeout(total=self._timeout)
        self._session = aiohttp.ClientSession(timeout=timeout, trust_env=False)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        assert self._session is not None
        await self._session.close()

    async def sign_in(self, role: str) -> None:
        """Have a token already when the gateway can give none.

        Raises:
            aiohttp.ClientError: it was refused.
        """
        await self._token(role)

    async def call(self, request: Request, key: str = "") -> Answer:
        """One attempt; `status` is `NO_ANSWER` when none came or it broke off."""
        try:
            headers = {"Authorization": f"Bearer {await self._token(request.role)}"}
            if key:
                headers["Idempotency-Key"] = key
            path = f"/api/v1{request.path}"
            return await self._send(
                request.method, path, request.body, {**headers, **request.headers}
            )
        except (aiohttp.ClientError, TimeoutError, OSError):
            return Answer(NO_ANSWER)

    async def until_answered(
        self, history: History, request: Request, key: str, *, copies: int = 1, patience: float = 60
    ) -> tuple[Operation, Answer]:
        """Write, and write down; `copies` are sent side by side with the same key."""
        operation = history.begin(request.kind, key)
        give_up = time.monotonic() + patience
        answers = await asyncio.gather(
            *(self._insist(operation, request, key, give_up) for _ in range(copies))
        )
        answer = next((a for a in answers if a.ok), answers[0])
        undecided = answer.status in UNDECIDED
        history.end(operation, "unknown" if undecided else "ok" if answer.ok else "fail")
        return operation, answer

    async def _insist(
        self, operation: Operation, request: Request, key: str, give_up: float
    ) -> Answer:
        while True:
            answer = await self.call(request, key)
            operation.attempts.append(answer.status)
            if answer.status not in UNDECIDED or time.monotonic() > give_up:
                _note(operation, answer)
                return answer
            if answer.status == 401:
                self._tokens.pop(request.role, None)
            await asyncio.sleep(PAUSE)

    async def _token(self, role: str) -> str:
        token, ends = self._tokens.get(role, ("", 0.0))
        if time.monotonic() > ends:
            assert self._session is not None
            form = {"grant_type": "client_credentials", **self._clients[role]}
            url = f"{self._address()}/oauth/token"
            async with self._session.post(url, data=form) as answer:
                answer.raise_for_status()
                body = await answer.json()
            token, ends = body["access_token"], time.monotonic() + body["expires_in"] / 2
            self._tokens[role] = (token, ends)
        return token

    async def _send(
        self, method: str, path: str, body: Mapping[str, Any], headers: Mapping[str, str]
    ) -> Answer:
        assert self._session is not None
        url = self._address() + path
        async with self._session.request(method, url, json=body, headers=headers) as answer:
            content = await answer.json(content_type=None)
            found = content if isinstance(content, dict) else {}
            return Answer(answer.status, found, answer.headers)


def _note(operation: Operation, answer: Answer) -> None:
    if answer.ok:
        operation.resources.add(str(answer.body.get("id", operation.key)))
        operation.replayed += answer.headers.get("Idempotency-Replayed") == "true"
    else:
        operation.problem = str(answer.body.get("code", ""))
