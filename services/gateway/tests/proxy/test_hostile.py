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


CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
HEAD = b"POST /api/v1/indicators HTTP/1.1\r\nHost: gateway.test\r\nAuthorization: %s\r\n"
SMUGGLED = b"GET /api/v1/indicators/smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
MESSAGES = {
    "chunk size larger than its data": HEAD + CHUNKED + b"ff\r\nhello\r\n0\r\n\r\n",
    "chunk size smaller than its data": HEAD + CHUNKED + b"2\r\nhello\r\n0\r\n\r\n" + SMUGGLED,
    "chunk size with a sign": HEAD + CHUNKED + b"+5\r\nhello\r\n0\r\n\r\n",
    "chunk size with 0x": HEAD + CHUNKED + b"0x5\r\nhello\r\n0\r\n\r\n",
    "chunk size with an underscore": HEAD + CHUNKED + b"0_5\r\nhello\r\n0\r\n\r\n",
    "chunk size past 64 bits": HEAD + CHUNKED + b"f" * 17 + b"\r\nhello\r\n0\r\n\r\n",
    "chunk without an end": HEAD + CHUNKED + b"5\r\nhello0\r\n\r\n" + SMUGGLED,
    "chunk size ended by a bare LF": HEAD + CHUNKED + b"5\nhello\r\n0\r\n\r\n" + SMUGGLED,
    "chunk extension with a bare LF": HEAD + CHUNKED + b"5;a\nb\r\nhello\r\n0\r\n\r\n",
    "bare CR in a header": HEAD + b"X-A: 1\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "folded Transfer-Encoding": HEAD + b"Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
    "folded Content-Length": HEAD + b"Content-Length:\r\n 4\r\n\r\nabcd",
    "Content-Length with a tab inside": HEAD + b"Content-Length: 4\t0\r\n\r\nabcd",
    "Content-Length of forty digits": HEAD + b"Content-Length: " + b"9" * 40 + b"\r\n\r\n",
    "Content-Length in Arabic digits": HEAD + "Content-Length: ٤\r\n\r\nabcd".encode(),
    "Content-Length as a trailer": HEAD + CHUNKED
    + b"5\r\nhello\r\n0\r\nContent-Length: 9\r\n\r\n",
    "Transfer-Encoding as a trailer": HEAD + CHUNKED
    + b"5\r\nhello\r\n0\r\nTransfer-Encoding: gzip\r\n\r\n",
    "header without a colon": HEAD + b"Transfer-Encoding chunked\r\n\r\n0\r\n\r\n",
    "header without a name": HEAD + b": chunked\r\n\r\n",
    "Transfer-Encoding in HTTP/1.0": HEAD.replace(b"1.1", b"1.0") + b"Content-Length: 4\r\n"
    + CHUNKED + b"0\r\n\r\n",
    "no version": b"GET /api/v1/indicators\r\nAuthorization: %s\r\n\r\n",
    "version 3.0": HEAD.replace(b"1.1", b"3.0") + b"\r\n",
    "version 1.1 with a space": HEAD.replace(b"/1.1", b"/ 1.1") + b"\r\n",
    "HTTP/2 preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "two Authorization headers": HEAD + b"Authorization: Bearer x.y.z\r\n\r\n",
    "user name in the authority": b"GET http://a@b.test/api/v1/../x HTTP/1.1\r\nHost: a\r\n\r\n",
    "target of another scheme": b"GET gopher://gateway.test/x HTTP/1.1\r\nHost: a\r\n\r\n",
}  # fmt: skip


@pytest.mark.parametrize("name", MESSAGES)
async def test_a_message_that_is_no_proper_http_reaches_no_service(gateway: Any, name: str) -> None:
    before = len(gateway.upstream.seen)
    token = gateway.tokens.bearer("office")["Authorization"].encode()
    message = MESSAGES[name]
    answer = await gateway.raw(message.replace(b"%s", token, 1), seconds=0.6)
    assert status(answer) in (0, 400, 401, 404, 405), answer[:300]
    assert len(gateway.upstream.seen) == before


CLEAN = {
    "chunk extension": CHUNKED + b"5;name=value\r\nhello\r\n0\r\n\r\n",
    "chunk trailer": CHUNKED + b"5\r\nhello\r\n0\r\nX-Checksum: 1\r\n\r\n",
    "Authorization as a trailer": CHUNKED + b"5\r\nhello\r\n0\r\nAuthorization: Bearer x\r\n\r\n",
    "X-Forwarded-For as a trailer": b"Trailer: X-Forwarded-For\r\n"
    + CHUNKED
    + b"5\r\nhello\r\n0\r\nX-Forwarded-For: 8.8.8.8\r\n\r\n",
    "If-Match as a trailer": CHUNKED + b"5\r\nhello\r\n0\r\nIf-Match: *\r\n\r\n",
    "leading zeros in a chunk size": CHUNKED + b"0005\r\nhello\r\n0\r\n\r\n",
    "leading zeros in Content-Length": b"Content-Length: 0005\r\n\r\nhello",
    "Expect": b"Expect: 100-continue\r\nContent-Length: 5\r\n\r\nhello",
}


