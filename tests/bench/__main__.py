"""`make bench`: prints every figure with the floor it is held against.

`PARTS="funding boards"` prints those of these parts only.

Not a test: a busy machine changes the numbers. What is reported is what was seen, in one run.
"""

import asyncio
import operator
import sys
from dataclasses import dataclass

from tests.bench import (
    board_figures,
    event_figures,
    forecast_figures,
    funding_figures,
    gateway_figures,
    http_figures,
    import_figures,
    reminder_figures,
    sizing_figures,
    sse_figures,
)

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
    overview = asyncio.run(gateway_figures.overview())
    return [
        Figure("gateway / FastAPI with httpx", seen.to_fastapi, "≥ 8"),
        Figure("gateway / Node's fastify", seen.to_fastify, "≥ 0.8"),
        Figure("gateway / Node's fastify, by the clock", seen.by_the_clock),
        Figure("gateway, requests in a second of one core", seen.rate),
        Figure("what the gateway adds to a request, p50 ms", seen.added, "≤ 1.5"),
        Figure("overview, p50 ms", overview.looked, "≤ 15"),
        Figure("overview read anew, p50 ms", overview.anew),
        Figure("answers that were errors", seen.failed + overview.failed, "= 0"),
    ]


def boards() -> list[Figure]:
    seen = asyncio.run(board_figures.measure())
    return [
        Figure("board of 1.44 M numbers / bare SQL", seen.ratio, "≤ 3"),
        Figure("board, 36 points of 40 indicators, p50 ms", seen.board),
        Figure("the same as it was known half an hour before, p50 ms", seen.past, "≤ 1000"),
        Figure("its rows by bare SQL over the roll-up, ms", seen.bare),
        Figure("a sum over all the numbers instead, ms", seen.scan),
        Figure("a number with 10 times the data / with 1", seen.growth, "≤ 1.3"),
        Figure("one number taken and added up, ms", seen.number),
        Figure("answers that were errors", seen.failed, "= 0"),
    ]


def funding() -> list[Figure]:
    seen = asyncio.run(funding_figures.measure())
    return [
        Figure("a payment in four steps: service / bare SQL", seen.ratio, "≥ 0.35"),
        Figure("the same, by the clock", seen.by_the_clock),
        Figure("payments in a second of one core", seen.ours),
        Figure("the same rows by bare SQL", seen.bare),
        Figure("statement of 1 M lines, p50 ms", seen.statement, "≤ 100"),
        Figure("its end, of the half behind a date, p50 ms", seen.deep, "≤ 100"),
        Figure("answers that were errors", seen.failed, "= 0"),
    ]


def forecasts() -> list[Figure]:
    seen = {"months": forecast_figures.measure(1, 3), "quarters": forecast_figures.measure(3, 3)}
    return [
        figure
        for name, each in seen.items()
        for figure in (
            Figure(f"forecast of a year by {name}, mean error %", each.structural, "≤ 4"),
            Figure("the same by growth year on year, %", each.year_on_year),
            Figure("the year lies in its range of 80 %", each.held, "≥ 0.65"),
            Figure("width of that range, %", each.width),
        )
    ]


def imports() -> list[Figure]:
    seen, reports = import_figures.measure()
    return [
        Figure("import of 100,000 returns / read and copied", seen.ratio, "≤ 2"),
        Figure("import of 100,000 returns, s", seen.seconds),
        Figure("the same read by calamine and copied, s", seen.floor),
        Figure("its memory above the idle worker, MB", seen.megabytes, "≤ 256"),
        Figure("looks at which its progress had moved", seen.looks, "≥ 3"),
        Figure("import of 100,000 reports, s", reports.seconds),
        Figure("its memory above the idle worker, MB", reports.megabytes, "≤ 256"),
    ]


def reminders() -> list[Figure]:
    seen = asyncio.run(reminder_figures.measure())
    return [
        Figure("a tick over 10,000 items with ladders, at most s", seen.longest, "≤ 1"),
        Figure("the same at the median, s", seen.usual),
        Figure("a tick with nothing to tell, s", seen.idle),
        Figure("its statements, at most", seen.statements, "≤ 20"),
        Figure("all of them told, s", seen.whole),
        Figure("reminders told", seen.reminders),
    ]


def sizing() -> list[Figure]:
    seen = asyncio.run(sizing_figures.measure())
    told = [
        Figure(f"{name}: {part}, ms of a core", value)
        for name, each in seen.items()
        for part, value in (("all", each.whole), *sorted(each.parts.items()))
    ]
    return [*told, Figure("answers that were errors", sum(c.failed for c in seen.values()), "= 0")]


PARTS = (http, gateway, events, listeners, boards, funding, forecasts, imports, reminders, sizing)


def main(names: list[str]) -> None:
    """All parts, or those that are named."""
    known = {part.__name__: part for part in PARTS}
    for name in names or known:
        for figure in known[name]():
            print(figure.line(), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
