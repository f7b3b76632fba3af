"""A system that was started once: whoever needs a fresh one of its kind starts on a copy of what
that start made, which leaves out the databases, the streams, the clients and the plan."""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from local_stack.stack import Stack
from servicekit.testing.databases import locked


@dataclass(frozen=True, slots=True)
class Prepared:
    """What `make(data_dir)` leaves behind, kept in `directory` for all processes of the run."""

    directory: Path
    make: Callable[[Path], Stack]

    def copy_to(self, data_dir: Path) -> Path:
        """A data directory nobody has used; the first who asks waits until there is one."""
        self.directory.mkdir(exist_ok=True)
        made, ready = self.directory / "data", self.directory / "ready"
        with locked(self.directory / "lock"):
            if not ready.exists():
                with self.make(made):
                    pass
                ready.touch()
        # Owners and times belong to it: Postgres has an account of its own, and what was done for
        # this cluster is known by its age.
        subprocess.run(["cp", "-a", made, data_dir], check=True)
        return data_dir
