"""`python -m tests.faults.relaying DEFECT,… URL NATS USER PASSWORD MONITOR`: a worker that does
nothing but publish, and says on its output when it leads."""

import asyncio
import sys

from servicekit.settings import Settings
from servicekit.worker import Worker

from tests.faults import planted

LOOK = 0.02
LEADING = "leading"


async def relay(settings: Settings) -> None:
    worker = Worker(settings)
    await worker.start()
    assert worker._relay is not None
    leading = False
    while True:
        if worker._relay.leading != leading:
            leading = worker._relay.leading
            sys.stderr.write(f"{LEADING if leading else 'following'}\n")
            sys.stderr.flush()
        await asyncio.sleep(LOOK)


def main(defects: str, url: str, nats: str, user: str, password: str, monitor: str) -> None:
    for name in filter(None, defects.split(",")):
        planted.DEFECTS[name](setattr)
    settings = Settings(
        service=user,
        database_url=url,
        nats_url=nats,
        nats_user=user,
        nats_password=password,
        nats_monitor_url=monitor,
    )
    asyncio.run(relay(settings))


if __name__ == "__main__":
    main(*sys.argv[1:])
