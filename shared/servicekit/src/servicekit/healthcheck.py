"""`python -IS healthcheck.py`: whether the process of this container is ready.

Asks `/readyz` on the listener that answers it (`KECHUANG_OPS_PORT`, else `KECHUANG_PORT`), prints
the answer and exits with 0 or 1. Only the standard library: a container asks often.
"""

import os
import sys
from http.client import HTTPConnection, HTTPException


def main() -> int:
    port = int(os.environ.get("KECHUANG_OPS_PORT") or os.environ.get("KECHUANG_PORT") or 8000)
    connection = HTTPConnection("127.0.0.1", port, timeout=4)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        sys.stdout.write(answer.read().decode())
    except (OSError, HTTPException) as error:
        sys.stdout.write(f"{type(error).__name__}: {error}")
        return 1
    return 0 if answer.status == 200 else 1


if __name__ == "__main__":
    sys.exit(main())
