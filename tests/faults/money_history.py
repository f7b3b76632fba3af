"""Histories of money: many callers at once on two lines and what is paid from them, each call sent
once, some answers lost; and the books by which a history has to be explained."""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeAlias

from servicekit.problems import Busy

from services.funding.tests.money.books import Books
from services.funding.tests.money.compare import award_shown, line_shown, payment_shown
from services.funding.tests.money.journal import Key
from services.funding.tests.money.orders import outcome, told
from services.funding.tests.money.service import FUNDS, Answer, Request, Service
from services.funding.tests.money.steps import Draw, Step, Steps
from tests.faults import client
from tests.faults.client import UNDECIDED, Client
from tests.faults.history import NO_ANSWER
from tests.faults.linear import UNKNOWN, Call
from tests.faults.work import YEAR

LINES: tuple[Key, Key] = ((FUNDS[0], YEAR, "one"), (FUNDS[0], YEAR, "two"))
SHARES = (30, 45, 60, 80, "all")
"""Percent of what was free in the beginning: few fit beside each other."""
ACTIONS = ("appropriate", "grant", "grant", "ask", "ask", "decide", "decide", "decide")
ON_AWARDS = ("cancel", "retry", "other_step", "other_step", "other_step", "go_on")
WORDS = ("check", "reject", "pay", "succeeded", "succeeded", "failed", "returned")
DECISIONS = ("approve", "approve", "approve", "reject")
LOOKS = 0.3
"""How many of the calls look and change nothing."""
AWAY = 0.05
"""Seconds a caller waits after a call without an answer."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One call of a plan: what is sent, what it makes of the books, and how the answer is read."""

    name: str
    request: Request
    apply: Callable[[Books], tuple[Books, object]]
    read: Callable[[Answer], object]


@dataclass
class Desk:
    """Books with two lines, awards, payments in every state, and documents to be decided, as the
    service has them too; and calls drawn from them."""

    service: Service
    chance: random.Random
    books: Books = field(default_factory=lambda: Books(YEAR, {YEAR: True}))
    ids: dict[object, str] = field(default_factory=dict)
    handles: int = 0

    def prepare(self) -> None:
        self.service.begin_anew([YEAR])
        for line in LINES:
            self.take("draw_up", line=line, share=100)
            self.take("approve_line", line=line)
            self.take("appropriate", line=line, share=50)
            award = self.take("grant", line=line, share=40)
            self.take("grant", line=line, share=30)
            paid = [self.paid(award, "go_on", "go_on", "go_on")]
            self.paid(award, "go_on", "go_on", "failed")
            for steps in range(3):
                self.paid(award, *["go_on"] * steps)
            for share in (70, 60):
                self.take("draft", kind="refund", line=line, payment=paid[0], share=share)
                self.take("draft", line=line, share=share, is_up=share == 70)
        for line, other in (LINES, LINES[::-1]):
            for share in (70, 60):
                self.take("draft", kind="transfer", line=line, other=other, share=share)

    def paid(self, award: int, *steps: str) -> int:
        payment = self.take("ask", award=award, share=12)
        for step in steps:
            action = step if step == "go_on" else "other_step"
            self.take(action, payment=payment, word=step)
        return payment

    def step(self, action: str, **thrown: Any) -> Step:
        self.handles += 1
        draw = Draw(**{"line": LINES[0], "other": LINES[1], **thrown})
        return getattr(Steps(self.books, self.ids, self.handles), action)(draw)

    def take(self, action: str, **thrown: Any) -> Any:
        """One step that must succeed; the handle of what it makes."""
        step = self.step(action, **thrown)
        answer = self.service.send(step.request)
        self.books, expected = outcome(self.books, step)
        assert told(answer) == expected == "done", f"{step.request}: {answer}, {expected}"
        if step.handle is not None:
            self.ids[step.handle] = answer.body["id"]
        return step.handle

    def plan(self, calls: int) -> list[Planned]:
        """Drawn from the books as they are now: nobody knows what the others will have done."""
        return [
            self.any_look() if self.chance.random() < LOOKS else self.any_step()
            for _ in range(calls)
        ]

    def any_step(self) -> Planned:
        draw, books = self.chance.choice, self.books
        action = draw(ACTIONS + ON_AWARDS)
        document = draw(sorted(books.documents))
        line = draw(LINES)
        step = self.step(
            action, line=line, award=draw(sorted(books.awards)), share=draw(SHARES),
            payment=draw(sorted(books.payments)), document=document,
            word=draw(DECISIONS if action == "decide" else WORDS),
        )  # fmt: skip
        return Planned(f"{step.name} {step.request}", step.request, partial(done, step), told)

    def any_look(self) -> Planned:
        books = self.books
        things = [*LINES] * 4 + sorted(books.awards) + sorted(books.payments)
        return self.look(self.chance.choice(things))

    def look(self, thing: Any) -> Planned:
        kind = next(kind for kind, look in SHOWN.items() if thing in getattr(self.books, kind))
        path, shown = SHOWN[kind]
        expected = partial(shown, thing=thing)
        names = expected(self.books).keys()

        def read(answer: Answer) -> object:
            return written({name: answer.body[name] for name in names})

        def apply(books: Books) -> tuple[Books, object]:
            return books, written(expected(books))

        request = Request("auditor", f"{path}/{self.ids[thing]}", method="GET")
        return Planned(f"look at {kind} {thing}", request, apply, read)

    def looks(self) -> list[Planned]:
        """At everything there was in the beginning."""
        things = [*LINES, *self.books.awards, *self.books.payments]
        return [self.look(thing) for thing in things]


