"""`python -m tests.faults.launch DEFECT,… SERVICE VERB`: the service as it is, watched by the
witness, and with known mistakes planted if any are named."""

import importlib
import runpy
import sys
from collections.abc import Callable
from typing import Any

from tests.faults import planted, planted_requests, witness
from tests.faults.planted import Plant


def defect(name: str, service: str) -> Callable[[Plant], None]:
    """The known mistake of this name: with events, with requests, or with money."""
    known = planted.DEFECTS | planted_requests.DEFECTS
    if name not in known and service == "funding":
        return importlib.import_module("tests.faults.planted_money").DEFECTS[name]
    return known[name]


def main(arguments: list[str]) -> None:
    defects, service, verb = arguments
    worker: Any = importlib.import_module(f"{service}.worker")
    witness.install(worker)
    for name in filter(None, defects.split(",")):
        defect(name, service)(setattr)
    sys.argv = [service, verb]
    runpy.run_module(service, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1:])
