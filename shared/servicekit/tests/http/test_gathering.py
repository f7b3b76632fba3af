"""How answers leave: head and body together, and no more held than the caller takes."""

import asyncio
from typing import Any

from servicekit.testing.server import served

REQUEST = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


async def start(send: Any, *headers: tuple[bytes, bytes]) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [*headers]})


async def test_head_and_body_come_in_one_packet() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await start(send, (b"content-length", b"4"))
        await send({"type": "http.response.body", "body": b"body"})

    async with served(app, lifespan="off") as url:
        reader, writer = await asyncio.open_connection(*url.removeprefix("http://").split(":"))
        for _ in range(5):
            writer.write(REQUEST)
            answer = await reader.read(65536)
            assert answer.startswith(b"HTTP/1.1 200")
            assert answer.endswith(b"\r\n\r\nbody")
        writer.close()


async def test_a_piece_does_not_wait_for_the_next_one() -> None:
    told = asyncio.Event()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await start(send, (b"content-type", b"text/event-stream"))
        await send({"type": "http.response.body", "body": b"first", "more_body": True})
        await told.wait()
        await send({"type": "http.response.body", "body": b"last"})

    async with served(app, lifespan="off") as url:
        reader, writer = await asyncio.open_connection(*url.removeprefix("http://").split(":"))
        writer.write(REQUEST)
        async with asyncio.timeout(5):
            assert b"first" in await reader.readuntil(b"first")
            told.set()
            assert b"last" in await reader.readuntil(b"0\r\n\r\n")
        writer.close()


async def test_an_answer_waits_for_a_caller_that_does_not_read() -> None:
    sent = 0

    async def app(scope: Any, receive: Any, send: Any) -> None:
        nonlocal sent
        await start(send)
        for _ in range(2000):
            await send({"type": "http.response.body", "body": b"x" * 50_000, "more_body": True})
            sent += 50_000
        await send({"type": "http.response.body", "body": b""})

    async with served(app, lifespan="off") as url:
        reader, writer = await asyncio.open_connection(*url.removeprefix("http://").split(":"))
        writer.write(REQUEST)
        await asyncio.sleep(1)
        assert sent < 20_000_000
        received = 0
        async with asyncio.timeout(60):
            piece = b""
            while not piece.endswith(b"0\r\n\r\n"):
                piece = await reader.read(1 << 20)
                received += len(piece)
        assert received > 2000 * 50_000
        writer.close()
