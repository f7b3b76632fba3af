"""Is the NATS server durable? Asked of its monitoring address; no client call tells it."""

import asyncio

import aiohttp

AWAY = "the monitoring address does not answer: "


async def check_sync(monitor_urls: str) -> str | None:
    """What is wrong with the durability of the server, or of any server of a cluster, whose
    addresses are separated by commas; or none. Of a cluster some may be away, not all.

    `sync_interval: always` makes every acknowledged message lie on disk; with the default of two
    minutes a power loss takes acknowledged messages with it.
    """
    if not monitor_urls:
        return "the server's monitoring address is not set: sync_interval cannot be verified"
    found = await asyncio.gather(*(check_server(url) for url in monitor_urls.split(",")))
    troubles = [trouble for trouble in found if trouble is not None]
    if all(trouble.startswith(AWAY) for trouble in troubles) and len(troubles) < len(found):
        return None
    return next((trouble for trouble in troubles if not trouble.startswith(AWAY)), troubles[0])


async def check_server(monitor_url: str) -> str | None:
    """The same of one server. `/varz` would tell it too, but to whom asks it while JetStream is
    only starting, and to everybody for as long as that server runs, it says that there is none.
    """
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2)) as http,
            http.get(f"{monitor_url.rstrip('/')}/jsz") as answer,
        ):
            config = (await answer.json()).get("config") or {}
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        return f"{AWAY}{type(error).__name__}"
    if not config:
        return "JetStream is not enabled"
    return None if config.get("sync_always") else "sync_interval is not always"
