"""Making the next item while one is worked on."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import TypeVar

from servicekit.messaging.tasks import end

Item = TypeVar("Item")


@asynccontextmanager
async def ahead(items: AsyncGenerator[Item]) -> AsyncIterator[AsyncIterator[Item]]:
    """The same items, each of them made while the one before is worked on. Nothing is made any
    more when the block is left."""
    async with aclosing(items), aclosing(_ahead(items)) as given:
        yield given


async def _ahead(items: AsyncGenerator[Item]) -> AsyncGenerator[Item]:
    following = asyncio.ensure_future(anext(items, None))
    try:
        while (item := await following) is not None:
            following = asyncio.ensure_future(anext(items, None))
            yield item
    finally:
        # What was made ahead is not wanted any more, nor what went wrong with it.
        await end([following])
        if not following.cancelled():
            following.exception()
