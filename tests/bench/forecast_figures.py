"""The forecast of the year, tried on series whose year is known: both methods, and the range.

The series are made, and made like a city's: flows told by month or quarter, little at
Spring Festival and much in December, growth that drifts, noise, and in one of five a shock.
"""

import math
import random
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from targets.forecasts.domain import Forecast, forecast
from targets.periods.domain import Span, parse

SEASON = (0.70, 0.62, 1.05, 0.95, 0.98, 1.12, 0.93, 0.96, 1.10, 1.00, 1.08, 1.51)
History = Sequence[tuple[Span, Decimal]]


@dataclass(frozen=True, slots=True)
class Seen:
    """Mean error of the year's total, percent of it, by either method; how often the range held;
    its width in percent."""

    structural: float
    year_on_year: float
    held: float
    width: float


def flow(chance: random.Random, years: int) -> list[float]:
    """What each month adds."""
    growth, size = chance.gauss(0.14, 0.08), chance.uniform(1, 20)
    sway, noise = chance.uniform(0.4, 1.2), chance.uniform(0.02, 0.09)
    drift, months = 0.0, []
    for month in range(years * 12):
        drift += chance.gauss(0, 0.01)
        season = sway * math.log(SEASON[month % 12])
        months.append(
            size * math.exp(growth * month / 12 + drift + season + chance.gauss(0, noise))
        )
    if chance.random() < 0.2:
        months[chance.randrange(12, len(months))] *= chance.uniform(0.6, 1.5)
    return months


def told(months: Sequence[float], every: int) -> list[tuple[Span, Decimal]]:
    """The series as it arrives: the year's total so far, `every` so many months."""
    made, total = [], 0.0
    for number, value in enumerate(months):
        year, month = divmod(number, 12)
        total = value if month == 0 else total + value
        if (month + 1) % every == 0:
            step = (month + 1) // every
            code = f"{2020 + year}-Q{step}" if every == 3 else f"{2020 + year}-{step:02}"
            made.append((parse(code), Decimal(repr(round(total, 6)))))
    return made


def year_on_year(history: History, a_year: int) -> float:
    """As statisticians reckon it by hand: last year's total, grown as the year so far has grown."""
    gone = history[-1][0].ends_on.month * a_year // 12
    before = float(history[-1 - a_year][1])
    return float(history[-1][1]) / before * float(history[-1 - gone][1])


def cases(every: int, years: int, number: int) -> Iterator[tuple[History, float]]:
    """Histories cut within their last year, with the total of that year."""
    chance, a_year = random.Random(years * 100 + every), 12 // every
    for _ in range(number):
        whole = told(flow(chance, years), every)
        gone = chance.randint(max(1, a_year // 4), a_year - 1)
        yield whole[: len(whole) - a_year + gone], float(whole[-1][1])


def measure(every: int, years: int, number: int = 60) -> Seen:
    """Both methods where `years` are known, the last one in part."""
    a_year, own, other, held, width = 12 // every, [], [], [], []
    for history, total in cases(every, years, number):
        seen = forecast(history, "amount", accumulates=True, cumulative=True)
        assert isinstance(seen, Forecast)
        own.append(abs(float(seen.value) - total) / total)
        other.append(abs(year_on_year(history, a_year) - total) / total)
        held.append(float(seen.low) <= total <= float(seen.high))
        width.append(float(seen.high - seen.low) / total)
    means: Callable[[list], float] = statistics.fmean
    return Seen(means(own) * 100, means(other) * 100, means(held), means(width) * 100)


def main() -> None:
    for every, years in ((1, 2), (1, 3), (1, 4), (3, 2), (3, 3), (3, 4)):
        print(every, years, measure(every, years), flush=True)


if __name__ == "__main__":
    main()
