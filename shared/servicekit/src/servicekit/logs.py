"""Logs as JSON lines on standard output, with the request's ids on every line."""

import logging
import sys
from typing import Any

import orjson
import structlog
from structlog.typing import EventDict

from servicekit import context


def _surroundings(_: Any, __: str, event: EventDict) -> EventDict:
    here = context.current()
    event.setdefault("request_id", here.request_id)
    event.setdefault("correlation_id", here.correlation_id)
    return event


_lowest = logging.NOTSET
"""The level of the least line that is written."""


def shows(level: int) -> bool:
    """Whether a line of this level is written. For what is logged at every request: it costs less
    to ask than to gather what is thrown away."""
    return level >= _lowest


def configure(service: str, level: str) -> None:
    """Send structlog and the standard library's loggers to one JSON stream."""
    global _lowest
    _lowest = numeric = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    structlog.configure(
        cache_logger_on_first_use=True,
        wrapper_class=structlog.make_filtering_bound_logger(numeric),
        processors=[
            structlog.contextvars.merge_contextvars,
            _surroundings,
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(
                serializer=lambda e, **_: orjson.dumps(e, default=str)
            ),
        ],
        logger_factory=structlog.BytesLoggerFactory(),
    )
    structlog.contextvars.bind_contextvars(service=service)
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(_JsonFormatter(service))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


class _JsonFormatter(logging.Formatter):
    """Lines of libraries in the same shape as our own."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self.service = service

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "service": self.service,
            "event": record.getMessage(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "timestamp": self.formatTime(record, "%Y-%m-%dT%H:%M:%S"),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=str).decode()
