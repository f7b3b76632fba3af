"""Bytes that no honest client sends, over a raw socket: none of them reaches the service."""

from typing import Any

import pytest

TARGETS = [
    b"/api/v1/indicators/../funds",
    b"/api/v1/indicators/%2e%2e/funds",
    b"/api/v1/indicators/..%2ffunds",
    b"/api/v1/indicators/a%2fb",
    b"/api/v1/indicators/a%5cb",
    b"/api/v1/indicators/a\\b",
    b"/api/v1/indicators/a%00b",
    b"/api/v1/indicators/a\x00b",
    b"/api/v1/indicators/..;/metrics",
    b"/api/v1/indicators/%252e%252e/metrics",
    b"/api/v1//indicators",
    b"//api/v1/indicators",
    b"/api/v1/indicators/",
    b"/api/v1/%69ndicators",
    b"/API/v1/indicators",
    b"/%61pi/v1/indicators",
    b"/api/v1/indicators/\xe6\xb8\xaf",
    b"/api/v1/indicators/%zz",
    b"/api/v1/indicators/a%0d%0aX-Injected:1",
    b"/x/../api/v1/indicators",
    b"/api/v1/./indicators",
    b"/api/v1/indicators?" + b"a" * 9000,
    b"*",
    b"indicators",
    b"",
]


def request(gateway: Any, target: bytes, *lines: bytes, method: bytes = b"GET") -> bytes:
    token = gateway.tokens.bearer("office")["Authorization"].encode()
    head = [
        method + b" " + target + b" HTTP/1.1",
        b"Host: gateway.test",
        b"Authorization: " + token,
        *lines,
    ]
    return b"\r\n".join(head) + b"\r\n\r\n"


def status(answer: bytes) -> int:
    """The first status; 0 when the connection was closed without an answer."""
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else 0


@pytest.mark.parametrize("target", TARGETS)
async def test_a_hostile_target_is_refused(gateway: Any, target: bytes) -> None:
    before = len(gateway.upstream.seen)
    answer = await gateway.raw(request(gateway, target, b"Connection: close"))
    assert status(answer) in (0, 400, 404, 414), answer[:200]
    assert len(gateway.upstream.seen) == before


FRAMINGS = [
    (b"Content-Length: 4", b"Transfer-Encoding: chunked"),
    (b"Transfer-Encoding: chunked", b"Content-Length: 4"),
    (b"Content-Length: 4", b"Content-Length: 5"),
    (b"Content-Length: 4", b"Content-Length: 4"),
    (b"Content-Length: 4, 4",),
    (b"Content-Length: +4",),
    (b"Content-Length: -4",),
    (b"Content-Length: 0x4",),
    (b"Content-Length: 4 4",),
    (b"Content-Length : 4",),
    (b"Transfer-Encoding: xchunked",),
    (b"Transfer-Encoding: gzip, chunked",),
    (b"Transfer-Encoding: chunked, identity",),
    (b"Transfer-Encoding: identity",),
    (b"Transfer-Encoding: chunked", b"Transfer-Encoding: identity"),
    (b"Transfer-Encoding : chunked",),
    (b"Transfer-Encoding:\x0bchunked",),
    (b"Host: second.test",),
    (b"X-Bad\x00Name: 1",),
    (b"X-Bad: a\x00b",),
    (b" X-Folded: 1",),
]


@pytest.mark.parametrize("lines", FRAMINGS)
async def test_a_message_with_two_possible_ends_is_refused(
    gateway: Any, lines: tuple[bytes, ...]
) -> None:
    before = len(gateway.upstream.seen)
    smuggled = b"0\r\n\r\nGET /api/v1/indicators/smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
    sent = request(gateway, b"/api/v1/indicators", *lines, method=b"POST") + smuggled
    answer = await gateway.raw(sent)
    assert status(answer) in (0, 400), answer[:300]
    assert len(gateway.upstream.seen) == before


@pytest.mark.parametrize("method", [b"TRACE", b"CONNECT", b"PROPFIND", b"PURGE", b"BREW"])
async def test_other_methods_are_refused(gateway: Any, method: bytes) -> None:
    before = len(gateway.upstream.seen)
    answer = await gateway.raw(
        request(gateway, b"/api/v1/indicators", b"Connection: close", method=method)
    )
    assert status(answer) in (0, 400, 405), answer[:200]
    assert len(gateway.upstream.seen) == before


async def test_a_bad_chunk_does_not_reach_the_service_as_a_whole_body(gateway: Any) -> None:
    before = len(gateway.upstream.seen)
    sent = request(gateway, b"/api/v1/indicators", b"Transfer-Encoding: chunked", method=b"POST")
    answer = await gateway.raw(sent + b"5\r\nhello\r\nZZ\r\n\r\n")
    assert status(answer) in (0, 400)
    assert len(gateway.upstream.seen) == before


async def test_a_caller_that_hangs_up_in_the_middle_of_its_body_leaves_nothing(
    gateway: Any,
) -> None:
    before = len(gateway.upstream.seen)
    sent = request(gateway, b"/api/v1/indicators", b"Content-Length: 500", method=b"POST")
    await gateway.raw(sent + b"only a part", seconds=0.3)
    async with gateway.client() as client:
        assert (await client.get("/readyz")).status_code == 200
    assert len(gateway.upstream.seen) == before


async def test_the_sloppy_but_harmless_is_served(gateway: Any) -> None:
    answer = await gateway.raw(
        request(gateway, "/api/v1/indicators?name=港".encode(), b"Connection: close")
    )
    if status(answer) == 200:
        assert gateway.upstream.seen[-1]["query"] == "name=%E6%B8%AF"
    else:
        assert status(answer) == 400


async def test_a_websocket_is_not_opened(gateway: Any) -> None:
    answer = await gateway.raw(
        request(
            gateway,
            b"/api/v1/indicators",
            b"Connection: Upgrade, close",
            b"Upgrade: websocket",
            b"Sec-WebSocket-Version: 13",
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        )
    )
    assert b"101 Switching" not in answer
