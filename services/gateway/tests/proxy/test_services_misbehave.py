"""Services that answer badly, too slowly or not at all, on real sockets behind a real gateway."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from gateway.proxy import service as proxy_service
from gateway.proxy.circuits import Circuit
from servicekit.embedded.ports import free_ports

Act = Callable[["Raw", str, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
SNAPSHOTS = Path(__file__).parents[3]
GOOD = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ngood"


@dataclass
class Raw:
    """A service of bare bytes: `acts` by the last part of the path, else `GOOD`."""

    acts: dict[str, Act] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    connections: int = 0
    url: str = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while not writer.is_closing():
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                method, target, *_ = head.split()
                if "content-length: 2\r\n" in head:
                    await reader.readexactly(2)
                self.heard.append(f"{method} {target.rpartition('/')[2]}")
                act = self.acts.get(target.rpartition("/")[2])
                if act is None:
                    writer.write(GOOD)
                else:
                    await act(self, head, reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def says(self, name: str, answer: bytes, *, close: bool = False) -> None:
        async def act(
            _: "Raw", __: str, ___: asyncio.StreamReader, writer: asyncio.StreamWriter
        ) -> None:
            writer.write(answer)
            await writer.drain()
            if close:
                writer.close()

        self.acts[name] = act


@asynccontextmanager
async def raw_service() -> AsyncIterator[Raw]:
    raw = Raw()
    async with await asyncio.start_server(raw.serve, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        raw.url = f"http://{host}:{port}"
        yield raw


@dataclass
class Behind:
    """A gateway with `parks` as bare bytes."""

    gateway: Any
    raw: Raw

    async def ask(self, name: str, method: str = "GET", **options: Any) -> httpx.Response:
        async with self.gateway.client() as client:
            return await client.request(method, f"/api/v1/enterprises/{name}", **options)

    async def is_well(self) -> bool:
        """Whether the next callers get their own answers."""
        answers = [await self.ask("good") for _ in range(2)]
        return [answer.content for answer in answers] == [b"good"] * 2


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(gateway_with: Any) -> AsyncIterator[Behind]:
    # With snapshots the gateway asks no service for its document, which would be heard here.
    changes = {"openapi_snapshots": SNAPSHOTS}
    async with raw_service() as raw, gateway_with(changes, parks=raw.url) as gateway:
        yield Behind(gateway, raw)


@pytest.fixture
def behind(running: Behind) -> Behind:
    upstreams = running.gateway.app.state.upstreams
    upstreams.circuits["parks"] = Circuit("parks", most_waiting=200)
    upstreams.close()  # kept connections, which know what was asked on them before
    running.raw.heard.clear()
    return running


BAD = {
    "both-ends": b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n",
    "bad-length": b"HTTP/1.1 200 OK\r\ncontent-length: 3x\r\n\r\nabc",
    "switching": b"HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
    "no-http": b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
    "huge-head": b"HTTP/1.1 200 OK\r\nx-a: " + b"a" * 200_000 + b"\r\n\r\n",
}


@pytest.mark.parametrize("name", BAD)
async def test_what_is_no_proper_answer_gives_502_and_nobody_else_any_of_it(
    behind: Behind, name: str
) -> None:
    behind.raw.says(name, BAD[name])
    answer = await behind.ask(name)
    assert (answer.status_code, answer.json()["code"]) == (502, "service_failed")
    assert await behind.is_well()


@pytest.mark.parametrize(
    "cut",
    [
        b"HTTP/1.1 200 OK\r\ncontent-length: 30\r\n\r\nonly a part",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\nZZ\r\n",
    ],
)
async def test_an_answer_that_breaks_off_is_broken_off_for_its_caller(
    behind: Behind, cut: bytes
) -> None:
    behind.raw.says("cut", cut, close=True)
    with pytest.raises(httpx.RemoteProtocolError):
        await behind.ask("cut")
    assert await behind.is_well()


async def test_bytes_behind_an_answer_are_nobodys(behind: Behind) -> None:
    stolen = b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nstolen"
    behind.raw.says("more", GOOD + stolen)
    assert (await behind.ask("more")).content == b"good"
    assert await behind.is_well()


async def test_interim_answers_are_read_over(behind: Behind) -> None:
    hints = b"HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n"
    behind.raw.says("hints", b"HTTP/1.1 100 Continue\r\n\r\n" + hints + GOOD)
    answer = await behind.ask("hints")
    assert (answer.status_code, answer.content) == (200, b"good")
    assert "link" not in answer.headers


@pytest.mark.parametrize(
    ("method", "answer", "status"),
    [
        ("HEAD", b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n", 200),
        ("GET", b"HTTP/1.1 204 No Content\r\n\r\n", 204),
        ("GET", b'HTTP/1.1 304 Not Modified\r\netag: "3"\r\ncontent-length: 4\r\n\r\n', 304),
    ],
)
async def test_an_answer_without_a_body_is_passed_on_as_one(
    behind: Behind, method: str, answer: bytes, status: int
) -> None:
    behind.raw.says("empty", answer)
    got = await behind.ask("empty", method)
    assert (got.status_code, got.content) == (status, b"")
    assert await behind.is_well()


async def test_an_answer_that_ends_with_its_connection_arrives_whole(behind: Behind) -> None:
    behind.raw.says("closing", b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 300_000, close=True)
    assert (await behind.ask("closing")).content == b"x" * 300_000
    assert await behind.is_well()


async def close_when_asked_again(
    raw: Raw, _: str, __: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Answers on a new connection and closes a kept one instead, as if it had been idle."""
    first = not hasattr(writer, "was_asked")
    writer.was_asked = True  # pyright: ignore[reportAttributeAccessIssue]
    if first:
        writer.write(GOOD)
    else:
        writer.close()


