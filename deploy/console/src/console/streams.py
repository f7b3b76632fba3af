"""Keeps the event streams: makes them at the start, and again within seconds after the store of
the event server was lost; the relays then fill them from the outboxes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from servicekit.messaging import bootstrap
from servicekit.settings import Settings

KEPT = Path("/tmp/kept")  # noqa: S108  of this container alone
"""Touched each time all streams were there; the health check looks at its age."""


async def keep(wanted: Mapping[str, Any]) -> None:
    """For ever. `wanted` is `{"publishers": […], "consumers": {service: [publisher, …]}}`."""
    settings = Settings.load()
    await bootstrap.keep(
        settings.nats_url,
        settings.nats_bootstrap_user,
        settings.nats_bootstrap_password,
        publishers=wanted["publishers"],
        consumers=wanted["consumers"],
        replicas=settings.nats_replicas,
        kept=KEPT.touch,
    )
