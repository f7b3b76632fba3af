"""One trial: who asks what, how much of it, and what schemathesis found."""

import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import schemathesis
from schemathesis import Case
from schemathesis.auths import AuthContext
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.generation.meta import TestPhase
from schemathesis.hooks import HookContext

from tests.fuzz.roles import NOBODY, Asked

CONFIG = Path(__file__).with_name("schemathesis.toml")
DOOR = {
    "KECHUANG_RATE_LIMIT": "100000/second",
    "KECHUANG_LOGIN_LIMIT": "100000/second",
    "KECHUANG_FORGERY_LIMIT": "100000/second",
}
"""Settings of a gateway that lets a trial through: it asks faster than any caller may."""
RENEWED = 240
"""Seconds after which a new token is asked for; less than one lasts."""

Clients = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Size:
    """At most so many `examples` are drawn for an operation, and so many `sequences` of calls for
    all of them together. Of every so-manieth operation every so-manieth request is asked that the
    document suggests by itself: the least, the largest, what is missing, what is too much. Another
    seed draws other examples and takes other operations."""

    examples: int
    sequences: int
    every: int = 1
    seed: int = 1

    def tenth(self) -> "Size":
        """The same, a tenth as much."""
        few = max(1, self.examples // 10), max(1, self.sequences // 10)
        return Size(*few, every=10 * self.every, seed=self.seed)

    def suggests(self, place: int) -> bool:
        return (place + self.seed) % self.every == 0


@dataclass(slots=True)
class Outcome:
    """`tried` is how many requests each operation was asked in each phase, `failures` what
    schemathesis calls each kind of failure, where and how often, `story` how to see one of each."""

    tried: Counter[tuple[str, str]] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    story: str = ""

    @property
    def requests(self) -> int:
        return self.tried.total()

    @property
    def phases(self) -> list[str]:
        return sorted({phase for _, phase in self.tried})

    def operations(self, phase: str | None = None) -> dict[str, int]:
        """The requests of each operation that had any, in one phase or in all."""
        found: Counter[str] = Counter()
        for (operation, its_phase), count in self.tried.items():
            if phase in (None, its_phase):
                found[operation] += count
        return dict(found)

    def fail(self, kind: str, example: str) -> None:
        if kind not in self.failures:
            self.story += f"{kind}\n{example}\n\n"
        self.failures[kind] += 1


def document(url: str) -> dict[str, Any]:
    """The merged document that a system publishes."""
    answer = httpx.get(f"{url}/api/v1/openapi.json", trust_env=False)
    return answer.raise_for_status().json()


def token(url: str, client: Mapping[str, str]) -> str:
    """An access token by client credentials."""
    form = {"grant_type": "client_credentials", **client}
    answer = httpx.post(f"{url}/oauth/token", data=form, trust_env=False).raise_for_status()
    return answer.json()["access_token"]


def settings(url: str, asked: Asked, size: Size) -> SchemathesisConfig:
    """What is held against every answer, and how much is asked."""
    config = tomllib.loads(CONFIG.read_text("utf-8"))
    left_out = [name for place, name in enumerate(asked) if not size.suggests(place)]
    if left_out:
        config["operations"] += [
            {"include-name": left_out, "phases": {"coverage": {"enabled": False}}}
        ]
    drawn = {"max-examples": size.examples, "no-shrink": True, "database": "none"}
    return SchemathesisConfig.from_dict(
        {
            **config,
            "seed": size.seed,
            "base-url": url,
            "continue-on-failure": True,
            "generation": drawn,
            "phases": {"stateful": {"generation": {"max-examples": size.sequences}}},
        }
    )


def share(size: Size) -> Callable[[HookContext, Case], bool]:
    """Whether a request is asked that the document suggests; the first of an operation is."""
    seen: Counter[str] = Counter()

    def takes(_: HookContext, case: Case) -> bool:
        if case.meta is None or case.meta.phase.name is not TestPhase.COVERAGE:
            return True
        place = seen[case.operation.label]
        seen[case.operation.label] += 1
        return place == 0 or size.suggests(place)

    return takes


def trial(
    url: str, described: dict[str, Any], clients: Clients, asked: Asked, size: Size
) -> Outcome:
    """Ask every operation of `asked`, in every phase, as the role that stands there."""
    whole = schemathesis.openapi.from_dict(described, config=settings(url, asked, size))
    schema = whole.exclude(lambda context: context.operation.label not in asked)
    schema.hook("filter_case")(share(size))

    @schema.auth(refresh_interval=RENEWED, cache_by_key=lambda _, at: asked[at.operation.label])
    class Caller:
        """Gives each request the token of the role that asks its operation."""

        def get(self, _: Case, at: AuthContext) -> str | None:
            role = asked[at.operation.label]
            return None if role == NOBODY else token(url, clients[role])

        def set(self, case: Case, token: str, _: AuthContext) -> None:
            case.headers["Authorization"] = f"Bearer {token}"

    return told(from_schema(schema).execute())


def told(stream: Iterable[events.EngineEvent]) -> Outcome:
    """What a run tells; an operation that could not be tried is a failure too."""
    outcome = Outcome()
    for event in stream:
        if isinstance(event, events.ScenarioFinished):
            for name, node in event.recorder.cases.items():
                if name in event.recorder.interactions:
                    outcome.tried[node.value.operation.label, event.phase.value.lower()] += 1
            for where, title, example in failed(event):
                outcome.fail(f"{title}: {where}", example)
        elif isinstance(event, events.NonFatalError):
            outcome.fail(f"not tried: {event.label}", str(event.info))
        elif isinstance(event, events.FatalError):
            raise event.exception
    return outcome


def failed(event: events.ScenarioFinished) -> Iterator[tuple[str, str, str]]:
    """Operation, title and a request for each answer that is not one the document promises."""
    for case, checks in event.recorder.checks.items():
        for check in checks:
            if check.failure_info is not None:
                failure = check.failure_info.failure
                example = f"{failure.message}\n{check.failure_info.code_sample}"
                yield event.recorder.cases[case].value.operation.label, failure.title, example
