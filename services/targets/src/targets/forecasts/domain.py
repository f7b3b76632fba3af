"""The forecast of an indicator's year: its number at the year's end, with its range.

A structural time series model (level, slope and season as states of a Kalman filter; A. C. Harvey,
1989): it takes missing periods as missing, gives the distribution of the whole rest of the year
and not only of each month, and works from little more than one year of numbers. ADR 42 has the
figures. Below a minimum of data nothing is guessed, and the answer says why.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from targets.periods.domain import Span
from targets.status.domain import Trajectory, shortfall_of

if TYPE_CHECKING:
    import numpy as np

CONFIDENCE = Decimal("0.8")
"""The share of the cases in which the year's number is to lie in the range."""
STEPS = {"quarter": 4, "month": 12, "half_month": 12}
"""Steps of a year; half-months are taken two by two."""
LEAST_LEVELS = 6
_PATHS = 2000
_PLACES = Decimal("0.000001")
_FLOW_NOISE, _FLOW_DRIFT = (0.02, 0.04, 0.08), (0.004, 0.02)
_LEVEL_NOISE, _LEVEL_DRIFT = (0.005, 0.02, 0.06), (0.005, 0.03)
"""Relative sizes tried; the likeliest pair is taken. More parameters than that, two years of
months do not bear."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """`value` within `low` and `high`, made of `points` numbers up to `as_of`."""

    year: int
    as_of: str
    points: int
    value: Decimal
    low: Decimal
    high: Decimal
    method: str


@dataclass(frozen=True, slots=True)
class Unforecast:
    """No forecast, and why: a stable code and a sentence in each language."""

    year: int
    as_of: str
    points: int
    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Steps:
    """One number a step, none where it is missing: what was added in it, or the level at its end.
    `so_far` is the year's number at the last step, `ahead` the steps that are left of the year."""

    a_year: int
    values: tuple[float | None, ...]
    so_far: float
    ahead: int
    missing: str | None = None

    @property
    def points(self) -> int:
        return sum(value is not None for value in self.values)


def forecast(
    history: Sequence[tuple[Span, Decimal]], kind: str, *, accumulates: bool, cumulative: bool
) -> Forecast | Unforecast:
    """The number at the end of the latest period's year, from the actual at the end of each period
    so far (at least one). `cumulative` numbers arrive as the year's total so far.
    """
    span, latest = history[-1]
    if span.elapsed == 1:
        return Forecast(span.year, span.code, len(history), latest, latest, latest, "actual")
    if kind in ("grade", "built", "recurring"):
        return _not(span, len(history), "not_applicable", "此类指标不作预测", "not for this kind")
    steps = steps_of(history, accumulates=accumulates, cumulative=cumulative)
    if steps.missing is not None:
        gap = steps.missing
        return _not(
            span,
            steps.points,
            "missing_period",
            f"缺少 {gap} 的数据",
            f"there is no number of {gap}",
        )
    least = steps.a_year * 5 // 4 if accumulates else LEAST_LEVELS
    if steps.points < least:
        return _not(
            span,
            steps.points,
            "insufficient_data",
            f"仅有 {steps.points} 期数据，至少需要 {least} 期",
            f"{steps.points} of at least {least} periods are there",
        )
    low, middle, high = rest_of_year(steps, accumulates=accumulates)
    return Forecast(span.year, span.code, steps.points, middle, low, high, "structural")


def _not(span: Span, points: int, code: str, zh: str, en: str) -> Unforecast:
    return Unforecast(span.year, span.code, points, code, zh, en)


def steps_of(
    history: Sequence[tuple[Span, Decimal]], *, accumulates: bool, cumulative: bool
) -> Steps:
    """The actuals as steps of equal length from the first to the last."""
    a_year = STEPS.get(history[-1][0].kind, 1)
    at = {_place(span, a_year): float(value) for span, value in history if _is_whole(span)}
    if not at:
        return Steps(a_year, (), float(history[-1][1]), a_year)
    first, last = min(at), max(at)
    values: list[float | None] = []
    for place in range(first, last + 1):
        begins = place % a_year == 0
        before = 0.0 if begins else at.get(place - 1)
        if place not in at or (accumulates and cumulative and before is None):
            values.append(None)
        elif accumulates:
            values.append(
                at[place] - (_last_before(at, place, a_year) if before is None else before)
            )
        else:
            values.append(at[place])
    missing = _gap(at, last, a_year) if accumulates and not cumulative else None
    return Steps(a_year, tuple(values), at[last], a_year - 1 - last % a_year, missing)


def _place(span: Span, a_year: int) -> int:
    return span.year * a_year + span.ends_on.month * a_year // 12 - 1


def _is_whole(span: Span) -> bool:
    return span.kind != "half_month" or span.starts_on.day != 1


