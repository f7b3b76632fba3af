"""The state machine: chance takes steps, alone, twice and two at once, and the service must answer
every one of them as the model does.

What is drawn never depends on what was answered, so that a run can be repeated and shrunk although
two at once end in either order.
"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, ClassVar

from hypothesis import HealthCheck, Phase, currently_in_test_context, note, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    multiple,
    rule,
    run_state_machine_as_test,
)

from services.funding.tests.money.books import STEPS, Books
from services.funding.tests.money.compare import as_shown, compare, overdrawn
from services.funding.tests.money.figures import Figures
from services.funding.tests.money.journal import Key
from services.funding.tests.money.orders import in_order, outcome, told
from services.funding.tests.money.service import FUNDS, Answer, Request, Service
from services.funding.tests.money.steps import LISTS, Draw, Step, Steps
from services.funding.tests.money.suits import MAY, suited

THIS_YEAR = datetime.now(UTC).year
"""It has begun everywhere by then, and the two before it are over."""
YEARS = (THIS_YEAR - 2, THIS_YEAR - 1, THIS_YEAR)
START: tuple[Key, Key] = ((FUNDS[0], YEARS[0], "a"), (FUNDS[0], YEARS[0], "b"))
"""The two lines that every walk begins with."""

SHARES = st.sampled_from((40, 10, 70, "all", "over", "least", "most"))
EDGES = st.sampled_from(("over", "all", "over", 40))
HANDS = st.sampled_from(("right",) * 8 + ("own", "stranger", "blind"))
WORDS = st.sampled_from(("approve", "approve", "approve", "reject", "withdraw"))
ANY_STEP = st.sampled_from(tuple(step for step in STEPS if step != "retry"))
ENDS = st.sampled_from(("succeeded", "succeeded", "succeeded", "failed", "returned"))
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
RACED = st.sampled_from(
    ("appropriate", "grant", "ask", "decide", "go_on", "cancel", "retry", "other_step")
)
OTHERS = st.one_of(st.just("the same"), ACTIONS)


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
        self.is_parted = False
        self.walked: list[str] = []
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
            self.say(f"    {step.request} -> {answer.status} {answer.code}")
        seen = [told(answer) for answer in answers]
        if seen != expected:
            self.is_parted = True
            self.differ(f"the service: {seen}, the model: {expected}\n{answers}")
        self.books = books
        assert not overdrawn(books), "the model itself is wrong"
        for step, answer in zip(steps, answers, strict=True):
            if answer.ok:
                self.done.append((step.request, answer))
                if step.handle is not None:
                    self.ids[step.handle] = answer.body["id"]
        if any(line not in self.ids for line in books.lines):
            self.learn_lines()

    def say(self, line: str) -> None:
        self.walked.append(line)
        if currently_in_test_context():
            note(line)

    def differ(self, difference: str) -> None:
        """Keep what was seen, for when the walk ends otherwise the next time, and fail."""
        self.figures.differences.append("\n".join([difference, *self.walked]))
        raise AssertionError(difference)

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

    @rule(
        target=payments, award=awards, share=SHARES, hands=st.sampled_from((2, 2, 1, 0)), end=ENDS
    )
    def pay(self, award: int, share: Any, hands: int, end: str) -> int:
        """Asked for, on its way as far as so many hands bring it, and answered if two have."""
        payment = self.take("ask", award=award, share=share)
        for _ in range(hands):
            self.take("go_on", payment=payment)
        if hands == 2:
            self.take("other_step", payment=payment, word=end)
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
    def decided(self, hand: str, **thrown: Any) -> int:
        """Drawn up and approved."""
        return self.drawn_up_and_approved(hand, **thrown)

    @rule(target=documents, line=lines, other=lines, share=EDGES, hand=HANDS)
    def transfer(self, hand: str, **thrown: Any) -> int:
        return self.drawn_up_and_approved(hand, kind="transfer", **thrown)

    def drawn_up_and_approved(self, hand: str, **thrown: Any) -> int:
        document = self.take("draft", **thrown)
        self.take("decide", document=document, kind=thrown["kind"], hand=hand)
        return document

    @rule(target=documents, payment=payments, share=SHARES, hand=HANDS)
    def refund(self, payment: int, share: Any, hand: str) -> int:
        return self.drawn_up_and_approved(hand, kind="refund", payment=payment, share=share)

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
        """Two steps, both on their way before either is answered: as one of the two orders, which
        the books tell where both orders have the same answers."""
        self.race(one, one if two == "the same" else two, thrown, {**thrown, "share": more})

    @rule(action=RACED, line=lines, award=awards, payment=payments, document=documents)
    def compete(self, action: str, **thrown: Any) -> None:
        """Two who both want all that there is, of the same thing."""
        thrown["share"] = "all"
        self.race(action, action, thrown, thrown)

    def race(self, one: str, two: str, thrown: dict[str, Any], others: dict[str, Any]) -> None:
        first = self.step(one, self.draw(**thrown))
        second = self.step(two, self.draw(**others))
        self.say("    at once:")
        answers = self.service.together(first.request, second.request)
        seen = [told(answer) for answer in answers]
        ways = [in_order(self.books, first, second), in_order(self.books, second, first)]
        ways[1] = (ways[1][0], ways[1][1][::-1])
        possible = [way for way in ways if way[1] == seen] or ways[:1]
        books = as_shown(self.service, [books for books, _ in possible])
        self.agree([first, second], answers, possible[0][1], books)
        self.figures.note_pair(answers, is_told_apart=ways[0][1] != ways[1][1])

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
            self.figures.kept["twice at once"] += 1

    @rule(pick=st.integers(0, 999))
    def repeat(self, pick: int) -> None:
        """An earlier request, word for word: its earlier answer, and no effect."""
        request, earlier = self.done[pick % len(self.done)]
        self.figures.steps += 1
        again = self.service.send(request)
        self.say(f"    again: {request} -> {again.status} {again.code}")
        assert (again.status, again.body, again.is_replay) == (earlier.status, earlier.body, True)
        self.figures.kept["repeated later"] += 1

    @rule(pick=st.integers(0, 999))
    def reuse_a_key(self, pick: int) -> None:
        """The key of an earlier request with other words: refused, and no effect."""
        request, _ = self.done[pick % len(self.done)]
        self.figures.steps += 1
        other = replace(request, body={**(request.body or {}), "reason": "another"})
        answer = self.service.send(other)
        self.say(f"    key of another: {other} -> {answer.status} {answer.code}")
        assert answer.code in ("idempotency_key_reused", "validation_failed")
        self.figures.kept[f"key of another: {answer.code}"] += 1

    def teardown(self) -> None:
        """What is shown, unless an answer has shown already that they are of two opinions."""
        if self.is_parted:
            return
        try:
            compare(self.service, self.books, self.ids)
        except AssertionError as error:
            self.differ(str(error))


def trial(
    service: Service,
    runs: int,
    steps: int,
    seed_: int,
    *phases: Phase,
    figures: Figures | None = None,
) -> Figures:
    """So many walks of so many steps from this seed; raises what the first bad one found, shrunk
    to the fewest steps that show it. `figures` has what was seen also then."""
    figures = Figures() if figures is None else figures
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
    try:
        run_state_machine_as_test(seed(seed_)(walk), settings=chosen)
    finally:
        print(f"\n{figures.told(seed_, service.requests)}", *figures.differences[:1], sep="\n")
    return figures
