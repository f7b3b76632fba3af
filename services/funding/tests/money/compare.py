"""Whether everything the service shows of the books is what the model says."""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from services.funding.tests.money.books import Award, Books, Payment
from services.funding.tests.money.journal import AUTHORITY, STAGES, Key, yuan
from services.funding.tests.money.service import Service
from services.funding.tests.money.steps import LISTS

Names = Mapping[str, object]
"""What the model calls the service's ids."""
Account = tuple[Key, str]


def compare(service: Service, books: Books, ids: Mapping[object, str]) -> None:
    """Raises `AssertionError` at the first difference."""
    names: Names = {known: handle for handle, known in ids.items()}
    keys = {ids[line]: line for line in books.lines}
    _lines(service, books)
    _objects(service, books, names, keys)
    _documents(service, books, names)
    entries = _journal(service, books, names, keys)
    _accounts(service, books, keys)
    _statements(service, entries)
    _years(service, books)


def same(what: str, shown: Any, expected: Any) -> None:
    assert shown == expected, f"{what}\n  the service: {shown}\n  the model:   {expected}"


def _key(row: Mapping[str, Any]) -> Key:
    return row["fund_code"], row["fiscal_year"], row["line"]


def as_shown(service: Service, ways: Sequence[Books]) -> Books:
    """Of the books that the same answers may have led to, those whose lines the service shows; the
    first where the lines are alike, or where none are as shown."""
    lines = [{key: line_shown(books, key) for key in books.lines} for books in ways]
    if any(each != lines[0] for each in lines):
        for books in ways:
            with suppress(AssertionError):
                _lines(service, books)
                return books
    return ways[0]


def _lines(service: Service, books: Books) -> None:
    shown = {_key(row): row for row in service.items("/budgets")}
    same("lines", sorted(shown), sorted(books.lines))
    for key in books.lines:
        expected = line_shown(books, key)
        same(f"line {key}", {name: shown[key][name] for name in expected}, expected)


def line_shown(books: Books, key: Key) -> dict[str, Any]:
    """What a line shows of itself, and likewise an award and a payment."""
    totals = {name: yuan(fen) for name, fen in books.totals(key).items()}
    return totals | {"state": books.lines[key].state}


def award_shown(award: Award) -> dict[str, Any]:
    amounts = ("amount", "requested", "paid", "refunded")
    shown: dict[str, Any] = {name: yuan(getattr(award, name)) for name in amounts}
    shown |= {"available": yuan(award.left), "state": award.state}
    return shown | {"version": award.version, "fiscal_year": award.line[1]}


def payment_shown(payment: Payment) -> dict[str, Any]:
    return {
        "amount": yuan(payment.amount),
        "refunded": yuan(payment.refunded),
        "state": payment.state,
        "version": payment.version,
        "made_by": payment.maker,
        "checked_by": payment.checker or None,
        "paid_by": payment.payer or None,
    }


def _objects(service: Service, books: Books, names: Names, keys: Mapping[str, Key]) -> None:
    shown = {names.get(row["id"]): row for row in service.items("/awards")}
    same("awards", set(shown), set(books.awards))
    for handle, award in books.awards.items():
        expected, row = award_shown(award), shown[handle]
        same(f"award {handle}", {name: row[name] for name in expected}, expected)
        same(f"line of award {handle}", keys.get(row["budget_id"]), award.line)
    shown = {names.get(row["id"]): row for row in service.items("/disbursements")}
    same("payments", set(shown), set(books.payments))
    for handle, payment in books.payments.items():
        expected, row = payment_shown(payment), shown[handle]
        same(f"payment {handle}", {name: row[name] for name in expected}, expected)
        same(f"line of payment {handle}", keys.get(row["budget_id"]), payment.line)


def _documents(service: Service, books: Books, names: Names) -> None:
    for kind, path in LISTS.items():
        expected = {
            handle: (row.state, row.version)
            for handle, row in books.documents.items()
            if row.kind == kind
        }
        if not expected:
            continue
        shown = {names.get(r["id"]): (r["state"], r["version"]) for r in service.items(path)}
        same(f"documents: {kind}", shown, expected)


