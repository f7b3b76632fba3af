"""The plan of the programme, applied when the containers start."""

import os
import signal
import subprocess
import sys
from pathlib import Path

APPLIED = Path("/tmp/applied")  # noqa: S108  of this container alone
"""There once the plan is applied; the health check looks for it."""


def apply_and_stay(file: Path, anchor_year: int) -> None:
    """Apply the plan as the programme office does, then wait, so that operators can
    `docker compose exec console start kechuang …`. Applying a plan again changes nothing.

    Raises:
        CalledProcessError: the plan was refused; its reasons are printed.
    """
    APPLIED.unlink(missing_ok=True)
    words = [sys.executable, "-m", "kechuang.cli", "plan", "apply", str(file)]
    words += ["--anchor-year", str(anchor_year), "--role", "office"]
    words += ["--url", os.environ["KECHUANG_URL"], "--clients", os.environ["KECHUANG_CLIENTS"]]
    subprocess.run(words, check=True)
    APPLIED.touch()
    signal.pause()
