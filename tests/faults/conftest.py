"""The system of two services that most trials break, made once a run."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.system import TWO_SERVICES, TrialStack
from tests.prepared import Prepared


@pytest.fixture(scope="session")
def prepared(new_directory: Callable[[], Path]) -> Prepared:
    """What its first start makes. Nothing has been written to it yet."""
    common = new_directory().parent / "trial"
    return Prepared(common, lambda there: TrialStack(there, TWO_SERVICES, {}))