def _journal(
    service: Service, books: Books, names: Names, keys: Mapping[str, Key]
) -> list[dict[str, Any]]:
    """The same entries, numbered without a gap in each year; what they are, in their order. Of two
    at once either may have been the first."""
    entries = service.items("/journal-entries?sort=number")
    for year in books.is_open:
        numbers = [entry["number"] for entry in entries if entry["fiscal_year"] == year]
        same(f"numbers of {year}", numbers, list(range(1, len(numbers) + 1)))
    shown: Counter[Any] = Counter(
        (e["kind"], keys.get(e["budget_id"]), names.get(e["source_id"]), _sides(e)) for e in entries
    )
    expected: Counter[Any] = Counter(
        (e.kind, e.line, e.of, frozenset((s, yuan(d), yuan(c)) for s, (d, c) in e.sides.items()))
        for e in books.journal.entries
    )
    same("journal", shown - expected, Counter())
    same("journal", Counter(), expected - shown)
    return entries


def _sides(entry: Mapping[str, Any]) -> frozenset[tuple[str, str, str]]:
    return frozenset((line["stage"], line["debit"], line["credit"]) for line in entry["lines"])


def _accounts(service: Service, books: Books, keys: Mapping[str, Key]) -> None:
    moved = books.journal.replayed()
    approved = [key for key, line in books.lines.items() if line.state == "approved"]
    accounts = {
        (key, stage): moved.get((key, stage), (0, 0)) for key in approved for stage in STAGES
    }
    same("accounts", _totals(service.items("/accounts"), keys), _written(accounts))
    page = service.get("/trial-balance?limit=200")
    assert page["next_cursor"] is None, "a walk has few accounts"
    same("trial balance", _totals(page["items"], keys), _written(moved))
    same("trial balance, credits", page["credit_total"], page["debit_total"])
    total = sum(debit for debit, _ in moved.values())
    same("trial balance, debits", page["debit_total"], yuan(total))


def _totals(rows: list[dict[str, Any]], keys: Mapping[str, Key]) -> dict[Any, tuple[str, ...]]:
    return {
        (keys.get(row["budget_id"]), row["stage"]): (
            row["debit_total"], row["credit_total"], row["balance"],
        )
        for row in rows
    }  # fmt: skip


def _written(accounts: Mapping[Account, tuple[int, int]]) -> dict[Any, tuple[str, ...]]:
    return {key: (yuan(d), yuan(c), yuan(d - c)) for key, (d, c) in accounts.items()}


def _statements(service: Service, entries: list[dict[str, Any]]) -> None:
    """The statement of the account with the most entries is a replay of the journal."""
    lines = [
        (line["account_id"], entry["number"], _fen(line["debit"]) - _fen(line["credit"]))
        for entry in entries
        for line in entry["lines"]
    ]
    if not lines:
        return
    ((account, _),) = Counter(account for account, _, _ in lines).most_common(1)
    balance, expected = 0, []
    for moved, number, fen in lines:
        if moved == account:
            balance += fen
            expected.append((number, yuan(balance)))
    page = service.get(f"/accounts/{account}/statement?limit=200")
    same("statement", [(row["number"], row["balance"]) for row in page["items"]], expected)
    same("closing balance", page["closing_balance"], yuan(balance))


def _fen(amount: str) -> int:
    return int(amount.replace(".", ""))


def _years(service: Service, books: Books) -> None:
    shown = {row["year"]: row["closed_at"] is None for row in service.items("/fiscal-years")}
    same("open years", shown, books.is_open)
    for year in books.is_open:
        if year < books.this_year:
            rows = service.get(f"/execution-board?month={year}-12")["items"]
            for fund in {entry.line[0] for entry in books.journal.entries if entry.line[1] == year}:
                (row,) = (each for each in rows if each["fund_code"] == fund)
                _board(row, books, fund, year)


def _board(row: Mapping[str, Any], books: Books, fund: str, year: int) -> None:
    """By a year's end its lines have come to what they show."""
    lines = [
        books.totals(key)
        for key, line in books.lines.items()
        if key[:2] == (fund, year) and line.state == "approved"
    ]
    names = ("appropriated", "disbursed", "carried_over", "lapsed")
    expected = {name: yuan(sum(line[name] for line in lines)) for name in names}
    expected["approved"] = yuan(sum(line["amount"] for line in lines))
    expected["refunded"] = yuan(sum(line["refunded"] + line["recovered"] for line in lines))
    same(f"execution of {fund} in {year}", {name: row[name] for name in expected}, expected)


def overdrawn(books: Books) -> list[Account]:
    """Accounts that are below nothing: in a sound model none ever is."""
    return [
        (key, stage)
        for key in books.lines
        for stage in STAGES
        if stage != AUTHORITY and books.journal.balance(key, stage) < 0
    ]
