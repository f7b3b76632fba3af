"""The steps of the walk: what is sent, and what the model makes of it.

A step is a method of `Steps` named in `ACTIONS`; it takes the `Draw` of numbers that chance has
thrown and uses those it needs. Another step is one more short method.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

from services.funding.tests.money.books import STEPS, Books, Document
from services.funding.tests.money.journal import Key, yuan
from services.funding.tests.money.refusals import Refused
from services.funding.tests.money.service import PAYEES, Request

MAKER, CHECKER, PAYER = "finance_maker", "finance_checker", "finance_payer"
LISTS = {
    "adjustment": "/adjustments",
    "transfer": "/transfers",
    "refund": "/refunds",
    "carry-over": "/carry-overs",
    "year-close": "/year-closes",
}
NEXT = {"requested": "check", "checked": "pay", "paying": "succeeded"}
"""How a payment goes on when nothing comes in between."""
MOST = 999_999_999_999_999_999
"""9,999,999,999,999,999.99 yuan, in fen."""
NOBODY = str(UUID(int=0))
Share = int | str


def person(role: str) -> str:
    """Whose token a role's is, unless said otherwise."""
    return f"test-{role}"


@dataclass(frozen=True, slots=True)
class Draw:
    """What chance has thrown. `line` and `other` are keys; `award`, `payment` and `document` are
    handles. `hand` is `right`, `own` (the maker's, where another's is needed), `stranger`, or
    `blind` to whether a step suits; `version` is the line's, which every movement changes."""

    line: Key
    other: Key
    award: int = 0
    payment: int = 0
    document: int = 0
    share: Share = 40
    hand: str = "right"
    word: str = "approve"
    kind: str = "adjustment"
    is_up: bool = True
    version: int = 1


@dataclass(frozen=True, slots=True)
class Step:
    """`apply` changes a model or raises `Refused`; `handle` is of what the step makes, if any."""

    name: str
    request: Request
    apply: Callable[[Books], None]
    handle: object = None


def name_of(request: Request) -> str:
    """The resource and the step, without whose it is."""
    words = [word for word in request.path.split("/")[1:] if len(word) < len(NOBODY)]
    return " ".join([*words, str((request.body or {}).get("outcome", ""))]).strip()


