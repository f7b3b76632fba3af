"""Who and what the running code acts for: set per HTTP request and per consumed event.

The outbox and the audit read it, so that no use case has to pass these values along.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace

from servicekit.auth.principal import SYSTEM, Principal
from servicekit.ids import new_id


@dataclass(frozen=True, slots=True)
class Context:
    """One unit of work's surroundings.

    `correlation_id` follows a case from the number that caused it to the end; `causation_id` is
    the event that led here, or none for a request.
    """

    principal: Principal = SYSTEM
    request_id: str = field(default_factory=lambda: str(new_id()))
    correlation_id: str = ""
    causation_id: str | None = None
    traceparent: str | None = None
    language: str = "zh"

    def __post_init__(self) -> None:
        if not self.correlation_id:
            object.__setattr__(self, "correlation_id", self.request_id)


_current: ContextVar[Context | None] = ContextVar("servicekit_context", default=None)


def current() -> Context:
    """The context of this task, or a fresh one that acts for the service itself."""
    context = _current.get()
    if context is None:
        context = Context()
        _current.set(context)
    return context


@contextmanager
def using(context: Context) -> Iterator[Context]:
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)


@contextmanager
def in_case(correlation_id: str) -> Iterator[Context]:
    """What is told and audited inside belongs to that case, whatever led here."""
    with using(replace(current(), correlation_id=correlation_id)) as context:
        yield context
