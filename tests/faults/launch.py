"""`python -m tests.faults.launch DEFECT,… SERVICE VERB`: the service as it is, watched by the
witness, and with known mistakes planted if any are named."""

import importlib
import runpy
import sys
from typing import Any

from tests.faults import planted, witness


def main(arguments: list[str]) -> None:
    defects, service, verb = arguments
    worker: Any = importlib.import_module(f"{service}.worker")
    witness.install(worker)
    for name in filter(None, defects.split(",")):
        planted.DEFECTS[name]()
    sys.argv = [service, verb]
    runpy.run_module(service, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1:])
