"""`make bench`: prints every figure with the floor it is held against.

Not a test: a busy machine changes the numbers. What is reported is what was seen, in one run.
"""

import asyncio
import operator
from dataclasses import dataclass

from tests.bench import event_figures, gateway_figures, http_figures, sse_figures

REACHED = {"≥": operator.ge, "≤": operator.le, "=": operator.eq}


@dataclass(frozen=True, slots=True)
class Figure:
    """`wanted` is a comparison such as `≥ 0.30`, or nothing for what is only told."""

    name: str
    seen: float
    wanted: str = ""

    def line(self) -> str:
        sign, _, bound = self.wanted.partition(" ")
        mark = ""
        if sign:
            mark = "reached" if REACHED[sign](self.seen, float(bound)) else "MISSED"
        return f"{self.name:<46} {self.seen:>10.2f}   {self.wanted:<8} {mark}"


def http() -> list[Figure]:
    seen = asyncio.run(http_figures.measure())
    return [
        Figure("list of 20: service / bare handler", seen.list_ratio, "≥ 0.30"),
        Figure("create: service / bare handler", seen.create_ratio, "≥ 0.35"),
        Figure("list, requests per second on one core", seen.list_rate),
        Figure("create, requests per second on one core", seen.create_rate),
        Figure("answers that were errors", seen.failed, "= 0"),
    ]


def events() -> list[Figure]:
    seen = asyncio.run(event_figures.measure())
    return [
        Figure("commit to effect at 200/s, p50 ms", seen.p50, "≤ 15"),
        Figure("commit to effect at 200/s, p99 ms", seen.p99, "≤ 250"),
        Figure("backlog of 20,000, events per second", seen.drained, "≥ 2000"),
        Figure("whole embedded stack in memory, MB", seen.resident, "≤ 900"),
    ]


def listeners() -> list[Figure]:
    seen = asyncio.run(sse_figures.measure())
    return [
        Figure("gateway with 1,000 listeners, MB", seen.resident, "≤ 250"),
        Figure("one listener, KB", seen.each),
        Figure("commit to 1,000 listeners, p99 ms", seen.p99),
        Figure("events a listener missed", seen.lost, "= 0"),
    ]


def gateway() -> list[Figure]:
    seen = asyncio.run(gateway_figures.measure())
    overview, failed = asyncio.run(gateway_figures.overview())
    return [
        Figure("gateway / FastAPI with httpx", seen.to_fastapi, "≥ 8"),
        Figure("gateway / Node's fastify", seen.to_fastify, "≥ 0.8"),
        Figure("gateway, requests in a second of one core", seen.rate),
        Figure("what the gateway adds to a request, p50 ms", seen.added, "≤ 1.5"),
        Figure("overview, p50 ms", overview, "≤ 15"),
        Figure("answers that were errors", seen.failed + failed, "= 0"),
    ]


def main() -> None:
    for figures in (http, gateway, events, listeners):
        for figure in figures():
            print(figure.line(), flush=True)


if __name__ == "__main__":
    main()
