"""The state machine: chance takes steps, alone, twice and two at once, and the service must answer
every one of them as the model does.

What is drawn never depends on what was answered, so that a run can be repeated and shrunk although
two at once end in either order.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, ClassVar

from hypothesis import HealthCheck, Phase, note, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    multiple,
    rule,
    run_state_machine_as_test,
)

from services.funding.tests.money.books import (
    ON_ITS_WAY,
    STEPS,
    Award,
    Books,
    Document,
    Payment,
)
from services.funding.tests.money.compare import compare, overdrawn
from services.funding.tests.money.journal import Key
from services.funding.tests.money.refusals import Refused
from services.funding.tests.money.service import FUNDS, Answer, Request, Service
from services.funding.tests.money.steps import LISTS, Draw, Step, Steps

THIS_YEAR = datetime.now(UTC).year
"""It has begun everywhere by then, and the two before it are over."""
YEARS = (THIS_YEAR - 2, THIS_YEAR - 1, THIS_YEAR)
START: tuple[Key, Key] = ((FUNDS[0], YEARS[0], "a"), (FUNDS[0], YEARS[0], "b"))
"""The two lines that every walk begins with."""

SHARES = st.sampled_from((40, 10, 70, "all", "over", "least", "most"))
HANDS = st.sampled_from(("right",) * 8 + ("own", "stranger", "blind"))
WORDS = st.sampled_from(("approve", "approve", "approve", "reject", "withdraw"))
ANY_STEP = st.sampled_from(tuple(step for step in STEPS if step != "retry"))
KINDS = st.sampled_from(tuple(kind for kind in LISTS if kind != "refund"))
KEYS = st.tuples(st.sampled_from(FUNDS), st.sampled_from(YEARS), st.sampled_from(("a", "b")))
ACTIONS = st.sampled_from(
    (
        "appropriate",
        "grant",
        "cancel",
        "ask",
        "go_on",
        "retry",
        "draft",
        "decide",
        "other_step",
    )
)
OTHERS = st.one_of(st.just("the same"), ACTIONS)


@dataclass(frozen=True, slots=True)
class Suits:
    """To what a step can be done."""

    award: Callable[[Award], bool] = lambda row: row.left > 0
    payment: Callable[[Payment], bool] = lambda row: row.state in (*ON_ITS_WAY, "succeeded")
    document: Callable[[Document], bool] = lambda row: row.state == "draft"


MAY: Mapping[str, Suits] = defaultdict(
    Suits,
    cancel=Suits(award=lambda row: row.left == row.amount),
    retry=Suits(payment=lambda row: row.state in STEPS["retry"]),
    draft=Suits(payment=lambda row: row.state == "succeeded"),
)


@dataclass
class Figures:
    """What a trial came to."""

    runs: int = 0
    steps: int = 0
    began: float = field(default_factory=time.monotonic)
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    def note(self, step: Step, answer: Answer) -> None:
        self.steps += 1
        if answer.ok:
            self.done[step.name] += 1
        else:
            self.refused[answer.code] += 1

    def told(self, seed: int, requests: int) -> str:
        seconds = time.monotonic() - self.began
        return (
            f"seed {seed}: {self.runs} runs, {self.steps} steps, {requests} requests,"
            f" {seconds:.0f} s\ndone: {counted(self.done)}\nrefused: {counted(self.refused)}"
        )


def counted(what: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in what.most_common())


class Walk(RuleBasedStateMachine):
    """One walk over empty books. Its subclass has the `service` it calls."""

    service: ClassVar[Service]
    figures: ClassVar[Figures]
    lines = Bundle("lines")
    awards = Bundle("awards")
    payments = Bundle("payments")
    documents = Bundle("documents")

    def __init__(self) -> None:
        super().__init__()
        self.books = Books(THIS_YEAR, dict.fromkeys(YEARS, True))
        self.ids: dict[object, str] = {}
        self.done: list[tuple[Request, Answer]] = []
        self.handles = 0
        self.service.begin_anew(YEARS)
        self.figures.runs += 1
        self.begin()

    def begin(self) -> None:
        """Two approved lines, and on the first of them some of everything."""
        for line in START:
            self.take("draw_up", line=line, share=100)
            self.take("approve_line", line=line)
        self.take("appropriate", share=70)
        self.award: int = self.take("grant", share=40)
        self.payment: int = self.take("ask", award=self.award, share=40)
        self.document: int = self.take("draft", share=10)

    # Taking steps

    def draw(self, **thrown: Any) -> Draw:
        """The numbers of a step; what a rule does not throw, its step does not need."""
        return Draw(**{"line": START[0], "other": START[1], **thrown})

    def step(self, action: str, draw: Draw) -> Step:
        self.handles += 1
        books = self.books
        if draw.hand != "blind":
            draw = replace(
                draw,
                award=suited(books.awards, draw.award, MAY[action].award),
                payment=suited(books.payments, draw.payment, MAY[action].payment),
                document=suited(books.documents, draw.document, MAY[action].document),
            )
        return getattr(Steps(books, self.ids, self.handles), action)(draw)

    def take(self, action: str, **thrown: Any) -> Any:
        """One step, alone; the handle of what it makes."""
        step = self.step(action, self.draw(**thrown))
        answer = self.service.send(step.request)
        books, expected = outcome(self.books, step)
        self.agree([step], [answer], [expected], books)
        return step.handle

    def agree(
        self, steps: list[Step], answers: list[Answer], expected: list[str], books: Books
    ) -> None:
        """Go on with the model if it says what was answered."""
        for step, answer in zip(steps, answers, strict=True):
            self.figures.note(step, answer)
            note(f"    {step.request} -> {answer.status} {answer.code}")
        assert [told(answer) for answer in answers] == expected, (
            f"the service: {[told(a) for a in answers]}, the model: {expected}\n{answers}"
        )
        self.books = books
        assert not overdrawn(books), "the model itself is wrong"
        for step, answer in zip(steps, answers, strict=True):
            if answer.ok:
                self.done.append((step.request, answer))
                if step.handle is not None:
                    self.ids[step.handle] = answer.body["id"]
        if any(line not in self.ids for line in books.lines):
            self.learn_lines()

    def learn_lines(self) -> None:
        """Lines that a carry-over or a close has made."""
        for row in self.service.items("/budgets"):
            self.ids[row["fund_code"], row["fiscal_year"], row["line"]] = row["id"]

    # Rules

    @initialize(target=lines)
    def first_lines(self) -> Any:
        return multiple(*START)

    @initialize(target=awards)
    def first_award(self) -> int:
        return self.award

    @initialize(target=payments)
    def first_payment(self) -> int:
        return self.payment

    @initialize(target=documents)
    def first_document(self) -> int:
        return self.document

    @rule(target=lines, line=KEYS, share=SHARES, hand=HANDS)
    def draw_up(self, line: Key, share: Any, hand: str) -> Key:
        self.take("draw_up", line=line, share=share, hand=hand)
        return line

    @rule(line=lines, hand=HANDS)
    def approve_line(self, line: Key, hand: str) -> None:
        version = 1
        if line in self.books.lines and self.books.lines[line].state != "draft":
            version = self.service.get(f"/budgets/{self.ids[line]}")["version"]
        self.take("approve_line", line=line, hand=hand, version=version)

    @rule(line=lines, share=SHARES, hand=HANDS)
    def appropriate(self, line: Key, share: Any, hand: str) -> None:
        self.take("appropriate", line=line, share=share, hand=hand)

    @rule(target=awards, line=lines, share=SHARES)
    def grant(self, line: Key, share: Any) -> int:
        return self.take("grant", line=line, share=share)

    @rule(award=awards, hand=HANDS)
    def cancel(self, award: int, hand: str) -> None:
        self.take("cancel", award=award, hand=hand)

    @rule(target=payments, award=awards, share=SHARES, steps=st.sampled_from((3, 3, 2, 0)))
    def pay(self, award: int, share: Any, steps: int) -> int:
        """Asked for, and on its way as far as `steps` hands bring it."""
        payment = self.take("ask", award=award, share=share)
        for _ in range(steps):
            self.take("go_on", payment=payment)
        return payment

    @rule(payment=payments, hand=HANDS, is_up=st.booleans())
    def go_on(self, payment: int, hand: str, is_up: bool) -> None:
        self.take("go_on", payment=payment, hand=hand, is_up=is_up)

    @rule(payment=payments, word=ANY_STEP, hand=HANDS, is_up=st.booleans())
    def other_step(self, payment: int, word: str, hand: str, is_up: bool) -> None:
        self.take("other_step", payment=payment, word=word, hand=hand, is_up=is_up)

    @rule(target=payments, payment=payments, hand=HANDS)
    def retry(self, payment: int, hand: str) -> int:
        return self.take("retry", payment=payment, hand=hand)

    @rule(target=documents, kind=KINDS, line=lines, other=lines, share=SHARES, is_up=st.booleans())
    def draft(self, kind: str, line: Key, other: Key, share: Any, is_up: bool) -> int:
        return self.take("draft", kind=kind, line=line, other=other, share=share, is_up=is_up)

    @rule(
        target=documents, kind=KINDS, line=lines, other=lines, share=SHARES, is_up=st.booleans(),
        hand=HANDS,
    )  # fmt: skip
    def decided(self, kind: str, line: Key, other: Key, share: Any, is_up: bool, hand: str) -> int:
        """Drawn up and approved."""
        document = self.take("draft", kind=kind, line=line, other=other, share=share, is_up=is_up)
        self.take("decide", document=document, kind=kind, hand=hand)
        return document

    @rule(target=documents, payment=payments, share=SHARES, hand=HANDS)
    def refund(self, payment: int, share: Any, hand: str) -> int:
        document = self.take("draft", kind="refund", payment=payment, share=share)
        self.take("decide", document=document, kind="refund", hand=hand)
        return document

    @rule(document=documents, word=WORDS, hand=HANDS)
    def decide(self, document: int, word: str, hand: str) -> None:
        self.take("decide", document=document, word=word, hand=hand)

    @rule(target=documents, year=st.sampled_from((*YEARS, YEARS[0])))
    def end_of_year(self, year: int) -> int:
        """What is open is wound up, and the year is closed."""
        for each in self.books.still_open(year):
            self.wind_up(each)
        line = (FUNDS[0], year, "a")
        document = self.take("draft", kind="year-close", line=line)
        self.take("decide", document=document, kind="year-close")
        return document

    def wind_up(self, what: Any) -> None:
        if isinstance(what, tuple):
            self.take("approve_line", line=what)
        elif what in self.books.documents:
            self.take("decide", document=what, word="withdraw")
        elif what in self.books.payments:
            while self.books.payments[what].state in ("requested", "checked", "paying"):
                self.take("go_on", payment=what)

    @rule(
        one=ACTIONS, two=OTHERS, line=lines, other=lines, award=awards, payment=payments,
        document=documents, share=SHARES, more=SHARES, word=WORDS, kind=KINDS, is_up=st.booleans(),
    )  # fmt: skip
    def at_once(self, one: str, two: str, more: Any, **thrown: Any) -> None:
        """Two steps, both on their way before either is answered: as one of the two orders."""
        first = self.step(one, self.draw(**thrown))
        two = one if two == "the same" else two
        second = self.step(two, self.draw(**{**thrown, "share": more}))
        answers = self.service.together(first.request, second.request)
        seen = [told(answer) for answer in answers]
        ways = [in_order(self.books, first, second), in_order(self.books, second, first)]
        ways[1] = (ways[1][0], ways[1][1][::-1])
        books, expected = next((way for way in ways if way[1] == seen), ways[0])
        self.agree([first, second], answers, expected, books)

    @rule(
        action=ACTIONS, line=lines, other=lines, award=awards, payment=payments,
        document=documents, share=SHARES, word=WORDS, kind=KINDS, is_up=st.booleans(),
    )  # fmt: skip
    def twice_at_once(self, action: str, **thrown: Any) -> None:
        """The same request twice with one key: one effect, one answer."""
        step = self.step(action, self.draw(**thrown))
        answers = self.service.together(step.request, step.request)
        books, expected = outcome(self.books, step)
        self.agree([step, step], answers, [expected, expected], books)
        if answers[0].ok:
            assert answers[0].body == answers[1].body
            assert [answer.is_replay for answer in answers].count(True) == 1

    @rule(pick=st.integers(0, 999))
    def repeat(self, pick: int) -> None:
        """An earlier request, word for word: its earlier answer, and no effect."""
        request, earlier = self.done[pick % len(self.done)]
        self.figures.steps += 1
        again = self.service.send(request)
        note(f"    again: {request} -> {again.status} {again.code}")
        assert (again.status, again.body, again.is_replay) == (earlier.status, earlier.body, True)

    @rule(pick=st.integers(0, 999))
    def reuse_a_key(self, pick: int) -> None:
        """The key of an earlier request with other words: refused, and no effect."""
        request, _ = self.done[pick % len(self.done)]
        self.figures.steps += 1
        other = replace(request, body={**(request.body or {}), "reason": "another"})
        answer = self.service.send(other)
        note(f"    key of another: {other} -> {answer.status} {answer.code}")
        assert answer.code in ("idempotency_key_reused", "validation_failed")

    def teardown(self) -> None:
        compare(self.service, self.books, self.ids)


def suited(rows: Mapping[int, Any], handle: int, suits: Callable[[Any], bool]) -> int:
    """What suits a step and was made last before the thing that was thrown: most steps can be
    taken. A blind hand takes what was thrown, also when it was never made."""
    return max(
        (each for each, row in rows.items() if each <= handle and suits(row)), default=handle
    )


def told(answer: Answer) -> str:
    return "done" if answer.ok else f"{answer.status} {answer.code}"


def outcome(books: Books, step: Step) -> tuple[Books, str]:
    """The books after a step and what is answered; the same books where it is refused."""
    after = books.copy()
    try:
        step.apply(after)
    except Refused as refusal:
        return books, str(refusal)
    return after, "done"


def in_order(books: Books, *steps: Step) -> tuple[Books, list[str]]:
    """The books after steps that follow each other, and what is answered to each."""
    answers: list[str] = []
    for step in steps:
        books, answer = outcome(books, step)
        answers.append(answer)
    return books, answers


def trial(service: Service, runs: int, steps: int, seed_: int, *phases: Phase) -> Figures:
    """So many walks of so many steps from this seed; raises what the first bad one found, shrunk
    to the fewest steps that show it."""
    figures = Figures()
    walk = type("Walk", (Walk,), {"service": service, "figures": figures})
    chosen = settings(
        max_examples=runs,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        report_multiple_bugs=False,
        suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large),
        phases=phases or (Phase.generate, Phase.shrink),
    )
    run_state_machine_as_test(seed(seed_)(walk), settings=chosen)
    print(f"\n{figures.told(seed_, service.requests)}")
    return figures
