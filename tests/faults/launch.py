"""`python -m tests.faults.launch DEFECT,… SERVICE VERB`: the service as it is, watched by the
witness, and with known mistakes planted if any are named."""

import importlib
import runpy
import sys
from collections.abc import Callable
from typing import Any

from tests.faults import planted, witness


def defect(name: str, service: str) -> Callable[[], None]:
    """The known mistake of this name: one of any service, or of money."""
    if name not in planted.DEFECTS and service == "funding":
        return importlib.import_module("tests.faults.planted_money").DEFECTS[name]
    return planted.DEFECTS[name]


def main(arguments: list[str]) -> None:
    defects, service, verb = arguments
    worker: Any = importlib.import_module(f"{service}.worker")
    witness.install(worker)
    for name in filter(None, defects.split(",")):
        defect(name, service)()
    sys.argv = [service, verb]
    runpy.run_module(service, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1:])
