"""Small questions to a server on this machine."""

import http.client
import json
from typing import Any
from urllib.parse import urlsplit


def get(url: str, timeout: float = 2.0) -> tuple[int, bytes]:
    """Status and body of a GET; status 0 when nobody answers properly."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=timeout)
    try:
        connection.request("GET", f"{parts.path or '/'}?{parts.query}".rstrip("?"))
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        connection.close()


def status(url: str) -> int:
    return get(url)[0]


def read_json(url: str) -> dict[str, Any] | None:
    """The object a server answers with, none when it does not."""
    code, body = get(url)
    if code != 200:
        return None
    try:
        return json.loads(body)
    except ValueError:
        return None
