"""Ending tasks for certain."""

import asyncio
from collections.abc import Iterable
from typing import Any


async def end(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancel tasks and wait until all are done; their errors are not raised here.

    A cancellation can get lost: up to Python 3.11 `asyncio.wait_for`, which the libraries below
    use, swallows one that arrives together with its result. So it is repeated.
    """
    waiting = {task for task in tasks if not task.done()}
    while waiting:
        for task in waiting:
            task.cancel()
        done, waiting = await asyncio.wait(waiting, timeout=1.0)
        for task in done:
            if not task.cancelled():
                task.exception()
