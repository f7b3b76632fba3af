"""What the books must say, in whole fen and plain Python; written from docs/funding.md.

Beside the journal only what became of the awards, payments and documents is kept. A step changes
everything it changes or raises `Refused`.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import TypeVar

from services.funding.tests.money.journal import (
    APPROPRIATED,
    APPROVED,
    AUTHORITY,
    COMMITTED,
    DISBURSED,
    REFUNDED,
    Journal,
    Key,
)
from services.funding.tests.money.refusals import (
    Refused,
    at_path,
    check,
    conflict,
    need,
    referred,
)

ON_ITS_WAY = ("requested", "checked", "paying")
STEPS = {
    "check": ("requested",),
    "reject": ("requested",),
    "pay": ("checked",),
    "succeeded": ("paying",),
    "failed": ("paying",),
    "returned": ("paying", "succeeded"),
    "retry": ("failed", "returned"),
}
"""From which states a payment takes a step, or hears a result."""


@dataclass
class Line:
    drawn: int
    maker: str
    state: str = "draft"


@dataclass
class Award:
    line: Key
    amount: int
    state: str = "granted"
    version: int = 1
    requested: int = 0
    paid: int = 0
    refunded: int = 0

    @property
    def left(self) -> int:
        return self.amount - self.requested - self.paid


@dataclass
class Payment:
    award: int
    line: Key
    amount: int
    maker: str
    state: str = "requested"
    version: int = 1
    refunded: int = 0
    checker: str = ""
    payer: str = ""
    retry_of: int = 0


@dataclass
class Document:
    """An adjustment, transfer, refund, carry-over or close. `to` is a transfer's other line, `of`
    a refund's payment."""

    kind: str
    year: int
    maker: str
    amount: int = 0
    line: Key | None = None
    to: Key | None = None
    of: int = 0
    state: str = "draft"
    version: int = 1


Row = TypeVar("Row", Line, Award, Payment, Document)


def _twin(row: Row) -> Row:
    """A row of its own with the same content. `replace` would call its constructor, which takes
    most of the time of whoever tries many orders."""
    twin = object.__new__(type(row))
    twin.__dict__.update(row.__dict__)
    return twin


