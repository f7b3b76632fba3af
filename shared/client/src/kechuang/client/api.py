"""The client: one object for one caller, over one pool of connections."""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Self
from urllib.parse import quote
from uuid import uuid4

import httpx

from kechuang.client.credentials import Credentials
from kechuang.client.errors import ApiError, Unreachable
from kechuang.client.retries import (
    ATTEMPTS,
    repeat_after_answer,
    repeat_after_failure,
    wait_before,
)
from kechuang.client.tokens import ClientCredentialsAuth

PREFIX = "/api/v1"
PAGE = 200


class Client:
    """Calls the public API at `url` as the client `credentials` name.

    Paths are relative to `/api/v1`. Answers other than 2xx and 304 raise ApiError; no answer
    raises Unreachable. `language` (`zh` or `en`) chooses the words of problems.
    """

    def __init__(
        self,
        url: str,
        credentials: Credentials,
        *,
        language: str = "zh",
        timeout: float = 30.0,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        base = httpx.URL(url.rstrip("/"))
        token_url = base.copy_with(path=f"{base.path.rstrip('/')}/oauth/token")
        auth = ClientCredentialsAuth(token_url, credentials)
        self._sleep = sleep
        # Proxies of the environment are not used: the gateway is on the caller's own network.
        self._http = httpx.Client(
            base_url=base,
            auth=auth,
            timeout=timeout,
            transport=transport,
            trust_env=False,
            follow_redirects=False,
            headers={"Accept": "application/json", "Accept-Language": language},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def get(self, path: str, **query: Any) -> Any:
        """The JSON of `GET path`; arguments that are None are left out of the query."""
        return _body(self.request("GET", path, query=query))

    def post(
        self, path: str, body: Any = None, *, key: str | None = None, etag: str | None = None
    ) -> Any:
        """`POST path` with an idempotency key (a new one unless given), so it can be repeated; with
        `etag` only on that version."""
        headers = {"Idempotency-Key": key or str(uuid4())}
        if etag:
            headers["If-Match"] = etag
        return _body(self.request("POST", path, body=body, headers=headers))

    def upload(
        self, path: str, content: bytes, filename: str, *, key: str | None = None, **query: str
    ) -> Any:
        """`POST path` with a file as its body, under the name that people know it by. What it is
        the service tells by its content; `query` what else it asks for."""
        headers = {
            "Idempotency-Key": key or str(uuid4()),
            "Content-Type": "application/octet-stream",
        }
        query |= {"filename": filename}
        return _body(self.request("POST", path, query=query, body=content, headers=headers))

    def put(self, path: str, body: Any, *, etag: str | None = None) -> httpx.Response:
        """`PUT path`; with `etag` only if nobody else has changed it since."""
        headers = {"If-Match": etag} if etag else {}
        return self.request("PUT", path, body=body, headers=headers)

    def patch(self, path: str, body: Any, *, etag: str | None = None) -> Any:
        """`PATCH path` as JSON merge patch (RFC 7396)."""
        headers = {"Content-Type": "application/merge-patch+json"}
        if etag:
            headers["If-Match"] = etag
        return _body(self.request("PATCH", path, body=body, headers=headers))

    def items(self, path: str, **query: Any) -> Iterator[dict[str, Any]]:
        """Every object of a list, page after page."""
        cursor: str | None = None
        while True:
            page = self.get(path, **{"limit": PAGE, **query, "cursor": cursor})
            yield from page["items"]
            following = page.get("next_cursor")
            if following is None or following == cursor:
                return
            cursor = following

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """One call with its safe retries; a body of bytes is sent as it is, any other as JSON.
        Raises ApiError or Unreachable."""
        params = {name: value for name, value in (query or {}).items() if value is not None}
        is_file = isinstance(body, bytes)
        request = self._http.build_request(
            method,
            f"{PREFIX}/{path.lstrip('/')}",
            params=params,
            content=body if is_file else None,
            json=None if is_file else body,
            headers=headers,
        )
        response = self._send(request)
        if response.is_success or response.status_code == httpx.codes.NOT_MODIFIED:
            return response
        raise ApiError.of(response)

    def _send(self, request: httpx.Request) -> httpx.Response:
        for attempt in range(ATTEMPTS):
            last = attempt == ATTEMPTS - 1
            try:
                response = self._http.send(request)
            except httpx.TransportError as error:
                if last or not repeat_after_failure(request, error):
                    raise Unreachable(f"{request.method} {request.url}: {error!r}") from error
                self._sleep(wait_before(attempt))
                continue
            if last or not repeat_after_answer(request, response):
                return response
            self._sleep(wait_before(attempt, response))
        raise AssertionError("the last attempt returns or raises")


def segment(code: str) -> str:
    """A code as one segment of a path."""
    return quote(code, safe="")


def _body(response: httpx.Response) -> Any:
    if not response.content:
        return None
    try:
        return response.json()
    except ValueError as error:
        title = "the answer is not JSON"
        raise ApiError(response.status_code, "answer_not_json", title) from error
