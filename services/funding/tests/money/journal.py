"""The journal of the model: entries in whole fen, and everything that is a sum over them."""

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

Key = tuple[str, int, str]
"""A line: its fund, fiscal year and code."""
Move = tuple[str, str, int]
"""From a stage to a stage, so many fen."""

AUTHORITY, APPROVED, APPROPRIATED = "authority", "approved", "appropriated"
COMMITTED, DISBURSED, REFUNDED = "committed", "disbursed", "refunded"
STAGES = (AUTHORITY, APPROVED, APPROPRIATED, COMMITTED, DISBURSED, REFUNDED)
GRANTS = ("approval", "adjustment", "transfer")
"""The kinds of entry that give authority to a line, or take it back."""


def yuan(fen: int) -> str:
    """The amount as the API writes it."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"


class Entry(NamedTuple):
    """An entry on one line; `of` is the handle of what caused it."""

    kind: str
    line: Key
    of: object
    moves: tuple[Move, ...]

    @property
    def sides(self) -> dict[str, tuple[int, int]]:
        """Debit and credit of every stage it touches."""
        debits, credits_ = Counter[str](), Counter[str]()
        for source, target, fen in self.moves:
            credits_[source] += fen
            debits[target] += fen
        return {stage: (debits[stage], credits_[stage]) for stage in {*debits, *credits_}}


@dataclass
class Journal:
    entries: list[Entry] = field(default_factory=list)

    def copy(self) -> "Journal":
        return Journal(list(self.entries))

    def book(self, kind: str, line: Key, of: object, *moves: Move) -> None:
        self.entries.append(Entry(kind, line, of, moves))

    def moved(self, line: Key, source: str, target: str, *kinds: str) -> int:
        """What went from one stage of a line to another, by entries of these kinds or of any."""
        return sum(
            fen
            for entry in self.entries
            if entry.line == line and (not kinds or entry.kind in kinds)
            for left, reached, fen in entry.moves
            if (left, reached) == (source, target)
        )

    def balance(self, line: Key, stage: str) -> int:
        """What stands at a stage of a line."""
        moves = [move for entry in self.entries if entry.line == line for move in entry.moves]
        came = sum(fen for _, target, fen in moves if target == stage)
        return came - sum(fen for source, _, fen in moves if source == stage)

    def totals(self, line: Key) -> dict[str, int]:
        """What an approved line shows of itself."""
        moved = self.moved
        promised_in = moved(line, AUTHORITY, COMMITTED)
        promised_out = moved(line, COMMITTED, AUTHORITY)
        carried_in = moved(line, AUTHORITY, APPROPRIATED) + promised_in
        granted = moved(line, AUTHORITY, APPROVED, *GRANTS)
        promised = moved(line, APPROPRIATED, COMMITTED) - moved(line, COMMITTED, APPROPRIATED)
        free_out = moved(line, APPROPRIATED, AUTHORITY, "carry_over")
        return {
            "amount": granted - moved(line, APPROVED, AUTHORITY, *GRANTS) + carried_in,
            "appropriated": moved(line, APPROVED, APPROPRIATED) + carried_in,
            "committed": promised + promised_in - promised_out,
            "disbursed": moved(line, COMMITTED, DISBURSED) - moved(line, DISBURSED, COMMITTED),
            "refunded": moved(line, DISBURSED, REFUNDED),
            "recovered": moved(line, AUTHORITY, REFUNDED),
            "carried_in": carried_in,
            "carried_over": promised_out + free_out,
            "lapsed": moved(line, APPROVED, AUTHORITY, "close")
            + moved(line, APPROPRIATED, AUTHORITY, "close"),
            "available": self.balance(line, APPROPRIATED),
        }

    def replayed(self) -> dict[tuple[Key, str], tuple[int, int]]:
        """Debits and credits of every account that was moved."""
        found: dict[tuple[Key, str], tuple[int, int]] = {}
        for entry in self.entries:
            for stage, (debit, credit) in entry.sides.items():
                before = found.get((entry.line, stage), (0, 0))
                found[entry.line, stage] = (before[0] + debit, before[1] + credit)
        return found