async def test_a_kept_connection_that_is_closed_costs_an_idempotent_call_nothing(
    behind: Behind,
) -> None:
    behind.raw.acts["closes"] = close_when_asked_again
    before = behind.raw.connections
    for _ in range(4):
        assert (await behind.ask("closes")).content == b"good"
    assert behind.raw.connections - before in (3, 4)
    assert len(behind.raw.heard) in (7, 8)


async def test_a_write_with_a_key_costs_it_nothing_either(behind: Behind) -> None:
    behind.raw.acts["closes"] = close_when_asked_again
    for _ in range(2):
        answer = await behind.ask("closes", "POST", headers={"Idempotency-Key": "k"}, content=b"{}")
        assert (answer.status_code, answer.content) == (200, b"good")


async def test_a_service_at_two_addresses_is_asked_at_the_one_that_is_there(
    behind: Behind,
) -> None:
    (nobody,) = free_ports(1)
    addresses, one = behind.gateway.app.state.upstreams.addresses, behind.raw.url
    try:
        for both in (f"http://127.0.0.1:{nobody} {one}", f"{one}/ http://127.0.0.1:{nobody}"):
            addresses["parks"] = both
            for method in ("GET", "POST"):
                # Each call is a new connection, so each address has its turn.
                behind.gateway.app.state.upstreams.close()
                for _ in range(3):
                    assert (await behind.ask("here", method)).content == b"good"
        async with raw_service() as other:
            addresses["parks"] = f"{one} {other.url}"
            assert await behind.is_well()
            behind.raw.says("full", GOOD.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n"))
            other.acts.update(behind.raw.acts)
            for _ in range(6):
                await behind.ask("full")
            assert behind.raw.heard.count("GET full") >= 2
            assert other.heard.count("GET full") >= 2
    finally:
        addresses["parks"] = one


async def test_a_write_is_never_sent_twice_by_the_gateway(behind: Behind) -> None:
    behind.raw.acts["closes"] = close_when_asked_again
    assert (await behind.ask("closes", "POST", content=b"{}")).status_code == 200
    answer = await behind.ask("closes", "POST", content=b"{}")
    assert (answer.status_code, answer.json()["code"]) == (502, "service_failed")
    assert behind.raw.heard == ["POST closes"] * 2


async def test_a_service_that_answers_letter_by_letter_is_given_up(
    behind: Behind, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def drip(
        _: Raw, __: str, ___: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        for letter in itertools.cycle(b"x-a: 1\r\n"):
            writer.write(bytes([letter]))
            await writer.drain()
            await asyncio.sleep(0.05)

    monkeypatch.setattr(proxy_service, "READ_TIMEOUT", 0.5)
    behind.raw.acts["drip"] = drip
    async with asyncio.timeout(10):
        answer = await behind.ask("drip")
    assert (answer.status_code, answer.json()["code"]) == (504, "service_timeout")


async def test_an_answer_before_the_end_of_the_upload_is_passed_on(behind: Behind) -> None:
    refusal = b"HTTP/1.1 422 Unprocessable\r\ncontent-length: 2\r\n\r\nno"
    behind.raw.says("import", refusal, close=True)

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b"x" * 65536
            await asyncio.sleep(0.01)

    form = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = await behind.ask("import", "POST", content=endless(), headers=form)
    assert (answer.status_code, answer.content) == (422, b"no")
    assert await behind.is_well()


async def test_an_answer_may_begin_while_the_upload_goes_on(behind: Behind) -> None:
    size = 3 * 1024 * 1024

    async def count(
        _: Raw, __: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nbegun\r\n")
        read = 0
        while read < size:
            read += len(await reader.read(65536))
        writer.write(b"%x\r\n%d\r\n0\r\n\r\n" % (len(str(read)), read))

    behind.raw.acts["count"] = count
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = await behind.ask("count", "POST", content=b"x" * size, headers=form)
    assert answer.content == b"begun%d" % size


async def test_callers_at_the_same_time_get_each_their_own(behind: Behind) -> None:
    async def echo(
        _: Raw, head: str, __: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        mine = head.split("x-mine: ")[1].split("\r\n")[0].encode()
        await asyncio.sleep(int(mine) % 7 / 500)
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(mine))
        await asyncio.sleep(int(mine) % 3 / 500)
        writer.write(mine)

    behind.raw.acts["echo"] = echo

    async def one(number: int) -> bool:
        answer = await behind.ask("echo", headers={"X-Mine": str(number)})
        return answer.content == str(number).encode()

    for _ in range(3):
        assert all(await asyncio.gather(*map(one, range(40))))