Shown: TypeAlias = tuple[str, Callable[..., dict[str, Any]]]
SHOWN: dict[str, Shown] = {
    "lines": ("/budgets", lambda books, thing: line_shown(books, thing)),
    "awards": ("/awards", lambda books, thing: award_shown(books.awards[thing])),
    "payments": ("/disbursements", lambda books, thing: payment_shown(books.payments[thing])),
}


def done(step: Step, books: Books) -> tuple[Books, object]:
    return outcome(books, step)


def written(shown: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in sorted(shown.items()))


def fingerprint(books: Books) -> object:
    """Books of one fingerprint are the same books: whatever moved is in the journal."""
    return (
        frozenset(books.journal.entries),
        *(
            tuple((handle, *vars(row).values()) for handle, row in rows.items())
            for rows in (books.awards, books.payments, books.documents)
        ),
    )


@dataclass
class Recorder:
    """Sends every planned call once and writes down when it began, and when and what the answer
    was. `serving` is cleared while nobody is there to be asked."""

    client: Client
    serving: asyncio.Event
    calls: list[Call[Books]] = field(default_factory=list)
    unanswered: list[tuple[Planned, Call[Books]]] = field(default_factory=list)
    """The steps among them that may have been done or not."""

    async def all(self, plans: Sequence[Planned], callers: int) -> None:
        """`callers` at once, each one call after the other."""
        shares = [plans[caller::callers] for caller in range(callers)]
        await asyncio.gather(*(self._caller(share) for share in shares))

    async def _caller(self, plans: Sequence[Planned]) -> None:
        for planned in plans:
            await self.serving.wait()
            await self.send(planned)

    async def ask_again(self, spared: int) -> None:
        """Send the steps that had no answer once more, with their keys, as callers do: each was or
        is done between its beginning and this answer. So many stay without one."""
        for planned, call in self.unanswered[spared:]:
            self.calls.remove(call)
            await self.send(planned, call.began)
            assert self.calls[-1].is_known, f"{planned.name} has no answer when nobody else asks"

    async def send(self, planned: Planned, began: float = 0.0) -> None:
        """`began` is when it was sent first, if it was."""
        asked = planned.request
        headers = {} if asked.version is None else {"If-Match": f'"{asked.version}"'}
        request = client.Request(
            planned.name, asked.role, asked.method, asked.path, asked.body or {}, headers
        )
        began = began or time.monotonic()
        found = await self.client.call(request, "" if asked.method == "GET" else asked.key)
        ended = time.monotonic()
        assert found.status != 500, f"{planned.name}: {found}"
        if found.status in UNDECIDED:
            self.calls.append(Call(planned.name, planned.apply, UNKNOWN, began))
            if asked.method != "GET":
                self.unanswered.append((planned, self.calls[-1]))
            await asyncio.sleep(AWAY if found.status == NO_ANSWER else 0)
            return
        if found.body.get("code") == Busy.code:
            # It waited too long for a row that another held, and nothing is left of it: there is
            # no moment at which it happened.
            return
        answer = planned.read(Answer(found.status, dict(found.body)))
        self.calls.append(Call(planned.name, planned.apply, answer, began, ended))

    def unknown(self) -> int:
        return sum(not call.is_known for call in self.calls)