class Steps:
    """Makes steps for the books as they are. `ids` are what the service calls the handles."""

    def __init__(self, books: Books, ids: Mapping[object, str], handle: int) -> None:
        self.books, self._ids, self._handle = books, ids, handle

    def _id(self, handle: object) -> str:
        """Of something that was refused there is none, and nobody knows the one that is sent."""
        return self._ids.get(handle) or str(uuid4())

    @staticmethod
    def _part(share: Share, free: int) -> int:
        """A percentage of what is free, `all` of it, one fen `over` it, the `least` or the `most`
        there can be."""
        if isinstance(share, int):
            return max(1, free * share // 100)
        most = min(MOST, max(1, free))
        return {"all": most, "over": min(MOST, free + 1), "least": 1, "most": MOST}[share]

    @staticmethod
    def _by(role: str, maker: str, hand: str) -> tuple[str, str]:
        """Role and person of this hand."""
        if hand == "stranger":
            return "leader", person("leader")
        return role, maker if hand == "own" and maker else person(role)

    def _step(
        self,
        draw: Draw,
        role: str,
        path: str,
        body: Mapping[str, Any] | None,
        apply: Callable[[Books, str], None],
        *,
        maker: str = "",
        version: int | None = None,
        handle: object = None,
    ) -> Step:
        role, who = self._by(role, maker, draw.hand)
        request = Request(role, path, body, version, person="" if who == person(role) else who)

        def or_forbidden(books: Books) -> None:
            if role == "leader":
                raise Refused(403, "forbidden")
            apply(books, who)

        return Step(name_of(request), request, or_forbidden, handle)

    # Lines

    def draw_up(self, draw: Draw) -> Step:
        fund, year, code = draw.line
        fen = draw.share * 1000_00 if isinstance(draw.share, int) else self._part(draw.share, 777)
        body = {"fund_code": fund, "fiscal_year": year, "line": code, "amount": yuan(fen)}
        return self._step(
            draw, MAKER, "/budgets", body,
            lambda books, who: books.draw_up(draw.line, fen, who), handle=draw.line,
        )  # fmt: skip

    def approve_line(self, draw: Draw) -> Step:
        row, version = self.books.lines.get(draw.line), draw.version
        return self._step(
            draw, CHECKER, f"/budgets/{self._id(draw.line)}/approve", {"document_no": "n"},
            lambda books, who: books.approve_line(draw.line, version, who),
            maker=row.maker if row else "", version=version,
        )  # fmt: skip

    def appropriate(self, draw: Draw) -> Step:
        fen = self._part(draw.share, self.books.journal.balance(draw.line, "approved"))
        body = {
            "budget_id": self._id(draw.line),
            "amount": yuan(fen),
            "document_no": "n",
            "appropriated_on": f"{draw.line[1]}-03-15",
        }
        handle = self._handle
        return self._step(
            draw, MAKER, "/appropriations", body,
            lambda books, _: books.appropriate(draw.line, fen, handle), handle=handle,
        )  # fmt: skip

    # Awards and payments

    def grant(self, draw: Draw) -> Step:
        fen = self._part(draw.share, self.books.journal.balance(draw.line, "appropriated"))
        payee = PAYEES[self._handle % len(PAYEES)]
        body = {
            "budget_id": self._id(draw.line),
            "payee_unit": payee,
            "title": "t",
            "amount": yuan(fen),
        }
        handle = self._handle
        return self._step(
            draw, "office", "/awards", body,
            lambda books, _: books.grant(draw.line, fen, handle), handle=handle,
        )  # fmt: skip

    def cancel(self, draw: Draw) -> Step:
        row = self.books.awards.get(draw.award)
        version = row.version if row else 1
        return self._step(
            draw, "office", f"/awards/{self._id(draw.award)}/cancel", {"reason": "r"},
            lambda books, _: books.cancel(draw.award, version), version=version,
        )  # fmt: skip

    def ask(self, draw: Draw) -> Step:
        row = self.books.awards.get(draw.award)
        fen = self._part(draw.share, row.left if row else 0)
        body = {"award_id": self._id(draw.award), "amount": yuan(fen)}
        handle = self._handle
        return self._step(
            draw, MAKER, "/disbursements", body,
            lambda books, who: books.ask(draw.award, fen, handle, who), handle=handle,
        )  # fmt: skip

    def go_on(self, draw: Draw) -> Step:
        """The next step of a payment; for one that has arrived, that it comes back."""
        row = self.books.payments.get(draw.payment)
        return self.hand(draw, NEXT.get(row.state, "returned") if row else "check")

    def other_step(self, draw: Draw) -> Step:
        """Any step of a payment, also one that its state does not have."""
        return self.hand(draw, draw.word if draw.word in STEPS else "failed")

    def retry(self, draw: Draw) -> Step:
        row = self.books.payments.get(draw.payment)
        version, handle = row.version if row else 1, self._handle
        return self._step(
            draw, MAKER, f"/disbursements/{self._id(draw.payment)}/retry", {},
            lambda books, who: books.retry(draw.payment, version, handle, who),
            version=version, handle=handle,
        )  # fmt: skip

    def hand(self, draw: Draw, step: str) -> Step:
        row = self.books.payments.get(draw.payment)
        version = row.version if row else 1
        path = f"/disbursements/{self._id(draw.payment)}"
        if step in ("check", "reject", "pay"):
            makers = [row.maker, row.checker] if row else [""]
            maker = makers[-1] if step == "pay" and draw.is_up else makers[0]
            body = {"reason": "r"} if step == "reject" else None
            return self._step(
                draw, PAYER if step == "pay" else CHECKER, f"{path}/{step}", body,
                lambda books, who: books.hand(draw.payment, step, version, who),
                maker=maker, version=version,
            )  # fmt: skip
        body = {"outcome": step, "reason": "r"}
        if step == "succeeded":
            body["paid_on"] = f"{row.line[1] if row else self.books.this_year}-04-10"
        return self._step(
            draw, PAYER, f"{path}/result", body,
            lambda books, _: books.settle(draw.payment, step, version), version=version,
        )  # fmt: skip

    # Documents

    def draft(self, draw: Draw) -> Step:
        row, body, has_number = self._document(draw)
        handle = self._handle
        return self._step(
            draw, MAKER, LISTS[row.kind], {"reason": "r", **body},
            lambda books, who: books.draft(
                handle, _made_by(row, who), has_number=has_number
            ), handle=handle,
        )  # fmt: skip

    def _document(self, draw: Draw) -> tuple[Document, dict[str, Any], bool]:
        """What is drawn up, what is sent, and whether it has the number of another document."""
        line, year, free = draw.line, draw.line[1], self.books.journal.balance
        row = Document(draw.kind, year, "", line=line)
        body: dict[str, Any] = {"document_no": "n"}
        match draw.kind:
            case "adjustment":
                row.amount = self._part(
                    draw.share, 500_00 if draw.is_up else free(line, "approved")
                )
                row.amount *= 1 if draw.is_up else -1
            case "transfer":
                row.to, row.amount = draw.other, self._part(draw.share, free(line, "approved"))
                body = body if draw.is_up else {}
                ends = {"from_budget_id": self._id(line), "to_budget_id": self._id(row.to)}
                return row, {**body, **ends, "amount": yuan(row.amount)}, draw.is_up
            case "refund":
                row.line, row.of = None, draw.payment
                paid = self.books.payments.get(draw.payment)
                row.amount = self._part(draw.share, paid.amount - paid.refunded if paid else 0)
                of = {"disbursement_id": self._id(row.of), "received_on": f"{year}-09-02"}
                return row, {**of, "amount": yuan(row.amount)}, True
            case "carry-over":
                row.amount = self._part(draw.share, free(line, "appropriated"))
            case _:
                row.line = None
                return row, {**body, "fiscal_year": year}, True
        return row, {**body, "budget_id": self._id(line), "amount": yuan(row.amount)}, True

    def decide(self, draw: Draw) -> Step:
        word = draw.word if draw.word in ("approve", "reject", "withdraw") else "approve"
        row = self.books.documents.get(draw.document)
        version, kind = (row.version, row.kind) if row else (1, draw.kind)
        return self._step(
            draw, MAKER if word == "withdraw" else CHECKER,
            f"{LISTS[kind]}/{self._id(draw.document)}/{word}",
            None if word == "approve" else {"refusal": "r"},
            lambda books, who: books.decide(draw.document, word, version, who),
            maker=row.maker if row else "", version=version,
        )  # fmt: skip


def _made_by(row: Document, maker: str) -> Document:
    """A new document of this content: a model keeps and changes its own."""
    return replace(row, maker=maker)
