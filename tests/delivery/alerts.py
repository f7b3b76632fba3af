"""`python -m tests.delivery.alerts`: promtool reads the configuration of Prometheus and its alerts,
and plays the alerts' own test. It comes with Prometheus and not with the lock: where there is none
this says so, and that is no failure.
"""

import shutil
import subprocess
import sys
from pathlib import Path

WATCH = Path(__file__).parents[2] / "deploy/observability"
STEPS = (
    ("check", "config", "prometheus.yml"),
    ("check", "rules", "--lint-fatal", "alerts.yml"),
    ("test", "rules", "alerts_test.yml"),
)


def main() -> int:
    program = shutil.which("promtool")
    if program is None:
        sys.stdout.write("promtool: NOT DONE, it is not on this machine\n")
        return 0
    for words in STEPS:
        done = subprocess.run([program, *words], cwd=WATCH, capture_output=True, text=True)
        if done.returncode != 0:
            sys.stdout.write(done.stdout + done.stderr)
            return 1
    sys.stdout.write("promtool: configuration and alerts are right\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
