"""A rig in a directory of its own; what a failed one left is kept to be looked at."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.faults.rig import Rig

MakeRig = Callable[..., Rig]


@pytest.fixture(scope="module")
def make_rig(request: pytest.FixtureRequest) -> Iterator[MakeRig]:
    """`make_rig(services, seed, defects={…})`: started here, stopped after the module."""
    failed_before = request.session.testsfailed
    made: list[Path] = []
    with ExitStack() as running:

        def make(
            services: Sequence[str],
            seed: int,
            *,
            defects: Mapping[str, Sequence[str]] | None = None,
        ) -> Rig:
            # Not pytest's own: another run beside this one closes that to Postgres's account.
            made.append(Path(tempfile.mkdtemp(prefix="kechuang-faults-")))
            rig = Rig(made[-1] / "data", services, seed, defects=defects)
            return running.enter_context(rig)

        yield make
    if request.session.testsfailed == failed_before:
        for directory in made:
            shutil.rmtree(directory)
