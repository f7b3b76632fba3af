"""Whatever a service sends, in whatever pieces: its caller gets exactly that answer or none, and
nobody else gets any of it."""

import contextlib
from itertools import pairwise

import h11
import pytest
from gateway.proxy.answer import BrokenOff
from gateway.proxy.connection import LONGEST_HEAD
from hypothesis import example, given
from hypothesis import strategies as st

from services.gateway.tests.proxy.line import Line, heard, outcome

NEXT = b"HTTP/1.1 203 Next\r\ncontent-length: 4\r\n\r\nnext"


def split(stream: bytes, cuts: list[int]) -> list[bytes]:
    places = sorted({0, len(stream), *(cut % (len(stream) + 1) for cut in cuts)})
    return [stream[a:b] for a, b in pairwise(places)]


CUTS = st.lists(st.integers(0, 10_000), max_size=12)
BODIES = st.binary(max_size=300)
INTERIM = st.lists(
    st.sampled_from(
        [b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Hints\r\nlink: </x>\r\n\r\n"]
    ),
    max_size=2,
).map(b"".join)


@st.composite
def answers(draw: st.DrawFn) -> tuple[bytes, tuple[int, bytes]]:
    """A proper answer as bytes, and what it says."""
    status = draw(st.sampled_from([200, 201, 204, 304, 400, 404, 500, 599]))
    framing = draw(st.sampled_from(["length", "chunked", "closed"]))
    body = b"" if status in (204, 304) else draw(BODIES)
    head = b"HTTP/1.1 %d Any\r\nx-note: 1\r\n" % status
    if framing == "length":
        message = head + b"Content-Length: %d\r\n\r\n" % len(body) + body
    elif framing == "closed" or status in (204, 304):
        message = head + b"\r\n" + body
    else:
        size = draw(st.integers(1, 100))
        chunks = [body[i : i + size] for i in range(0, len(body), size)]
        trailer = draw(st.sampled_from([b"", b"x-trailer: 1\r\n", b"location: /x\r\n"]))
        message = head + b"Transfer-Encoding: chunked\r\n\r\n"
        message += b"".join(b"%x\r\n%b\r\n" % (len(one), one) for one in chunks)
        message += b"0\r\n" + trailer + b"\r\n"
    return draw(INTERIM) + message, (status, body)


@given(answer=answers(), cuts=CUTS)
async def test_a_proper_answer_arrives_exactly_in_whatever_pieces_it_comes(
    answer: tuple[bytes, tuple[int, bytes]], cuts: list[int]
) -> None:
    stream, said = answer
    line, found = await heard(split(stream, cuts))
    assert found == said
    if line.is_kept:
        asked = line.ask()
        line.hear(NEXT)
        assert (await asked).headers == [(b"content-length", b"4")]
        assert await outcome(asked) == (203, b"next")


def as_h11_reads(stream: bytes) -> tuple[int, bytes, bytes]:
    """Status, body and what is left, by a parser that knows nothing of ours.

    Raises:
        h11.RemoteProtocolError: it is stricter, as with line breaks before the first line.
    """
    reader = h11.Connection(h11.CLIENT, max_incomplete_event_size=1 << 20)
    reader.send(h11.Request(method="GET", target="/x", headers=[("host", "s")]))
    reader.send(h11.EndOfMessage())
    reader.receive_data(stream)
    status, body = 0, b""
    while True:
        event = reader.next_event()
        if isinstance(event, h11.Response):
            status = event.status_code
        elif isinstance(event, h11.Data):
            body += bytes(event.data)
        elif isinstance(event, h11.EndOfMessage):
            return status, body, reader.trailing_data[0]
        elif not isinstance(event, h11.InformationalResponse):
            raise AssertionError(f"h11 waits for more: {event}")


GARBAGE = st.sampled_from(
    [b"\r\n", b"\n", b"\r", b"\0", b" ", b":", b"0", b"-1", b"chunked", b"HTTP/1.1 200 OK\r\n\r\n",
     b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n", b"0\r\n\r\n", b"ffffffffffffffff",
     b"Connection: close\r\n", b"\xff", b"HTTP/1.0"]
)  # fmt: skip


@given(
    answer=answers(),
    harm=st.lists(
        st.tuples(st.integers(0, 10_000), st.integers(0, 6), GARBAGE), min_size=1, max_size=3
    ),
    cuts=CUTS,
)
@example(
    answer=(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", (200, b"")),
    harm=[(10_000, 0, NEXT)],
    cuts=[],
)
async def test_a_damaged_stream_gives_the_same_in_any_pieces_and_never_reaches_the_next_caller(
    answer: tuple[bytes, tuple[int, bytes]], harm: list[tuple[int, int, bytes]], cuts: list[int]
) -> None:
    stream, _ = answer
    for at, cut, garbage in harm:
        at %= len(stream) + 1
        stream = stream[:at] + garbage + stream[at + cut :]
    _, whole = await heard([stream])
    line, found = await heard(split(stream, cuts))
    assert found == whole
    if line.is_kept:
        # Only when no other reader sees another end of it.
        with contextlib.suppress(h11.RemoteProtocolError):
            status, body, left = as_h11_reads(stream)
            assert (status, body) == found
            assert left.strip(b"\r\n") == b""
        asked = line.ask()
        line.hear(NEXT)
        assert await outcome(asked) == (203, b"next")


@given(stream=st.binary(max_size=400), cuts=CUTS)
async def test_noise_is_no_answer(stream: bytes, cuts: list[int]) -> None:
    line, found = await heard(split(stream, cuts))
    assert found is None
    assert not line.is_kept


REFUSED = {
    "both Content-Length and chunked": b"200 OK\r\nContent-Length: 3\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    "chunked and Content-Length": b"200 OK\r\nTransfer-Encoding: chunked\r\n"
    b"Content-Length: 3\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    "two lengths": b"200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    "a length twice": b"200 OK\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
    "lengths with a comma": b"200 OK\r\nContent-Length: 3, 3\r\n\r\nabc",
    "a length with a sign": b"200 OK\r\nContent-Length: +3\r\n\r\nabc",
    "a length below zero": b"200 OK\r\nContent-Length: -3\r\n\r\nabc",
    "a length past 64 bits": b"200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nabc",
    "another coding": b"200 OK\r\nTransfer-Encoding: gzip\r\n\r\nabc",
    "a coding before chunked": b"200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "chunked twice": b"200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"0\r\n\r\n",
    "a bad chunk size": b"200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
    "a chunk too short": b"200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc\r\n0\r\n\r\n",
    "a chunk without an end": b"200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc0\r\n\r\n",
    "a truncated body": b"200 OK\r\nContent-Length: 10\r\n\r\nabc",
    "a truncated chunk": b"200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
    "no last chunk": b"200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
    "a truncated head": b"200 OK\r\nContent-Length: 3\r\n",
    "switching protocols": b"101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
    "an unknown interim status": b"150 What\r\nContent-Length: 3\r\n\r\nabc",
    "a status below 100": b"099 What\r\nContent-Length: 0\r\n\r\n",
    "a status above 599": b"600 What\r\nContent-Length: 0\r\n\r\n",
    "a folded header": b"200 OK\r\nX-A: 1\r\n 2\r\nContent-Length: 0\r\n\r\n",
    "a line feed alone": b"200 OK\r\nX-A: 1\nContent-Length: 0\r\n\r\n",
    "a space before the colon": b"200 OK\r\nContent-Length : 3\r\n\r\nabc",
    "a huge header": b"200 OK\r\nX-A: " + b"a" * LONGEST_HEAD + b"\r\n\r\n",
    "many headers": b"200 OK\r\n" + b"X-A: 1234567890\r\n" * 8000 + b"\r\n",
    "interim answers without end": b"100 Continue\r\n\r\nHTTP/1.1 " * 6000,
}


@pytest.mark.parametrize("name", REFUSED)
async def test_an_answer_with_two_possible_ends_or_none_is_refused(name: str) -> None:
    stream = b"HTTP/1.1 " + REFUSED[name]
    for pieces in ([stream], split(stream, [*range(1, min(len(stream), 400), 3)])):
        line, found = await heard(pieces)
        assert found is None
        assert not line.is_kept
        assert line.wire.is_gone


async def test_chunked_in_http_1_0_is_refused_and_its_connection_is_not_kept() -> None:
    _, found = await heard([b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"])
    assert found is None
    line, found = await heard([b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok"])
    assert found == (200, b"ok")
    assert not line.is_kept


async def test_an_answer_to_head_has_no_body_and_ends_its_connection() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
    for pieces in ([head], [head, b"hello"], [head + b"hello"]):
        line, found = await heard(pieces, is_head=True)
        assert found == (200, b"")
        assert not line.is_kept


async def test_what_comes_while_nobody_asks_ends_the_connection() -> None:
    line, found = await heard([b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"])
    assert found == (200, b"")
    assert line.is_kept
    line.hear(NEXT[:1])
    assert line.wire.is_gone
    assert not line.is_kept


async def test_a_connection_whose_caller_has_left_is_not_kept() -> None:
    line = Line()
    asked = line.ask()
    line.hear(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf")
    with await asked:
        pass
    assert line.wire.is_gone
    assert not line.is_kept


async def test_only_a_kept_connection_closed_before_any_byte_is_stale() -> None:
    fresh = Line()
    asked = fresh.ask()
    fresh.hang_up()
    with pytest.raises(BrokenOff) as broken:
        await asked
    assert not broken.value.stale
    for heard_before, stale in ((b"", True), (b"H", False)):
        line, _ = await heard([b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"])
        asked = line.ask()
        line.hear(*filter(None, [heard_before]))
        line.hang_up()
        with pytest.raises(BrokenOff) as broken:
            await asked
        assert broken.value.stale is stale
