"""One small question to a server on this machine."""

import http.client
from urllib.parse import urlsplit


def status(url: str, timeout: float = 2.0) -> int:
    """The HTTP status of a GET, 0 when nobody answers properly."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=timeout)
    try:
        connection.request("GET", parts.path or "/")
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()