@pytest.mark.parametrize("name", CLEAN)
async def test_what_is_odd_but_has_one_meaning_reaches_the_service_once_and_clean(
    gateway: Any, name: str
) -> None:
    before = len(gateway.upstream.seen)
    token = gateway.tokens.bearer("office")["Authorization"].encode()
    answer = await gateway.raw(HEAD.replace(b"%s", token) + CLEAN[name], seconds=0.6)
    assert status(answer) in (100, 200)
    seen = gateway.upstream.seen[before:]
    assert [one["body"] for one in seen] == [b"hello"]
    headers = dict(seen[0]["headers"])
    assert len(headers) == len(seen[0]["headers"]), "nothing is there twice"
    assert headers["x-forwarded-for"] == "127.0.0.1"
    assert headers["content-length"] == "5"
    assert headers["authorization"].encode() == token
    assert not {"transfer-encoding", "trailer", "expect", "x-checksum", "if-match"} & headers.keys()


async def test_without_a_token_a_trailer_is_none(gateway: Any) -> None:
    """At once and late: the fields behind the body count no more when they come with its head."""
    token = gateway.tokens.bearer("office")["Authorization"].encode()
    head = HEAD.replace(b"Authorization: %s\r\n", b"") + CHUNKED
    before = len(gateway.upstream.seen)
    answer = await gateway.raw(head + b"0\r\nAuthorization: " + token + b"\r\n\r\n")
    assert status(answer) == 401
    assert len(gateway.upstream.seen) == before


async def test_a_trailer_does_not_reach_the_next_request_either(gateway: Any) -> None:
    token = gateway.tokens.bearer("office")["Authorization"].encode()
    first = HEAD.replace(b"%s", token) + CHUNKED + b"0\r\nX-Checksum: 1\r\n\r\n"
    second = request(gateway, b"/api/v1/indicators/second", b"Connection: close")
    before = len(gateway.upstream.seen)
    answer = await gateway.raw(first + second)
    assert answer.count(b"HTTP/1.1 200") == 2
    assert all("x-checksum" not in dict(one["headers"]) for one in gateway.upstream.seen[before:])


SPOOFED = {
    "X-Forwarded-For": "8.8.8.8",
    "X-Forwarded-Host": "evil",
    "X-Forwarded-Proto": "gopher",
    "X-Forwarded-Port": "1",
    "X-Forwarded-Prefix": "/evil",
    "X-Forwarded-Server": "evil",
    "Forwarded": "for=8.8.8.8",
    "X-Real-IP": "8.8.8.8",
    "X-Request-Id": "short",
    "traceparent": "00-zz-zz-01",
    "X-Original-URL": "/api/v1/funds",
    "X-Rewrite-URL": "/api/v1/funds",
    "X-HTTP-Method": "DELETE",
    "X-HTTP-Method-Override": "DELETE",
    "X-Method-Override": "DELETE",
    "x_forwarded_for": "8.8.8.8",
    "x_request_id": "forged-by-caller",
    "Keep-Alive": "timeout=999",
    "Proxy-Authorization": "Basic eDp4",
    "Proxy-Connection": "keep-alive",
    "TE": "trailers",
    "Upgrade": "h2c",
}


@pytest.mark.parametrize("name", SPOOFED)
async def test_a_spoofed_header_does_not_reach_the_service(gateway: Any, name: str) -> None:
    before = len(gateway.upstream.seen)
    line = f"{name}: {SPOOFED[name]}".encode()
    answer = await gateway.raw(request(gateway, b"/api/v1/indicators", line), seconds=0.6)
    assert status(answer) == 200
    (seen,) = gateway.upstream.seen[before:]
    assert (seen["method"], seen["raw_path"]) == ("GET", "/api/v1/indicators")
    assert SPOOFED[name] not in [v for n, v in seen["headers"] if n == name.lower()]


async def test_an_authorization_named_in_connection_is_not_taken_off_unnoticed(
    gateway: Any,
) -> None:
    before = len(gateway.upstream.seen)
    answer = await gateway.raw(
        request(gateway, b"/api/v1/indicators", b"Connection: close, Authorization")
    )
    assert status(answer) in (200, 400)
    for seen in gateway.upstream.seen[before:]:
        # The service decides for itself and would refuse it.
        assert "authorization" not in dict(seen["headers"])


async def test_an_absolute_target_goes_to_the_same_service_and_no_other_host(gateway: Any) -> None:
    before = len(gateway.upstream.seen)
    answer = await gateway.raw(
        request(gateway, b"http://evil.test/api/v1/indicators", b"Connection: close")
    )
    seen = gateway.upstream.seen[before:]
    if status(answer) == 200:
        assert [one["raw_path"] for one in seen] == ["/api/v1/indicators"]
    else:
        assert status(answer) in (400, 404)
        assert seen == []


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
