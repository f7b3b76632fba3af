"""Is the NATS server durable? Asked of its monitoring address; no client call tells it."""

import aiohttp


async def check_sync(monitor_url: str) -> str | None:
    """What is wrong with the server's durability, or none.

    `sync_interval: always` makes every acknowledged message lie on disk; with the default of two
    minutes a power loss takes acknowledged messages with it.
    """
    if not monitor_url:
        return "the server's monitoring address is not set: sync_interval cannot be verified"
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2)) as http,
            http.get(f"{monitor_url.rstrip('/')}/varz") as answer,
        ):
            config = (await answer.json()).get("jetstream", {}).get("config") or {}
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        return f"the monitoring address does not answer: {type(error).__name__}"
    if not config:
        return "JetStream is not enabled"
    return None if config.get("sync_always") else "sync_interval is not always"
