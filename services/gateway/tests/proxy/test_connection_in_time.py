"""How fast what a service sends is taken and what it is sent is given, and how long it is waited
for."""

import asyncio
from typing import Any

import pytest
from gateway.proxy import connection as module
from gateway.proxy.answer import BrokenOff

from services.gateway.tests.proxy.line import CALL, Line, heard, outcome


async def test_a_service_waits_until_its_caller_has_taken_what_came() -> None:
    line = Line()
    asked = line.ask()
    line.hear(b"HTTP/1.1 200 OK\r\ncontent-length: 200000\r\n\r\n", b"x" * 40_000)
    assert not line.wire.is_paused
    line.hear(b"x" * 40_000)
    assert line.wire.is_paused
    answer = await asked
    assert await answer.piece() == (b"x" * 80_000, True)
    assert not line.wire.is_paused
    line.hear(b"x" * 120_000)
    assert await answer.piece() == (b"x" * 120_000, False)
    assert line.is_kept
    assert not line.wire.is_paused


async def pieces_of_upload(count: int, before: asyncio.Event | None = None) -> Any:
    for _ in range(count):
        yield b"abc"
    if before is not None:
        await before.wait()


async def test_an_upload_waits_until_the_service_takes_it() -> None:
    line = Line()
    line.ask(upload=pieces_of_upload(3), chunked=True)
    line.connection.pause_writing()
    await asyncio.sleep(0.01)
    assert line.wire.sent == CALL + b"3\r\nabc\r\n"
    line.connection.resume_writing()
    await asyncio.sleep(0.01)
    assert line.wire.sent == CALL + b"3\r\nabc\r\n" * 3 + b"0\r\n\r\n"


async def test_an_answer_before_the_end_of_the_upload_arrives_and_ends_the_connection() -> None:
    line = Line()
    never = asyncio.Event()
    asked = line.ask(upload=pieces_of_upload(1, never))
    await asyncio.sleep(0.01)
    line.hear(b"HTTP/1.1 413 Too much\r\ncontent-length: 2\r\n\r\nno")
    assert await outcome(asked) == (413, b"no")
    assert not line.is_kept
    assert line.wire.is_gone


async def test_what_goes_wrong_with_the_upload_is_told_to_the_caller() -> None:
    async def broken() -> Any:
        yield b"abc"
        raise LookupError("the upload")

    line = Line()
    with pytest.raises(LookupError):
        await line.ask(upload=broken())
    assert line.wire.is_gone


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200", b"HTTP/1.1 100 Continue\r\n\r\n"])
async def test_a_head_that_comes_too_slowly_is_a_timeout(start: bytes) -> None:
    line = Line()
    asked = line.ask(patience=0.15)

    async def drip() -> None:
        line.hear(*filter(None, [start]))
        while not line.wire.is_gone:
            line.hear(b"X" if start else b"")
            await asyncio.sleep(0.02)

    async with asyncio.timeout(5):
        dripping = asyncio.create_task(drip())
        with pytest.raises((TimeoutError, BrokenOff)):
            await asked
        await dripping


async def test_a_body_that_stops_coming_is_a_timeout_but_a_slow_one_is_not() -> None:
    line = Line()
    answer_asked = line.ask(patience=0.3)
    line.hear(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n")
    answer = await answer_asked
    for _ in range(5):
        await asyncio.sleep(0.1)
        line.hear(b"x")
    assert (await answer.piece())[0] == b"xxxxx"
    with pytest.raises(TimeoutError):
        await answer.piece()
    assert line.wire.is_gone


async def test_an_idle_connection_is_closed_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEEP_ALIVE", 0.1)
    monkeypatch.setattr(module, "TICK", 0.05)
    line, _ = await heard([b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"])
    assert line.is_kept
    assert line.connection.is_usable()
    await asyncio.sleep(0.3)
    assert not line.is_kept
    assert line.wire.is_gone