@dataclass
class Books:
    """`this_year` runs and cannot be closed. Handles are numbers that the caller gives."""

    this_year: int
    is_open: dict[int, bool] = field(default_factory=dict)
    lines: dict[Key, Line] = field(default_factory=dict)
    awards: dict[int, Award] = field(default_factory=dict)
    payments: dict[int, Payment] = field(default_factory=dict)
    documents: dict[int, Document] = field(default_factory=dict)
    journal: Journal = field(default_factory=Journal)

    def copy(self) -> "Books":
        return Books(
            self.this_year,
            dict(self.is_open),
            {key: _twin(each) for key, each in self.lines.items()},
            {key: _twin(each) for key, each in self.awards.items()},
            {key: _twin(each) for key, each in self.payments.items()},
            {key: _twin(each) for key, each in self.documents.items()},
            self.journal.copy(),
        )

    def totals(self, line: Key) -> dict[str, int]:
        """What a line shows of itself."""
        row = self.lines[line]
        if row.state == "draft":
            return {"amount": row.drawn, "available": 0}
        return self.journal.totals(line)

    def _follower(self, line: Key, maker: str) -> Key:
        """The line of the same fund and code in the first open year after it; made if missing."""
        years = [year for year, is_open in self.is_open.items() if is_open and year > line[1]]
        if not years:
            raise conflict("no_open_year")
        following = (line[0], min(years), line[2])
        if following not in self.lines:
            self.lines[following] = Line(0, maker, state="approved")
        if self.lines[following].state == "draft":
            raise conflict("line_is_draft")
        return following

    # Lines

    def draw_up(self, line: Key, fen: int, maker: str) -> None:
        if not self.is_open[line[1]]:
            raise conflict("year_closed")
        if line in self.lines:
            raise conflict("already_exists")
        self.lines[line] = Line(fen, maker)

    def approve_line(self, line: Key, version: int, person: str) -> None:
        if line not in self.lines:
            raise Refused(404, "not_found")
        row = self.lines[line]
        check(version, version, row.state == "draft", row.maker != person)
        row.state = "approved"
        self.journal.book("approval", line, line, (AUTHORITY, APPROVED, row.drawn))

    def appropriate(self, line: Key, fen: int, handle: int) -> None:
        row = referred(self.lines, line)
        if row.state == "draft":
            raise conflict("budget_not_approved")
        if not self.is_open[line[1]]:
            raise conflict("year_closed")
        need(fen, self.journal.balance(line, APPROVED))
        self.journal.book("appropriation", line, handle, (APPROVED, APPROPRIATED, fen))

    # Awards and payments

    def grant(self, line: Key, fen: int, handle: int) -> None:
        referred(self.lines, line)
        need(fen, self.journal.balance(line, APPROPRIATED))
        self.awards[handle] = Award(line, fen)
        self.journal.book("commitment", line, handle, (APPROPRIATED, COMMITTED, fen))

    def cancel(self, award: int, version: int) -> None:
        row = at_path(self.awards, award)
        check(row.version, version, row.state == "granted")
        if row.requested or row.paid:
            raise conflict("money_has_moved")
        row.state, row.version = "cancelled", row.version + 1
        self.journal.book("reversal", row.line, award, (COMMITTED, APPROPRIATED, row.amount))

    def ask(self, award: int, fen: int, handle: int, maker: str) -> None:
        row = referred(self.awards, award)
        if row.state != "granted":
            raise conflict("invalid_transition")
        need(fen, row.left)
        row.requested, row.version = row.requested + fen, row.version + 1
        self.payments[handle] = Payment(award, row.line, fen, maker)

    def retry(self, payment: int, version: int, handle: int, maker: str) -> None:
        """A payment that did not arrive is asked for again, once, by another one; a rejected one
        leaves room for the next."""
        row = at_path(self.payments, payment)
        check(row.version, version, row.state in STEPS["retry"])
        others = (each for each in self.payments.values() if each.retry_of == payment)
        if any(each.state != "rejected" for each in others):
            raise conflict("already_retried")
        self.ask(row.award, row.amount, handle, maker)
        self.payments[handle].retry_of = payment

    def hand(self, payment: int, step: str, version: int, person: str) -> None:
        """The second and the third hand: `check`, `reject` or `pay`."""
        row = at_path(self.payments, payment)
        hands = [row.maker, row.checker] if step == "pay" else [row.maker]
        check(row.version, version, row.state in STEPS[step], person not in hands)
        row.version += 1
        if step == "pay":
            row.state, row.payer = "paying", person
            return
        row.state, row.checker = ("checked" if step == "check" else "rejected"), person
        if step == "reject":
            self._set_free(row)

    def settle(self, payment: int, outcome: str, version: int) -> None:
        """What the treasury says."""
        row = at_path(self.payments, payment)
        check(row.version, version, row.state in STEPS[outcome])
        if row.refunded:
            raise conflict("already_refunded")
        if outcome == "succeeded":
            self._arrived(row, payment)
        elif row.state == "succeeded":
            self._came_back(row, payment)
        else:
            self._set_free(row)
        row.state, row.version = outcome, row.version + 1

    def _set_free(self, row: Payment) -> None:
        award = self.awards[row.award]
        award.requested, award.version = award.requested - row.amount, award.version + 1

    def _arrived(self, row: Payment, payment: int) -> None:
        award = self.awards[row.award]
        award.requested, award.paid = award.requested - row.amount, award.paid + row.amount
        award.version += 1
        self.journal.book("disbursement", row.line, payment, (COMMITTED, DISBURSED, row.amount))

    def _came_back(self, row: Payment, payment: int) -> None:
        """It never arrived: the promise stands again, in a closed year's stead in the line that
        pays the award now."""
        award, line, source = self.awards[row.award], row.line, DISBURSED
        if not self.is_open[line[1]]:
            line, source = award.line, AUTHORITY
            if not self.is_open[line[1]]:
                award.line = line = self._follower(line, row.maker)
                award.version += 1
        award.paid, award.version = award.paid - row.amount, award.version + 1
        self.journal.book("reversal", line, payment, (source, COMMITTED, row.amount))

    # Documents

    def draft(self, handle: int, row: Document, *, has_number: bool = True) -> None:
        """Draw a document up, if it can be."""
        if row.kind == "refund":
            self._refundable(row)
            row.year = self.payments[row.of].line[1]
        elif row.kind == "year-close":
            if not self.is_open[row.year]:
                raise conflict("year_closed")
            closes = (each for each in self.documents.values() if each.kind == row.kind)
            if any((each.year, each.state) == (row.year, "draft") for each in closes):
                raise conflict("already_exists")
        else:
            self._working_lines(row, has_number=has_number)
        self.documents[handle] = row

    def _refundable(self, row: Document) -> None:
        paid = referred(self.payments, row.of)
        if paid.state != "succeeded":
            raise conflict("invalid_transition")
        need(row.amount, paid.amount - paid.refunded)

    def _working_lines(self, row: Document, *, has_number: bool) -> None:
        for line in filter(None, (row.line, row.to)):
            if referred(self.lines, line).state == "draft":
                raise conflict("budget_not_approved")
            if not self.is_open[line[1]]:
                raise conflict("year_closed")
        if row.to is None or row.line is None:
            return
        if row.line == row.to:
            raise Refused(422, "same_line")
        if row.line[1] != row.to[1]:
            raise Refused(422, "different_years")
        if row.line[0] != row.to[0] and not has_number:
            raise Refused(422, "document_required")

    def decide(self, document: int, step: str, version: int, person: str) -> None:
        row = at_path(self.documents, document)
        is_another = step == "withdraw" or row.maker != person
        check(row.version, version, row.state == "draft", is_another)
        if step == "approve":
            approvals = {
                "adjustment": self._adjust,
                "transfer": self._transfer,
                "refund": self._refund,
                "carry-over": self._carry_over,
                "year-close": self._close,
            }
            approvals[row.kind](row, document)
        reached = {"approve": "approved", "reject": "rejected", "withdraw": "withdrawn"}
        row.state, row.version = reached[step], row.version + 1

    def _granted(self, kind: str, line: Key, fen: int, of: object) -> None:
        """Authority given to a line, or taken from what is not appropriated."""
        if fen < 0:
            need(-fen, self.journal.balance(line, APPROVED))
            self.journal.book(kind, line, of, (APPROVED, AUTHORITY, -fen))
        else:
            self.journal.book(kind, line, of, (AUTHORITY, APPROVED, fen))

    def _adjust(self, row: Document, of: int) -> None:
        assert row.line
        self._granted("adjustment", row.line, row.amount, of)

    def _transfer(self, row: Document, of: int) -> None:
        assert row.line
        assert row.to
        self._granted("transfer", row.line, -row.amount, of)
        self._granted("transfer", row.to, row.amount, of)

    def _refund(self, row: Document, of: int) -> None:
        self._refundable(row)
        paid = self.payments[row.of]
        line, source = paid.line, DISBURSED
        if not self.is_open[line[1]]:
            line, source = self._follower(line, row.maker), AUTHORITY
        award = self.awards[paid.award]
        paid.refunded, paid.version = paid.refunded + row.amount, paid.version + 1
        award.refunded, award.version = award.refunded + row.amount, award.version + 1
        self.journal.book("refund", line, of, (source, REFUNDED, row.amount))

    def _carry_over(self, row: Document, of: int) -> None:
        assert row.line
        need(row.amount, self.journal.balance(row.line, APPROPRIATED))
        following = self._follower(row.line, row.maker)
        self.journal.book("carry_over", row.line, of, (APPROPRIATED, AUTHORITY, row.amount))
        self.journal.book("carry_over", following, of, (AUTHORITY, APPROPRIATED, row.amount))

    def _close(self, row: Document, of: int) -> None:
        """What awards have not been paid goes on with them, the rest lapses."""
        if row.year >= self.this_year or self.still_open(row.year):
            raise conflict("year_not_ready")
        closing = [key for key in self.lines if key[1] == row.year]
        promised = [a for a in self.awards.values() if a.state == "granted" and a.amount > a.paid]
        unpaid = Counter[Key]()
        for award in promised:
            unpaid[award.line] += award.amount - award.paid
        followers = {line: self._follower(line, row.maker) for line in closing if unpaid[line]}
        for line, following in followers.items():
            self.journal.book("carry_over", line, of, (COMMITTED, AUTHORITY, unpaid[line]))
            self.journal.book("carry_over", following, of, (AUTHORITY, COMMITTED, unpaid[line]))
        for award in promised:
            if award.line in followers:
                award.line, award.version = followers[award.line], award.version + 1
        for line in closing:
            rest = [
                (at, AUTHORITY, self.journal.balance(line, at)) for at in (APPROVED, APPROPRIATED)
            ]
            if moves := [move for move in rest if move[2]]:
                self.journal.book("close", line, of, *moves)
        self.is_open[row.year] = False

    def still_open(self, year: int) -> list[object]:
        """What keeps a year from being closed, besides the calendar: handles, lines and years."""
        earlier = {key[1] for key, line in self.lines.items() if line.state == "approved"}
        payments, documents = self.payments.items(), self.documents.items()
        drafts = [(at, each) for at, each in documents if each.state == "draft"]
        return [
            *(each for each in earlier if each < year and self.is_open[each]),
            *(at for at, p in payments if p.line[1] == year and p.state in ON_ITS_WAY),
            *(key for key, line in self.lines.items() if key[1] == year and line.state == "draft"),
            *(at for at, each in drafts if each.year == year and each.kind != "year-close"),
        ]