def _last_before(at: dict[int, float], place: int, a_year: int) -> float:
    """What the year had reached before a gap; nothing where it begins with one."""
    begun = place - place % a_year
    return next((at[p] for p in range(place - 1, begun - 1, -1) if p in at), 0.0)


def _gap(at: dict[int, float], last: int, a_year: int) -> str | None:
    """The period the running year lacks: its total so far is not the year's."""
    begun = last - last % a_year
    lacking = next((place for place in range(begun, last) if place not in at), None)
    if lacking is None:
        return None
    year, step = lacking // a_year, lacking % a_year + 1
    return f"{year}-Q{step}" if a_year == 4 else f"{year}-{step:02}"


def rest_of_year(steps: Steps, *, accumulates: bool) -> tuple[Decimal, Decimal, Decimal]:
    """Low, middle and high of the year's number."""
    import numpy as np

    seen = np.array([np.nan if v is None else v for v in steps.values])
    known = seen[~np.isnan(seen)]
    logged = accumulates and bool(np.all(known > 0))
    scale = float(np.mean(np.abs(known))) or 1.0
    series = np.log(seen) if logged else seen / scale
    paths = _simulate(series, steps.a_year, steps.ahead, seasonal=accumulates)
    values = np.exp(paths) if logged else paths * scale
    ends = steps.so_far + values.sum(axis=0) if accumulates else values[-1]
    if np.all(known >= 0):
        ends = np.maximum(ends, 0)
    tail = float(1 - CONFIDENCE) / 2
    low, middle, high = np.quantile(ends, [tail, 0.5, 1 - tail])
    return _exact(low), _exact(middle), _exact(high)


def _exact(value: float) -> Decimal:
    return Decimal(repr(float(value))).quantize(_PLACES)


def _simulate(series: "np.ndarray", a_year: int, ahead: int, *, seasonal: bool) -> "np.ndarray":
    """Paths of the next steps, by the likeliest of the models; the same numbers give the same."""
    import numpy as np

    seen = np.ma.masked_invalid(series)[:, None]
    sizes = (_FLOW_NOISE, _FLOW_DRIFT) if seasonal else (_LEVEL_NOISE, _LEVEL_DRIFT)
    models = [_model(series, a_year, n, d, seasonal=seasonal) for n in sizes[0] for d in sizes[1]]
    best = max(models, key=lambda model: model.loglikelihood(seen))
    means, spreads = best.filter(seen)
    chance = np.random.default_rng(len(series))
    state = chance.multivariate_normal(means[-1], spreads[-1], size=_PATHS, method="eigh")
    moves = np.sqrt(np.diag(best.transition_covariance))
    noise = float(np.sqrt(np.asarray(best.observation_covariance)[0, 0]))
    paths = np.empty((ahead, _PATHS))
    for step in range(ahead):
        state = state @ best.transition_matrices.T + chance.normal(size=state.shape) * moves
        observed = state @ best.observation_matrices[0]
        paths[step] = observed + chance.normal(0, noise, _PATHS)
    return paths


def _model(series: "np.ndarray", a_year: int, noise: float, drift: float, *, seasonal: bool) -> Any:
    """Level, slope and, for flows, the season, which adds up to nothing over a year."""
    import numpy as np
    from pykalman import KalmanFilter

    size = 2 + (a_year - 1 if seasonal else 0)
    turn = np.zeros((size, size))
    turn[0, :2] = turn[1, 1] = 1
    look = np.zeros((1, size))
    look[0, 0] = 1
    moves = np.zeros(size)
    moves[:2] = drift**2, (0.0005 if seasonal else 0.002) ** 2
    spread = np.full(size, 0.35**2)
    spread[:2] = 0.5**2, (0.12 / a_year if seasonal else 0.03) ** 2
    start = np.zeros(size)
    start[0] = np.nanmean(series[:a_year] if seasonal else series[:1])
    if seasonal:
        turn[2, 2:] = -1
        turn[range(3, size), range(2, size - 1)] = 1
        look[0, 2] = 1
        moves[2] = 0.003**2
        start[1] = 0.1 / a_year
    return KalmanFilter(
        transition_matrices=turn,
        observation_matrices=look,
        transition_covariance=np.diag(moves),
        observation_covariance=np.array([[noise**2]]),
        initial_state_mean=start,
        initial_state_covariance=np.diag(spread),
    )


def outlook(plan: Trajectory, made: Forecast) -> str | None:
    """Whether the year's target will be met: `on_course`, `off_course`, or `uncertain` where the
    range has both. None where the year has no target."""
    due = dict(plan.milestones).get(made.year)
    if due is None:
        return None
    meets = [shortfall_of(plan, end, due) <= 0 for end in (made.low, made.high)]
    if all(meets):
        return "on_course"
    astride = plan.comparator == "about" and made.low < due < made.high
    return "uncertain" if any(meets) or astride else "off_course"
