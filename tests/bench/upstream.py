"""What stands behind the gateways that are measured: 4 kB of JSON for every request, at once.

A bare protocol, so that it costs the measured core's neighbour next to nothing.
`python -m tests.bench.upstream PORT`.
"""

import asyncio
import sys
from typing import cast

import orjson
import uvloop

BODY = orjson.dumps({"items": [{"id": number, "name": "企业"} for number in range(157)]})
HEAD = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(BODY)}\r\n\r\n"
ANSWER = HEAD.encode() + BODY
END = b"\r\n\r\n"


class Answering(asyncio.Protocol):
    """Answers each request without a body when its head has ended."""

    def __init__(self) -> None:
        self.unread = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's is none by class

    def data_received(self, data: bytes) -> None:
        *heads, self.unread = (self.unread + data).split(END)
        for _ in heads:
            self.transport.write(ANSWER)


async def serve(port: int) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Answering, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
